package derive

import "cmp"

// queue holds deadlines, at most one of each object. It takes memory for the objects, not for the lines: an object that sets its deadline later and
// later, with every line, has one item all the time, which is moved when its turn comes.
type queue struct {
	of    func(*Object) *deadline
	items []queued // a heap: none is before the one at half its index
}

// deadline is an object's part in a queue.
type deadline struct {
	at int64 // 0 for none
	in int64 // time of the object's item, 0 when it has none; never later than at
}

type queued struct {
	at int64
	o  *Object
}

// before orders items of the same instant by object, so that the order is the same whatever was in the queue before.
func (q queued) before(r queued) bool {
	return cmp.Or(cmp.Compare(q.at, r.at), q.o.Compare(r.o.Ref)) < 0
}

// set has the object's deadline at that time, in place of the one that it had.
func (q *queue) set(o *Object, at int64) {
	d := q.of(o)
	d.at = at
	if d.in != 0 && d.in <= at {
		return
	}
	d.in = at // an item that is there does not count any more
	q.push(queued{at, o})
}

// cancel takes the object's deadline back.
func (q *queue) cancel(o *Object) { q.of(o).at = 0 }

// due calls f for each object whose deadline is not later than now, in the order of time. It may set deadlines.
func (q *queue) due(now int64, f func(*Object)) {
	for len(q.items) > 0 && q.items[0].at <= now {
		it := q.pop()
		d := q.of(it.o)
		if d.in != it.at {
			continue
		}
		d.in = 0
		switch {
		case d.at > it.at:
			q.set(it.o, d.at)
		case d.at != 0:
			d.at = 0
			f(it.o)
		}
	}
}

func (q *queue) push(it queued) {
	i := len(q.items)
	q.items = append(q.items, it)
	for i > 0 && it.before(q.items[(i-1)/2]) {
		q.items[i] = q.items[(i-1)/2]
		i = (i - 1) / 2
	}
	q.items[i] = it
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
	return first
}
