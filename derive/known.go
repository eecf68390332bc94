package derive

// known is what is known of an object beside its log: the latest observation.
type known struct {
	Latest Observation
}

// Observe takes what something other than a log says of an object. Observations come in the order
// of time, with the records in between. The engine's clock does not move: what was observed has the
// clock of another machine. The observation must not be written again.
func (e *Engine) Observe(o *Observation) {
	k := e.known[o.Ref]
	if k == nil {
		k = &known{}
		e.known[o.Ref] = k
	}
	k.Latest = *o
}

// ObserveAll takes a complete listing, after the observations of its time: what was known before
// and was not observed since is gone.
func (e *Engine) ObserveAll(l Listing) {
	for ref, k := range e.known {
		if ref.Kind == l.Kind && (l.Namespace == "" || l.Namespace == ref.Namespace) && k.Latest.At < l.At {
			k.Latest = Observation{Ref: ref, Source: l.Source, At: l.At, Deleted: true}
		}
	}
}
