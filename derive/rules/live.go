package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fluxtrail/derive"
	"fluxtrail/derive/failure"
)

// Live is an alert as the rules of the pack would have it: what it is about, and since when.
type Live struct {
	Labels      map[string]string // those that the rule gives it
	Annotations map[string]string
	Since       time.Time
	Fires       time.Time // when it has lasted for as long as the rule waits
	Ended       time.Time // zero while it lasts
	Incident    string    // the incident's ID, for the one alert that is the incident itself
}

// LiveOptions are what the labels and texts need.
type LiveOptions struct {
	Cluster  string
	Labels   map[string]string // as Options
	Runbooks string            // as Options
}

// resolvedFor is how long an alert is told that is over, as Prometheus does.
const resolvedFor = 15 * time.Minute

// Episodes are the alerts about objects that the view and the ended incidents stand for, firing or
// not yet, without the one about many objects, and how many objects there are. Labels are those
// that the rules give the same alert, so that both group, silence and inhibit alike. Texts of
// errors are as derive has them: redacted.
func Episodes(v derive.View, ended []*derive.Incident, opt LiveOptions) (list []Live, objects int) {
	e := episodes{opt: opt, now: derive.Instant(v.At)}
	open := map[derive.Ref]bool{}
	for i := range v.Objects {
		s := &v.Objects[i]
		e.object(s)
		open[s.Ref] = s.Incident != nil
	}
	for _, i := range ended {
		if !open[i.Object] && i.State() != derive.Handed && e.now.Sub(derive.Instant(i.ResolvedAt)) < resolvedFor {
			e.incident(i, derive.Instant(i.ResolvedAt))
		}
	}
	return e.out, e.objects
}

type episodes struct {
	opt     LiveOptions
	now     time.Time
	objects int
	out     []Live
}

// Many is the alert about many objects that fail at once, since there were as many; nothing where
// they are few. The list is of one agent or of several, and so is the number of objects.
func Many(list []Live, objects int, opt LiveOptions) []Live {
	var roots []time.Time // when the incidents opened that are root causes
	for i := range list {
		if list[i].Incident != "" && list[i].Ended.IsZero() {
			roots = append(roots, list[i].Since)
		}
	}
	enough := min(10, max(3, objects/5+1))
	if len(roots) < enough {
		return nil
	}
	slices.SortFunc(roots, time.Time.Compare)
	e, r, since := episodes{opt: opt}, rowOf(manyFail), roots[enough-1]
	return []Live{{
		Labels: e.labels(r), Since: since, Fires: since.Add(r.patience()),
		Annotations: e.notes(r, since, fmt.Sprintf("%d objects fail, each for itself", len(roots))),
	}}
}

// object adds the alerts about one object.
func (e *episodes) object(s *derive.Seen) {
	if s.Status == derive.Deleted {
		return
	}
	if s.Status != derive.Suspended {
		e.objects++
	}
	if s.Incident != nil {
		e.incident(s.Incident, time.Time{})
	}
	since := derive.Instant(s.Since)
	switch s.Status {
	case derive.Stalled:
		e.add(stalled, s.Ref, since, time.Time{}, e.aboutIncident(s.Incident, "is stalled: Flux does not try it again"))
	case derive.Progressing:
		e.add(notReady, s.Ref, since, time.Time{}, "has been in progress")
	case derive.Silent:
		due := derive.Instant(s.SilentSince)
		e.add(silent, s.Ref, due.Add(10*time.Minute), time.Time{}, "was due at "+stamp(due)+", and its controller has not written of it since")
	}
}

// incident adds the alerts about an incident that is a root cause.
func (e *episodes) incident(i *derive.Incident, ended time.Time) {
	if !IsRoot(i.Root != (derive.Ref{}), i.Reason) {
		return
	}
	name := failingRow(i.Object.Kind)
	if i.Healing != 0 && ended.IsZero() && e.heals(name, i) {
		return
	}
	since := derive.Instant(i.OpenedAt)
	text := e.aboutIncident(i, "has been failing")
	e.add(name, i.Object, since, ended, text)
	e.out[len(e.out)-1].note(i)
	e.out[len(e.out)-1].Incident = derive.IncidentID(i)
	if failure.Access(i.Reason, i.ErrorLast) != "" {
		e.add(accessFailing, i.Object, since, ended, text)
		e.out[len(e.out)-1].note(i)
	}
}

