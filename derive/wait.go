package derive

import (
	"strings"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// wait takes an attempt that ended without doing anything because something else is not ready.
// Waiting for a dependency is no incident of the object. Waiting for a source is one when it lasts,
// because then Flux, too, calls the object failed.
func (e *Engine) wait(o *Object, r *parse.Record, at *Place) {
	reason, text := waitReason(r), waitText(r)
	e.set(o, Waiting, r.Time, "False", reason)
	t := e.texts.Read(o.Kind, text)
	o.Message = t.Text
	if r.Meaning == parse.WaitSource {
		e.waitForSource(o, r, at, t, reason)
	} else {
		e.waitOver(o, r.Time)
	}
	e.block(o, failure.WaitsFor(o.Ref, t.Text), r.Meaning)
}

// waitForSource opens an incident that is dropped again if the wait turns out to be short, or notes
// that a recovered object waits again.
func (e *Engine) waitForSource(o *Object, r *parse.Record, at *Place, t *failure.Text, reason string) {
	if o.Incident == nil {
		i := e.open(o, r.Time)
		i.WaitOnly, i.Reason, i.ReasonFirst, i.ErrorFirst, i.Fingerprint = true, reason, reason, t.Text, t.Fingerprint
		e.scheduleAnnouncements(o)
	}
	i := o.Incident
	switch {
	case i.WaitOnly:
		if i.WaitEnd != 0 { // it waits again
			i.WaitEnd = 0
			e.scheduleAnnouncements(o)
		}
		i.ErrorLast = t.Text
		e.addEvidence(i, r, at)
	case i.Healing != 0 && i.Relapse == 0:
		i.Relapse = r.Time
	}
}

// waitOver takes a sign that the object does not wait for its source any more. A long wait takes
// back the success before it.
func (e *Engine) waitOver(o *Object, at int64) {
	i := o.Incident
	if i == nil {
		return
	}
	if i.WaitEnd == 0 {
		i.WaitEnd = at
	}
	if i.Relapse != 0 && i.Healing != 0 && at-i.Relapse >= int64(shortWait) {
		e.flap(o)
	}
	i.Relapse = 0
}

// waitReason is the reason that Flux gives the Ready condition of an object that waits.
func waitReason(r *parse.Record) string {
	switch {
	case r.Meaning == parse.WaitDependency:
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

// waitText is what a waiting line says. source-controller has it under "reason", flux-operator and
// kustomize-controller before 0.7 under "error".
func waitText(r *parse.Record) string {
	switch {
	case strings.Contains(r.Reason, " "):
		return r.Reason
	case r.Error != "":
		return r.Error
	}
	return r.Msg
}
