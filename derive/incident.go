package derive

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Incident is one episode of failing of one object. It keeps the first error beside the latest:
// what later attempts say ("retries exhausted") often hides what broke. It belongs to its Engine
// while it is open; an ended one is the taker's. Exported fields and those of incidentState are
// saved as JSON. Texts are redacted.
type Incident struct {
	ID       string `json:"id,omitzero"`
	Object   Ref    `json:"object"`
	OpenedAt int64  `json:"opened_at"`
	Healing  int64  `json:"healing,omitzero"` // when the success came that has still to hold, 0 for none
	incidentState
	FiredAt       int64      `json:"fired_at,omitzero"`    // when it had lasted Config.Hold; 0 while pending
	ResolvedAt    int64      `json:"resolved_at,omitzero"` // the success that held, or when it was closed; 0 while open
	ClosedReason  string     `json:"closed_reason,omitzero"`
	FirstRevision string     `json:"first_revision,omitzero"`
	LastRevision  string     `json:"last_revision,omitzero"`
	LastGood      string     `json:"last_good,omitzero"`
	Reason        string     `json:"reason,omitzero"`       // of ErrorLast
	ReasonFirst   string     `json:"reason_first,omitzero"` // of ErrorFirst
	ErrorFirst    string     `json:"error_first,omitzero"`
	ErrorLast     string     `json:"error_last,omitzero"`
	Culprit       Ref        `json:"culprit,omitzero"` // zero when the errors name none
	Fingerprint   string     `json:"fingerprint,omitzero"`
	Attempts      int64      `json:"attempts,omitzero"` // failed ones
	Flaps         int64      `json:"flaps,omitzero"`    // returns to failing after a success that did not hold
	Root          Ref        `json:"root,omitzero"`     // zero when the object fails for itself
	Affected      []Ref      `json:"affected,omitzero"` // in the order in which they were affected
	First         []Evidence `json:"first,omitzero"`
	Latest        []Evidence `json:"latest,omitzero"`

	Announced   State `json:"announced,omitzero"`    // the latest announcement, "" for none
	AnnouncedAt int64 `json:"announced_at,omitzero"` // the engine's time at the latest announcement

	affected map[Ref]bool // the same as Affected, made when it is needed
	named    int64        // the OpenedAt that ID is made of, 0 for an ID of which that is not known
}

// incidentState is the part of an Incident that only this package reads.
type incidentState struct {
	ByCondition bool `json:"by_condition,omitzero"` // opened by a condition; no line shows a failure yet

	WaitOnly bool  `json:"wait_only,omitzero"` // nothing failed yet: the object only waits for its source
	WaitEnd  int64 `json:"wait_end,omitzero"`  // when an attempt went beyond the wait
	Relapse  int64 `json:"relapse,omitzero"`   // since when a healing object waits for its source again, 0 for not at all
}

// State is where in its life an incident is.
type State string

// The states of an incident. An incident is pending until it lasted Config.Hold, and then firing.
// It is resolved by a success that held for Config.Keep, and closed when its object is suspended or
// deleted. It is handed over when it goes on in another engine, under the same ID. Withdrawn is a
// state of announcements only: what was announced turned out to be a short wait.
const (
	Pending   State = "pending"
	Firing    State = "firing"
	Resolved  State = "resolved"
	Closed    State = "closed"
	Handed    State = handedOver
	Withdrawn State = "withdrawn"
)

// State is the incident's state at the time of its Engine; an ended one keeps its last.
func (i *Incident) State() State {
	switch {
	case i.ClosedReason == handedOver:
		return Handed
	case i.ClosedReason != "":
		return Closed
	case i.ResolvedAt != 0:
		return Resolved
	case i.FiredAt != 0:
		return Firing
	}
	return Pending
}

// shortWait is how long an object may wait for its source without that being an incident: a source
// that was just created or changed needs a moment.
const shortWait = 5 * time.Second

// short reports a wait that is too short to be called an incident, as far as is known at that time.
func (i *Incident) short(now int64) bool {
	return i.WaitOnly && cmp.Or(i.WaitEnd, now)-i.OpenedAt < int64(shortWait)
}

// incidentID depends on object and start only, so that a live process, a restarted one and a replay
// agree.
func incidentID(o Ref, openedAt int64) string {
	text := make([]byte, 0, 256) // without a string for each part: there is one incident in a few lines
	text = append(text, o.String()...)
	text = append(text, '@')
	h := sha256.Sum256(time.Unix(0, openedAt).UTC().AppendFormat(text, "2006-01-02T15:04:05.000Z"))
	return string(hex.AppendEncode(text[:0], h[:6]))
}

// IncidentID is the ID that an incident has, or will have when it is shown.
func IncidentID(i *Incident) string { return incidentID(i.Object, i.OpenedAt) }

