package derive

import "slices"

// Announcement is one step in the life of an incident. Each step is announced once, over restarts
// too, and says the same in a replay of the same records.
type Announcement struct {
	At       int64    // when the step was taken
	State    State    // the state that it led to
	Incident Incident // a copy, as the incident was when it was announced
}

// TakeAnnouncements hands over the announcements since the last TakeAnnouncements, in the order in
// which the engine's clock came to them: an opening two seconds after it, when the lines that
// explain a failure are there, or when the object waited for its source for long; the end of an
// incident when a success has held. Without Config.Announce there are none.
//
// What was handed over is known to the engine as announced. A process that dies before it saves
// the engine announces it again, with the same content. The slice is valid until the next Add or
// Advance.
func (e *Engine) TakeAnnouncements() []Announcement {
	out := e.announcements
	e.announcements = e.announcements[:0]
	return out
}

// AnnounceNow announces the openings that still wait to be explained. It is for a process that
// ends.
func (e *Engine) AnnounceNow() {
	for _, o := range e.sortedFailing() {
		e.announceOpening(o, e.now)
	}
}

// sortedFailing are the objects with an open incident, by opening and Ref.
func (e *Engine) sortedFailing() []*Object {
	return slices.SortedFunc(slices.Values(e.failing), func(a, b *Object) int {
		return compareIncidents(a.Incident, b.Incident)
	})
}

// scheduleAnnouncements sets when the incident of an object is announced and when it fires. It is
// called whenever what that depends on has changed.
func (e *Engine) scheduleAnnouncements(o *Object) {
	i := o.Incident
	if e.cfg.Announce && i.Announced == "" {
		wait := settleAfter
		if i.WaitOnly {
			wait = shortWait
		}
		e.opening.set(o, i.OpenedAt+int64(wait))
	}
	if i.FiredAt == 0 {
		e.firing.set(o, max(later(i.OpenedAt, e.cfg.Hold), e.now))
	}
}

// announceOpening announces that an incident opened, unless it may still turn out to be a short
// wait.
func (e *Engine) announceOpening(o *Object, _ int64) {
	if i := o.Incident; i != nil && i.Announced == "" && !i.short(e.now) {
		e.announce(i, Pending, i.OpenedAt)
	}
}

// fire makes a pending incident fire. One that is healing does not: if it fails again, flap
// schedules it anew.
func (e *Engine) fire(o *Object, at int64) {
	i := o.Incident
	if i == nil || i.FiredAt != 0 || i.Healing != 0 || i.short(e.now) {
		return
	}
	i.FiredAt = at
	e.announceOpening(o, at)
	if i.Announced != Firing {
		e.announce(i, Firing, at)
	}
}

// unfire makes incidents pending again that fired by a clock that was ahead.
func (e *Engine) unfire() {
	for _, o := range e.failing {
		if i := o.Incident; i.FiredAt > e.now {
			i.FiredAt = 0
			e.scheduleAnnouncements(o)
		}
	}
}

// announceEnd announces that an incident is over, and before that its opening if nobody was told.
func (e *Engine) announceEnd(i *Incident) {
	if i.Announced == "" {
		e.announce(i, Pending, i.OpenedAt)
	}
	e.announce(i, i.State(), i.ResolvedAt)
}

// withdraw takes an announcement back: the incident was only a short wait.
func (e *Engine) withdraw(i *Incident) {
	if i.Announced != "" {
		e.announce(i, Withdrawn, e.now)
		i.Announced, i.AnnouncedAt = "", 0
	}
}

func (e *Engine) announce(i *Incident, state State, at int64) {
	if !e.cfg.Announce {
		return
	}
	i.identify()
	i.Announced, i.AnnouncedAt = state, e.now
	said := *i
	said.affected = nil
	said.Affected, said.First, said.Latest = slices.Clone(i.Affected), slices.Clone(i.First), slices.Clone(i.Latest)
	e.announcements = append(e.announcements, Announcement{at, state, said})
}
