package derive

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestQueue compares a queue with what it has to do, over random histories: the latest deadline of
// each object counts, they come in the order of time, and the queue holds no more than its objects
// need.
func TestQueue(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		q := queue{of: func(o *Object) *deadline { return &o.Heal }}
		objects := make([]*Object, 8)
		for i := range objects {
			objects[i] = &Object{Ref: Ref{Name: string(rune('a' + i))}}
		}
		want := map[*Object]int64{}
		for now := int64(0); now < 300; now++ {
			for range rnd.IntN(4) {
				o := objects[rnd.IntN(len(objects))]
				switch at := now + 1 + rnd.Int64N(20); rnd.IntN(5) {
				case 0:
					q.cancel(o)
					delete(want, o)
				default:
					q.set(o, at)
					want[o] = at
				}
			}
			var last queued
			q.run = func(_ *Engine, o *Object, _ int64) {
				it := queued{want[o], o}
				if want[o] == 0 || want[o] > now || last.o != nil && it.before(last) {
					t.Fatalf("seed %d at %d: %s is due, its deadline is %d", seed, now, o.Name, want[o])
				}
				last = it
				delete(want, o)
			}
			q.due(nil, now)
			for o, at := range want {
				if at <= now {
					t.Fatalf("seed %d at %d: %s was due at %d", seed, now, o.Name, at)
				}
			}
		}
		if n := len(q.items); n > 20*len(objects) {
			t.Errorf("seed %d: %d items for %d objects", seed, n, len(objects))
		}
	}
}

// TestQueueOfBusyObjects sets deadlines with every line, as a flood of lines does: later and later,
// or, while a clock that was ahead stands, again and again. What waits is bounded by the objects.
func TestQueueOfBusyObjects(t *testing.T) {
	t.Parallel()
	q := queue{of: func(o *Object) *deadline { return &o.Over }}
	q.run = func(*Engine, *Object, int64) { t.Fatal("due, although its deadline was moved") }
	ahead, busy := &Object{Ref: Ref{Name: "ahead"}}, []*Object{{Ref: Ref{Name: "a"}}, {Ref: Ref{Name: "b"}}}
	q.set(ahead, 1_000_000)
	for now := range int64(10_000) {
		for _, o := range busy {
			q.set(o, now+5)
		}
		q.due(nil, now)
	}
	if len(q.items) > 3 {
		t.Errorf("%d items for 3 objects", len(q.items))
	}
	var order []string
	q.run = func(_ *Engine, o *Object, _ int64) { order = append(order, o.Name) }
	q.due(nil, 1_000_000)
	if !slices.Equal(order, []string{"a", "b", "ahead"}) {
		t.Error(order)
	}
}

// TestForgottenObjects drops the items of some objects; the others come in their order, once each.
func TestForgottenObjects(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		rnd, head := rand.New(rand.NewPCG(seed, 1)), int64(math.MaxInt64)
		q := queue{of: func(o *Object) *deadline { return &o.Heal }, head: &head}
		gone, left := map[*Object]bool{}, 0
		for i := range 40 {
			o := &Object{Ref: Ref{Name: string(rune('a' + i))}}
			q.set(o, 1+rnd.Int64N(20))
			q.set(o, 1+rnd.Int64N(20)) // which may leave an item that does not count
			if gone[o] = rnd.IntN(2) == 0; !gone[o] {
				left++
			}
		}
		q.forget(func(o *Object) bool { return gone[o] })
		var last queued
		q.run = func(_ *Engine, o *Object, at int64) {
			it := queued{at, o}
			if gone[o] || last.o != nil && it.before(last) {
				t.Errorf("seed %d: %s is due at %d", seed, o.Name, at)
			}
			last = it
			left--
		}
		if q.due(nil, 20); left != 0 || head != math.MaxInt64 {
			t.Errorf("seed %d: %d are missing, and the next is due at %d", seed, left, head)
		}
	}
}

// TestFarFuture has spans that reach beyond the last time that there is: what they say never comes.
func TestFarFuture(t *testing.T) {
	t.Parallel()
	for _, hours := range []string{"876000h", "1400000h", "2000000h", "2562047h47m16s"} {
		s := play(t, Config{Announce: true}, "0s a ok next="+hours+"\n1m b ok next="+hours+"\n8760h now")
		for _, o := range s.view().Objects {
			if o.SilentSince != 0 || o.Promise.Due < noon {
				t.Errorf("%s: %s is silent since %d, and due at %d", hours, o.Name, o.SilentSince, o.Promise.Due)
			}
		}
	}
	for name, cfg := range map[string]Config{
		"hold":  {Hold: math.MaxInt64},
		"keep":  {Keep: math.MaxInt64},
		"grace": {Grace: math.MaxInt64},
	} {
		s := play(t, cfg, "0s a fails\n1h a fails\n2h a ok next=1m\n3h b fails\n9h now")
		v := s.view()
		for _, i := range v.Open {
			if name == "hold" && i.FiredAt != 0 || name == "keep" && i.ResolvedAt != 0 {
				t.Errorf("%s: %+v", name, i)
			}
		}
		for _, o := range v.Objects {
			if name == "grace" && o.SilentSince != 0 || name == "keep" && len(v.ended) > 0 {
				t.Errorf("%s: %+v", name, o)
			}
		}
	}
}

// TestEndOfTime has the clock come to the last instant that there is, with deadlines and without.
func TestEndOfTime(t *testing.T) {
	t.Parallel()
	e := New(Config{Announce: true})
	e.Advance(math.MaxInt64)
	e = New(Config{Announce: true})
	o := e.newObject(Ref{Kind: "Kustomization", Namespace: "apps", Name: "web"}, "kustomize-controller")
	e.open(o, noon)
	e.Advance(math.MaxInt64)
	if o.Incident.State() != Firing || len(e.TakeAnnouncements()) == 0 {
		t.Errorf("the incident is %s, and nobody was told", o.Incident.State())
	}
}
