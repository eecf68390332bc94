package prom

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"fluxtrail/derive"
)

// crowd is a State with n objects of some history, and runs of all of them.
func crowd(n int) (*State, []derive.Attempt, derive.View) {
	s := New(Config{})
	var runs []derive.Attempt
	view := derive.View{At: at(time.Hour)}
	for i := range n {
		o := derive.Ref{Kind: "Kustomization", Namespace: fmt.Sprintf("team-%d", i%50), Name: fmt.Sprintf("app-%d", i)}
		r := derive.Attempt{At: at(time.Duration(i)), Object: o, Controller: "kustomize-controller", Outcome: "succeeded", Took: int64(time.Millisecond) << (i % 12), ID: runID}
		if i%20 == 0 {
			r.Outcome, r.Reason = "failed", "BuildFailed"
		}
		runs = append(runs, r)
		view.Objects = append(view.Objects, seen(o, derive.Ready, noon, at(2*time.Hour)))
	}
	for range 10 {
		s.Add(runs)
		for i := range runs {
			runs[i].Took = runs[i].Took*3/2 + 1
		}
	}
	s.Observe(view)
	return s, runs, view
}

func BenchmarkAdd(b *testing.B) {
	s, runs, _ := crowd(2000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		k := i % len(runs)
		s.Add(runs[k : k+1])
	}
}

func BenchmarkObserve(b *testing.B) {
	s, _, view := crowd(2000)
	b.ReportAllocs()
	for b.Loop() {
		s.Observe(view)
	}
}

func BenchmarkPublish(b *testing.B) {
	s, _, _ := crowd(2000)
	slot := &Slot{}
	b.ReportAllocs()
	for b.Loop() {
		slot.Publish(s, Agent{Lane: "trail"})
	}
}

func BenchmarkSave(b *testing.B) {
	s, _, _ := crowd(2000)
	b.ReportAllocs()
	for b.Loop() {
		data, err := json.Marshal(s)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(data)), "bytes/state")
	}
}

func BenchmarkScrape(b *testing.B) {
	s, _, _ := crowd(2000)
	reg := registry(b, s, sampleAgent())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reg.Gather(); err != nil {
			b.Fatal(err)
		}
	}
}
