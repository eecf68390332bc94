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

// promised is the end of an attempt that promises the next one.
func promised(name string, next time.Duration) func(*parse.Record) {
	return func(r *parse.Record) { r.Name, r.Meaning, r.Next = name, parse.Finished, int64(next) }
}

// TestGaps tells a gap only of a controller that wrote nothing while attempts were due.
func TestGaps(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name    string
		next    [2]time.Duration // what two objects were promised
		silence time.Duration
		end     int // gaps when the log ends in the silence
		after   int // gaps when both objects come back after it
	}{
		{"nothing was due", [2]time.Duration{time.Hour, time.Hour}, 50 * time.Minute, 0, 0},
		{"both were due", [2]time.Duration{time.Minute, time.Minute}, 5 * time.Minute, 1, 1},
		{"one was due, and may be deleted", [2]time.Duration{time.Minute, time.Hour}, 5 * time.Minute, 0, 1},
		{"due, and not late", [2]time.Duration{time.Minute, time.Minute}, 90 * time.Second, 0, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			e := New(Config{})
			for i, next := range x.next {
				e.Add(podLine(0, "kustomize-controller-1-a", time.Duration(i), promised(fmt.Sprint("app", i), next)))
			}
			e.Advance(noon + int64(x.silence))
			v := e.View()
			if len(v.Gaps[0]) != x.end {
				t.Errorf("gaps at the end: %v", v.Gaps[0])
			}
			for _, o := range v.Objects {
				if named := o.Root == (Ref{Kind: causeKind, Name: "kustomize-controller"}); named != (x.end == 1) {
					t.Errorf("%s has the cause %s", o.Ref, o.Root)
				}
			}
			for i, next := range x.next {
				at := x.silence + time.Duration(1+i)
				e.Add(podLine(0, "kustomize-controller-1-a", at, promised(fmt.Sprint("app", i), next)))
			}
			if gaps := e.View().Gaps[0]; len(gaps) != x.after {
				t.Errorf("gaps after the next attempts: %v", gaps)
			}
		})
	}
}

// TestGapsAreBounded keeps some of very many.
func TestGapsAreBounded(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	for i := range 2 * maxGaps {
		e.Add(podLine(0, "kustomize-controller-1-a", time.Duration(i)*time.Hour, promised("app", time.Minute)))
	}
	if n := len(e.View().Gaps[0]); n < maxGaps || n > maxGaps+1 {
		t.Errorf("%d gaps are kept", n)
	}
}

// TestAQuietShard is not hidden by the controller's other pods.
func TestAQuietShard(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	names := []string{"kustomize-controller-5c4f7d9b6c-aaaaa", "kustomize-controller-shard1-6d4cf56db6-bbbbb"}
	for i := range 10 {
		for n, pod := range names {
			if n == 0 || i < 3 {
				e.AddSource(int32(n), pod)
				e.Add(podLine(int32(n), "", time.Duration(i)*time.Minute, promised(fmt.Sprint("app", n), time.Minute)))
				e.Add(podLine(int32(n), "", time.Duration(i)*time.Minute, promised(fmt.Sprint("web", n), time.Minute)))
			}
		}
	}
	for _, o := range e.View().Objects {
		want := Ref{}
		if o.Name == "app1" || o.Name == "web1" {
			want = Ref{Kind: causeKind, Name: "kustomize-controller-shard1"}
		}
		if o.Root != want {
			t.Errorf("%s has the cause %v, want %v", o.Ref, o.Root, want)
		}
	}
}
