package derive

// awaitSilence sets when the object is silent unless its promise is kept or replaced before.
func (e *Engine) awaitSilence(o *Object) {
	if o.Promise.Made != 0 && o.SilentAt == 0 && !e.cfg.NoTransitions {
		e.silence.set(o, o.Promise.last(e.cfg.Grace)+1)
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
		e.transition(o, o.SilentAt)
	}
}

// heard hands over that the object is silent no more, once nothing overdue is left.
func (e *Engine) heard(o *Object, at int64) {
	if o.SilentAt == 0 || e.silent(o) {
		return
	}
	at = max(at, o.SilentAt) // a line may come late
	o.SilentAt = 0
	e.transition(o, at)
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
	e.transitions = append(e.transitions, Transition{at, o.Ref, o.Ready, o.shown(at), o.Reason, o.Revision})
}

// shown is the object's status at a time, Silent from where it fell silent on.
func (o *Object) shown(at int64) Status {
	if o.SilentAt != 0 && at >= o.SilentAt && o.Status != Suspended && o.Status != Deleted {
		return Silent
	}
	return o.Status
}