// IsRoot reports whether an incident is a root cause: it has none of its own, and does not only
// wait.
func IsRoot(caused bool, reason string) bool { return !caused && reason != "DependencyNotReady" }

// failingRow names the alert about a failing object of a kind.
func failingRow(kind string) string {
	if slices.Contains(strings.Split(sourceKinds, "|"), kind) {
		return sourceFailing
	}
	return failing
}

// SeverityOf is that of the alert about a failing object of a kind.
func SeverityOf(kind string) string { return rowOf(failingRow(kind)).severity }

// Describe is the text of the alert about a failing object.
func Describe(o derive.Ref, err string) string {
	return describe(o, aboutError(err, "has been failing"))
}

func describe(o derive.Ref, text string) string {
	return fmt.Sprintf("%s %s/%s %s", o.Kind, o.Namespace, o.Name, text)
}

// heals reports an incident whose success came before its alert fired, and has only to hold.
func (e *episodes) heals(name string, i *derive.Incident) bool {
	return i.Healing < i.OpenedAt+int64(rowOf(name).patience())
}

func rowOf(name string) row {
	return alerts[slices.IndexFunc(alerts, func(r row) bool { return r.name == name })]
}

// aboutIncident is what happens with the error that says why.
func (e *episodes) aboutIncident(i *derive.Incident, what string) string {
	if i == nil {
		return what
	}
	return aboutError(i.ErrorLast, what)
}

func aboutError(err, what string) string {
	if err == "" {
		return what
	}
	return what + ": " + short(err, maxError)
}

// add adds an alert of a row of the pack.
func (e *episodes) add(name string, o derive.Ref, since, ended time.Time, text string) {
	r := rowOf(name)
	labels := e.labels(r)
	labels[objectNamespace], labels["kind"], labels["name"] = o.Namespace, o.Kind, o.Name
	if name == failing || name == sourceFailing {
		labels["root"] = o.Kind + "/" + o.Namespace + "/" + o.Name
	}
	notes := e.notes(r, since, describe(o, text))
	e.out = append(e.out, Live{Labels: labels, Annotations: notes, Since: since, Fires: since.Add(r.patience()), Ended: ended})
}

// labels are those that an alert has whatever it is about.
func (e *episodes) labels(r row) map[string]string {
	labels := map[string]string{"alertname": r.name, "severity": r.severity}
	if e.opt.Cluster != "" {
		labels["cluster"] = e.opt.Cluster
	}
	for k, v := range e.opt.Labels {
		labels[k] = v
	}
	return labels
}

func (e *episodes) notes(r row, since time.Time, text string) map[string]string {
	notes := map[string]string{"summary": r.summary, "since": stamp(since), "description": text}
	if e.opt.Runbooks != "" {
		notes["runbook_url"] = strings.TrimSuffix(e.opt.Runbooks, "/") + "/" + r.name
	}
	return notes
}

// patience is how long the rule waits.
func (r row) patience() time.Duration {
	d, _ := time.ParseDuration(cmp.Or(r.hold, "0s")) // TestConventions reads them
	return d
}

// Bounds of what one alert says, in bytes: messengers cut at three or four thousand.
const (
	maxError    = 1000
	maxAffected = 20
	maxText     = 256
)

// note adds what an incident knows and a rule does not.
func (l *Live) note(i *derive.Incident) {
	add := func(name, text string) {
		if text != "" {
			l.Annotations[name] = short(text, maxText)
		}
	}
	add("reason", i.Reason)
	add("incident", derive.IncidentID(i))
	add("revision", i.LastRevision)
	add("last_good_revision", i.LastGood)
	if i.Culprit != (derive.Ref{}) {
		add("culprit", i.Culprit.String())
	}
	add("attempts", fmt.Sprint(i.Attempts))
	if len(i.Affected) > 0 {
		l.Annotations["affected"] = list(i.Affected)
	}
	if e := i.Latest; len(e) > 0 {
		add("pod", e[len(e)-1].Pod)
	}
}

// list names objects as far as there is room, and says how many more there are.
func list(objects []derive.Ref) string {
	var b strings.Builder
	for n, o := range objects {
		name := o.String()
		if n == maxAffected || b.Len()+len(name) > maxError {
			return b.String() + fmt.Sprintf(" and %d more", len(objects)-n)
		}
		if n > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name)
	}
	return b.String()
}

// short cuts a text.
func short(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit-len(" …")], "") + " …"
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
