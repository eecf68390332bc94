package derive

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/parse"
)

// podLine is a line of a pod's log; name is the pod that the line itself names.
func podLine(source int32, name string, at time.Duration, change func(*parse.Record)) (*parse.Record, Place) {
	r := &parse.Record{Time: noon + int64(at), Level: parse.LevelInfo, Kind: "Kustomization", Namespace: "apps", Name: "web"}
	if change != nil {
		change(r)
	}
	return r, Place{Source: source, Pod: name}
}

// again is the engine after a restart.
func again(t *testing.T, e *Engine) *Engine {
	t.Helper()
	saved, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	back := New(e.cfg)
	if err := json.Unmarshal(saved, back); err != nil {
		t.Fatal(err)
	}
	return back
}

// TestPodsAfterRestart finds the same pods again, wherever their names came from.
func TestPodsAfterRestart(t *testing.T) {
	t.Parallel()
	const pod = "kustomize-controller-7d4f8b9c6d-bcdfg"
	for _, x := range []struct{ name, path, line string }{
		{name: "named by the path", path: pod},
		{name: "named by each line", line: pod},
		{name: "named by both", path: pod, line: pod},
		{name: "not named"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			e := New(Config{})
			e.AddSource(0, x.path)
			for range 3 {
				e.Add(podLine(0, x.line, 0, nil))
			}
			e.TakeCounts()
			e = again(t, e)
			e.AddSource(0, x.path)
			e.Add(podLine(0, x.line, time.Second, nil))
			want := PodCounts{Info: 4}
			if pods := e.View().Pods; len(pods) != 1 || pods[0].PodCounts != want {
				t.Errorf("%d pods: %+v", len(pods), pods[0])
			}
			got := e.TakeCounts()
			if len(got) != 1 || got[0].Controller != "kustomize-controller" || got[0].PodCounts != (PodCounts{Info: 1}) {
				t.Errorf("new since the restart: %+v", got)
			}
		})
	}
}

// TestTakeCounts adds up over pods and hands over each number once; a pod's own numbers stay.
func TestTakeCounts(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	e.AddSource(0, "kustomize-controller-1")
	e.AddSource(1, "kustomize-controller-2")
	e.AddSource(2, "helm-controller-1") // never read
	signs := []parse.Meaning{parse.Start, parse.None, parse.Start, parse.LeaseGot, parse.Throttled, parse.Panicked, parse.NotifyFailed}
	for i, sign := range signs {
		e.Add(podLine(int32(i%2), "", time.Duration(i)*time.Second, func(r *parse.Record) {
			if r.Meaning = sign; sign >= parse.Start {
				r.Kind, r.Namespace, r.Name = "", "", "" // a controller speaks of itself
			}
		}))
	}
	for i, level := range []parse.Level{parse.LevelError, parse.LevelDebug, parse.LevelTrace, parse.LevelNone} {
		e.Add(podLine(0, "", time.Duration(10+i)*time.Second, func(r *parse.Record) {
			r.Level = level
			if level == parse.LevelNone {
				r.Form, r.Bad = parse.FormText, parse.BadText
			}
		}))
	}
	want := []ControllerCounts{{Controller: "kustomize-controller", Since: noon, PodCounts: PodCounts{
		Info: 7, Error: 1, Debug: 2, Other: 1, Unparsed: 1, Restarts: 1, Leases: 1, Throttled: 1, Panics: 1, Unsent: 1}}}
	if d := cmp.Diff(want, e.TakeCounts()); d != "" {
		t.Error(d)
	}
	want[0].PodCounts = PodCounts{}
	if d := cmp.Diff(want, e.TakeCounts()); d != "" {
		t.Errorf("the second time: %s", d)
	}
	var sum int64
	for _, p := range e.View().Pods {
		sum += p.Info + p.Error + p.Debug + p.Other
	}
	if sum != 11 {
		t.Errorf("the pods have %d lines, want 11", sum)
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, sign string
		silence    time.Duration
		gaps       int
	}{
		{"much longer than usual", "", 5 * time.Minute, 1},
		{"shorter than a gap can be", "", 29 * time.Second, 0},
		{"an attempt is under way", "busy", 5 * time.Minute, 0},
		{"shut down in order", "stopped", 5 * time.Minute, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			e := New(Config{})
			at := time.Duration(0)
			for range gapLines {
				at += time.Second
				e.Add(podLine(0, "p", at, nil))
			}
			at += time.Second
			e.Add(podLine(0, "p", at, func(r *parse.Record) {
				r.Meaning = map[string]parse.Meaning{"busy": parse.Progress, "stopped": parse.Shutdown}[x.sign]
			}))
			p := e.View().Pods[0]
			if got := p.GapsUntil(noon + int64(at+x.silence)); len(got) != x.gaps {
				t.Errorf("gaps until then: %v", got)
			}
			e.Add(podLine(0, "p", at+x.silence, nil))
			if x.sign != "stopped" && len(p.Gaps) != x.gaps {
				t.Errorf("gaps after the next line: %v", p.Gaps)
			}
		})
	}
	e := New(Config{})
	for i := range 3 * maxGaps {
		e.Add(podLine(0, "p", time.Duration(i)*time.Second, nil))
	}
	p := e.View().Pods[0]
	p.Between = 1 // whatever comes is a gap
	for i := range 2 * maxGaps {
		e.Add(podLine(0, "p", time.Hour+time.Duration(i)*time.Hour, nil))
		p.Between = 1
	}
	if len(p.Gaps) != maxGaps {
		t.Error(fmt.Sprint(len(p.Gaps), " gaps are kept"))
	}
}
