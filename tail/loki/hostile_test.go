package loki

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fluxtrail/sinks"
)

// page is an answer with n lines, the first of a time and each next one step later.
func page(w io.Writer, n int, at, step int64, text string) {
	fmt.Fprint(w, `{"status":"success","data":{"resultType":"streams","result":[{"stream":{"pod":"p"},"values":[`)
	for i := range n {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprintf(w, `["%d",%q]`, at+int64(i)*step, text)
	}
	fmt.Fprint(w, `]}]}}`)
}

// hostile are servers that stop who asks them, or lie to him, and what is said of them.
var hostile = map[string]struct {
	answer http.HandlerFunc
	err    string
}{
	"body without end": {func(w http.ResponseWriter, _ *http.Request) {
		for block := make([]byte, 1<<20); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}, "more than 64 MiB"},
	"bomb": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for block := make([]byte, 1<<20); ; {
			if _, err := z.Write(block); err != nil {
				return
			}
		}
	}, "more than 64 MiB|deadline|Timeout|no JSON"},
	"broken bomb": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(w, "\x1f\x8b\x08\x00garbage")
	}, "no JSON"},
	"brackets":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("[", 3<<20)) }, "no JSON"},
	"many empty": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"data":[`+strings.Repeat("{},", 8<<20)) }, "too long"},
	"login page": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!DOCTYPE html><title>log in") }, "no JSON"},
	"empty":      {func(http.ResponseWriter, *http.Request) {}, "no JSON"},
	"null":       {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "null") }, "want a query that selects lines"},
	"redirects": {func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"?again="+r.FormValue("again")+"x", http.StatusFound)
	}, "302"},
	"drip": {func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, " ")
			w.(http.Flusher).Flush()
		}
	}, "more than 64 MiB|deadline|Timeout"},
	"silence": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "deadline|Timeout"},
	"the same page again": {func(w http.ResponseWriter, _ *http.Request) { page(w, firstLimit, base, 1e6, "x") },
		"does something between here and Loki keep answers?"},
	"one instant without end": {func(w http.ResponseWriter, r *http.Request) {
		start, _ := strconv.ParseInt(r.FormValue("start"), 10, 64)
		if limit, _ := strconv.Atoi(r.FormValue("limit")); limit > 10 {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, "max entries limit per query exceeded, limit > max_entries_limit (100 > 10)")
			return
		}
		page(w, 10, start+overlap, 0, "x")
	}, "instants in a row"},
	"times before all": {func(w http.ResponseWriter, _ *http.Request) { page(w, 3, -1<<62, 1, "x") }, "lines from 18"},
	"times after all":  {func(w http.ResponseWriter, _ *http.Request) { page(w, 3, 1<<62, 1, "x") }, "lines from 2116"},
	"no times": {func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":{"resultType":"streams","result":[{"stream":{},"values":[["1e9","x"],["x","y"],[],7,{}]}]}}`)
	}, "of a line is none"},
	"other types": {func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"data":{"resultType":"streams","result":{"stream":7,"values":"x"}}}`)
	}, "of a line is none"},
}

// TestHostileServers wants an end to what each server does, and what it is said of it.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	for name, h := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := httptest.NewServer(h.answer)
			t.Cleanup(s.Close)
			c := Config{URL: s.URL, Query: `{a="b"}`, From: base, To: base + int64(time.Hour)}
			c.HTTP.Timeout, c.Policy = 3*time.Second, sinks.Policy{Min: 1, Max: 1, Tries: 2}
			if name == "silence" {
				c.HTTP.Timeout = 20 * time.Millisecond
			}
			_, err := read(t, c)
			for want := range strings.SplitSeq(h.err, "|") {
				if err != nil && strings.Contains(err.Error(), want) {
					return
				}
			}
			t.Errorf("want %q, got %.300v", h.err, err)
		})
	}
}

// TestControlCharacters wants names and texts to stay in their line, whatever is in them.
func TestControlCharacters(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"data":{"resultType":"streams","result":[{"stream":{"pod":"p]\n2026 x","container":"c\u001b[2J/\u0000"},`+
			`"values":[["%d","one\ntwo\r\n\u001b[31mthree"]]}]}}`, int64(base))
	}))
	t.Cleanup(s.Close)
	text, err := read(t, Config{URL: s.URL, Query: `{a="b"}`, From: base, To: base + 9})
	want := "[pod/p2026x/c[2J] 2026-11-25T00:00:00.000000000Z "
	if text != want+"one\n"+want+"two\r\n"+want+"\x1b[31mthree\n" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
}

// TestDripping wants a Loki that begins an answer each time, and ends none, to be asked twice at
// most, for less the second time, and once for what there is.
func TestDripping(t *testing.T) {
	t.Parallel()
	for query, most := range map[string]int64{`{a="b"}`: maxLate, "": 1} {
		var asked, spans atomic.Int64
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/index/stats") {
				return
			}
			asked.Add(1)
			from, _ := strconv.ParseInt(r.FormValue("start"), 10, 64)
			to, _ := strconv.ParseInt(r.FormValue("end"), 10, 64)
			spans.Add(to - from)
			fmt.Fprint(w, "{")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		t.Cleanup(s.Close)
		c := Config{URL: s.URL, Query: query, From: base, To: base + int64(time.Hour)}
		c.HTTP.Timeout, c.Policy = 50*time.Millisecond, sinks.Policy{Min: 1, Max: 1}
		_, err := read(t, c)
		if err == nil || !strings.Contains(err.Error(), "no whole answer in time") || asked.Load() > most {
			t.Errorf("%q: %d questions, %v", query, asked.Load(), err)
		}
		if query != "" && spans.Load() > int64(time.Hour+2*time.Minute) {
			t.Errorf("asked for %v in all", time.Duration(spans.Load()))
		}
	}
}
