package loki

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/sinks"
	"fluxtrail/tail"
)

// A stored line is one that the fake has.
type stored struct {
	at     int64
	stream string // JSON of the labels
	text   string
}

// fake answers as Loki does. It gives the lines of one instant in another order each time, as
// ingesters may, and leaves out a stream whose last line is of the millisecond that a query begins
// with.
type fake struct {
	t       *testing.T
	lines   []stored
	most    int   // max_entries_limit_per_query
	bytes   int   // of an answer, beyond which it is an error of gRPC
	span    int64 // max_query_length
	busy    int   // how many requests are refused first
	queries int
	series  string // the selector that has streams
	mix     *rand.Rand
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	refuse := func(status int, format string, args ...any) {
		w.WriteHeader(status)
		fmt.Fprintf(w, format, args...)
	}
	if user, password, _ := r.BasicAuth(); r.Header.Get("X-Scope-OrgID") != "team" || user != "me" || password != "pw" {
		refuse(401, "no org id")
		return
	}
	if f.busy > 0 {
		f.busy--
		w.Header().Set("Retry-After", "0")
		refuse(429, "too many outstanding requests")
		return
	}
	from, _ := strconv.ParseInt(r.FormValue("start"), 10, 64)
	to, _ := strconv.ParseInt(r.FormValue("end"), 10, 64)
	switch strings.TrimPrefix(r.URL.Path, "/prefix/loki/api/v1/") {
	case "query_range":
		f.queries++
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		switch {
		case f.most > 0 && limit > f.most:
			refuse(400, "max entries limit per query exceeded, limit > max_entries_limit_per_query (%d > %d)", limit, f.most)
		case f.span > 0 && to-from > f.span:
			refuse(400, "the query time range exceeds the limit (query length: %dh, limit: 1h)", (to-from)/3600e9)
		default:
			f.page(w, from, to, limit, refuse)
		}
	case "series":
		if r.FormValue("match[]") == f.series {
			fmt.Fprint(w, `{"status":"success","data":[{"app":"x","cluster":"b"},{"app":"y","cluster":"a"},{"app":"z"}]}`)
		} else {
			fmt.Fprint(w, `{"status":"success"}`)
		}
	case "labels":
		fmt.Fprint(w, `{"status":"success","data":["job","host"]}`)
	case "index/stats":
		fmt.Fprint(w, `{"streams":1,"bytes":777}`)
	default:
		refuse(404, "404 page not found")
	}
}

func (f *fake) page(w http.ResponseWriter, from, to int64, limit int, refuse func(int, string, ...any)) {
	var in []stored
	ends := map[string]int64{} // of each stream's block, in milliseconds
	for _, l := range f.lines {
		ends[l.stream] = max(ends[l.stream], l.at/1e6)
	}
	for _, l := range f.lines {
		if l.at >= from && l.at < to && ends[l.stream] > from/1e6 {
			in = append(in, l)
		}
	}
	f.mix.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
	slices.SortStableFunc(in, func(a, b stored) int { return int(a.at - b.at) })
	in = in[:min(len(in), limit)]
	streams, order := map[string][][2]string{}, []string{}
	for _, l := range in {
		if streams[l.stream] == nil {
			order = append(order, l.stream)
		}
		streams[l.stream] = append(streams[l.stream], [2]string{strconv.FormatInt(l.at, 10), l.text})
	}
	var result []any
	for _, s := range order {
		result = append(result, map[string]any{"stream": json.RawMessage(s), "values": streams[s]})
	}
	answer, err := json.Marshal(map[string]any{"status": "success", "data": map[string]any{"resultType": "streams", "result": result}})
	if err != nil {
		f.t.Error(err)
	}
	if f.bytes > 0 && len(answer) > f.bytes {
		refuse(500, "rpc error: code = ResourceExhausted desc = trying to send message larger than max (%d vs. %d)", len(answer), f.bytes)
		return
	}
	_, _ = w.Write(answer)
}

const base = 1795564800_000000000

