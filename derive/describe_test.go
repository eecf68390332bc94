package derive

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// String is the compact form in which cases say what they want: one fact a line, absent facts left
// out. Times are those of the day.
func (r *replayed) String() string {
	var w facts
	for _, t := range r.transitions {
		w.line("transition", clock(t.At), t.Object, t.Status, "ready="+t.Ready, tagged("", t.Reason), tagged("revision=", t.Revision))
	}
	for _, o := range r.Objects {
		w.object(&o)
	}
	for _, i := range append(slices.Clone(r.ended), r.Open...) {
		w.incident(i)
	}
	for _, g := range r.Errors {
		w.line("error", g.Count, "x", g.Reason, g.Fingerprint, quote(g.Example))
	}
	for _, s := range r.Silences {
		w.line("silence", s.Object, "due", clock(s.Due), came(s.Kept), fmt.Sprint("times=", s.Times), stated(s.Promise))
	}
	for n, p := range r.Pods {
		w.pod(p, r.Gaps[n])
	}
	return w.String()
}

type facts struct{ strings.Builder }

func (w *facts) line(parts ...any) {
	var words []string
	for _, p := range parts {
		if s := fmt.Sprint(p); s != "" {
			words = append(words, s)
		}
	}
	w.WriteString(strings.Join(words, " ") + "\n")
}

func (w *facts) object(o *Seen) {
	w.line("object", o.Ref, o.Status, "since", clock(o.Since), "ready="+o.Ready, tagged("", o.Reason), tagged("revision=", o.Revision), tagged("good=", o.LastGood))
	w.line("  runs", counts(o.Counts), duration("took", o.Durations), duration("between", o.Between))
	if o.Message != "" {
		w.line("  says", quote(o.Message))
	}
	if o.Promise.Made != 0 {
		w.line("  next", clock(o.Promise.Due), stated(o.Promise))
	}
	if o.Root != (Ref{}) {
		w.line("  because of", o.Root)
	}
	if len(o.Suspects) > 0 {
		w.line("  one of", o.Suspects)
	}
	if o.Trying != 0 {
		w.line("  trying since", clock(o.Trying))
	}
}

func (w *facts) incident(i *Incident) {
	w.line("incident", i.ID, i.Object, i.State(), "opened", clock(i.OpenedAt), instant("ended", i.ResolvedAt), tagged("closed=", i.ClosedReason),
		instant("healing", i.Healing), fmt.Sprint("attempts=", i.Attempts), fmt.Sprint("flaps=", i.Flaps))
	w.line("  reason", i.Reason, i.Fingerprint)
	w.line("  first", tagged("revision=", i.FirstRevision), quote(i.ErrorFirst))
	w.line("  last", tagged("revision=", i.LastRevision), quote(i.ErrorLast))
	if i.LastGood != "" {
		w.line("  good", i.LastGood)
	}
	if i.Culprit != (Ref{}) {
		w.line("  culprit", i.Culprit)
	}
	if i.Root != (Ref{}) {
		w.line("  root cause", i.Root)
	}
	if len(i.Affected) > 0 {
		w.line("  affects", i.Affected)
	}
	var lines []string
	for _, e := range i.Evidence() {
		lines = append(lines, fmt.Sprintf("%d:%d", e.File, e.Line))
	}
	w.line("  lines", strings.Join(lines, " "))
}

func (w *facts) pod(p *Pod, gaps []Gap) {
	n := func(key string, v int64) string {
		if v == 0 {
			return ""
		}
		return fmt.Sprintf("%s=%d", key, v)
	}
	w.line("pod", tagged("", p.Controller), tagged("", p.Name), n("info", p.Info), n("error", p.Error), n("debug", p.Debug), n("other", p.Other), n("unparsed", p.Unparsed),
		n("restarts", p.Restarts), n("panics", p.Panics), n("throttled", p.Throttled), n("leases", p.Leases), n("unsent", p.Unsent))
	for _, g := range gaps {
		w.line("  gap", clock(g.From), "to", clock(g.To))
	}
}

func clock(ns int64) string {
	if ns == 0 {
		return "never"
	}
	return time.Unix(0, ns).UTC().Format("15:04:05.000")
}

func instant(what string, ns int64) string {
	if ns == 0 {
		return ""
	}
	return what + " " + clock(ns)
}

func came(ns int64) string {
	if ns == 0 {
		return "not kept"
	}
	return "kept " + clock(ns)
}

func stated(p Promise) string {
	if p.Stated {
		return "(said)"
	}
	return "(by cadence)"
}

func tagged(key, s string) string {
	if s == "" {
		return ""
	}
	return key + s
}

func quote(s string) string {
	if len(s) > 160 {
		s = s[:140] + "…"
	}
	return fmt.Sprintf("%q", s)
}

func counts(c Counts) string {
	var words []string
	for _, n := range []struct {
		what string
		n    int64
	}{{"succeeded", c.Succeeded}, {"failed", c.Failed}, {"waiting", c.Waiting}, {"stalled", c.Stalled}, {"other", c.Other}} {
		if n.n != 0 {
			words = append(words, fmt.Sprintf("%s=%d", n.what, n.n))
		}
	}
	return strings.Join(words, " ")
}

func duration(what string, s Samples) string {
	if s.Count == 0 {
		return ""
	}
	var all Spread
	all.Add(&s)
	return fmt.Sprintf("%s p50=%.3gs max=%.3gs", what, all.Quantiles().P50, all.Max)
}
