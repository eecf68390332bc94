package derive

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Whatever happens in whatever order: what is derived is sound, and the same after a restart at any
// point.
func TestRandomScripts(t *testing.T) {
	t.Parallel()
	incidents := 0
	for seed := range uint64(200) {
		steps := randomSteps(random(seed), 150)
		half := strings.Join(steps[:len(steps)/2], "\n")
		rest := strings.Join(steps[len(steps)/2:], "\n")

		whole := play(t, Config{}, half)
		cut := &script{t: t, e: New(Config{}), n: whole.n, replayed: &replayed{cfg: whole.cfg}}
		whole.view()
		saved, err := json.Marshal(whole.e)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(saved, cut.e); err != nil {
			t.Fatal(err)
		}
		cut.transitions, cut.ended = slices.Clone(whole.transitions), slices.Clone(whole.ended)
		for _, s := range []*script{whole, cut} {
			s.more(rest)
			sound(t, s)
			s.e.Settle()
			sound(t, s)
		}
		if diff := cmp.Diff(undated(whole.String()), undated(cut.String())); diff != "" {
			t.Fatalf("seed %d, restored after\n%s\nthen\n%s\n%s", seed, half, rest, diff)
		}
		incidents += len(whole.ended) + len(whole.Open)
	}
	if incidents < 1000 {
		t.Errorf("too little happened: %d incidents", incidents)
	}
}

// randomSteps are steps of a few objects. Times mostly go on, by spans at which the rules have
// their edges.
func randomSteps(rnd *rand.Rand, n int) []string {
	var names []string
	for verb := range verbs {
		names = append(names, verb)
	}
	slices.Sort(names)
	pauses := []int{0, 1, 500, 1000, 2000, 2001, 4999, 5000, 30_000, 60_000, 299_000, 300_000, 301_000, 1_000_000, -1, -3000}
	var steps []string
	at := 0
	for range n {
		at = max(at+pauses[rnd.IntN(len(pauses))], 0)
		name := fmt.Sprintf("%dms %c %s", at, 'a'+rune(rnd.IntN(4)), names[rnd.IntN(len(names))])
		switch rnd.IntN(6) {
		case 0:
			name += " id=-"
		case 1:
			name += fmt.Sprintf(" id=%d", rnd.IntN(3))
		case 2:
			name += fmt.Sprintf(" rev=%d", rnd.IntN(3))
		}
		if strings.Contains(name, " awaits") {
			name += fmt.Sprintf(" on=%c", 'a'+rune(rnd.IntN(5)))
		}
		steps = append(steps, name)
	}
	return steps
}

func sound(t *testing.T, s *script) {
	t.Helper()
	v := s.view()
	open := map[Ref]bool{}
	for _, i := range append(slices.Clone(v.ended), v.Open...) {
		if i.ResolvedAt != 0 && i.ResolvedAt < i.OpenedAt {
			t.Errorf("%s is over before it began", i.Object)
		}
		if i.ResolvedAt == 0 && open[i.Object] {
			t.Errorf("%s has two open incidents", i.Object)
		}
		open[i.Object] = open[i.Object] || i.ResolvedAt == 0
		if i.ID == "" || i.Reason == "" || i.ErrorFirst == "" || i.ErrorLast == "" || i.Fingerprint == "" || len(i.Evidence()) == 0 {
			t.Errorf("an incident that says too little: %+v", i)
		}
		if slices.Contains(i.Affected, i.Object) || i.Root == i.Object {
			t.Errorf("%s is its own cause", i.Object)
		}
	}
	for _, o := range v.Objects {
		c := o.Counts
		if min(c.Succeeded, c.Failed, c.Waiting, c.Stalled, c.Other) < 0 {
			t.Errorf("%s has run %+v times", o.Ref, c)
		}
		if (o.Object.Incident != nil) != (o.failingAt != 0) {
			t.Errorf("%s is at %d of those that fail", o.Ref, o.failingAt)
		}
		if o.Status == Failing && o.Object.Incident == nil {
			t.Errorf("%s fails without an incident", o.Ref)
		}
	}
	for _, g := range v.Errors {
		if g.Count < 1 || g.Last < g.First || len(g.Objects) == 0 && g.Count > 0 && g.Reason != "Other" {
			t.Errorf("%+v", g)
		}
	}
}

// timely looks at all objects for deadlines that have passed, and for those that no queue has, and
// holds the heads of the queues against their items.
func timely(t *testing.T, e *Engine) {
	t.Helper()
	for i, q := range e.queues() {
		first := int64(math.MaxInt64)
		for _, it := range q.items {
			first = min(first, it.at)
		}
		if e.heads[i] != first {
			t.Errorf("the head of queue %d is %d, its first item %d", i, e.heads[i], first)
		}
		for _, o := range e.objects {
			d := q.of(o)
			if d.At != 0 && (d.At <= e.now || d.in == 0 || d.in > d.At || !slices.Contains(q.items, queued{d.in, o})) {
				t.Errorf("queue %d at %d: %s is due at %d, and in the queue at %d", i, e.now, o.Ref, d.At, d.in)
			}
		}
	}
}

// TestRandomDeadlines has objects come, promise, fail, be deleted and be forgotten, and the clock go on
// by any span, and back.
func TestRandomDeadlines(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		rnd := random(seed)
		s := play(t, Config{Announce: true, KeepAttempts: true}, "0s a ok")
		for _, step := range randomSteps(rnd, 100) {
			s.more(step)
			now := s.e.Now()
			switch rnd.IntN(8) {
			case 0:
				s.e.Advance(now + rnd.Int64N(int64(time.Hour)))
			case 1:
				s.e.Advance(now - rnd.Int64N(int64(time.Hour)))
			case 2:
				s.e.Forget(now-rnd.Int64N(int64(time.Hour)), now)
			}
			timely(t, s.e)
		}
	}
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 7)) }