// identify gives the incident its ID.
func (i *Incident) identify() {
	if i.ID == "" || i.named != i.OpenedAt {
		i.ID, i.named = incidentID(i.Object, i.OpenedAt), i.OpenedAt
	}
}

// fail takes a failed attempt. An attempt may show its failure in several lines; it counts once.
func (e *Engine) fail(o *Object, a *attempt, r *parse.Record, at *Place, was outcome) {
	t := e.explain(o, a, r)
	status, reason := failingStatus(o, a, r), failureReason(o, t)
	// helm-controller begins an attempt by saying how it found the release. That is a failure of
	// its own only if the attempt goes on to fail.
	found := !was.isFailure() && r.Meaning == parse.FailedState && a.Action == 0 &&
		o.Incident != nil && !o.Incident.WaitOnly
	o.Message = t.Text
	e.set(o, status, r.Time, "False", reason)
	i := e.open(o, r.Time)
	i.ByCondition = false
	e.failAgain(o, r.Time)
	switch {
	case found:
		a.Found = true
	case !was.isFailure() || a.Found:
		a.Found = false
		i.Attempts++
		e.countFailure(o, t, r)
	case o.Unexplained.Text != "" && !unexplained(t):
		e.recountFailure(o, t, r)
	}
	e.awaitRetry(o, r)
	o.Good = ""
	i.learn(t, reason, attemptRevision(o, a))
	e.addEvidence(i, r, at)
	if o.known != nil {
		e.explainByCondition(o)
	}
	e.blame(o, t)
}

// failingStatus is Failing, or Stalled for an object that its controller gave up. At each interval
// helm-controller finds such a release as it gave it up.
func failingStatus(o *Object, a *attempt, r *parse.Record) Status {
	if a.Outcome == stalled || (o.Status == Stalled && r.Meaning == parse.FailedState && a.Action == 0) {
		return Stalled
	}
	return Failing
}

// failureReason is the text's reason. One that says nothing leaves the incident its reason.
func failureReason(o *Object, t *failure.Text) string {
	if i := o.Incident; i != nil && t.Detail == failure.SaysNothing && !i.WaitOnly && i.Reason != "" {
		return i.Reason
	}
	return t.Reason
}

// open makes sure that the object has an open incident.
func (e *Engine) open(o *Object, at int64) *Incident {
	if o.Incident == nil {
		o.Incident = &Incident{Object: o.Ref, OpenedAt: at, LastGood: o.LastGood}
		e.failing = append(e.failing, o)
		o.failingAt = int32(len(e.failing))
		e.scheduleAnnouncements(o)
	}
	return o.Incident
}

// failAgain makes a failure of what was a wait or a recovery until now.
func (e *Engine) failAgain(o *Object, at int64) {
	i := o.Incident
	i.Relapse = 0
	if i.Healing != 0 {
		e.flap(o)
	}
	if !i.WaitOnly {
		return
	}
	if i.WaitEnd != 0 && i.short(at) {
		e.withdraw(i)
		i.OpenedAt, i.FiredAt = at, 0
	}
	i.WaitOnly = false
	i.ErrorFirst, i.ReasonFirst, i.First, i.Latest = "", "", nil, nil
	e.scheduleAnnouncements(o)
}

// flap takes back a success that did not hold.
func (e *Engine) flap(o *Object) {
	o.Incident.Healing = 0
	o.Incident.Flaps++
	e.healing.cancel(o)
	e.scheduleAnnouncements(o)
}

// learn takes over what a failure says. A text that says nothing ("retries exhausted") does not
// displace one that does.
func (i *Incident) learn(t *failure.Text, reason, revision string) {
	if i.ErrorFirst == "" {
		i.ErrorFirst, i.ReasonFirst = t.Text, reason
		i.FirstRevision = cmp.Or(i.FirstRevision, revision)
	}
	if t.Detail != failure.SaysNothing || i.ErrorLast == "" {
		i.ErrorLast = t.Text
	}
	if revision != "" {
		i.LastRevision = revision
	}
	if i.Reason == "" || t.Detail != failure.SaysNothing {
		i.Reason, i.Fingerprint = reason, t.Fingerprint
	}
	if t.Culprit != (Ref{}) {
		i.Culprit = t.Culprit
	}
}

// attemptRevision is the revision that an attempt worked on, "" when its lines do not say: a source
// that cannot be fetched fails at no revision.
func attemptRevision(o *Object, a *attempt) string {
	if a.Revised {
		return o.Revision
	}
	return ""
}

// heal takes a success while an incident is open. It ends the incident when it holds.
func (e *Engine) heal(o *Object, at int64) {
	e.waitOver(o, at)
	i := o.Incident
	switch {
	case i == nil || i.Healing != 0:
	case i.short(at):
		e.drop(o)
	default:
		e.explainByLatestEvent(o)
		i.Healing = max(at, i.OpenedAt, atSomeTime) // lines of one moment may stand in the wrong order
		e.healing.set(o, later(at, e.cfg.Keep))
	}
}

