package agent

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// saving is when and how a lane saved.
type saving struct {
	dirty   bool          // something happened since the last save
	at      time.Time     // when marks and state were saved last, or that was tried
	cost    time.Duration // of that
	trouble string        // why they were not, "" if they were
}

// laneState is the state in the lane's file, beside the marks.
type laneState struct {
	Ahead []savedLine     `json:"ahead,omitempty"`
	Heads []savedLine     `json:"heads,omitempty"` // what version 0.1 calls Ahead; only read
	Agent prom.Agent      `json:"agent"`
	Job   json.RawMessage `json:"job,omitempty"`
}

// saveAnyway is how often an idle lane saves, so that the age of its checkpoint shows whether it
// lives.
const saveAnyway = 30 * time.Second

// checkpoint saves marks and state if there is anything to save, at the end always. While the
// directory cannot be written to, the lane goes on in memory, and says so.
func (l *lane) checkpoint(last bool) {
	now := l.now()
	since := now.Sub(l.saving.at)
	if !last && since < saveAnyway && (since < l.between() || !l.saving.dirty) {
		return
	}
	l.saving.at, l.saving.dirty = now, false
	l.status.step(l.name, savingIt)
	state, err := l.save(now)
	l.saved(err)
	l.saving.cost = l.now().Sub(now)
	v := l.view(now)
	l.counts.publish(true, func(c prom.Agent) { l.job.publish(state, c) })
	l.status.publish(v)
}

// between is how long to wait between two saves, so that they take no more than a twentieth of the
// time. What ship delivered and did not save is delivered twice after a crash, so it saves as often
// as that allows. What trail reads again has no effect outside, and its state, which grows with the
// number of objects, may wait longer.
func (l *lane) between() time.Duration {
	if l.cfg.waits {
		return min(l.cfg.every, 20*l.saving.cost)
	}
	return min(max(l.cfg.every, 20*l.saving.cost), saveAnyway)
}

func (l *lane) save(now time.Time) (packed, error) {
	job, err := l.job.save()
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	l.counts.redacted(l.secrets.Counts())
	if l.cfg.file == nil {
		return job, errNoState
	}
	state := laneState{Ahead: l.input.merger.save(), Agent: l.counts.toSave(now.UnixNano())}
	write := func(w io.Writer) error { return writeWith(w, state, "job", job.copyTo) }
	if err := tail.SaveState(l.cfg.file, l.input.merger.marks(l.input.follow.Marks()), write); err != nil {
		return job, err
	}
	l.counts.add(func(a *prom.Agent) { a.SavedAt = now.UnixNano() })
	return job, nil
}

var errNoState = errors.New("the state directory cannot be written to: positions and state are kept in memory only, " +
	"and are lost with the process")

// saved counts a save that failed, and logs the first of them.
func (l *lane) saved(err error) {
	text := ""
	if err != nil {
		text = err.Error()
		l.counts.add(func(a *prom.Agent) { a.CheckpointFailures++ })
	}
	switch {
	case text == l.saving.trouble:
	case err != nil:
		l.log.Error("cannot save the state", "err", err)
	default:
		l.log.Info("the state can be saved again")
	}
	l.saving.trouble = text
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
	l.counts.restore(l.name, saved.Agent, l.now().UnixNano())
	l.input.follow, err = tail.NewFollower(l.cfg.tail, marks)
	return err
}

func (l *lane) loadState() (tail.Marks, laneState, error) {
	var saved laneState
	if l.cfg.file == nil {
		return tail.Marks{}, saved, nil
	}
	marks, state, err := tail.LoadState(l.cfg.file)
	if err != nil || state == nil {
		return marks, saved, err
	}
	if err := json.Unmarshal(state, &saved); err != nil || saved.Job == nil {
		return marks, saved, err
	}
	return marks, saved, l.job.restore(saved.Job)
}