func (f *fake) config(t *testing.T, from, to int64) Config {
	t.Helper()
	f.t, f.mix = t, rand.New(rand.NewPCG(1, 2))
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return Config{
		URL: server.URL + "/prefix/loki/api/v1/push", Query: `{app=~".+"}`, From: from, To: to,
		HTTP: sinks.HTTP{
			Basic: sinks.Basic{Username: "me", Password: "pw"}, Headers: []sinks.Header{{Name: "X-Scope-OrgID", Value: "team"}},
		},
		Policy: sinks.Policy{Min: time.Millisecond, Max: time.Millisecond},
	}
}

// read gives the text, and why it ends.
func read(t *testing.T, c Config) (string, error) {
	t.Helper()
	if err := c.Validate(); err != nil {
		return "", err
	}
	source, err := c.Source(t.Context())
	if err != nil {
		return "", err
	}
	text, err := source.Files[0].Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	all, err := io.ReadAll(text)
	return string(all), err
}

// many are lines of three pods, many of them of one instant.
func many(n, instants int, size int) (all []stored) {
	mix := rand.New(rand.NewPCG(3, 4))
	for i := range n {
		at := base + mix.Int64N(int64(instants))*int64(7*time.Hour)/int64(instants)
		all = append(all, stored{at, fmt.Sprintf(`{"app":"a","pod":"p-%d"}`, i%3), fmt.Sprintf("line %d %s", i, strings.Repeat("x", mix.IntN(size)))})
	}
	return all
}

func sorted(text string) []string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	slices.Sort(lines)
	return lines
}

// TestPages: nothing is lost and nothing is double, whatever Loki's limits are and however many
// lines are of one instant, and the text is in the order of time.
func TestPages(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]*fake{
		"one page":                      {lines: many(2000, 50, 20)},
		"pages":                         {lines: many(30_000, 4000, 20)},
		"every page ends in an instant": {lines: many(3000, 30, 20), most: 150},
		"a page is less than one":       {lines: many(12_000, 2, 20)},
		"small messages":                {lines: many(3000, 1000, 400), bytes: 40_000},
		"short spans":                   {lines: many(3000, 1000, 20), span: int64(20 * time.Minute)},
		"busy":                          {lines: many(3000, 1000, 20), most: 1000, busy: 5},
		"nothing":                       {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := f.config(t, base, base+int64(7*time.Hour))
			got, err := read(t, c)
			if err != nil {
				t.Fatal(err)
			}
			var want strings.Builder
			for _, l := range f.lines {
				pod := l.stream[len(l.stream)-5 : len(l.stream)-2]
				fmt.Fprintf(&want, "[pod/%s/] %s %s\n", pod, time.Unix(0, l.at).UTC().Format(stamp), l.text)
			}
			if d := cmp.Diff(sorted(want.String()), sorted(got)); d != "" {
				t.Errorf("(-want +got):\n%.2000s", d)
			}
			last := ""
			for line := range strings.Lines(got) {
				if now := strings.Fields(line)[1]; now < last {
					t.Fatalf("%s comes after %s", now, last)
				} else {
					last = now
				}
			}
			t.Logf("%d queries", f.queries)
		})
	}
}

// TestCrowded: what Loki never gives is told, and the rest is read.
func TestCrowded(t *testing.T) {
	t.Parallel()
	f := &fake{lines: many(300, 3, 20), most: 50}
	f.lines = append(f.lines, stored{base + int64(8*time.Hour), `{}`, "behind"})
	got, err := read(t, f.config(t, base, base+int64(9*time.Hour)))
	if err == nil || !strings.Contains(err.Error(), "more than 50 lines of one instant in 3 places") {
		t.Error(err)
	}
	if lines := sorted(got); len(lines) != 151 || !strings.HasSuffix(got, "Z behind\n") {
		t.Errorf("%d lines", len(lines))
	}
}