// healed resolves the incident of an object whose success has held.
func (e *Engine) healed(o *Object, _ int64) {
	e.waitOver(o, e.now)
	if i := o.Incident; i != nil && i.Healing != 0 {
		i.ResolvedAt = i.Healing
		o.Past = past{i.OpenedAt, i.ResolvedAt}
		e.end(o)
	}
}

// close ends an open incident without a success: its object was suspended or deleted.
func (e *Engine) close(o *Object, at int64, why string) {
	i := o.Incident
	switch {
	case i == nil:
		return
	case i.Healing != 0:
		i.ResolvedAt = i.Healing
	case i.short(at):
		e.drop(o)
		return
	default:
		i.ResolvedAt, i.ClosedReason = max(at, i.OpenedAt, atSomeTime), why
	}
	e.end(o)
}

// end hands over an incident that is over.
func (e *Engine) end(o *Object) {
	i := o.Incident
	i.identify()
	e.announceEnd(i)
	e.ended = append(e.ended, i)
	if e.cfg.OpenEvidence {
		e.reuse(i.First, i.Latest)
		i.First, i.Latest = nil, nil
	}
	e.forgetIncident(o)
}

// reuse takes lists that nobody needs any more.
func (e *Engine) reuse(lists ...[]Evidence) {
	for _, l := range lists {
		if l != nil {
			clear(l)
			e.lists = append(e.lists, l[:0])
		}
	}
}

// newList is an empty list of evidence with room for n lines.
func (e *Engine) newList(n int) []Evidence {
	last := len(e.lists) - 1
	if last < 0 || cap(e.lists[last]) < n {
		return make([]Evidence, 0, n)
	}
	list := e.lists[last]
	e.lists = e.lists[:last]
	return list
}

// drop takes an incident back that was only a short wait.
func (e *Engine) drop(o *Object) {
	e.withdraw(o.Incident)
	e.forgetIncident(o)
}

func (e *Engine) forgetIncident(o *Object) {
	o.Incident, o.RetryBy = nil, 0
	for _, q := range []*queue{&e.healing, &e.opening, &e.retry, &e.firing} {
		q.cancel(o)
	}
	last := len(e.failing) - 1
	moved := e.failing[last]
	e.failing[o.failingAt-1], moved.failingAt = moved, o.failingAt
	e.failing[last], e.failing = nil, e.failing[:last]
	o.failingAt = 0
}

// affect adds an object to those that the incident affects.
func (i *Incident) affect(o Ref) {
	if i.affected == nil {
		i.affected = map[Ref]bool{}
		for _, r := range i.Affected {
			i.affected[r] = true
		}
	}
	if !i.affected[o] {
		i.affected[o] = true
		i.Affected = append(i.Affected, o)
	}
}

// spare takes an object off those that the incident affects.
func (i *Incident) spare(o Ref) {
	i.Affected = slices.DeleteFunc(i.Affected, func(r Ref) bool { return r == o })
	i.affected = nil
}

// Evidence is a line that an incident rests on.
type Evidence struct {
	Line   int64  `json:"line"`
	Offset int64  `json:"offset"`
	At     int64  `json:"at"`
	Pod    string `json:"pod,omitzero"`  // that wrote the line, "" where it is not known
	Text   string `json:"text,omitzero"` // redacted; only with Config.KeepText

	ReconcileID AttemptID `json:"reconcile_id,omitzero"` // of the attempt, "" before Flux logged it
	File        int32     `json:"file"`                  // as in Place; it fills what the ID leaves empty
}

const (
	firstLines  = 3 // how many lines of evidence are kept from an incident's beginning
	latestLines = 3 // and how many of the latest
)

// addEvidence keeps the line as evidence: the first few and the latest few.
func (e *Engine) addEvidence(i *Incident, r *parse.Record, at *Place) {
	if r.Level < e.cfg.MinLevel {
		return
	}
	ev := e.evidence(r, at)
	if e.cfg.KeepText {
		ev.Text = e.keepText(at.Text)
	}
	if len(i.First) < firstLines {
		if i.First == nil {
			i.First = e.newList(firstLines)
		}
		i.First = append(i.First, ev)
		return
	}
	if i.Latest == nil {
		i.Latest = e.newList(latestLines)
	}
	if len(i.Latest) == latestLines {
		copy(i.Latest, i.Latest[1:])
		i.Latest = i.Latest[:latestLines-1]
	}
	i.Latest = append(i.Latest, ev)
}

// evidence is the place of a line.
func (e *Engine) evidence(r *parse.Record, at *Place) Evidence {
	return Evidence{
		File: at.File, Line: at.Line, Offset: at.Offset, At: r.Time,
		Pod: e.pod(r, at).Name, ReconcileID: uuid(r.ID),
	}
}

// Evidence is the incident's lines of evidence, oldest first.
func (i *Incident) Evidence() []Evidence { return slices.Concat(i.First, i.Latest) }
