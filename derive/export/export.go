// Package export puts what package derive found into the shapes of package api, which reports, the
// HTTP API and events share.
//
// In: a View of an Engine and its incidents. Out: values of package api, which share no memory that
// anybody writes to but for strings. Packages agent and replay call it. It decides nothing, reads
// no clock, and starts no goroutine.
package export

import (
	"math"
	"slices"

	"fluxtrail/api"
	"fluxtrail/derive"
)

// Time is an instant in Unix nanoseconds, 0 for none.
func Time(ns int64) api.Time { return api.Time{Time: derive.Instant(ns)} }

// Ref is the name of an object.
func Ref(r derive.Ref) api.Ref {
	return api.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
}

// Text is nil for an empty string. It points to the string itself, which must stay as it is.
func Text(s *string) *string {
	if *s == "" {
		return nil
	}
	return s
}

// optionalRef is nil for the zero Ref, likewise.
func optionalRef(r *derive.Ref) *api.Ref {
	if *r == (derive.Ref{}) {
		return nil
	}
	return (*api.Ref)(r)
}

// Refs are the names of objects by kind, namespace and name.
func Refs(refs []derive.Ref) []api.Ref {
	out := make([]api.Ref, len(refs))
	for i, r := range refs {
		out[i] = Ref(r)
	}
	slices.SortFunc(out, func(a, b api.Ref) int { return derive.Ref(a).Compare(derive.Ref(b)) })
	return out
}

// Exporter puts the parts of one View into the form of the report. It keeps scratch memory, so one
// goroutine uses it.
type Exporter struct {
	View   derive.View
	Config derive.Config           // of the engine
	Path   func(file int32) string // names a file of evidence; nil leaves evidence out
	Middle int64                   // of the window, in Unix nanoseconds: medians of both halves tell a trend

	spread derive.Spread
}

// New makes an Exporter of a view.
func New(v derive.View, cfg derive.Config, path func(file int32) string) *Exporter {
	return &Exporter{View: v, Config: cfg, Path: path}
}

// Incident is an incident in the state that it has at the time of the view.
func (x *Exporter) Incident(i *derive.Incident) api.Incident {
	return Incident(i, string(i.State()), x.Path)
}

// Incident is an incident in the form that is promised. path gives the name of a file of its
// evidence; without it the evidence is left out.
func Incident(i *derive.Incident, state string, path func(int32) string) api.Incident {
	r := api.Incident{
		ID: i.ID, Ref: Ref(i.Object), State: state, OpenedAt: Time(i.OpenedAt), ResolvedAt: Time(i.ResolvedAt),
		ClosedReason:  Text(&i.ClosedReason),
		FirstRevision: Text(&i.FirstRevision), LastRevision: Text(&i.LastRevision), LastGoodRevision: Text(&i.LastGood),
		Reason: i.Reason, ReasonFirst: i.ReasonFirst, ErrorFirst: i.ErrorFirst, ErrorLast: i.ErrorLast,
		Culprit: optionalRef(&i.Culprit), Fingerprint: i.Fingerprint, Attempts: i.Attempts, Flaps: i.Flaps,
		RootCause: optionalRef(&i.Root), Affected: Refs(i.Affected), Evidence: []api.Evidence{},
	}
	if path == nil {
		return r
	}
	r.Evidence = make([]api.Evidence, 0, len(i.First)+len(i.Latest))
	for _, lines := range [2][]derive.Evidence{i.First, i.Latest} {
		for n := range lines {
			r.Evidence = append(r.Evidence, evidence(&lines[n], path))
		}
	}
	return r
}

func evidence(ev *derive.Evidence, path func(int32) string) api.Evidence {
	return api.Evidence{
		File: path(ev.File), Line: ev.Line, Offset: ev.Offset, At: Time(ev.At),
		Pod: ev.Pod, ReconcileID: ev.ReconcileID.String(), Text: ev.Text,
	}
}

// Object is an object of the view.
func (x *Exporter) Object(s *derive.Seen) api.Object {
	o := api.Object{
		Ref: Ref(s.Ref), Controller: s.Controller, Status: s.Status.String(), Ready: s.Ready, Since: Time(s.Since),
		Reason: Text(&s.Reason), RetryingSince: Time(s.Trying), Suspects: Refs(s.Suspects), Revision: Text(&s.Revision), LastGoodRevision: Text(&s.LastGood),
		Attempts: api.Attempts{
			Succeeded: s.Counts.Succeeded, Failed: s.Counts.Failed, Waiting: s.Counts.Waiting,
			Stalled: s.Counts.Stalled, Other: s.Counts.Other,
		},
		Duration: x.Duration(s.Object), NextRun: Time(s.Promise.Due), SilentSince: Time(s.SilentSince),
		RootCause: optionalRef(&s.Root), Interrupted: s.Interrupted, MessageLatest: s.Message,
		Chain: chain(s.Chain),
	}
	x.judge(&o, s)
	if s.Incident != nil {
		i := x.Incident(s.Incident)
		o.Incident, o.Since = &i, i.OpenedAt
	} else if s.Status == derive.Silent {
		o.Since = o.SilentSince
	}
	return o
}

// chain keeps the order, from the object to its root cause.
func chain(refs []derive.Ref) []api.Ref {
	var out []api.Ref
	for _, r := range refs {
		out = append(out, Ref(r))
	}
	return out
}

// judge fills in the verdict and what it rests on.
func (x *Exporter) judge(o *api.Object, s *derive.Seen) {
	j := s.Judge()
	o.Verdict, o.Explanation = string(j.Verdict), j.Explanation
	if c := j.Condition; c != nil {
		o.Condition = &api.Condition{
			Ready: c.Ready, Reason: c.Reason, Message: c.Message, Since: Time(c.Since), At: Time(c.At), Source: c.Source,
		}
	}
	if line := s.Line(); x.Path != nil && line != nil {
		ev := evidence(line, x.Path)
		o.Line = &ev
	}
}

// Duration sums up how long attempts of objects of one kind took: what the controllers logged,
// where they do, else the time between outcomes. It is nil when there is neither, or no span was
// kept.
func (x *Exporter) Duration(objects ...*derive.Object) *api.Duration {
	if x.Config.NoDurations {
		return nil
	}
	d := &api.Duration{Measured: "logged"}
	s := &x.spread
	s.Reset(x.Middle)
	for _, o := range objects {
		s.Add(&o.Durations)
	}
	if s.Count == 0 {
		d.Measured = "between"
		for _, o := range objects {
			s.Add(&o.Between)
		}
	}
	if s.Count == 0 {
		return nil
	}
	d.Count, d.Max = s.Count, rounded(s.Max)
	q := s.Quantiles()
	d.P50, d.P95, d.P50First, d.P50Second = rounded(q.P50), rounded(q.P95), rounded(q.Early), rounded(q.Late)
	return d
}

// rounded cuts seconds to microseconds: what lies behind is the storage's noise.
func rounded(s float64) float64 { return math.Round(s*1e6) / 1e6 }
