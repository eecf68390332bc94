package agent

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

// job is what a lane does with its lines: ship sends them to Loki, trail finds out what they mean.
// Its methods are called by the lane's goroutine, one at a time, but for deliver: where a delivery
// may take long, another goroutine calls it, and the lane calls publish meanwhile and nothing else.
type job interface {
	logs
	// add takes a line, which is valid during the call, and reports whether the batch is full.
	add(*lookahead) (full bool)
	// deliver returns when all that was added is where it belongs, or will never be (see sinks.Sink),
	// or waits for a later call while it holds up nothing else.
	// idle says that nothing was added and that there is nothing to read at now. The result says
	// whether anything changed that is worth saving.
	deliver(ctx context.Context, now time.Time, idle bool) (changed bool, err error)
	// undelivered is how many bytes of what was added wait for a later delivery.
	undelivered() int
	// end takes the end of all logs, where the lane ends there.
	end()
	// save is the state that was reached by all that was delivered.
	save() (packed, error)
	restore(io.Reader) error
	// publish shows the counts and, when it was saved or cannot be saved, the state. Without a state
	// it shows the counts alone.
	publish(packed, prom.Agent)
}

// lane reads all logs, has its job do something with each line, and saves its marks together with
// the job's state only after the job has delivered. It is one goroutine, with one more during a
// delivery that may take long. Others see what it publishes, through atomic pointers.
type lane struct {
	// What is set once and only read.
	name   string
	cfg    laneConfig
	log    *slog.Logger
	status *status
	now    func() time.Time
	pods   podLookup

	fluxPods func() int // how many pods of Flux are on this node, as far as that is known

	secrets *redact.Redactor // of the goroutine that delivers, and of the lane's between deliveries
	job     job              // likewise
	counts  counts           // of both, under its lock

	// What belongs to the lane's goroutine, also during a delivery.
	input  input
	batch  batch
	quiet  int       // rounds without a line
	full   int       // batches in a row that were full
	blind  time.Time // since when there are logs and none can be read, zero for not
	saving saving
}

// laneConfig is what both lanes have in common.
type laneConfig struct {
	tail  tail.FollowConfig
	poll  time.Duration    // between two looks at the files
	every time.Duration    // between two saves, at the least
	file  *checkpoint.File // of the state, nil to keep it in memory
	once  bool             // end when everything was read
	waits bool             // a delivery may take long
	raw   bool             // the job redacts what it keeps of a line, and gets lines as they are
	wait  time.Duration    // how long a batch is collected that is not full

	ahead  int // bytes of lines that are read ahead of the batch, at most
	unsent int // bytes that wait for a later delivery, beyond which nothing is read

	largest int64 // bytes of the job's compressed state for which there is memory, 0 for any
}

// batch is what was added since the last delivery.
type batch struct {
	lines, bytes int64
	begun        time.Time
}

// What a lane does, as readiness names it.
const (
	reading    = "reading"
	delivering = "delivering"
	savingIt   = "saving"
)

// run is THE loop. ctx ends reading; hard ends a delivery that is under way.
func (l *lane) run(ctx, hard context.Context) error {
	if err := l.load(); err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	defer l.status.end(l.name)
	defer l.input.follow.Close()
	for {
		l.status.step(l.name, reading)
		l.look()
		idle := l.fill(ctx)
		if !idle || !l.collects(ctx) {
			if done, err := l.finish(ctx, hard, idle); done {
				return err
			}
		}
		if idle {
			l.pause(ctx)
		}
	}
}

// finish delivers the batch and saves. done says that the lane has to end.
func (l *lane) finish(ctx, hard context.Context, idle bool) (done bool, err error) {
	n := l.batch.lines
	changed, err := l.deliver(hard, idle && n == 0 && l.atEnd())
	if err != nil && !sinks.IsPermanent(err) {
		return true, l.undelivered(ctx, err)
	}
	l.input.merger.delivered(l.job)
	l.saving.dirty = l.saving.dirty || n > 0 || changed
	if l.quiet++; n > 0 || changed || !idle {
		l.quiet = 0
	}
	finished := l.cfg.once && idle && l.atEnd() && l.job.undelivered() == 0
	if finished {
		l.job.end()
		if len(l.input.follow.Live()) == 0 {
			l.log.Warn("found no log to read", "include", l.cfg.tail.Include)
		}
	}
	done = finished || ctx.Err() != nil
	if l.full++; idle || n == 0 {
		l.full = 0
	}
	l.status.memory.fit(l.now(), l.full)
	l.checkpoint(done)
	l.rest()
	return done, nil
}

// pause waits until it is time to look again, or there is a new log. What the lane did meanwhile
// counts, so that a slow delivery makes no line older than it has to be.
func (l *lane) pause(ctx context.Context) {
	d := min(l.cfg.poll-l.now().Sub(l.input.polled), l.cfg.poll)
	if d > 0 && !l.input.follow.Await(ctx, d) {
		_ = sinks.Sleep(ctx, d) // the loop looks at ctx
	}
	if rest := l.input.soonest() - l.now().Sub(l.input.polled); rest > 0 && rest < d {
		_ = sinks.Sleep(ctx, rest)
	}
}

// collects reports whether the batch waits for more lines.
func (l *lane) collects(ctx context.Context) bool {
	return l.batch.lines > 0 && ctx.Err() == nil && l.now().Sub(l.batch.begun) < l.cfg.wait
}

// fill hands lines on until the batch is full or all logs are at their end, for which idle stands.
func (l *lane) fill(ctx context.Context) (idle bool) {
	if l.batch.lines == 0 {
		l.batch.begun = l.now()
	}
	for ctx.Err() == nil {
		x := l.input.merger.next()
		if l.job.undelivered() > l.cfg.unsent {
			return true
		}
		if x == nil {
			return !l.input.readOn()
		}
		l.batch.lines++
		l.batch.bytes += int64(len(x.text))
		full := l.job.add(x)
		if l.cfg.waits {
			x.rest()
		}
		if l.input.merger.taken(); full {
			return false
		}
	}
	return false
}

// deliver has the job deliver. When that may take long the lane goes on looking at the disk: files
// that are rotated and deleted meanwhile have to be opened before they are gone.
func (l *lane) deliver(hard context.Context, idle bool) (changed bool, err error) {
	b := l.batch
	l.batch = batch{}
	l.status.step(l.name, delivering)
	if !l.cfg.waits { // its sink counts for a lane that waits
		l.counts.sent(b.lines, b.bytes)
	}
	if !l.cfg.waits || b.lines == 0 && l.job.undelivered() == 0 {
		return l.job.deliver(hard, l.now(), idle)
	}
	err = meanwhile(min(l.cfg.poll, watchEvery), l.watch, func() (err error) {
		changed, err = l.job.deliver(hard, l.now(), false)
		return err
	})
	l.input.stale = true // other logs may wait now
	return changed, err
}

// atEnd reports whether everything was read that there is. Between two files of a log there may be
// a pause until the first of them is known to be complete. A line whose end is not written yet is
// not waited for long.
func (l *lane) atEnd() bool {
	waited := time.Duration(l.quiet) * l.cfg.poll
	return l.quiet > 0 && l.input.follow.Lag().Bytes == 0 || waited > 2*l.cfg.tail.QuietAfter+time.Second
}

// undelivered ends the lane. When it was told to end, nothing is lost by that: the marks are before
// the batch.
func (l *lane) undelivered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		l.saveSeen(true)
		l.log.Warn("stopped before the last batch was delivered; it will be read again", "err", err)
		return nil
	}
	return fmt.Errorf("%s: %w", l.name, err)
}
