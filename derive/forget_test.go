package derive

import (
	"encoding/json"
	"testing"
	"time"
)

// TestForget lets go of what nothing was heard of for an hour. What fails stays, what comes back
// begins anew, and a state is as if the rest had never been.
func TestForget(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, `
		0s old ok next=1m
		0s fails fails
		0s gone is-deleted
		1m waits depends on=old
		2h new ok next=10m
		2h recently is-deleted
		2h1m now`)
	now := s.e.Now()
	s.e.Forget(now-int64(time.Hour), now-int64(time.Minute/2))
	if got := len(s.e.View().Objects); got != 2 {
		t.Errorf("%d objects are left: %s", got, s.brief())
	}
	if got := len(s.e.View().Errors); got != 0 {
		t.Errorf("%d kinds of errors are left", got)
	}
	state, err := json.Marshal(s.e)
	if err != nil {
		t.Fatal(err)
	}
	back := New(Config{})
	if err := json.Unmarshal(state, back); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(back); string(again) != string(state) {
		t.Errorf("saved %s\nrestored %s", state, again)
	}
	s.more("2h2m old ok next=1m\n2h2m gone fails")
	if v := s.e.View(); len(v.Objects) != 4 || len(v.Open) != 2 {
		t.Errorf("after more: %s", s.brief())
	}
}

// TestForgetDeletedWithPromise lets go of an object that was deleted although it had promised to come
// back in ten years, and of what waits for that.
func TestForgetDeletedWithPromise(t *testing.T) {
	t.Parallel()
	s := play(t, Config{Announce: true}, `
		0s gone ok next=87600h
		0s kept ok next=87600h
		1m gone is-deleted
		1h kept ok next=87600h
		2h now`)
	now := s.e.Now()
	s.e.Forget(now-int64(90*time.Minute), now-int64(time.Hour))
	if v := s.e.View(); len(v.Objects) != 1 || v.Objects[0].Name != "kept" {
		t.Errorf("left: %s", s.brief())
	}
	for _, q := range s.e.queues() {
		for _, it := range q.items {
			if it.o.Name == "gone" {
				t.Error("a deadline of an object that is gone is kept")
			}
		}
	}
	if len(s.e.silence.items) == 0 {
		t.Error("the deadline of the other is gone")
	}
}

// TestForgetPods lets go of a pod whose log is gone, once nothing was heard of it for long.
func TestForgetPods(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	for i, pod := range []string{"kustomize-controller-1", "kustomize-controller-2"} {
		e.AddSource(int32(i), pod)
		r := verbs["ok"]
		r.Name, r.Namespace, r.ID, r.Time = "a", "b", pod, noon
		e.Add(&r, Place{Source: int32(i)})
	}
	e.RemoveSource(0)
	e.RemoveSource(7) // never announced
	if n := len(e.View().Pods); n != 2 {
		t.Errorf("%d pods, although nothing was forgotten", n)
	}
	e.Forget(noon+1, noon+1)
	if pods := e.View().Pods; len(pods) != 1 || pods[0].Name != "kustomize-controller-2" {
		t.Errorf("%d pods are left", len(pods))
	}
}

// TestForgetEverything does so between all lines of the demo: nothing breaks, and what is open is
// told to its end.
func TestForgetEverything(t *testing.T) {
	t.Parallel()
	e, want, got := New(Config{}), New(Config{}), 0
	lines := records(t)
	for i := range lines {
		want.Add(&lines[i].rec, lines[i].at)
		e.Add(&lines[i].rec, lines[i].at)
		e.Forget(e.Now()+1, e.Now()+1)
		_, ended := e.Take()
		got += len(ended)
	}
	_, ended := want.Take()
	if len(ended) == 0 || got != len(ended) {
		t.Errorf("%d incidents ended, without forgetting %d", got, len(ended))
	}
}
