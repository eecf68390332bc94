package tail

// place says where the content of a followed file is.
type place uint8

const (
	restored place = iota // a mark knows it; no file was matched with it yet
	named                 // the last scan found it
	moved                 // it is open, and has a name that no scan finds
	deleted               // it is open, and has no name
	lost                  // it was not found and is not open; a copy or another name may turn up
	gone                  // it is not on disk any more, or was given up
	places
)

// phase says how far a followed file was read.
type phase uint8

const (
	growing  phase = iota // it may be written to
	complete              // it is not written to any more, as far as one can know
	finished              // it was read to its end, or given up
	phases
)

// event is what happens to a followed file.
type event uint8

const (
	found    event = iota // a scan found it, or another file with its content
	unseen                // a scan did not find it
	unlinked              // it lost its last name
	shut                  // its descriptor was closed
	replaced              // its writer cut it short and wrote anew, or its inode holds another file
	grew                  // it has more bytes than before
	matched               // the file that was found holds more than was read
	settled               // nothing was written to it for long enough
	drained               // it was read to its end
	givenUp               // what was not read of it is counted as lost
	events
)

const never = 0xff

// transitions is what each event makes of place and phase. never marks what cannot happen: a file
// that is not open has no descriptor to close or to lose its name under.
var transitions = [events]struct {
	place [places]place
	phase [phases]phase
}{
	//                   restored, named, moved, deleted, lost, gone    growing, complete, finished
	found:    {[...]place{named, named, named, named, named, named}, [...]phase{growing, complete, finished}},
	unseen:   {[...]place{restored, moved, moved, deleted, lost, gone}, [...]phase{growing, complete, finished}},
	unlinked: {[...]place{never, deleted, deleted, deleted, never, never}, [...]phase{growing, complete, finished}},
	shut:     {[...]place{restored, named, lost, lost, lost, gone}, [...]phase{growing, complete, finished}},
	replaced: {[...]place{gone, gone, gone, gone, gone, gone}, [...]phase{growing, complete, finished}},
	grew:     {[...]place{never, named, moved, deleted, never, never}, [...]phase{growing, growing, never}},
	matched:  {[...]place{never, named, never, never, never, never}, [...]phase{growing, growing, growing}},
	settled:  {[...]place{never, named, moved, deleted, lost, gone}, [...]phase{complete, complete, never}},
	drained:  {[...]place{never, named, moved, deleted, lost, gone}, [...]phase{finished, finished, finished}},
	givenUp:  {[...]place{gone, gone, gone, gone, gone, gone}, [...]phase{complete, complete, finished}},
}

// after returns what the event makes of a file; ok is false, and nothing changes, for what cannot
// happen.
func (e event) after(where place, how phase) (place, phase, bool) {
	t := &transitions[e]
	p, h := t.place[where], t.phase[how]
	if p == never || h == never {
		return where, how, false
	}
	return p, h, true
}

// MarshalJSON writes whether a file was finished. What else is known of its phase holds only as
// long as somebody looks.
func (p phase) MarshalJSON() ([]byte, error) {
	if p == finished {
		return []byte("true"), nil
	}
	return []byte("false"), nil
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (p *phase) UnmarshalJSON(b []byte) error {
	*p = growing
	if string(b) == "true" {
		*p = finished
	}
	return nil
}
