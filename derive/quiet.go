package derive

import (
	"slices"
	"strings"
	"time"

	"fluxtrail/parse"
)

// Gap is a time in which a controller wrote nothing although attempts that it had promised were
// due. A time without lines alone is none: most controllers have nothing to do most of the time.
type Gap struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
}

const (
	minGap    = 30 * time.Second // shorter pauses are no gap
	maxPauses = 4                // pauses of a pod that may still turn out to be gaps
	maxGaps   = 1000
)

// pause takes a time without a line. Whether something was due shows with the next attempts.
func (p *Pod) pause(g Gap) {
	p.Pauses[p.Paused%maxPauses] = g
	p.Paused = (p.Paused + 1) % maxPauses
}

// overdue takes an attempt that came too late. Where the controller wrote nothing while it was due
// and overdue, that was a gap.
func (e *Engine) overdue(o *Object) {
	until := o.Promise.last(e.cfg.Grace)
	for _, p := range e.pods {
		if p.Controller != o.Controller {
			continue
		}
		for _, g := range p.Pauses {
			if g.From <= o.Promise.Due && g.To > until && len(p.Gaps) < maxGaps && !slices.Contains(p.Gaps, g) {
				p.Gaps = append(p.Gaps, g)
			}
		}
	}
}

// causeKind is the kind of a Ref that names no object but a controller, which went quiet as a
// whole. Its name is the controller's, and its shard's where it has shards.
const causeKind = "Controller"

// quiet is a controller that wrote nothing while attempts were due, up to the end.
type quiet struct {
	last int64 // its latest line
	due  int   // objects that are overdue since then
}

// whole reports whether the controller is what went quiet. A single object may have been deleted.
func (q *quiet) whole() bool { return q.due >= 2 }

// quietControllers finds the controllers that are quiet at the engine's time, by name.
func (e *Engine) quietControllers() map[string]*quiet {
	found := map[string]*quiet{}
	for _, p := range e.pods {
		if name := p.app(); name != "" && p.Lines > 0 {
			q := found[name]
			if q == nil {
				q = &quiet{}
				found[name] = q
			}
			q.last = max(q.last, p.Last)
		}
	}
	for _, o := range e.objects {
		if !e.silent(o) {
			continue
		}
		if q := found[o.app()]; q != nil && o.Promise.Due >= q.last && e.now-q.last >= int64(minGap) {
			q.due++
		}
	}
	return found
}

// app is the name of the controller, with its shard, that a pod runs.
func (p *Pod) app() string {
	if app := appOf(p.Name); app != "" {
		return app
	}
	return p.Controller
}

// app is the name of the controller, with its shard, that an object is reconciled by.
func (o *Object) app() string {
	if app := appOf(o.Shown.Pod); app != "" {
		return app
	}
	return o.Controller
}

// appOf is the name of a Deployment by one of its pods, "" for a pod that is none of Flux's.
func appOf(pod string) string {
	if parse.ControllerOfPod(pod) == "" {
		return ""
	}
	for range 2 { // the hash of the ReplicaSet, and the pod's own
		i := strings.LastIndexByte(pod, '-')
		if i < 0 || parse.ControllerOfPod(pod[:i]) == "" {
			break
		}
		pod = pod[:i]
	}
	return pod
}

// gapsAt is the pod's gaps with the one that lasts until the engine's time, if any.
func (e *Engine) gapsAt(p *Pod, quiet map[string]*quiet) []Gap {
	if q := quiet[p.app()]; q != nil && q.whole() && p.Last == q.last {
		return append(slices.Clone(p.Gaps), Gap{p.Last, e.now})
	}
	return p.Gaps
}
