package agent

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/e2e/env"
)

// limited is a Loki behind its own limit of the lines of one answer.
func limited(t *testing.T, l *env.Loki, most int) (address string, queries *int) {
	t.Helper()
	to, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy, n := httputil.NewSingleHostReverseProxy(to), 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		if limit, _ := strconv.Atoi(r.FormValue("limit")); limit > most {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, "max entries limit per query exceeded, limit > max_entries_limit_per_query (%d > %d)", limit, most)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL, &n
}

// withoutPlaces takes out of a report where lines stand: they stand elsewhere in Loki.
func withoutPlaces(t *testing.T, doc []byte) any {
	t.Helper()
	var report map[string]any
	if err := json.Unmarshal(doc, &report); err != nil {
		t.Fatal(err)
	}
	delete(report, "input")
	delete(report, "window")
	var strip func(any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, key := range []string{"file", "line", "offset"} {
				delete(v, key)
			}
			for _, inner := range v {
				strip(inner)
			}
		case []any:
			for _, inner := range v {
				strip(inner)
			}
		}
	}
	strip(report)
	return report
}

// TestReplayOfLokiIsThatOfFiles ships recorded logs to Loki, and reads them from there again: in
// large pages, and in pages whose borders are in the middle of what was logged at one time.
func TestReplayOfLokiIsThatOfFiles(t *testing.T) {
	logs := map[string]string{"demo": demo}
	for _, story := range []string{"git-new", "helm-new"} {
		if dir := "../../../shared/data/stories/" + story + "/pods"; exists(dir) {
			logs[story] = dir
		}
	}
	bin := env.Fluxtrail(t)
	for name, pods := range logs {
		t.Run(name, func(t *testing.T) {
			replay := func(args ...string) []byte {
				t.Helper()
				cmd := exec.Command(bin, append([]string{"replay", "-q", "-o", "json"}, args...)...)
				cmd.Stderr = os.Stderr
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("replay %v: %v", args, err)
				}
				return out
			}
			want := withoutPlaces(t, replay(pods))
			l := env.StartLoki(t, env.Generous...)
			a := env.StartAgent(t, bin, pods, []string{"loki.url=" + l.URL, "tail.from=beginning"})
			env.Until(t, "the agent to ship everything", func() bool { return done(t, a, "ship") })
			l.Flush(t)
			begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
			env.Until(t, "Loki to have everything in its store", func() bool {
				return l.Count(t, `sum(count_over_time({app=~".+"}[100d]))`, time.Now()) == a.Sum(t, "fluxtrail_sent_lines_total", shipLane)
			})
			span := []string{"--since", begin.Format(time.DateOnly), "--until", time.Now().Add(24 * time.Hour).Format(time.DateOnly)}
			for _, most := range []int{5000, 17} {
				address, queries := limited(t, l, most)
				got := withoutPlaces(t, replay(append(span, "--loki", address)...))
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("pages of %d lines (-files +loki):\n%.3000s", most, d)
				}
				t.Logf("pages of %d lines: %d queries", most, *queries)
			}
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
