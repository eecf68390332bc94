package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

// saving is when and how a lane saved.
type saving struct {
	dirty   bool          // something happened since the last save
	born    time.Time     // when the process had loaded what was saved
	at      time.Time     // when marks and state were saved last, or that was tried
	cost    time.Duration // of that, without what looking at the disk took meanwhile
	aside   time.Duration // the latter
	size    int64         // bytes that were written
	trouble string        // why they were not, "" if they were
	cause   string        // the same without the name of a file that is another one each time
	marks   tail.Marks    // as they were saved, or loaded
	seen    time.Time     // when they were saved last, with what was found since or without
	found   int64         // bytes of files that they were saved with beside
	shown   time.Time     // when the state was shown last
	effort  time.Duration // of that
}

// laneState is the state in the lane's file, beside the marks.
type laneState struct {
	Ahead []savedLine     `json:"ahead,omitempty"`
	Heads []savedLine     `json:"heads,omitempty"` // what version 0.1 calls Ahead; only read
	Agent prom.Agent      `json:"agent"`
	Job   json.RawMessage `json:"job,omitempty"`

	Packed packed `json:"packed,omitempty"` // the job's state where it is large, in base64
}

// large is the compressed size from which a job's state is saved as it is: below, people can read
// the file.
const large = 4 << 10

// diskRate is how many bytes a lane with a large state writes in a second at most, in the long
// run: 8.5 GB a day.
const diskRate = 96 << 10

// saveAnyway is how often an idle lane saves, so that the age of its checkpoint shows whether it
// lives.
const saveAnyway = 30 * time.Second

// young is how long after its start a lane saves as soon as it can. Some logs wait for half a
// second after a start until it is clear what became of their files: a process that does not live
// for much longer, again and again, would read them each time and never save that, until what it
// has to read is rotated away. The time between two saves grows meanwhile with the process's age:
// whenever it ends, a third of its life was saved, at the price of a few saves.
const young = 5 * time.Second

// soonestSave is how long after its start a lane with much to read saves first.
const soonestSave = 250 * time.Millisecond

// checkpoint saves marks and state if there is anything to save, at the end always. While the
// directory cannot be written to, the lane goes on in memory, and says so.
func (l *lane) checkpoint(last bool) {
	now := l.now()
	since := now.Sub(l.saving.at)
	if l.saving.at.IsZero() && l.saving.dirty {
		since = now.Sub(l.saving.born)
	}
	if !last && since < l.due(now) {
		if l.job.undelivered() > 0 {
			l.saveSeen(false)
		}
		return
	}
	l.saving.at, l.saving.dirty, l.saving.aside = now, false, 0
	l.status.step(l.name, savingIt)
	state, err := l.save(now)
	l.saved(err)
	l.saving.cost = l.now().Sub(now) - l.saving.aside
	l.show(last, now, state)
}

// show shows counts and, if that takes no more than a twentieth of the time, the state. A state
// that is not shown is saved again before long, and shown then. How long that takes is known from
// the last time; the first time, in a backlog, the time of saving stands for it.
func (l *lane) show(last bool, now time.Time, state packed) {
	v := l.view(now)
	since, effort := l.saving.shown, l.saving.effort
	if since.IsZero() && l.quiet == 0 {
		since, effort = l.saving.born, l.saving.cost
	}
	if !last && now.Sub(since) < 20*effort {
		state, l.saving.dirty = nil, true
	}
	if last && !l.cfg.once && len(state) > maxLookBack {
		state = nil // nobody will look at it, and it takes its time
	}
	begin := l.now()
	l.counts.publish(true, func(c prom.Agent) { l.job.publish(state, c) })
	l.status.publish(v)
	if state != nil {
		l.saving.shown, l.saving.effort = now, l.now().Sub(begin)
	}
}

// due is how long after the last save the next one is.
func (l *lane) due(now time.Time) time.Duration {
	wait := l.between()
	switch {
	case !l.saving.dirty:
		return max(wait, saveAnyway)
	case now.Sub(l.saving.born) < young:
		return min(wait, max(10*l.saving.cost, 2*l.saving.at.Sub(l.saving.born), soonestSave))
	}
	return wait
}

// between is how long to wait between two saves, so that they take no more than a twentieth of the
// time and no more than diskRate of the disk. What ship delivered and did not save is delivered
// twice after a crash, so it does not wait for long. What trail reads again has no effect outside,
// and its state, which grows with the number of objects, may wait longer.
func (l *lane) between() time.Duration {
	disk := time.Duration(l.saving.size) * time.Second / diskRate
	if l.saving.size <= smallState {
		disk = 0
	}
	if l.cfg.waits {
		return max(min(l.cfg.every, 20*l.saving.cost), min(disk, maxUnsaved))
	}
	return max(min(max(l.cfg.every, 20*l.saving.cost), saveAnyway), min(disk, maxUnshown))
}

// maxUnshown is how long it may hold up one of trail, whose state is shown when it was saved.
const maxUnshown = 45 * time.Second

