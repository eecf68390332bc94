package derive

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Incident is one episode of failing of one object. It keeps the first error beside the latest: what later attempts say ("retries
// exhausted") often hides what broke. It belongs to its Engine while it is open; an ended one is the taker's.
type Incident struct {
	ID            string
	Object        Ref
	OpenedAt      int64
	ResolvedAt    int64 // when it ended: the success that held, or when it was closed; 0 while open
	ClosedReason  string
	FirstRevision string
	LastRevision  string
	LastGood      string
	Reason        string // of ErrorLast
	ReasonFirst   string // of ErrorFirst
	ErrorFirst    string // redacted, as all texts here
	ErrorLast     string
	Culprit       Ref // zero when the errors name none
	Fingerprint   string
	Attempts      int64 // failed runs
	Flaps         int64 // returns to failing after a success that did not hold
	Root          Ref   // zero when the object fails for itself
	Affected      []Ref // in the order in which they were hit
	First, Latest []Evidence

	Healing int64 // when the success came that has still to hold, 0 for none

	waitOnly bool  // nothing failed yet: the object only waits for its source
	waitEnd  int64 // when a run went beyond the wait
	relapse  int64 // since when, after a success that has still to hold, the object waits for its source again; 0 for not at all
	affected map[Ref]bool
}

// Evidence is a line that an incident rests on.
type Evidence struct {
	File   int32 // as in Place
	Line   int64
	Offset int64
	At     int64

	Pod         string // that wrote the line, "" where it is not known
	ReconcileID string // of the attempt, "" before Flux logged it
	Text        string // redacted; only with Config.KeepText
}

const (
	firstLines  = 3 // how many lines of evidence are kept from an incident's beginning
	latestLines = 3 // and how many of the latest

	// shortWait is how long an object may wait for its source without that being an incident: a source that was just created or
	// changed needs a moment.
	shortWait = 5 * time.Second
)

// The states of an incident.
const (
	Pending  = "pending"
	Firing   = "firing"
	Resolved = "resolved"
	Closed   = "closed"
)

// State is the incident's state at a time: an open one is pending until it lasted hold.
func (i *Incident) State(now int64, hold time.Duration) string {
	switch {
	case i.ClosedReason != "":
		return Closed
	case i.ResolvedAt != 0:
		return Resolved
	case now-i.OpenedAt >= int64(hold):
		return Firing
	}
	return Pending
}

// incidentID depends on object and start only, so that a live run, a restarted one and a replay agree.
func incidentID(o Ref, openedAt int64) string {
	h := sha256.Sum256([]byte(o.String() + "@" + time.Unix(0, openedAt).UTC().Format("2006-01-02T15:04:05.000Z")))
	return hex.EncodeToString(h[:6])
}

// fail notes a failed run. A run may show its failure in several lines; it counts once.
func (o *Object) fail(e *Engine, a *attempt, r *parse.Record, at *Place, was outcome) {
	t := o.explain(e, a, r)
	status := Failing
	if a.outcome == stalled || (o.Status == Stalled && r.Sign == parse.FailedState && a.action == 0) {
		status = Stalled // at each interval helm-controller finds the release as it gave it up
	}
	reason := t.Reason
	if o.Incident != nil && t.Detail == failure.SaysNothing && !o.Incident.waitOnly && o.Incident.Reason != "" {
		reason = o.Incident.Reason
	}
	o.Message = t.Text
	o.set(e, status, r.Time, "False", reason)
	again := was == failed || was == stalled
	found := !again && r.Sign == parse.FailedState && a.action == 0 && o.Incident != nil && !o.Incident.waitOnly
	o.open(e, r.Time)
	i := o.Incident
	i.broke(e, o, r.Time)
	switch {
	case found:
		a.found = true
	case !again || a.found:
		a.found = false
		i.Attempts++
		o.count(e, t, r)
	case vague(o.counted) && !vague(t):
		o.recount(e, t, r)
	}
	o.good = ""
	i.learn(t, reason, o.runRevision(a))
	i.witness(e, r, at)
	o.blame(e, t)
}

// open makes sure that there is an open incident.
func (o *Object) open(e *Engine, at int64) {
	if o.Incident != nil {
		return
	}
	o.Incident = &Incident{Object: o.Ref, OpenedAt: at, LastGood: o.LastGood}
	e.failing = append(e.failing, o)
	o.inFail = len(e.failing)
}

// broke notes that the object is failing now, whatever it was a moment ago.
func (i *Incident) broke(e *Engine, o *Object, at int64) {
	if i.waitOnly {
		i.waitOnly = false
		if i.waitEnd != 0 && i.waitEnd-i.OpenedAt < int64(shortWait) {
			i.OpenedAt = at
		}
		i.ErrorFirst, i.ReasonFirst, i.First, i.Latest = "", "", nil, nil
	}
	i.relapse = 0
	if i.Healing != 0 {
		i.Healing = 0
		i.Flaps++
		e.keep.cancel(o)
	}
}

// learn takes over what a failure says. A vague text ("retries exhausted") does not displace a telling one.
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

// runRevision is the revision that a run worked on, "" when its lines do not say: a source that cannot be fetched fails at no revision.
func (o *Object) runRevision(a *attempt) string {
	if a.revised {
		return o.Revision
	}
	return ""
}

// witness keeps the line as evidence: the first few and the latest few.
func (i *Incident) witness(e *Engine, r *parse.Record, at *Place) {
	if r.Level < e.cfg.MinLevel {
		return
	}
	ev := Evidence{File: at.File, Line: at.Line, Offset: at.Offset, At: r.Time, Pod: e.pod(r, at).Name, ReconcileID: strings.Clone(r.ID)}
	if e.cfg.KeepText {
		ev.Text = e.texts.Excerpt(at.Text)
	}
	if len(i.First) < firstLines {
		i.First = append(i.First, ev)
		return
	}
	if len(i.Latest) == latestLines {
		copy(i.Latest, i.Latest[1:])
		i.Latest = i.Latest[:latestLines-1]
	}
	i.Latest = append(i.Latest, ev)
}

// wait notes that a run ended without doing anything because something else is not ready. Waiting for a dependency is no incident of
// the object; waiting for a source is one when it lasts, because then Flux too calls the object failed.
func (o *Object) wait(e *Engine, r *parse.Record, at *Place) {
	reason := waitReason(r)
	o.set(e, Waiting, r.Time, "False", reason)
	t := e.texts.Read(o.Kind, waitText(r))
	o.Message = t.Text
	if r.Sign == parse.WaitSource {
		o.waitForSource(e, r, at, t, reason)
	} else {
		o.sourceBack(e, r.Time)
	}
	o.blockOn(e, failure.WaitsFor(o.Ref, waitText(r)), r.Sign)
}

// waitForSource opens an incident that is dropped again if the wait turns out to be short, or notes that a recovered object waits again.
func (o *Object) waitForSource(e *Engine, r *parse.Record, at *Place, t *failure.Text, reason string) {
	if o.Incident == nil {
		o.open(e, r.Time)
		i := o.Incident
		i.waitOnly, i.Reason, i.ReasonFirst, i.ErrorFirst, i.Fingerprint = true, reason, reason, t.Text, t.Fingerprint
	}
	i := o.Incident
	switch {
	case i.waitOnly:
		i.waitEnd, i.ErrorLast = 0, t.Text
		i.witness(e, r, at)
	case i.Healing != 0 && i.relapse == 0:
		i.relapse = r.Time
	}
}

// waitReason is the reason that Flux gives the Ready condition of an object that waits.
func waitReason(r *parse.Record) string {
	switch {
	case r.Sign == parse.WaitDependency:
		return "DependencyNotReady"
	case r.Kind == "Kustomization", strings.HasSuffix(r.Msg, "' is not ready"): // helm-controller says why since 0.37
		return "ArtifactFailed"
	case r.Kind == "HelmRelease":
		return "SourceNotReady"
	case r.Kind == "HelmChart":
		return "NoSourceArtifact"
	}
	return "DependencyNotReady"
}

// waitText is what a waiting line says; source-controller has it under "reason", flux-operator and kustomize-controller before 0.7 under "error".
func waitText(r *parse.Record) string {
	switch {
	case r.Reason != "":
		return r.Reason
	case r.Error != "":
		return r.Error
	}
	return r.Msg
}

// healing notes a success while an incident is open. It ends the incident when it holds.
func (o *Object) healing(e *Engine, at int64) {
	o.sourceBack(e, at)
	i := o.Incident
	if i == nil || i.Healing != 0 {
		return
	}
	if i.waitOnly && i.waitEnd-i.OpenedAt < int64(shortWait) {
		o.drop(e)
		return
	}
	i.Healing = max(at, i.OpenedAt) // lines of one moment may stand in the wrong order
	e.keep.set(o, at+int64(e.cfg.Keep))
}

// sourceBack notes that the object does not wait for its source any more. A long wait takes back the success before it.
func (o *Object) sourceBack(e *Engine, at int64) {
	i := o.Incident
	if i == nil {
		return
	}
	if i.waitEnd == 0 {
		i.waitEnd = at
	}
	if i.relapse == 0 {
		return
	}
	if i.Healing != 0 && at-i.relapse >= int64(shortWait) {
		i.Healing = 0
		i.Flaps++
		e.keep.cancel(o)
	}
	i.relapse = 0
}

func (o *Object) keepDue(e *Engine) {
	o.sourceBack(e, e.now)
	if i := o.Incident; i != nil && i.Healing != 0 {
		i.ResolvedAt = i.Healing
		o.end(e)
	}
}

// close ends an open incident without a success: its object was suspended or deleted.
func (o *Object) close(e *Engine, at int64, why string) {
	i := o.Incident
	switch {
	case i == nil:
		return
	case i.Healing != 0:
		i.ResolvedAt = i.Healing
	case i.waitOnly && at-i.OpenedAt < int64(shortWait):
		o.drop(e)
		return
	default:
		i.ResolvedAt, i.ClosedReason = max(at, i.OpenedAt), why
	}
	o.end(e)
}

func (o *Object) end(e *Engine) {
	i := o.Incident
	i.ID = incidentID(i.Object, i.OpenedAt)
	e.ended = append(e.ended, i)
	o.drop(e)
}

func (o *Object) drop(e *Engine) {
	o.Incident = nil
	e.keep.cancel(o)
	last := len(e.failing) - 1
	moved := e.failing[last]
	e.failing[o.inFail-1], moved.inFail = moved, o.inFail
	e.failing[last], e.failing = nil, e.failing[:last]
	o.inFail = 0
}

// hurt adds an object to those that the incident hits.
func (i *Incident) hurt(o Ref) {
	if i.affected[o] {
		return
	}
	if i.affected == nil {
		i.affected = map[Ref]bool{}
	}
	i.affected[o] = true
	i.Affected = append(i.Affected, o)
}

// Evidence is the incident's lines of evidence, oldest first.
func (i *Incident) Evidence() []Evidence { return slices.Concat(i.First, i.Latest) }
