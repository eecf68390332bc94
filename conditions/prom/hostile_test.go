package prom

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fluxtrail/sinks"
)

// matrix is an answer with one series of samples.
func matrix(labels string, samples ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{%s},"values":[%s]}]}}`, labels, strings.Join(samples, ","))
	}
}

const gauge = `"__name__":"gotk_resource_info","customresource_kind":"Bucket","name":"x","ready":"True"`

// hostile are servers that stop who asks them, or lie to him, what is said of them, and how much is
// learned.
var hostile = map[string]struct {
	answer  http.HandlerFunc
	err     string
	objects int
}{
	"body without end": {func(w http.ResponseWriter, _ *http.Request) {
		for block := make([]byte, 1<<20); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}, "more than 64 MiB|deadline|Timeout", 0},
	"brackets":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("[", 3<<20)) }, "none of Prometheus'", 0},
	"too many":   {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("[", 32<<20)) }, "too long", 0},
	"many empty": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"data":[`+strings.Repeat("{},", 8<<20)) }, "too long", 0},
	"in data": {func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"status":"success","data":`+strings.Repeat("[", 3<<20))
	}, "none of Prometheus'", 0},
	"login page": {func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<!DOCTYPE html><title>log in") }, "none of Prometheus'", 0},
	"empty":      {func(http.ResponseWriter, *http.Request) {}, "none of Prometheus'", 0},
	"redirects":  {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) }, "302", 0},
	"silence": {func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the client goes
		<-r.Context().Done()
	}, "deadline|Timeout", 0},
	"not a number":         {matrix(gauge, `[1795564801,"NaN"]`, `[1795564802,"+Inf"]`, `[1795564803,"-Inf"]`), "", 2},
	"other times":          {matrix(gauge, `[-1,"1"]`, `[0,"1"]`, `[253402300799,"1"]`), "has no samples in this time", 0},
	"no times":             {matrix(gauge, `["x","1"]`), "", 0},
	"numbers out of range": {matrix(gauge, `[1795564801,"1e400"]`), "none of Prometheus'", 0},
	"times out of range":   {matrix(gauge, `[9e18,"1"]`), "none of Prometheus'", 0},
	"no samples":           {matrix(gauge), "has no samples in this time", 0},
	"scalar": {func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}`)
	}, "is a scalar where samples were asked for", 0},
	"control characters": {matrix(strings.Replace(gauge, `"x"`, `"x\u001b[2J\u202e\u0000"`, 1), `[1795564801,"1"]`), "", 1},
}

// TestHostileServers wants an end to what each server does, and what is said of it.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	const from = 1795564800
	for name, h := range hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(h.answer)
			t.Cleanup(server.Close)
			c := Config{URL: server.URL, Redact: func(s string) string { return s }, Policy: sinks.Policy{Min: 1, Max: 1, Tries: 2}}
			c.HTTP.Timeout = 10 * time.Second
			if name == "silence" {
				c.HTTP.Timeout = 20 * time.Millisecond
			}
			s, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			told, err := s.Read(t.Context(), from*1e9, (from+60)*1e9)
			if err != nil {
				t.Fatal(err)
			}
			err = told.Inputs[0].Err
			found := h.err == "" && (err == nil || h.objects == 0)
			for want := range strings.SplitSeq(h.err, "|") {
				found = found || err != nil && want != "" && strings.Contains(err.Error(), want)
			}
			if !found || len(told.Observations) != h.objects {
				t.Errorf("want %q, got %.300v; %d observations", h.err, err, len(told.Observations))
			}
		})
	}
}

// TestDripping wants a Prometheus that begins an answer each time, and ends none, to be asked twice
// at most, whatever the span.
func TestDripping(t *testing.T) {
	t.Parallel()
	for _, span := range []int64{60, 24 * 3600} {
		var asked atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			asked.Add(1)
			fmt.Fprint(w, "{")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}))
		t.Cleanup(server.Close)
		c := Config{URL: server.URL, Redact: func(s string) string { return s }, Policy: sinks.Policy{Min: 1, Max: 1}}
		c.HTTP.Timeout = 50 * time.Millisecond
		s, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		const from = 1795564800
		told, err := s.Read(t.Context(), from*1e9, (from+span)*1e9)
		if err != nil {
			t.Fatal(err)
		}
		if err := told.Inputs[0].Err; err == nil || !strings.Contains(err.Error(), "no whole answer in time") || asked.Load() > maxLate {
			t.Errorf("%d questions, %v", asked.Load(), err)
		}
	}
}
