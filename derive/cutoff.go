package derive

import (
	"strings"
	"time"

	"fluxtrail/parse"
)

// cuts counts the attempts of an object that were cut off one after the other.
type cuts struct {
	First int64 `json:"first"` // when the first of them ended
	N     int64 `json:"n"`
}

const (
	// interrupted is what is told of an object whose attempt ended with its controller.
	interrupted = "interrupted: the controller stopped in the middle of an attempt"
	// maxCuts is how many attempts in a row may be cut off in a controller that goes on: a newer
	// attempt takes over from an older one. More are failures.
	maxCuts = 2
	// cutNear is how close to each other a shutdown and the attempts that it cuts off are logged.
	cutNear = time.Minute
)

// cutOff reports an attempt's error that comes from its own end: the process stops, or a newer
// attempt takes over.
func cutOff(r *parse.Record) bool {
	switch r.Meaning {
	case parse.Failed, parse.ReconcilerError, parse.FailedState, parse.Stalled:
	default:
		return false
	}
	text := r.Error
	if text == "" {
		text = r.Msg
	}
	return strings.HasSuffix(strings.TrimRight(text, "])}\"'. \n"), "context canceled")
}

// cut takes an attempt that was cut off, which is no failure: the object stays as it was. Where the
// controller did not stop and attempt after attempt ends so, something else cancels them, and they
// are failures.
func (e *Engine) cut(o *Object, a *attempt, r *parse.Record, at *Place) outcome {
	if a.Outcome != none {
		return canceled
	}
	c := &o.Cuts
	if c.N == 0 || e.turn(e.pod(r, at).Controller) > c.First-int64(cutNear) {
		*c = cuts{First: r.Time}
	}
	if c.N++; c.N > maxCuts {
		return failed
	}
	if a == &o.Current { // not while another process works on it
		o.interrupt()
	}
	return canceled
}

// turn is when a process of the controller was started or stopped last, 0 for never.
func (e *Engine) turn(controller string) (latest int64) {
	for _, p := range e.pods {
		if p.Controller == controller {
			latest = max(latest, p.Turn)
		}
	}
	return latest
}

// interruptAll takes the end or the beginning of a controller's process: no attempt outlives it.
// Where another process of the controller is at work, attempts may be that one's.
func (e *Engine) interruptAll(p *Pod) {
	for _, other := range e.pods {
		alive := other.Last != 0 && !other.Stopped && e.now-other.Last < int64(cutNear)
		if alive && other != p && other.Controller == p.Controller {
			return
		}
	}
	for _, o := range e.objects {
		if o.Controller == p.Controller && o.Current.Outcome == none {
			o.interrupt()
		}
	}
}

// interrupt tells of an object in progress that its attempt does not go on. One with an open
// incident keeps the text of its failure.
func (o *Object) interrupt() {
	if o.Status != Progressing && o.Pending.Status != Progressing {
		return
	}
	o.Interrupted = true
	if o.Incident == nil {
		o.Message = interrupted
	}
	if o.Status == Progressing {
		o.Reason = o.progressReason()
	}
}

// goOn takes a sign that an attempt is under way again.
func (o *Object) goOn() {
	if !o.Interrupted {
		return
	}
	o.Interrupted = false
	if o.Message == interrupted {
		o.Message = ""
	}
	if o.Status == Progressing {
		o.Reason = o.progressReason()
	}
}

// progressReason is the reason of an object in progress. Flux has none for an interrupted one: its
// Ready condition stays at Progressing.
func (o *Object) progressReason() string {
	if o.Interrupted {
		return "Interrupted"
	}
	return "Progressing"
}
