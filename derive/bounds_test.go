package derive

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxtrail/parse"
)

// TestManyObjects admits as many objects as there is room for, and counts the lines about others.
func TestManyObjects(t *testing.T) {
	t.Parallel()
	var steps strings.Builder
	for i := range 30 {
		fmt.Fprintf(&steps, "%ds o%d fails\n", i, i%10)
	}
	s := play(t, Config{MaxObjects: 4}, steps.String())
	v := s.view()
	if len(v.Objects) != 4 || len(v.Open) != 4 || v.Open[0].Attempts != 3 {
		t.Errorf("%d objects, %d incidents", len(v.Objects), len(v.Open))
	}
	if got := s.e.TakeCounts()[0]; got.Excess != 18 || got.Error != 30 {
		t.Errorf("%+v", got)
	}
	s.e.Forget(s.e.now+1, s.e.now+1) // nothing: all have incidents
	s.more("1m o0 ok\n1m o1 is-deleted\n10m now")
	s.e.Forget(s.e.now, s.e.now)
	s.more("11m new fails")
	if v := s.view(); v.Objects[0].Name != "new" {
		t.Errorf("there is no room after others were forgotten: %s", s.brief())
	}
}

// TestLinkedObjects makes no object beyond the bound, or of an odd name, of a line that names a
// chart.
func TestLinkedObjects(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 254)
	for msg, want := range map[string]int{
		"HelmChart/a/b with SourceRef 'HelmRepository/a/b' is in-sync":            2,
		"HelmChart/a/" + long + " with SourceRef 'HelmRepository/a/b' is in-sync": 1,
		"HelmChart/a/b with SourceRef 'HelmRepository/a/" + long + "' is in-sync": 2,
		"HelmChart/a with SourceRef 'HelmRepository/a/b' is in-sync":              1,
	} {
		for _, most := range []int{1, 100} {
			e := New(Config{MaxObjects: most})
			r := parse.Record{Time: noon, Meaning: parse.Link, Kind: "HelmRelease", Namespace: "a", Name: "r", Msg: msg}
			e.Add(&r, Place{})
			if got := len(e.View().Objects); got != min(want, most) {
				t.Errorf("%.40s with room for %d: %d objects", msg, most, got)
			}
		}
	}
}

// TestManyPods tells a bounded number of pods apart that only lines name. No line is lost.
func TestManyPods(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	for i := range 2 * maxPods {
		e.Add(podLine(0, fmt.Sprint("kustomize-controller-", i), time.Duration(i), nil))
	}
	e.Add(podLine(0, "kustomize-controller-0", time.Hour, nil)) // which is known
	var lines int64
	pods := e.View().Pods
	for _, p := range pods {
		lines += p.Info
	}
	if len(pods) != maxPods+1 || lines != 2*maxPods+1 || pods[1].Name != "kustomize-controller-0" || pods[1].Info != 2 {
		t.Errorf("%d pods with %d lines", len(pods), lines)
	}
}

// TestLongWords keeps a bounded part of everything that a line says.
func TestLongWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	e := New(Config{KeepAttempts: true, Announce: true})
	for i, meaning := range []parse.Meaning{parse.Failed, parse.Warning, parse.WaitSource, parse.WaitDependency, parse.Link, parse.Succeeded, parse.Failed} {
		for _, kind := range []string{"Kustomization", "HelmRelease"} {
			r := parse.Record{Time: noon + int64(i)*1e9, Meaning: meaning, Level: parse.LevelError, Kind: kind, Namespace: "a", Name: "b",
				ID: long + fmt.Sprint(i), Revision: long, Error: "dependency 'a/" + long + "' is not ready", Reason: "Source 'Kustomization/" + long + "' ", Msg: long}
			r.IDHash = uint64(i + 1)
			e.Add(&r, Place{Text: []byte(long)})
			event := parse.Record{Time: r.Time, Meaning: parse.MirrorEvent, Msg: "Helm upgrade failed: " + long, Reason: long,
				Involved: `{"kind":"HelmRelease","namespace":"a","name":"b"}`}
			e.Add(&event, Place{})
		}
	}
	e.TakeAttempts()
	var state strings.Builder
	if err := e.Save(&state); err != nil || state.Len() > 400<<10 {
		t.Errorf("the state has %d bytes (%v)", state.Len(), err)
	}
}

// TestLongNames takes no line for one of an object whose name no object can have.
func TestLongNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{strings.Repeat("x", 253): 1, strings.Repeat("x", 254): 0} {
		e := New(Config{})
		r := parse.Record{Time: noon, Meaning: parse.Failed, Level: parse.LevelError, Kind: "Kustomization", Namespace: "a", Name: name, Error: "x"}
		e.Add(&r, Place{})
		if got := len(e.View().Objects); got != want {
			t.Errorf("%d bytes: %d objects", len(name), got)
		}
	}
}