// smallState is the size up to which the disk's rate does not count. A crash then doubles least,
// and least of what is rotated away meanwhile has to be read again.
const smallState = 128 << 10

// maxUnsaved is how long the disk's rate may hold up a save of ship.
const maxUnsaved = 5 * time.Second

func (l *lane) save(now time.Time) (packed, error) {
	job, err := l.job.save()
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	l.counts.redacted(l.secrets.Counts())
	if l.cfg.file == nil {
		return job, errNoState
	}
	lines := l.input.merger.save()
	ahead := member{"ahead", func(w io.Writer) error { return writeList(w, lines) }}
	state := laneState{Agent: l.counts.toSave(now.UnixNano())}
	saved := member{"job", job.copyTo}
	if len(job) >= large {
		saved = member{"packed", job.copyPacked}
	}
	write := func(w io.Writer) error { return writeWith(w, state, ahead, saved) }
	var size int64
	given, found := l.input.merger.marks(l.input.follow.Marks()), int64(0)
	marks := given
	if l.job.undelivered() > 0 {
		marks, found = l.input.follow.Seen(given) // those of logs that wait are earlier ones
	}
	if err = meanwhile(min(l.cfg.poll, watchEvery), l.lookAside, func() (err error) {
		size, err = tail.SaveState(l.cfg.file, marks, write)
		return err
	}); err != nil {
		return job, err
	}
	l.saving.size, l.saving.marks, l.saving.seen, l.saving.found = size, given, now, found
	l.counts.add(func(a *prom.Agent) { a.SavedAt = now.UnixNano() })
	return job, nil
}

// lookAside looks at the disk while the state is saved.
func (l *lane) lookAside() {
	begin := l.now()
	l.lookOn()
	l.saving.aside += l.now().Sub(begin)
}

var errNoState = errors.New("the state directory cannot be written to: positions and state are kept in memory only, " +
	"and are lost with the process")

// saved counts a save that failed, and logs the first of them for each cause.
func (l *lane) saved(err error) {
	text, why := "", cause(err)
	if err != nil {
		text = err.Error()
		l.counts.add(func(a *prom.Agent) { a.CheckpointFailures++ })
	}
	switch {
	case why == l.saving.cause:
	case err != nil:
		l.log.Error("cannot save the state", "err", err)
	default:
		l.log.Info("the state can be saved again")
	}
	l.saving.trouble, l.saving.cause = text, why
}

// cause is what the system says of an error, or the error's own text.
func cause(err error) string {
	var no syscall.Errno
	switch {
	case err == nil:
		return ""
	case errors.As(err, &no):
		return no.Error()
	}
	return err.Error()
}

// load goes on where the saved state ends. A file that cannot be used was moved aside: the lane
// then starts as for the first time.
func (l *lane) load() error {
	marks, saved, err := l.loadState()
	if err != nil {
		l.log.Error("cannot use the saved state, starting as for the first time", "err", err, "from", l.cfg.tail.From)
		marks, saved = tail.Marks{}, laneState{}
		saved.Agent.CheckpointFailures++
	}
	l.input.merger = newMerger(append(saved.Ahead, saved.Heads...), l.secrets)
	l.input.merger.budget, l.input.merger.raw = l.cfg.ahead, l.cfg.raw
	l.counts.restore(l.name, saved.Agent, l.now().UnixNano())
	l.input.follow, err = tail.NewFollower(l.cfg.tail, marks)
	l.saving.born = l.now()
	l.saving.marks, l.saving.seen = marks, l.saving.born
	return err
}

func (l *lane) loadState() (tail.Marks, laneState, error) {
	if l.cfg.file == nil {
		return tail.Marks{}, laneState{}, nil
	}
	marks, state, err := tail.LoadState(l.cfg.file)
	if err != nil || state == nil {
		return marks, laneState{}, err
	}
	saved, err := l.restore(state)
	if err != nil { // the marks are of no use without what was reached there
		err = l.cfg.file.Load(func([]byte) error { return err })
	}
	return marks, saved, err
}

// restore has the job go on from a saved state.
func (l *lane) restore(state json.RawMessage) (saved laneState, err error) {
	if err := json.Unmarshal(state, &saved); err != nil {
		return saved, err
	}
	if err := saved.Agent.Validate(); err != nil {
		return saved, err
	}
	job := io.Reader(bytes.NewReader(saved.Job))
	if size := int64(len(saved.Packed)); l.cfg.largest > 0 && size > l.cfg.largest {
		return saved, fmt.Errorf("%w: it has %d compressed bytes, the memory limit has room for %d", checkpoint.ErrLarge, size, l.cfg.largest)
	}
	if saved.Packed != nil {
		r, err := saved.Packed.unpack()
		if err != nil {
			return saved, err
		}
		defer r.Close()
		job = r
	} else if saved.Job == nil {
		return saved, nil
	}
	saved.Job, saved.Packed = nil, nil
	return saved, l.job.restore(job)
}
