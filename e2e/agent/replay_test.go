package agent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
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
			for _, command := range lokiCommands(t) {
				saved := filepath.Join(t.TempDir(), "saved.log")
				save(t, l, command, begin, saved)
				if d := cmp.Diff(statuses(t, want), statuses(t, withoutPlaces(t, replay(saved)))); d != "" {
					t.Errorf("%s (-files +command):\n%.3000s", command, d)
				}
			}
		})
	}
}

// lokiCommands are those by which docs/getting-logs.md says that lines of a Loki are saved.
func lokiCommands(t *testing.T) []string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/getting-logs.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range regexp.MustCompile("(?m)^\\| Loki \\| `((?:logcli|curl) [^`]+)`").FindAllStringSubmatch(string(doc), -1) {
		out = append(out, row[1])
	}
	if len(out) != 2 {
		t.Fatalf("the document has the commands %q", out)
	}
	return out
}

// save runs such a command, for the time of what was recorded instead of the last hours.
func save(t *testing.T, l *env.Loki, command string, begin time.Time, to string) {
	t.Helper()
	from, until := begin.Format(time.RFC3339), time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339)
	command = strings.Replace(command, "--since=6h", "--from="+from+" --to="+until, 1)
	command = strings.Replace(command, "curl -G …", "curl -sSfG -d start="+from+" -d end="+until+" "+l.URL, 1)
	cmd := exec.Command("sh", "-c", command)
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(env.Built(t, "loki", "logcli"))+":"+os.Getenv("PATH"), "LOKI_ADDR="+l.URL)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, &stderr)
	}
	if err := os.WriteFile(to, out, 0o600); err != nil {
		t.Fatal(err)
	}
}

// statuses are those of a report's objects, by name.
func statuses(t *testing.T, report any) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, o := range report.(map[string]any)["objects"].([]any) {
		o := o.(map[string]any)
		out[fmt.Sprint(o["kind"], "/", o["namespace"], "/", o["name"])] = o["status"]
	}
	if len(out) == 0 {
		t.Fatal("no object in the report")
	}
	return out
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
