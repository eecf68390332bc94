package derive

import (
	"strings"

	"fluxtrail/parse"
)

// progress takes a line that shows an attempt under way. Only what makes the controller set Ready
// to Unknown counts: helm-controller does so for install and upgrade, and leaves a failed release
// at False while it rolls back or uninstalls.
func (e *Engine) progress(o *Object, a *attempt, r *parse.Record) {
	if r.Meaning == parse.Action {
		a.Action = actionOf(r.Msg)
		e.promise(o, r) // its timeout
		if a.Action != install && a.Action != upgrade && a.Action != test {
			return
		}
	}
	if a.Outcome == none || a.Outcome == failed {
		e.pend(o, Progressing, r.Time)
		e.listRunning(o)
	}
	o.goOn()
	e.waitOver(o, r.Time)
	if o.Status == Waiting {
		o.Block = Ref{}
	}
}

// succeed takes a success.
func (e *Engine) succeed(o *Object, at int64) {
	if o.Good != "" {
		o.LastGood = o.Good
	}
	o.Message = ""
	o.Block = Ref{}
	e.set(o, Ready, at, "True", succeededReason(o.Kind))
	e.heal(o, at)
}

// succeededReason is the reason that the controllers give a Ready condition that is True.
func succeededReason(kind string) string {
	if kind == "Kustomization" {
		return "ReconciliationSucceeded"
	}
	return "Succeeded"
}

// delete takes the deletion of an object. The chart that helm-controller made for a release is
// deleted with it; no line says so.
func (e *Engine) delete(o *Object, at int64) {
	if o.Kind == "HelmRelease" && o.Source.Kind == "HelmChart" {
		if chart := e.objects[o.Source]; chart != nil && chart.Status != Deleted {
			e.delete(chart, at)
		}
	}
	if o.Kind == "HelmChart" {
		e.chartDeleted(o, at)
	}
	e.close(o, at, "deleted")
	e.set(o, Deleted, at, o.Ready, "Deleted")
	o.reset()
}

// chartDeleted takes a failing release for deleted with its chart, which helm-controller does not
// log. A release that only changes its chart writes a line within milliseconds, which keeps it.
func (e *Engine) chartDeleted(chart *Object, at int64) {
	if r := e.objects[chart.User]; r != nil && r.Source == chart.Ref && (r.Status == Failing || r.Status == Stalled) {
		e.pend(r, Deleted, at)
	}
}

// recreate takes the line of a controller that puts its finalizer on an object: the object is new,
// and what was known under its name is gone. What was only observed may be the new one itself.
func (e *Engine) recreate(o *Object, at int64) {
	if o.Status == Unknown || o.Status == Deleted || o.Ended == 0 && o.known != nil {
		return
	}
	o.Source = Ref{} // a suspended release that is deleted leaves its chart
	e.delete(o, at)
}

// reset forgets what does not hold for another object of the same name.
func (o *Object) reset() {
	o.Block = Ref{}
	o.Promise, o.silence.At = Promise{}, 0
	o.Cadence = cadence{}
	o.Revision, o.LastGood, o.Good, o.Raw = "", "", "", ""
	o.Source, o.NotDeps = Ref{}, nil
}

// action is what helm-controller does to a release.
type action uint8

const (
	install action = iota + 1
	upgrade
	rollback
	uninstall
	test
	unlock
)

var actions = [...]string{"", "install", "upgrade", "rollback", "uninstall", "test", "unlock"}

func (a action) String() string { return actions[a] }

// reason is the reason that Flux gives a release when the action fails.
func (a action) reason() string {
	return [...]string{
		"", "InstallFailed", "UpgradeFailed", "RollbackFailed", "UninstallFailed", "TestFailed", "PendingRelease",
	}[a]
}

// actionOf reads "running 'install' action with timeout of 25s"; 0 for an unknown action.
func actionOf(msg string) action {
	_, rest, _ := strings.Cut(msg, "'")
	name, _, _ := strings.Cut(rest, "'")
	for i, known := range actions {
		if name == known {
			return action(i)
		}
	}
	return 0
}
