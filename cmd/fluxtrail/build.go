package main

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/tail"
)

// builder makes the report out of the engine's last view, the ledger and what is known of the files.
type builder struct {
	view         derive.View
	led          *ledger
	filter       filter
	cfg          derive.Config
	baseline     map[string]bool // fingerprints that it knows, nil for no baseline
	baselineName string
	files        []api.File
	evidence     bool  // whether any output wants evidence
	mid          int64 // the middle of the window
	spread       derive.Spread
}

func reportTime(ns int64) api.Time { return api.Time{Time: derive.Instant(ns)} }

func reportRef(r derive.Ref) api.Ref {
	return api.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
}

// optional is nil for an empty string. It points to the string itself, which must stay as it is.
func optional(s *string) *string {
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

func reportRefs(refs []derive.Ref) []api.Ref {
	sorted := slices.SortedFunc(slices.Values(refs), derive.Ref.Compare)
	out := make([]api.Ref, len(sorted))
	for i, r := range sorted {
		out[i] = reportRef(r)
	}
	return out
}

// fileReports describes the input files, and the window that their records span.
func fileReports(sources []tail.Source, stats []fileStats) ([]api.File, api.Input, int64, int64) {
	var in api.Input
	var from, to int64
	n := 0
	for _, src := range sources {
		for _, f := range src.Files {
			st := stats[n]
			n++
			rf := api.File{Path: f.Path, Format: st.Format, Lines: st.Lines, Bytes: st.Bytes, Records: st.records, Unparsed: st.unparsed,
				Truncated: st.Truncated, First: reportTime(st.first), Last: reportTime(st.last), FirstUnparsed: st.firstUnparsed}
			if st.Err != nil {
				text := st.Err.Error()
				rf.Error = &text
			}
			in.Files = append(in.Files, rf)
			in.Lines, in.Bytes, in.Records, in.Unparsed = in.Lines+st.Lines, in.Bytes+st.Bytes, in.Records+st.records, in.Unparsed+st.unparsed
			if st.first != 0 && (from == 0 || st.first < from) {
				from = st.first
			}
			to = max(to, st.last)
		}
	}
	return in.Files, in, from, to
}

// incident puts an incident into the form of the report.
func (b *builder) incident(i *derive.Incident) api.Incident {
	path := func(file int32) string { return b.files[file].Path }
	if !b.evidence {
		path = nil
	}
	return incidentOf(i, i.State(b.view.At, b.cfg.Hold), path)
}

// incidentOf is an incident in the form that is promised. path gives the name of a file of its evidence; without it
// the evidence is left out.
func incidentOf(i *derive.Incident, state string, path func(int32) string) api.Incident {
	r := api.Incident{
		ID: i.ID, Ref: reportRef(i.Object), State: state, OpenedAt: reportTime(i.OpenedAt), ResolvedAt: reportTime(i.ResolvedAt),
		ClosedReason: optional(&i.ClosedReason), FirstRevision: optional(&i.FirstRevision), LastRevision: optional(&i.LastRevision), LastGoodRevision: optional(&i.LastGood),
		Reason: i.Reason, ReasonFirst: i.ReasonFirst, ErrorFirst: i.ErrorFirst, ErrorLast: i.ErrorLast, Culprit: optionalRef(&i.Culprit), Fingerprint: i.Fingerprint,
		Attempts: i.Attempts, Flaps: i.Flaps, RootCause: optionalRef(&i.Root), Affected: reportRefs(i.Affected), Evidence: []api.Evidence{},
	}
	if path == nil {
		return r
	}
	for _, ev := range i.Evidence() {
		r.Evidence = append(r.Evidence, api.Evidence{File: path(ev.File), Line: ev.Line, Offset: ev.Offset, At: reportTime(ev.At),
			Pod: ev.Pod, ReconcileID: ev.ReconcileID, Text: ev.Text})
	}
	return r
}

func (b *builder) objects() []api.Object {
	out := make([]api.Object, 0, len(b.view.Objects))
	open := map[*derive.Incident]bool{}
	for _, i := range b.view.Open {
		open[i] = true
	}
	for i := range b.view.Objects {
		s := &b.view.Objects[i]
		if !b.filter.object(s.Ref) || !b.filter.status(s.Status) {
			continue
		}
		o := api.Object{
			Ref: reportRef(s.Ref), Controller: s.Controller, Status: s.Status.String(), Ready: s.Ready, Since: reportTime(s.Since), Reason: optional(&s.Reason),
			Revision: optional(&s.Revision), LastGoodRevision: optional(&s.LastGood),
			Attempts: api.Attempts{Succeeded: s.Counts.Succeeded, Failed: s.Counts.Failed, Waiting: s.Counts.Waiting, Stalled: s.Counts.Stalled, Other: s.Counts.Other},
			Duration: b.duration([]*derive.Object{s.Object}), NextRun: reportTime(s.Promise.Due), SilentSince: reportTime(s.SilentSince),
			RootCause: optionalRef(&s.Root), MessageLatest: s.Message,
		}
		if open[s.Incident] {
			i := b.incident(s.Incident)
			o.Incident = &i
		}
		out = append(out, o)
	}
	return out
}

// duration sums up the runs of objects of one kind: what the controllers logged, where they do, else the time between outcomes.
func (b *builder) duration(objects []*derive.Object) *api.Duration {
	d := &api.Duration{Measured: "logged"}
	s := &b.spread
	s.Reset(b.mid)
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

func (b *builder) kindDurations() []api.KindDuration {
	var out []api.KindDuration
	var group []*derive.Object
	flush := func() {
		if len(group) == 0 {
			return
		}
		if d := b.duration(group); d != nil {
			out = append(out, api.KindDuration{Kind: group[0].Kind, Duration: *d})
		}
		group = group[:0]
	}
	for _, s := range b.view.Objects {
		if !b.filter.object(s.Ref) {
			continue
		}
		if len(group) > 0 && group[0].Kind != s.Kind {
			flush()
		}
		group = append(group, s.Object)
	}
	flush()
	return out
}

func (b *builder) errors() []api.ErrorGroup {
	out := []api.ErrorGroup{}
	for _, g := range b.view.Errors {
		refs := make([]derive.Ref, 0, len(g.Objects))
		for r := range g.Objects {
			if b.filter.object(r) {
				refs = append(refs, r)
			}
		}
		if len(refs) == 0 && len(g.Objects) > 0 {
			continue
		}
		out = append(out, api.ErrorGroup{Fingerprint: g.Fingerprint, Reason: g.Reason, Example: g.Example, Count: g.Count, Objects: reportRefs(refs),
			First: reportTime(g.First), Last: reportTime(g.Last), New: b.baseline != nil && !b.baseline[g.Fingerprint]})
	}
	return out
}

func (b *builder) controllers() []api.Controller {
	out := []api.Controller{}
	for _, p := range b.view.Pods {
		if !b.filter.controllers.has(p.Controller) {
			continue
		}
		c := api.Controller{Name: cmp.Or(p.Controller, "unknown"), Pod: p.Name, Restarts: p.Restarts, Panics: p.Panics, Throttled: p.Throttled, LeaderChanges: p.Leases,
			Lines: api.Lines{Info: p.Info, Error: p.Error, Debug: p.Debug, Other: p.Other}, Gaps: []api.Gap{}}
		for _, g := range p.GapsUntil(b.view.At) {
			c.Gaps = append(c.Gaps, api.Gap{From: reportTime(g.From), To: reportTime(g.To)})
		}
		out = append(out, c)
	}
	return out
}

func (b *builder) silences() []api.Silence {
	out := []api.Silence{}
	for _, s := range b.view.Silences {
		if !b.filter.object(s.Object) {
			continue
		}
		basis := "cadence"
		if s.Stated {
			basis = "stated"
		}
		out = append(out, api.Silence{Ref: reportRef(s.Object), Said: reportTime(s.Said), Due: reportTime(s.Due), Came: reportTime(s.Came), Basis: basis, Times: s.Times})
	}
	return out
}

// incidents yields all incidents of the ledger in the form of the report.
func (b *builder) incidents() iter.Seq[api.Incident] {
	return func(yield func(api.Incident) bool) {
		for _, i := range b.led.incidents.all() {
			if !yield(b.incident(i)) {
				return
			}
		}
	}
}
