package replay

import (
	"cmp"
	"iter"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/tail"
)

// builder makes the report out of the engine's last view, the history and what is known of the
// files.
type builder struct {
	*export.Exporter
	history      *history
	filter       Filter
	baseline     map[string]bool // fingerprints that it knows, nil for no baseline
	baselineName string
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
			in.Files = append(in.Files, st.file(f.Path))
			in.Lines, in.Bytes = in.Lines+st.Lines, in.Bytes+st.Bytes
			in.Records, in.Unparsed = in.Records+st.records, in.Unparsed+st.unparsed
			if st.apart {
				continue
			}
			if st.first != 0 && (from == 0 || st.first < from) {
				from = st.first
			}
			to = max(to, st.last)
		}
	}
	return in.Files, in, from, to
}

// file describes a file in the form of the report.
func (f *fileStats) file(path string) api.File {
	out := api.File{
		Path: path, Format: f.Format, Lines: f.Lines, Bytes: f.Bytes, Records: f.records, Unparsed: f.unparsed,
		Truncated: f.Truncated, First: export.Time(f.first), Last: export.Time(f.last),
		FirstUnparsed: f.firstUnparsed, Order: f.order,
	}
	if f.Err != nil {
		text := f.Err.Error()
		out.Error = &text
	}
	return out
}

// objects are those that the filter asks for, by kind, namespace and name.
func (b *builder) objects() []api.Object {
	out := make([]api.Object, 0, len(b.View.Objects))
	for i := range b.View.Objects {
		if s := &b.View.Objects[i]; b.filter.object(s.Ref) && b.filter.status(s.Status) {
			out = append(out, b.Object(s))
		}
	}
	return out
}

// matched counts the objects that the filter asks for, whatever their status.
func (b *builder) matched() (n int64) {
	for i := range b.View.Objects {
		if b.filter.object(b.View.Objects[i].Ref) {
			n++
		}
	}
	return n
}

// kindDurations sum up how long attempts took, by kind.
func (b *builder) kindDurations() []api.KindDuration {
	var out []api.KindDuration
	var group []*derive.Object
	flush := func() {
		if len(group) == 0 {
			return
		}
		if d := b.Duration(group...); d != nil {
			out = append(out, api.KindDuration{Kind: group[0].Kind, Duration: *d})
		}
		group = group[:0]
	}
	for _, s := range b.View.Objects {
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

// errors are the kinds of errors that objects had which the filter asks for.
func (b *builder) errors() []api.ErrorGroup {
	out := []api.ErrorGroup{}
	for _, g := range b.View.Errors {
		refs := make([]derive.Ref, 0, len(g.Objects))
		for r := range g.Objects {
			if b.filter.object(r) {
				refs = append(refs, r)
			}
		}
		if len(refs) == 0 && len(g.Objects) > 0 {
			continue
		}
		out = append(out, api.ErrorGroup{
			Fingerprint: g.Fingerprint, Reason: g.Reason, Example: g.Example, Count: g.Count, Objects: export.Refs(refs),
			First: export.Time(g.First), Last: export.Time(g.Last), New: b.baseline != nil && !b.baseline[g.Fingerprint],
		})
	}
	return out
}

// controllers are the pods of the controllers that the filter asks for.
func (b *builder) controllers() []api.Controller {
	out := []api.Controller{}
	for n, p := range b.View.Pods {
		if !b.filter.Controllers.fits(p.Controller) {
			continue
		}
		c := api.Controller{
			Name: cmp.Or(p.Controller, "unknown"), Pod: p.Name,
			Restarts: p.Restarts, Panics: p.Panics, Throttled: p.Throttled, LeaderChanges: p.Leases,
			Lines: api.Lines{Info: p.Info, Error: p.Error, Debug: p.Debug, Other: p.Other}, Gaps: []api.Gap{},
		}
		for _, g := range b.View.Gaps[n] {
			c.Gaps = append(c.Gaps, api.Gap{From: export.Time(g.From), To: export.Time(g.To)})
		}
		out = append(out, c)
	}
	return out
}

// silences are the promises that were broken, of objects that the filter asks for.
func (b *builder) silences() []api.Silence {
	out := make([]api.Silence, 0, len(b.View.Silences))
	for _, s := range b.View.Silences {
		if !b.filter.object(s.Object) {
			continue
		}
		basis := "cadence"
		if s.Stated {
			basis = "stated"
		}
		out = append(out, api.Silence{
			Ref: export.Ref(s.Object), Said: export.Time(s.Made), Due: export.Time(s.Due), Came: export.Time(s.Kept),
			Basis: basis, Times: s.Times,
		})
	}
	return out
}

// incidents yields all incidents of the history in the form of the report. Their evidence comes
// with transitions only: the other forms show that of open incidents, which the objects have.
func (b *builder) incidents() iter.Seq[api.Incident] {
	path := b.Path
	if !b.history.keep {
		path = nil
	}
	return func(yield func(api.Incident) bool) {
		for _, i := range b.history.incidents.all() {
			if !yield(export.Incident(i, string(i.State()), path)) {
				return
			}
		}
	}
}
