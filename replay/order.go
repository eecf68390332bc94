package replay

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"time"

	"fluxtrail/parse"
	"fluxtrail/tail"
)

// A viewer or an export may give the newest line first, or one pod after the other. Reading goes by
// the order of the file until a line is older than one before it by more than slack; then
// everything is read again, with the lines of such a file put in the order of time. Logs in the
// kubelet's layout are left as they are: their order is true whatever the clock said.

// slack is how far back a line's time may step without a file being out of order: programs that
// write at the same time, and viewers that mix pods, do not keep to the second.
const slack = int64(2 * time.Second)

// How a file was put in order, for the report.
const (
	orderReversed = "newest first: reversed"
	orderByTime   = "put in order by time"
)

// lines are the lines of one log, as tail.Reader gives them.
type lines interface {
	Next() bool
	Line() *tail.Line
	FileIndex() int
	Stats() []tail.FileStat
	Close() error
}

// ordered gives the lines of a log in the order of time. It reads the log twice, and keeps lines in
// memory up to a limit, beyond that in a temporary file.
type ordered struct {
	kept  spill[keptLine]
	next  func() (int64, keptLine, bool)
	stop  func()
	now   keptLine
	line  tail.Line
	stats []tail.FileStat
	how   string
}

// keptLine is a line that is kept until its turn comes.
type keptLine struct {
	Line tail.Line
	File int
}

const linesInMemory = 40_000 // about 40 MB

// order reads the log and puts it in order. ctx ends it early.
func order(ctx context.Context, open func() *tail.Reader) (*ordered, error) {
	o := &ordered{kept: spill[keptLine]{limit: linesInMemory}, how: orderByTime}
	steps := map[string]int{} // by pod: steps forward in time less steps back
	if err := eachTime(ctx, open(), stepper(steps)); err != nil {
		return nil, err
	}
	forward := false
	for _, n := range steps {
		forward = forward || n >= 0
	}
	if !forward {
		o.how = orderReversed
	}
	r := open()
	keeper := keeper{to: o, steps: steps, waiting: map[string][]keptLine{}, near: map[string]int64{}}
	if err := eachTime(ctx, r, keeper.take); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	keeper.finish()
	o.stats = r.Stats()
	o.next, o.stop = iter.Pull2(o.kept.all())
	return o, keeper.err
}

// eachTime calls f with each line, the file that it begins in, and its time, 0 for none.
func eachTime(ctx context.Context, r *tail.Reader, f func(line *tail.Line, file int, at int64)) error {
	defer r.Close()
	var rec parse.Record
	for n := 0; r.Next(); n++ {
		if n%batchLines == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line := r.Line()
		parse.Parse(line.Text, line.Time, &rec)
		at := rec.Time
		if at == 0 {
			at = line.Time
		}
		f(line, r.FileIndex(), at)
	}
	return ctx.Err()
}

// stepper counts, for each pod, whether time goes forward or back.
func stepper(steps map[string]int) func(*tail.Line, int, int64) {
	last := map[string]int64{}
	return func(line *tail.Line, _ int, at int64) {
		if at == 0 {
			return
		}
		switch was := last[line.Pod]; {
		case was != 0 && at > was:
			steps[line.Pod]++
		case at < was:
			steps[line.Pod]--
		}
		last[line.Pod] = at
	}
}

// keeper gives each line its place. A line without a time belongs to the one that was written
// before it: that stands before it in the file, or behind it where the newest comes first.
type keeper struct {
	to      *ordered
	steps   map[string]int
	near    map[string]int64
	waiting map[string][]keptLine // newest first: lines whose time is still to come
	seq     int64
	err     error
}

func (k *keeper) take(line *tail.Line, file int, at int64) {
	kept := keptLine{*line, file}
	kept.Line.Text = bytes.Clone(line.Text)
	back := k.steps[line.Pod] < 0
	switch {
	case at != 0:
		k.near[line.Pod] = at
		k.release(line.Pod, at)
		k.keep(at, kept, back)
	case back:
		k.waiting[line.Pod] = append(k.waiting[line.Pod], kept)
	default:
		k.keep(k.near[line.Pod], kept, back)
	}
}

// release gives waiting lines a time.
func (k *keeper) release(pod string, at int64) {
	for _, kept := range k.waiting[pod] {
		k.keep(at, kept, true)
	}
	delete(k.waiting, pod)
}

func (k *keeper) finish() {
	for pod := range k.waiting {
		k.release(pod, k.near[pod])
	}
}

func (k *keeper) keep(at int64, kept keptLine, back bool) {
	k.seq++
	seq := k.seq
	if back {
		seq = -seq
	}
	if err := k.to.kept.addAt(at, seq, kept); err != nil && k.err == nil {
		k.err = err
	}
}

// Next moves to the next line.
func (o *ordered) Next() bool {
	_, kept, ok := o.next()
	if ok {
		o.now, o.line = kept, kept.Line
	}
	return ok
}

// Line is the current line.
func (o *ordered) Line() *tail.Line { return &o.line }

// FileIndex is the file where it begins.
func (o *ordered) FileIndex() int { return o.now.File }

// Stats tells what reading the files came to. It is called at the end of the lines.
func (o *ordered) Stats() []tail.FileStat {
	for i := range o.stats {
		if o.kept.err != nil && o.stats[i].Err == nil {
			o.stats[i].Err = o.kept.err
		}
	}
	return o.stats
}

// Close gives the temporary file back.
func (o *ordered) Close() error {
	if o.stop != nil {
		o.stop()
	}
	o.kept.close()
	return nil
}
