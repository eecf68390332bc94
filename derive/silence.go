package derive

// SilenceStep is one step in the silence of an object: it fell silent, or was heard of again. Each
// step is handed over once, over restarts too.
type SilenceStep struct {
	At      int64 // when it was taken
	Object  Ref
	Silent  bool // it began; false: it is over
	Promise Promise
}

// TakeSilences hands over the steps since the last TakeSilences, in the order in which the engine's
// clock came to them. The slice is valid until the next Add or Advance. Without Config.Announce
// there are none.
func (e *Engine) TakeSilences() []SilenceStep {
	out := e.silences
	e.silences = e.silences[:0]
	return out
}

// tellSilence hands over a step of an object.
func (e *Engine) tellSilence(o *Object, at int64, silent bool) {
	e.transition(o, at)
	if e.cfg.Announce {
		e.silences = append(e.silences, SilenceStep{at, o.Ref, silent, o.Promise})
	}
}

// awaitSilence sets when the object is silent unless its promise is kept or replaced before.
func (e *Engine) awaitSilence(o *Object) {
	if o.Promise.Made != 0 && o.SilentAt == 0 && (!e.cfg.NoTransitions || e.cfg.Announce) {
		e.silence.set(o, later(o.Promise.last(e.cfg.Grace), 1))
	}
}

// silent reports whether the object's promise is broken at the engine's time.
func (e *Engine) silent(o *Object) bool {
	return o.Status != Suspended && o.Status != Deleted && o.Promise.broken(e.now, e.cfg.Grace)
}

// fallSilent hands over that the object is silent, unless the promise was taken back. Its Ready
// condition stays what it was.
func (e *Engine) fallSilent(o *Object, _ int64) {
	if e.silent(o) {
		o.SilentAt = o.Promise.last(e.cfg.Grace)
		e.tellSilence(o, o.SilentAt, true)
	}
}

// heard hands over that the object is silent no more, once nothing overdue is left.
func (e *Engine) heard(o *Object, at int64) {
	if o.SilentAt == 0 || e.silent(o) {
		return
	}
	at = max(at, o.SilentAt) // a line may come late
	o.SilentAt = 0
	e.tellSilence(o, at, false)
	e.awaitSilence(o)
}

// unsilence takes back silences that began by a clock that was ahead.
func (e *Engine) unsilence() {
	for _, o := range e.inOrder() {
		e.heard(o, e.now)
	}
}

// transition hands over the object's state, as it is from that time on.
func (e *Engine) transition(o *Object, at int64) {
	if e.cfg.NoTransitions {
		return
	}
	reason := o.Reason
	if o.retrying(at) {
		reason = o.Incident.Reason
	}
	e.transitions = append(e.transitions, Transition{at, o.Ref, o.number, o.shown(at), o.Ready, reason, o.Revision})
}

// shown is the object's status at a time, Silent from where it fell silent on. One that tries again
// is Failing: a failure is over when a try succeeds, not when it begins.
func (o *Object) shown(at int64) Status {
	switch {
	case o.SilentAt != 0 && at >= o.SilentAt && o.Status != Suspended && o.Status != Deleted:
		return Silent
	case o.retrying(at):
		return Failing
	}
	return o.Status
}

// retrying reports an object in the middle of an attempt whose incident is open: its Ready
// condition is Unknown, for most of the time where a health check is what fails.
func (o *Object) retrying(at int64) bool {
	i := o.Incident
	return o.Status == Progressing && i != nil && i.Healing == 0 && !i.short(at)
}
