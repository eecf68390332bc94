package derive

import (
	"cmp"
	"flag"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"fluxtrail/fixtures"
	"fluxtrail/parse"
)

var update = flag.Bool("update", false, "rewrite what the fixtures want")

// TestGolden replays the logs of each case and compares what was derived from them with
// want.report. Each section that ends in .log is a source; one below pods/ is named after its pod.
// A section config has the rules, one "key value" a line: hold, keep, grace, and now: until when
// the clock runs on after the last line.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, c := range fixtures.Cases("derive") {
		t.Run(c.Name(), func(t *testing.T) { golden(t, &c) })
	}
}

func golden(t *testing.T, c *fixtures.Case) {
	if c.Why == "" {
		t.Error("the first lines have to say why the case exists")
	}
	got := replay(t, c).String()
	want := c.Section("want.report")
	if *update && got != want {
		if err := c.Rewrite("../fixtures", "want.report", got); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("-update rewrites the case (-want +got):\n%s", diff)
	}
}

// replayed is everything that came out of an engine.
type replayed struct {
	View
	transitions []Transition
	ended       []*Incident
	cfg         Config
}

func replay(t *testing.T, c *fixtures.Case) *replayed {
	t.Helper()
	cfg, now := settings(t, c.Section("config"))
	e := New(cfg)
	return finish(e, input(e, c), now)
}

func (r *replayed) take(e *Engine) {
	transitions, ended := e.Take()
	r.transitions = append(r.transitions, transitions...)
	r.ended = append(r.ended, ended...)
}

func settings(t *testing.T, section string) (cfg Config, now int64) {
	t.Helper()
	for line := range strings.Lines(section) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if key == "now" {
			at, err := time.Parse(time.RFC3339, value)
			if err != nil {
				t.Fatal(err)
			}
			now = at.UnixNano()
			continue
		}
		d, err := time.ParseDuration(value)
		if err != nil {
			t.Fatal(err)
		}
		*map[string]*time.Duration{"hold": &cfg.Hold, "keep": &cfg.Keep, "grace": &cfg.Grace}[key] = d
	}
	return cfg, now
}

// entry is a parsed line of a case.
type entry struct {
	rec parse.Record
	at  Place
	key int64 // time, never going back within a source
}

// input announces a case's sources and merges their lines by time, as the lanes do.
func input(e *Engine, c *fixtures.Case) []entry {
	var all []entry
	source := int32(0)
	for _, f := range c.Files {
		if !strings.HasSuffix(f.Name, ".log") {
			continue
		}
		pod := ""
		if strings.HasPrefix(f.Name, "pods/") {
			pod = strings.TrimSuffix(path.Base(f.Name), ".log")
		}
		e.AddSource(source, pod)
		all = append(all, entries(source, f.Data)...)
		source++
	}
	slices.SortStableFunc(all, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	return all
}

func entries(source int32, data []byte) []entry {
	var all []entry
	var near, key, offset int64
	for n, line := range strings.Split(strings.TrimSuffix(string(data), "\n"), "\n") {
		l := entry{at: Place{Source: source, File: source, Line: int64(n + 1), Offset: offset, Text: []byte(line)}}
		parse.Parse([]byte(line), near, &l.rec)
		if l.rec.Time == 0 {
			l.rec.Time = near
		}
		near, key = l.rec.Time, max(key, l.rec.Time)
		l.key = key
		all = append(all, l)
		offset += int64(len(line)) + 1
	}
	return all
}
