// Package merge orders several sources by what each of them has next, so that their contents can be
// read as one sequence.
//
// In: sources of any kind, and a function that says which of two comes first. Out: the one that is
// in front. Packages agent and replay read lines and records of many logs with it. It looks at
// nothing else, starts no goroutine, and loses nothing: a source leaves only by Drop or Clear.
package merge

// Queue holds sources, the one that comes first in front. It is owned by one goroutine.
type Queue[T any] struct {
	before func(a, b T) bool
	items  []T // a heap: none comes before the one at (its index - 1) / 2
}

// New makes an empty Queue. Which of two sources comes first may change for the one in front only,
// and Fix has to be called then.
func New[T any](before func(a, b T) bool) *Queue[T] { return &Queue[T]{before: before} }

// Len is the number of sources.
func (q *Queue[T]) Len() int { return len(q.items) }

// First is the source in front. The Queue must not be empty.
func (q *Queue[T]) First() T { return q.items[0] }

// Push adds a source.
func (q *Queue[T]) Push(x T) {
	i := len(q.items)
	q.items = append(q.items, x)
	for i > 0 && q.before(x, q.items[(i-1)/2]) {
		q.items[i] = q.items[(i-1)/2]
		i = (i - 1) / 2
	}
	q.items[i] = x
}

// Leads reports whether the source in front still comes first although it changed. It costs less
// than Fix and makes that unnecessary.
func (q *Queue[T]) Leads() bool {
	return (len(q.items) < 2 || q.before(q.items[0], q.items[1])) && (len(q.items) < 3 || q.before(q.items[0], q.items[2]))
}

// Fix puts the source in front to its place after it changed.
func (q *Queue[T]) Fix() { q.sink(q.items[0]) }

// Drop takes the source in front out.
func (q *Queue[T]) Drop() {
	last := len(q.items) - 1
	x := q.items[last]
	clear(q.items[last:])
	if q.items = q.items[:last]; last > 0 {
		q.sink(x)
	}
}

// Clear takes all sources out.
func (q *Queue[T]) Clear() {
	clear(q.items)
	q.items = q.items[:0]
}

// sink moves x from the front to its place. What stood in front is overwritten.
func (q *Queue[T]) sink(x T) {
	i, n := 0, len(q.items)
	for {
		child := 2*i + 1
		if child+1 < n && q.before(q.items[child+1], q.items[child]) {
			child++
		}
		if child >= n || !q.before(q.items[child], x) {
			q.items[i] = x
			return
		}
		q.items[i] = q.items[child]
		i = child
	}
}
