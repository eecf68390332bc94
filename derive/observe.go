package derive

import (
	"cmp"
	"strings"
	"time"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Observe takes what something other than a log says of an object. Observations come in the order
// of time, with the records in between; one belongs to the engine from then on. The engine's clock
// does not move: an observation has the clock of another machine.
//
// An object that no log speaks of is as its observations say. Of any other the log decides what its
// attempts were; observations correct its Ready condition, tell of suspension and deletion, give a
// failure the text that its line lacks, and tell of failures and recoveries that no line shows.
func (e *Engine) Observe(ob *Observation) {
	o := e.objects[ob.Ref]
	if o == nil && ob.says() && ob.Valid() {
		o = e.newObject(ob.Ref, parse.ControllerOf(ob.Kind))
	}
	if o == nil {
		return
	}
	e.observed = true
	if o.known == nil {
		o.known = &known{}
	}
	o.known.take(ob)
	switch {
	case ob.Event != nil:
		e.explainByEvent(o, ob)
	case ob.Deleted:
		if o.Status != Deleted {
			e.delete(o, ob.At)
		}
	case ob.says():
		e.observeState(o, ob)
	}
}

// ObserveAll takes a complete listing, after the observations of its time. What is not among them
// is gone, unless nothing that the log speaks of was ever observed: then the listing is of another
// cluster.
func (e *Engine) ObserveAll(l Listing) {
	if !e.acquainted() {
		return
	}
	for _, o := range e.inOrder() {
		there := o.Kind == l.Kind && (l.Namespace == "" || l.Namespace == o.Namespace)
		if !there || o.HeardOf() >= l.At || o.Status == Deleted || o.known.latest() >= l.At {
			continue
		}
		e.Observe(&Observation{Ref: o.Ref, Source: l.Source, At: l.At, Deleted: true})
	}
}

// latest is the time of the latest observation of the object's state, 0 without one.
func (k *known) latest() (at int64) {
	if k == nil {
		return 0
	}
	for i := range k.by {
		at = max(at, k.by[i].At)
	}
	return at
}

// acquainted reports whether there is an object that the log speaks of and that was observed, or
// one of them is empty.
func (e *Engine) acquainted() bool {
	both, logs := false, false
	for _, o := range e.objects {
		logs = logs || o.logged()
		both = both || o.logged() && o.known != nil
	}
	return both || !logs
}

// logged reports whether a log told of an attempt of the object.
func (o *Object) logged() bool { return o.Current.Begun != 0 }

// HeardOf is when the log spoke of the object last, as far as attempts tell.
func (o *Object) HeardOf() int64 { return max(o.Current.Begun, o.Ended) }

// observeState takes an observation of the object's state.
func (e *Engine) observeState(o *Object, ob *Observation) {
	if e.observeSuspension(o, ob) {
		return
	}
	c, ok := ob.condition("Ready")
	switch {
	case !ok && ob.Static && !o.logged():
		e.set(o, Ready, ob.At, "True", "")
		return
	case !ok:
		return
	}
	e.noteWritten(o, c)
	if !o.logged() {
		e.follow(o, ob)
	} else if ob.late() == 0 {
		e.compare(o, ob, c)
	}
	e.explainByCondition(o)
	e.observeBlock(o, ob)
}

// observeSuspension takes what an observation says of suspension; it reports whether the object is
// suspended. A log that went on since then knows better.
func (e *Engine) observeSuspension(o *Object, ob *Observation) bool {
	if ob.reaches() < o.HeardOf() {
		return o.Status == Suspended
	}
	switch {
	case ob.Suspended == Yes && o.Status != Suspended:
		o.Block = Ref{}
		e.close(o, ob.At, "suspended")
		e.set(o, Suspended, ob.At, cmp.Or(ob.Ready(), o.Ready), "Suspended")
	case ob.Suspended == No && o.Status == Suspended && ob.reaches() > o.Since+patched && o.resumed(ob):
		e.set(o, Unknown, ob.At, cmp.Or(ob.Ready(), o.Ready), "")
	}
	return o.Status == Suspended
}

// resumed reports whether an object that was suspended can be so no more. Annotations are often
// left out of what is saved; an object that went on would have a condition from then.
func (o *Object) resumed(ob *Observation) bool {
	return !PausedByAnnotation(o.Kind) || ob.Transition() > o.Since
}

// PausedByAnnotation reports whether objects of a kind are suspended by an annotation, and not by
// their spec.
func PausedByAnnotation(kind string) bool {
	switch kind {
	case "ArtifactGenerator", "FluxInstance", "ResourceSet", "ResourceSetInputProvider":
		return true
	}
	return false
}

// follow makes the object as it was observed: no log speaks of it.
func (e *Engine) follow(o *Object, ob *Observation) {
	c := ob.cause()
	switch c.Status {
	case "True":
		o.Message = ""
		o.Block = Ref{}
		e.set(o, Ready, ob.At, "True", c.Reason)
		e.heal(o, ob.At)
	case "Unknown":
		e.set(o, Progressing, ob.At, "Unknown", c.Reason)
	default:
		e.failByCondition(o, ob, or(o.known.readySince(ob), ob.At))
	}
}

// failByCondition makes the object fail or wait as its condition says.
func (e *Engine) failByCondition(o *Object, ob *Observation, at int64) {
	c := ob.cause()
	t := e.conditionText(o, c)
	o.Message = t.Text
	if c.Reason == "DependencyNotReady" {
		e.set(o, Waiting, at, "False", c.Reason)
		return
	}
	i := e.open(o, at)
	switch waits := waitsForSource(o, c); {
	case i.ErrorFirst == "" && waits:
		i.WaitOnly = true
		e.scheduleAnnouncements(o)
	case !waits:
		e.failAgain(o, at)
	}
	i.ByCondition = i.Attempts == 0
	status := Failing
	if s, _ := ob.condition("Stalled"); s.Status == "True" {
		status = Stalled
	} else if i.WaitOnly {
		status = Waiting
	}
	e.set(o, status, at, "False", t.Reason)
	i.learn(t, t.Reason, "")
}

// waitsForSource reports whether a condition says that the object's source is not ready.
func waitsForSource(o *Object, c Condition) bool {
	switch c.Reason {
	case "SourceNotReady", "NoSourceArtifact":
		return true
	case "ArtifactFailed":
		return strings.HasPrefix(c.Message, "Source artifact not found") || failure.WaitsFor(o.Ref, c.Message) != Ref{}
	}
	return false
}

// conditionText is what a condition says, with the reason that the controller gives it.
func (e *Engine) conditionText(o *Object, c Condition) *failure.Text {
	text, _, _ := strings.Cut(c.Message, "\n\nLast Helm logs:")
	return e.texts.WithReason(e.texts.Read(o.Kind, text), c.Reason)
}

// unloggedAfter is how long the log may take to show what a condition says already.
const unloggedAfter = 10 * time.Second

// compare puts an object's Ready at what was observed, and watches for what no line shows.
func (e *Engine) compare(o *Object, ob *Observation, c Condition) {
	if c.Status != o.Ready && !e.cfg.RoughClocks {
		o.Ready = c.Status
		e.transition(o, ob.At)
	}
	k := o.known
	switch {
	case !o.differs(ob):
		k.differs = 0
		e.unlogged.cancel(o)
	case k.differs == 0:
		k.differs = ob.At
		e.unlogged.set(o, ob.At+int64(unloggedAfter))
	}
}

// differs reports whether an observation tells of a failure or a recovery that the log does not
// show.
func (o *Object) differs(ob *Observation) bool {
	c, _ := ob.condition("Ready")
	after := c.Since > o.Ended+int64(time.Second) || c.Since == 0 && ob.At > o.Ended+int64(unloggedAfter)
	switch c.Status {
	case "False":
		if c.Reason == "DependencyNotReady" {
			return after && o.Status == Ready
		}
		return o.Status != Waiting && (o.Incident == nil || o.Incident.Healing != 0 && after)
	case "True":
		return c.Since > o.Ended+int64(time.Second) && o.bad()
	}
	return false
}

// tellUnlogged takes what was observed for a while and did not show in the log.
func (e *Engine) tellUnlogged(o *Object, _ int64) {
	k := o.known
	if k == nil || k.differs == 0 {
		return
	}
	at := k.differs
	k.differs = 0
	ob := k.newest()
	if ob == nil || ob.late() != 0 || !o.differs(ob) || o.Status == Suspended || o.Status == Deleted || o.Ended > ob.At {
		return
	}
	if ob.Ready() == "False" {
		e.failByCondition(o, ob, at)
		e.observeBlock(o, ob)
		return
	}
	o.Message = ""
	o.Block = Ref{}
	c, _ := ob.condition("Ready")
	e.set(o, Ready, at, "True", c.Reason)
	e.heal(o, at)
}

// explainByCondition gives an incident whose lines do not say why the text of the condition. The
// condition belongs to the incident when it changed since the incident began.
func (e *Engine) explainByCondition(o *Object) {
	if k := o.known; k != nil && k.failure.Message != "" {
		e.explainByText(o, e.conditionText(o, k.failure), or(k.failure.Since, k.failureAt))
	}
}

// explainByEvent does the same with an event.
func (e *Engine) explainByEvent(o *Object, ob *Observation) {
	if ev := ob.Event; ev.Warning {
		e.explainByText(o, e.conditionText(o, Condition{Reason: ev.Reason, Message: ev.Message}), ob.At)
	}
}

// explainByLatestEvent does it with one that may be from just before the line that it explains.
func (e *Engine) explainByLatestEvent(o *Object) {
	if o.known != nil && o.known.event != nil {
		e.explainByEvent(o, o.known.event)
	}
}

func (e *Engine) explainByText(o *Object, t *failure.Text, at int64) {
	i := o.Incident
	if i == nil || i.Healing != 0 || i.WaitOnly || at < i.OpenedAt-int64(settleAfter) || unexplained(t) {
		return
	}
	if i.ErrorLast == t.Text || i.ErrorLast != o.known.told && !unexplained(e.texts.Read(o.Kind, i.ErrorLast)) {
		return
	}
	o.known.told = t.Text
	if o.Unexplained.Text != "" {
		e.recountFailure(o, t, &parse.Record{Time: o.Ended, Level: parse.LevelError})
	}
	if unexplained(e.texts.Read(o.Kind, i.ErrorFirst)) {
		i.ErrorFirst = ""
	}
	i.learn(t, t.Reason, "")
	o.Message, o.Reason = t.Text, t.Reason
}
