package replay

import (
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/tail/merge"
)

// drain calls f for each record of all streams, in the order of time. The stream in front is served
// until another one's next record is older.
func drain(all []*stream, f func(*parse.Record, derive.Place)) {
	q := merge.New((*stream).before)
	for _, s := range all {
		if s.advance() {
			q.Push(s)
		}
	}
	for q.Len() > 0 {
		s := q.First()
		more := true
		for more && q.Leads() {
			f(&s.cur.recs[s.next], s.cur.at[s.next])
			more = s.advance()
		}
		if more {
			q.Fix()
		} else {
			q.Drop()
		}
	}
}

// before orders streams by the time of their next record, at equal times by their index.
func (s *stream) before(o *stream) bool {
	if s.key != o.key {
		return s.key < o.key
	}
	return s.index < o.index
}
