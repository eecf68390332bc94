package derive

// savedObject is an Object as it is saved, with what is known of it beside the logs.
type savedObject struct {
	*Object
	Known *savedKnown `json:"known,omitempty"`
}

// savedKnown is known as it is saved. An observation may be the latest in several ways; it is saved
// once.
type savedKnown struct {
	Seen     []*Observation `json:"seen"`
	Families int            `json:"families"` // how many of them, from the first, are the latest of a family
	Spec     int            `json:"spec,omitzero"`
	Event    int            `json:"event,omitzero"` // these are positions in Seen, from 1; 0 for none
	Gone     int            `json:"gone,omitzero"`
	Paused   int            `json:"paused,omitzero"`
	Definite string         `json:"definite,omitzero"`
	Since    int64          `json:"since,omitzero"`
	At       int64          `json:"at,omitzero"`
	Other    int64          `json:"other,omitzero"`
	Unknown  int64          `json:"unknown,omitzero"`
	Outdated int64          `json:"outdated,omitzero"`
	Differs  int64          `json:"differs,omitzero"`
}

func (k *known) save() *savedKnown {
	if k == nil {
		return nil
	}
	s := &savedKnown{
		Families: len(k.by), Definite: k.definite, Since: k.since, At: k.at, Other: k.other, Unknown: k.unknown,
		Outdated: k.outdated, Differs: k.differs,
	}
	for i := range k.by {
		s.Seen = append(s.Seen, &k.by[i])
	}
	s.Spec, s.Event, s.Gone, s.Paused = s.add(k.spec), s.add(k.event), s.add(k.gone), s.add(k.paused)
	return s
}

// add returns the position of an observation, which is added where it is not there yet.
func (s *savedKnown) add(o *Observation) int {
	if o == nil {
		return 0
	}
	for i, there := range s.Seen {
		same := there.Family == o.Family && there.At == o.At && there.Source == o.Source && there.Deleted == o.Deleted
		if same && (there.Event == nil) == (o.Event == nil) {
			return i + 1
		}
	}
	s.Seen = append(s.Seen, o)
	return len(s.Seen)
}

// restore is the inverse of save.
func (s *savedKnown) restore() *known {
	k := &known{
		definite: s.Definite, since: s.Since, at: s.At, other: s.Other, unknown: s.Unknown, outdated: s.Outdated, differs: s.Differs,
	}
	for i := range min(s.Families, len(s.Seen)) {
		if s.Seen[i] != nil {
			k.by = append(k.by, *s.Seen[i])
		}
	}
	at := func(position int) *Observation {
		if position < 1 || position > len(s.Seen) {
			return nil
		}
		return s.Seen[position-1]
	}
	k.spec, k.event, k.gone, k.paused = at(s.Spec), at(s.Event), at(s.Gone), at(s.Paused)
	return k
}
