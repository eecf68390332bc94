package derive

import "fluxtrail/parse"

// OutcomeLine is where the line stands that showed an outcome. Nearly every attempt sets one, so it
// takes no memory beside its own.
type OutcomeLine struct {
	Line   int64     `json:"line"` // from 1, 0 for no line
	Offset int64     `json:"offset"`
	At     int64     `json:"at"`           // Unix nanoseconds
	Pod    string    `json:"pod,omitzero"` // that wrote the line, "" where it is not known
	File   int32     `json:"file"`         // as in Place
	ID     AttemptID `json:"id,omitzero"`  // reconcileID of the attempt
}

// AttemptID is a reconcileID, a UUID in all eras that have one, as it was written. Anything can
// stand in its place: nothing is told of what has other characters than a UUID.
type AttemptID [36]byte

// String is the reconcileID, "" for none.
func (id AttemptID) String() string { return string(id[:id.len()]) }

// len is the length of the reconcileID, 0 for none.
func (id *AttemptID) len() int {
	n := len(id)
	for n > 0 && id[n-1] == 0 {
		n--
	}
	for _, c := range id[:n] {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && c != '-' {
			return 0
		}
	}
	return n
}

// IsZero reports whether nothing is told. It is left out of the JSON then.
func (id *AttemptID) IsZero() bool { return id.len() == 0 }

// MarshalText implements encoding.TextMarshaler.
func (id AttemptID) MarshalText() ([]byte, error) { return id[:id.len()], nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (id *AttemptID) UnmarshalText(text []byte) error {
	*id = AttemptID{}
	copy(id[:], text)
	return nil
}

func (l *OutcomeLine) set(r *parse.Record, at *Place, pod string) {
	l.File, l.Line, l.Offset, l.At, l.Pod = at.File, at.Line, at.Offset, r.Time, pod
	l.ID = uuid(r.ID) // nearly every line has one, and few are told: it is looked at then
}

// Evidence is the line in the form of an incident's evidence.
func (l *OutcomeLine) Evidence() Evidence {
	return Evidence{
		File: l.File, Line: l.Line, Offset: l.Offset, At: l.At, Pod: l.Pod,
		ReconcileID: l.ID,
	}
}

// uuid is a copy of a reconcileID. What is longer than one is none.
func uuid(s string) (id AttemptID) {
	if len(s) <= len(id) {
		copy(id[:], s)
	}
	return id
}
