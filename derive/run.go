package derive

// Run is one attempt that is over: its outcome will not be corrected any more.
type Run struct {
	At         int64 // when the outcome showed
	Object     Ref
	Controller string
	Outcome    string // succeeded, failed, waiting, stalled, suspended, deleted or canceled
	Reason     string // why it failed or waits, "" otherwise
	Took       int64  // nanoseconds, 0 where the log does not say
	ID         string // reconcileID, "" in the eras that have none
}

var outcomes = [...]string{"", "succeeded", "failed", "waiting", "stalled", "suspended", "deleted", "canceled"}

func (x outcome) String() string { return outcomes[x] }

// TakeRuns hands over the runs since the last TakeRuns, in the order in which they were over. The slice is valid until the next Add or
// Advance. A run is over when the next one of its object begins, or two seconds after its outcome showed.
func (e *Engine) TakeRuns() []Run {
	runs := e.runs
	e.runs = e.runs[:0]
	return runs
}

// track remembers the outcome of the current run, to be handed over when it is over.
func (o *Object) track(e *Engine, r Run) {
	if !e.cfg.KeepRuns {
		return
	}
	if o.latest.At == 0 {
		e.over.set(o, r.At+int64(settleAfter))
	}
	if r.Took == 0 {
		r.Took = o.latest.Took
	}
	o.latest = r
}

func (o *Object) runOver(e *Engine) {
	if o.latest.At != 0 {
		e.runs = append(e.runs, o.latest)
		o.latest = Run{}
		e.over.cancel(o)
	}
}
