package derive

import (
	"slices"
	"time"

	"fluxtrail/parse"
)

// Pod is one controller process as its log shows it. Where the log's path does not tell the pod, there is one Pod for each controller.
type Pod struct {
	Controller string
	Name       string
	Restarts   int64 // starts after the first sign of life
	Panics     int64
	Throttled  int64 // client-side throttling messages
	Leases     int64 // leadership won
	Unsent     int64 // notifications that could not be delivered
	Info, Error, Debug, Other,
	Unparsed int64
	Gaps []Gap

	stopped bool // shut down in order
	busy    bool // the latest line of an object shows a run under way
	last    int64
	lines   int64
	worked  bool
	between float64 // smoothed time between lines
}

// Gap is a time in which a controller wrote nothing although it usually does.
type Gap struct{ From, To int64 }

const (
	minGap    = 30 * time.Second // shorter silences are no gap
	gapFactor = 10               // nor are those shorter than this many usual pauses between lines
	gapLines  = 20               // how many lines it takes to know what is usual
	maxGaps   = 1000
)

// AddSource announces a log. Places with this index then belong to the pod; an empty pod name means that the path does not tell.
func (e *Engine) AddSource(index int32, pod string) {
	for int(index) >= len(e.pods) {
		e.pods = append(e.pods, nil)
	}
	if pod == "" {
		return
	}
	for _, p := range append(slices.Clone(e.known), e.pods...) {
		if p != nil && p.Name == pod {
			e.pods[index] = p // another container, or the same one read in parts
			return
		}
	}
	e.pods[index] = &Pod{Controller: parse.ControllerOfPod(pod), Name: pod}
}

// RemoveSource tells that a log is gone. Its pod is remembered until Forget.
func (e *Engine) RemoveSource(index int32) {
	if int(index) >= len(e.pods) {
		return
	}
	if p := e.pods[index]; p != nil && !slices.Contains(e.known, p) {
		e.known = append(e.known, p)
	}
	e.pods[index] = nil
}

func (e *Engine) pod(r *parse.Record, at *Place) *Pod {
	if int(at.Source) < len(e.pods) && e.pods[at.Source] != nil {
		return e.pods[at.Source]
	}
	controller, key := parse.ControllerOf(r.Kind), at.Pod
	if key != "" {
		controller = parse.ControllerOfPod(key)
	} else {
		key = controller
	}
	p := e.loose[key]
	if p == nil {
		p = &Pod{Controller: controller, Name: at.Pod}
		e.loose[key] = p
	}
	return p
}

// line counts a line and notices pauses.
func (p *Pod) line(r *parse.Record) {
	switch r.Level {
	case parse.LevelInfo:
		p.Info++
	case parse.LevelError:
		p.Error++
	case parse.LevelDebug, parse.LevelTrace:
		p.Debug++
	default:
		p.Other++
	}
	if r.Bad != parse.BadNone {
		p.Unparsed++
	}
	if p.last != 0 && r.Time > p.last {
		d := r.Time - p.last
		if p.gap(d) && r.Took < d/2 && len(p.Gaps) < maxGaps {
			p.Gaps = append(p.Gaps, Gap{p.last, r.Time})
		} else {
			p.between += 0.05 * (float64(d) - p.between)
		}
	}
	p.last = max(p.last, r.Time)
	p.lines++
	p.worked = p.worked || r.Object()
	switch r.Sign {
	case parse.Progress, parse.DepsReady, parse.Action, parse.FetchRetry:
		p.busy = true
	default:
		p.busy = p.busy && !r.Object()
	}
}

// gap reports whether a pause is one. A controller that waits for a run's health checks, or for Helm, writes nothing for as long.
func (p *Pod) gap(d int64) bool {
	return !p.busy && p.lines >= gapLines && d > int64(minGap) && float64(d) > gapFactor*p.between
}

// life takes a line that is about the controller, not about an object.
func (e *Engine) life(p *Pod, r *parse.Record, at *Place) {
	switch r.Sign {
	case parse.Shutdown:
		p.stopped = true
	case parse.Start:
		p.stopped = false
		if p.worked {
			p.Restarts++
		}
		p.worked = true
	case parse.LeaseGot:
		p.Leases++
	case parse.Throttled:
		p.Throttled++
	case parse.Panicked:
		p.Panics++
	case parse.NotifyFailed:
		p.Unsent++
		e.countOther(r, Ref{})
	case parse.MirrorEvent, parse.Event:
		e.event(r, at)
	default:
		if r.Form == parse.FormPanic {
			p.Panics++
		}
		e.countOther(r, Ref{})
	}
}