// TestTexts: the runtime's framing is taken off, lines of one text are parted, and pods are found.
func TestTexts(t *testing.T) {
	t.Parallel()
	f := &fake{lines: []stored{
		{base, `{"kubernetes_pod_name":"a-1","kubernetes_container_name":"manager"}`, `{"level":"info"}`},
		{base + 1, `{"pod_name":"a-2"}`, "2026-11-25T00:00:01.5Z stderr F {\"level\":\"error\"}"},
		{base + 2, `{"job":"x"}`, "panic: x\n\ngoroutine 1\n"},
		{base + 3, `{"pod":"a] b/c"}`, "2026 was a year"},
	}}
	got, err := read(t, f.config(t, base, base+3))
	want := "[pod/a-1/manager] 2026-11-25T00:00:00.000000000Z {\"level\":\"info\"}\n" +
		"[pod/a-2/] 2026-11-25T00:00:01.500000000Z {\"level\":\"error\"}\n" +
		"[pod//] 2026-11-25T00:00:00.000000002Z panic: x\n[pod//] 2026-11-25T00:00:00.000000002Z goroutine 1\n" +
		"[pod/abc/] 2026-11-25T00:00:00.000000003Z 2026 was a year\n"
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
	source, err := f.config(t, base, base+3).Source(t.Context())
	if err != nil || source.Files[0].Size != 777 {
		t.Error(source, err)
	}
	var pods []string
	for r := tail.NewReader(source, tail.Options{}); r.Next(); {
		pods = append(pods, r.Line().Pod)
	}
	if d := cmp.Diff([]string{"a-1", "a-2", "", "", "abc"}, pods); d != "" {
		t.Errorf("pods (-want +got):\n%s", d)
	}
}

// TestFind looks for the labels that Flux' controllers have.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, want := range []string{selectors()[0], selectors()[4], `{job=~"flux-system/.+"}`} {
		f := &fake{series: want}
		c := f.config(t, base, base+1)
		c.Query = ""
		source, err := c.Source(t.Context())
		if err != nil || !strings.HasSuffix(source.Name, "/prefix "+want) {
			t.Error(source.Name, err)
		}
		narrowed, err := c.With(t.Context(), "cluster", `a"b`)
		if err != nil || narrowed.Query != want[:len(want)-1]+`,cluster="a\"b"}` {
			t.Error(narrowed.Query, err)
		}
		values, err := c.Values(t.Context(), "cluster")
		if d := cmp.Diff([]string{"a", "b"}, values); d != "" || err != nil {
			t.Error(d, err)
		}
	}
	c := (&fake{series: "none"}).config(t, base, base+1)
	c.Query = ""
	if _, err := c.Source(t.Context()); err == nil || !strings.Contains(err.Error(), "the labels there are job, host") {
		t.Error(err)
	}
	for query, want := range map[string]string{
		"{a=\"}\"} |= `}`": `{a="}"}`, "  {a=`\\`} | json": "{a=`\\`}", `{a="\"}"}`: `{a="\"}"}`,
	} {
		if got := selectorOf(query); got != want {
			t.Errorf("%s: got %s", query, got)
		}
	}
}

// TestErrors: what is wrong is said with what to do.
func TestErrors(t *testing.T) {
	t.Parallel()
	answer := func(status int, text string) Config {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, text)
		}))
		t.Cleanup(s.Close)
		return Config{URL: s.URL, Query: "{}", From: base, To: base + 1, Policy: sinks.Policy{Min: 1, Max: 1, Tries: 3}}
	}
	for want, c := range map[string]Config{
		"answered 401 Unauthorized: no org id (give":    answer(401, "no org id"),
		"VictoriaLogs has no such API":                  answer(404, "missing route"),
		"the answer is no JSON":                         answer(200, "<html>"),
		`the answer is of type "matrix"`:                answer(200, `{"data":{"resultType":"matrix"}}`),
		"parse error at line 1":                         answer(400, "parse error at line 1, col 2"),
		"answered 503 Service Unavailable":              answer(503, "at least 1 live replicas required"),
		"connection refused":                            {URL: "http://127.0.0.1:1", Query: "{}", Policy: sinks.Policy{Min: 1, Max: 1}, To: 9},
		"want one that selects lines":                   {URL: "http://loki", Query: `rate({a="b"}[1m])`},
		"the address: want http://host or https://host": {URL: "loki:3100"},
	} {
		if _, err := read(t, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}
