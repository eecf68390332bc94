package agent

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fluxtrail/tail"
)

// TestMutatedStates starts the lane from states of which one value is another one: null, negative,
// huge, or there twice. The checksum is right, so nothing else tells. The lane either keeps the
// state aside or goes on, and can save.
func TestMutatedStates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	logs, rest := halfOfDemo(t)
	l, _ := derived(t, testAgent(dir, logs))
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	marks, job := savedJob(t, l)
	rest()
	refused := 0
	m := mutator{seen: map[string]bool{}, try: func(what string) {
		if startFrom(t, what, logs, marks, job) {
			refused++
		}
	}}
	for _, part := range []string{"engine", "files", "ended", "observed"} {
		m.each("."+part, job, part)
	}
	if refused == 0 {
		t.Error("no state was refused")
	}
}

// halfOfDemo is a copy of the demo's logs that ends in their middle, until rest is called.
func halfOfDemo(t *testing.T) (pods string, rest func()) {
	t.Helper()
	pods = filepath.Join(t.TempDir(), "pods")
	if err := os.CopyFS(pods, os.DirFS(demoPods)); err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Glob(pods + "/*/*/0.log")
	if err != nil || len(logs) == 0 {
		t.Fatal(logs, err)
	}
	behind := map[string]string{}
	for _, path := range logs {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		behind[path] = string(text[len(text)/2:])
		if err := os.Truncate(path, int64(len(text)/2)); err != nil {
			t.Fatal(err)
		}
	}
	return pods, func() {
		for path, text := range behind {
			appendFile(t, path, text)
		}
	}
}

// savedJob is what a lane saved: its marks, and its job's state as plain values.
func savedJob(t *testing.T, l *lane) (marks tail.Marks, job map[string]any) {
	t.Helper()
	marks, raw, err := tail.LoadState(l.cfg.file)
	if err != nil {
		t.Fatal(err)
	}
	var saved laneState
	if err := json.Unmarshal(raw, &saved); err != nil {
		t.Fatal(err)
	}
	if saved.Packed != nil {
		if err := saved.Packed.decode(t.Context(), &saved.Job); err != nil {
			t.Fatal(err)
		}
	}
	dec := json.NewDecoder(strings.NewReader(string(saved.Job)))
	dec.UseNumber()
	if err := dec.Decode(&job); err != nil {
		t.Fatal(err)
	}
	return marks, job
}

// mutator changes one value at a time, of each place in a document one, and calls try.
type mutator struct {
	seen map[string]bool // places, without the positions in lists
	try  func(what string)
}

// each changes a member, and then what is in it.
func (m *mutator) each(path string, in map[string]any, name string) {
	was := in[name]
	m.change(path, was, func(x any) { in[name] = x })
	m.inside(path, was)
}

func (m *mutator) inside(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			m.each(path+"."+name, v, name)
		}
	case []any:
		for i, was := range v {
			m.change(path+"[]", was, func(x any) { v[i] = x })
			m.inside(path+"[]", was)
		}
	}
}

func (m *mutator) change(path string, was any, set func(any)) {
	if m.seen[path] {
		return
	}
	m.seen[path] = true
	var others []any
	switch was := was.(type) {
	case json.Number:
		others = []any{-1, int64(math.MaxInt64)}
	case []any:
		others = []any{nil, append(slices.Clone(was), nil), slices.Concat(was, was)}
	case map[string]any:
		others = []any{nil}
	}
	for _, x := range others {
		set(x)
		m.try(fmt.Sprintf("%s = %.40v", path, x))
	}
	set(was)
}

// startFrom starts a lane from a state, and has it read to the end. It reports whether the lane
// kept the state aside.
func startFrom(t *testing.T, what, logs string, marks tail.Marks, job map[string]any) bool {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if _, err := tail.SaveState(stateDir(dir).File("trail.json"), marks, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(map[string]any{"job": job})
	}); err != nil {
		t.Fatal(err)
	}
	ahead := time.Now()
	synctest.Test(t, func(t *testing.T) {
		defer func() {
			if r := recover(); r != nil {
				t.Errorf("%s: panic: %v", what, r)
			}
		}()
		begin := time.Now()
		a := newAssembly(testOptions(dir, logs), stateDir(dir), nil, func() time.Time { return ahead.Add(time.Since(begin)) })
		l, _ := derived(t, a)
		if err := l.run(t.Context(), t.Context()); err != nil || l.saving.trouble != "" {
			t.Errorf("%s: %v %s", what, err, l.saving.trouble)
		}
		for _, page := range []string{"/", "/metrics", "/api/v1/objects"} {
			if w := get(t, a, page); w.Code != 200 {
				t.Errorf("%s: %s: %d", what, page, w.Code)
			}
		}
	})
	_, err = os.Stat(filepath.Join(dir, "trail.json.bad-1"))
	return err == nil
}
