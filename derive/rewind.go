package derive

// Rewind takes the clock back to now, also behind records that a clock which was ahead wrote. What
// they told of later than now counts as told now: else each promise would be broken, and each
// incident fire at once, until it is as late again. Incidents that opened later open anew.
func (e *Engine) Rewind(now int64) {
	e.now, e.latest = min(e.now, now), min(e.latest, now)
	for _, o := range e.inOrder() {
		e.rewind(o)
	}
	for _, p := range e.pods {
		notAfter(e.now, &p.Last, &p.Turn)
	}
	e.unfire()
	e.unsilence()
}

// notAfter makes times that are later than now that.
func notAfter(now int64, times ...*int64) {
	for _, at := range times {
		*at = min(*at, now)
	}
}

func (e *Engine) rewind(o *Object) {
	ahead := max(0, o.Promise.Made-e.now)
	o.Promise.Made, o.Promise.Due = o.Promise.Made-ahead, o.Promise.Due-ahead
	if o.RetryBy != 0 {
		o.RetryBy -= max(0, o.Ended-e.now)
	}
	notAfter(e.now, &o.Since, &o.Ended, &o.Pending.At, &o.Shown.At)
	for _, a := range [...]*attempt{&o.Current, &o.Previous} {
		notAfter(e.now, &a.Begun, &a.End)
	}
	if o.Latest != nil {
		notAfter(e.now, &o.Latest.At)
	}
	if o.SilentAt == 0 {
		e.awaitSilence(o)
	}
	sooner := func(q *queue, at int64) {
		if q.of(o).At > at {
			q.set(o, at)
		}
	}
	sooner(&e.settle, later(e.now, settleAfter))
	sooner(&e.over, later(e.now, mendAfter))
	e.lookAgain(o)
	o.known.rewind(e.now)
	sooner(&e.unlogged, later(e.now, unloggedAfter))
	if i := o.Incident; i != nil {
		sooner(&e.healing, later(e.now, e.cfg.Keep))
		e.reopen(o)
	}
}

// rewind makes what was observed later than now observed now.
func (k *known) rewind(now int64) {
	if k == nil {
		return
	}
	for i := range k.by {
		notAfter(now, &k.by[i].At)
	}
	for _, ob := range [...]*Observation{k.spec, k.event, k.gone, k.paused} {
		if ob != nil {
			notAfter(now, &ob.At)
		}
	}
	notAfter(now, &k.since, &k.at, &k.other, &k.unknown, &k.outdated, &k.failureAt, &k.differs)
}

// reopen has an incident that opened later than now open now.
func (e *Engine) reopen(o *Object) {
	i := o.Incident
	notAfter(e.now, &i.Healing, &i.WaitEnd, &i.Relapse)
	if i.OpenedAt <= e.now {
		return
	}
	e.withdraw(i)
	i.OpenedAt, i.FiredAt = e.now, 0
	e.scheduleAnnouncements(o)
}

// Rewind does with an ended incident what the engine's does with those that are open.
func (i *Incident) Rewind(now int64) { notAfter(now, &i.OpenedAt, &i.ResolvedAt) }
