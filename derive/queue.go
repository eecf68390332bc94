package derive

import (
	"math"
	"time"
)

// queue holds deadlines, at most one of each object. Its memory grows with the objects, not with
// the lines: an object that sets its deadline later and later, with every line, has one item all
// the time, which is moved when its turn comes.
type queue struct {
	of    func(*Object) *deadline
	run   func(e *Engine, o *Object, at int64) // what to do when a deadline is due
	items []queued                             // a heap: none is before the one at half its index
	head  *int64                               // time of the first item, MaxInt64 for none; nil for a queue alone
}

// deadline is an object's part in a queue. Only the time is saved.
type deadline struct {
	At int64 `json:"at"` // 0 for none
	in int64 // time of the object's item, 0 when it has none; never later than At
}

// IsZero leaves a deadline that is not set out of the JSON.
func (d *deadline) IsZero() bool { return d.At == 0 }

// later is a time after another. Anybody may promise, allow or configure any span: what is beyond
// the last time that there is never comes.
func later(at int64, spans ...time.Duration) int64 {
	for _, d := range spans {
		if d > 0 && at > math.MaxInt64-int64(d) {
			return math.MaxInt64
		}
		at += int64(d)
	}
	return at
}

type queued struct {
	at int64
	o  *Object
}

// before orders items of the same instant by object, so that the order is the same whatever was in
// the queue before.
func (q queued) before(r queued) bool {
	if q.at != r.at {
		return q.at < r.at
	}
	return q.o.Compare(r.o.Ref) < 0
}

// set sets the object's deadline, in place of the one that it had.
func (q *queue) set(o *Object, at int64) {
	d := q.of(o)
	d.At = at
	if d.in != 0 && d.in <= at {
		return
	}
	d.in = at // an item that is there does not count any more
	q.push(queued{at, o})
}

// cancel takes the object's deadline back.
func (q *queue) cancel(o *Object) { q.of(o).At = 0 }

// restore puts the deadline of a saved object into the queue.
func (q *queue) restore(o *Object) {
	if at := q.of(o).At; at != 0 {
		q.set(o, at)
	}
}

// next is the earliest deadline that is not later than now; ok is false if there is none.
func (q *queue) next(now int64) (at int64, ok bool) {
	for len(q.items) > 0 && q.items[0].at <= now {
		it := q.items[0]
		d := q.of(it.o)
		if d.in == it.at && d.At == it.at {
			return it.at, true
		}
		q.pop()
		if d.in == it.at {
			d.in = 0
			if d.At > it.at { // it was moved
				q.set(it.o, d.At)
			}
		}
	}
	return 0, false
}

// take runs the deadline that next gave.
func (q *queue) take(e *Engine) {
	it := q.pop()
	*q.of(it.o) = deadline{}
	q.run(e, it.o, it.at)
}

// due runs the deadlines that are not later than now, in the order of time. It may set new ones.
func (q *queue) due(e *Engine, now int64) {
	for {
		if _, ok := q.next(now); !ok {
			return
		}
		q.take(e)
	}
}

// forget drops the items of objects that are gone: they may be due in years.
func (q *queue) forget(gone func(*Object) bool) {
	items := q.items
	q.items = nil
	for _, it := range items {
		if !gone(it.o) {
			q.push(it)
		}
	}
	q.tellHead()
}

func (q *queue) push(it queued) {
	i := len(q.items)
	q.items = append(q.items, it)
	for i > 0 && it.before(q.items[(i-1)/2]) {
		q.items[i] = q.items[(i-1)/2]
		i = (i - 1) / 2
	}
	q.items[i] = it
	q.tellHead()
}

// tellHead tells the time of the first item.
func (q *queue) tellHead() {
	switch {
	case q.head == nil: // a queue alone
	case len(q.items) == 0:
		*q.head = math.MaxInt64
	default:
		*q.head = q.items[0].at
	}
}

// pop takes the first item.
func (q *queue) pop() queued {
	first, last := q.items[0], len(q.items)-1
	it := q.items[last]
	q.items[last] = queued{}
	q.items = q.items[:last]
	for i := 0; i < last; {
		child := 2*i + 1
		if child+1 < last && q.items[child+1].before(q.items[child]) {
			child++
		}
		if child >= last || !q.items[child].before(it) {
			q.items[i] = it
			break
		}
		q.items[i] = q.items[child]
		i = child
	}
	q.tellHead()
	return first
}
