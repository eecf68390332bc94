package derive

import (
	"cmp"
	"maps"
	"slices"

	"fluxtrail/parse"
)

// handedOver is the reason for which an incident is closed that goes on elsewhere.
const handedOver = "handed_over"

// Adopt takes over an open incident that another engine had of an object, whose controller moved to
// the logs that are read here. It goes on under its ID, with what was announced of it. What
// happened to the object here since then counts: a failure belongs to it, and a success is the one
// that may end it. The incident becomes the engine's. An incident that is open here and is older
// stays as it is.
func (e *Engine) Adopt(i *Incident) {
	o := e.objects[i.Object]
	if o == nil {
		if o = e.newObject(i.Object, parse.ControllerOf(i.Object.Kind)); o == nil {
			return
		}
	}
	switch own := o.Incident; {
	case own == nil:
		e.adopt(o, i)
	case own.OpenedAt > i.OpenedAt:
		e.withdraw(own)
		e.forgetIncident(o)
		i.goOn(own)
		e.adopt(o, i)
	}
}

// adopt makes an incident that of an object that has none.
func (e *Engine) adopt(o *Object, i *Incident) {
	i.Object, i.affected = o.Ref, nil
	i.ID, i.named = incidentID(i.Object, i.OpenedAt), i.OpenedAt
	o.Incident = i
	e.failing = append(e.failing, o)
	o.failingAt = int32(len(e.failing))
	if o.LastGood == "" {
		o.LastGood = i.LastGood
	}
	if ev := i.Evidence(); o.Pod == "" && len(ev) > 0 {
		o.Pod = ev[len(ev)-1].Pod
	}
	heard := o.Ended > i.latest()
	switch {
	case heard && o.Status == Ready:
		i.Healing = cmp.Or(i.Healing, o.Since)
	case heard && (o.Status == Suspended || o.Status == Deleted):
		e.close(o, o.Since, o.Status.String())
		return
	case o.Status == Unknown:
		o.Status, o.Ready, o.Reason, o.Message, o.Since = Failing, "False", i.Reason, i.ErrorLast, i.latest()
		o.Block = i.Root
	}
	if i.Healing != 0 {
		e.healing.set(o, later(i.Healing, e.cfg.Keep))
	}
	e.scheduleAnnouncements(o)
}

// latest is the time of the latest line that the incident rests on.
func (i *Incident) latest() int64 {
	at := i.OpenedAt
	for _, ev := range i.Evidence() {
		at = max(at, ev.At)
	}
	return at
}

// goOn adds what was seen of the same episode later, as an incident of its own.
func (i *Incident) goOn(later *Incident) {
	if i.Healing != 0 {
		i.Flaps++
	}
	i.Healing, i.Relapse = later.Healing, later.Relapse
	i.Attempts += later.Attempts
	i.Flaps += later.Flaps
	for _, o := range later.Affected {
		i.affect(o)
	}
	if !later.WaitOnly {
		i.WaitOnly, i.ByCondition = false, false
		i.ErrorLast, i.Reason, i.Fingerprint = later.ErrorLast, later.Reason, later.Fingerprint
		i.Culprit, i.Root = later.Culprit, later.Root
	}
	i.LastRevision = cmp.Or(later.LastRevision, i.LastRevision)
	lines := append(slices.Clone(i.Latest), later.Evidence()...)
	i.Latest = lines[max(0, len(lines)-latestLines):]
}

// HandOver lets go of objects whose controller moved to logs that are read elsewhere. Open
// incidents are closed here as ones that go on there.
func (e *Engine) HandOver(refs []Ref, at int64) {
	for _, ref := range refs {
		if o := e.objects[ref]; o != nil {
			e.handOver(o, at)
		}
	}
	e.forgetGone()
}

func (e *Engine) handOver(o *Object, at int64) {
	if i := o.Incident; i != nil {
		i.ResolvedAt, i.ClosedReason = max(at, i.OpenedAt), handedOver
		e.end(o)
	}
	for _, q := range e.queues() {
		q.cancel(o)
	}
	delete(e.objects, o.Ref)
	e.running = slices.DeleteFunc(e.running, func(f *Object) bool { return f == o })
}

// forgetGone forgets what else knows objects that are gone.
func (e *Engine) forgetGone() {
	e.sorted = nil
	maps.DeleteFunc(e.hashed, func(_ uint64, o *Object) bool { return e.objects[o.Ref] != o })
	for _, q := range e.queues() {
		q.forget(func(o *Object) bool { return e.objects[o.Ref] != o })
	}
	for _, o := range e.objects {
		o.NotDeps = slices.DeleteFunc(o.NotDeps, func(r Ref) bool { return e.objects[r] == nil })
	}
}
