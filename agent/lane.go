package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"path/filepath"
	"sync"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive/export"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// job is what a lane does with its lines: ship sends them to Loki, trail finds out what they mean. It is used by the lane's goroutine alone.
type job interface {
	// met is told of each log before its first line. Logs for which it gives the same name are read in the order of time, others in turn.
	met(*source) string
	// left is told of each log that is gone, after its last line was added.
	left(*source)
	// add takes a line, which is valid during the call, and reports whether the batch is full.
	add(*head) (full bool)
	// deliver returns when all that was added is where it belongs, or will never be (see sinks.Sink). rest tells that nothing was added, and
	// that there is nothing to read at now. Whether anything changed that is worth saving is the result.
	deliver(ctx context.Context, now time.Time, rest bool) (changed bool, err error)
	// save gives the state that was reached by all that was delivered; it is called after deliver only.
	save() (packed, error)
	restore(json.RawMessage) error
	// saved tells that the state is on disk, or that there is no disk to put it on. What was not to be seen before may be shown. Without a state
	// it tells the agent's counts alone.
	saved(packed, prom.Agent)
}

// lane reads all logs, has its job do something with each line, and saves its marks together with the job's state only after the job has delivered.
// It is one goroutine; what others see of it goes through the job's saved and the board, both by atomic pointers.
type lane struct {
	name    string
	cfg     laneConfig
	job     job
	secrets *redact.Redactor // of this goroutine
	log     *slog.Logger
	status  *status
	now     func() time.Time
	pods    podLookup

	follow *tail.Follower
	heads  *heads
	counts sync.Mutex       // of agent, while a delivery counts what becomes of it and the lane looks at the disk
	agent  prom.Agent       // counts go on over restarts
	saved  prom.Agent       // as of the last checkpoint; its maps are those of agent
	base   map[string]int64 // redactions before this process

	lines   int64 // of the batch
	bytes   int64 // of these lines
	begun   time.Time
	polled  time.Time
	stale   bool          // the logs were looked at since heads read them
	change  uint64        // of the logs that heads knows
	cost    time.Duration // of the last save
	dirty   bool          // something happened since the last save
	written time.Time     // when marks and state were saved last, or that was tried
	unseen  string        // what could not be looked at
	trouble string        // why they were not, "" if they were
}

// laneConfig is what both lanes have in common.
type laneConfig struct {
	tail  tail.FollowConfig
	poll  time.Duration
	every time.Duration // between two saves, at the least
	path  string        // of the state file, "" to keep the state in memory
	once  bool          // end when everything was read
	waits bool          // a delivery may take long
	wait  time.Duration // how long a batch is collected that is not full
}

// laneState is the state in the lane's file, beside the marks.
type laneState struct {
	Heads []savedHead     `json:"heads,omitempty"`
	Agent prom.Agent      `json:"agent"`
	Job   json.RawMessage `json:"job,omitempty"`
}

// saveAnyway is how often an idle lane saves, so that the age of its checkpoint tells whether it lives.
const saveAnyway = 30 * time.Second

// run is THE loop. ctx ends reading; hard ends a delivery that is under way.
func (l *lane) run(ctx, hard context.Context) error {
	if err := l.load(); err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	defer l.status.end(l.name)
	defer l.follow.Close()
	quiet := 0
	for {
		l.look()
		rest := l.fill(ctx)
		if rest && l.collects(ctx) {
			l.pause(ctx)
			continue
		}
		n := l.lines
		changed, err := l.deliver(hard, rest && n == 0 && l.finished(quiet))
		if err != nil && !sinks.IsPermanent(err) {
			return l.undelivered(ctx, err)
		}
		l.heads.delivered()
		if quiet++; n > 0 || changed {
			quiet, l.dirty = 0, true
		}
		done := ctx.Err() != nil || l.cfg.once && rest && l.finished(quiet)
		l.checkpoint(done)
		if done {
			return nil
		}
		if rest {
			l.pause(ctx)
		}
	}
}

// pause waits until it is time to look again. What the lane did meanwhile counts, so that a slow delivery makes no line older than it has to be.
func (l *lane) pause(ctx context.Context) {
	if d := l.cfg.poll - l.now().Sub(l.polled); d > 0 {
		_ = sinks.Sleep(ctx, min(d, l.cfg.poll)) // the loop looks at ctx
	}
}

// collects reports whether the batch waits for more lines.
func (l *lane) collects(ctx context.Context) bool {
	return l.lines > 0 && ctx.Err() == nil && l.now().Sub(l.begun) < l.cfg.wait
}

// look finds out what happened on disk, and what was lost there.
func (l *lane) look() {
	if now := l.now(); now.Sub(l.polled) >= l.cfg.poll {
		l.poll(now)
	}
	if l.stale {
		if !l.cfg.once {
			l.heads.now = l.now().UnixNano()
		}
		if change := l.follow.Change(); change != l.change {
			l.heads.sync(l.follow.Live(), l.job.met)
			l.change = change
		}
		l.heads.read(l.job.left)
		l.stale = false
	}
	if l.written.IsZero() {
		l.status.publish(l.view(l.now())) // the first batch may wait for long
	}
}

func (l *lane) poll(now time.Time) {
	err := l.follow.Poll(now)
	l.polled, l.stale = now, true
	text := ""
	if err != nil {
		text = err.Error()
	}
	if text != l.unseen && err != nil {
		l.log.Warn("cannot read all logs", "err", err)
	}
	l.unseen = text
	l.countLoss()
}

// deliver has the job deliver. When that may take long the lane goes on looking at the disk: files that are rotated and deleted meanwhile have
// to be opened before they are gone. The job then has all of the lane but the follower and, in turns, the counts.
func (l *lane) deliver(hard context.Context, rest bool) (changed bool, err error) {
	if !l.cfg.waits { // nobody else counts what such a lane does
		l.agent.SentLines += l.lines
		l.agent.SentBytes += l.bytes
	}
	n := l.lines
	if l.lines, l.bytes = 0, 0; n == 0 || !l.cfg.waits {
		return l.job.deliver(hard, l.now(), rest)
	}
	err = meanwhile(l.cfg.poll, l.watch, func() (err error) {
		changed, err = l.job.deliver(hard, l.now(), false)
		return err
	})
	return changed, err
}

// watch looks at the disk, and shows how far the lane is behind and what it lost.
func (l *lane) watch() {
	now := l.now()
	_ = l.follow.Poll(now) // the error comes again with the next
	l.stale, l.polled = true, time.Time{}
	l.counts.Lock()
	defer l.counts.Unlock()
	l.countLoss()
	l.status.publish(l.view(now))
	agent := l.saved // what was sent counts when it is saved: after a crash it is sent again
	agent.Files, agent.Unreadable = l.agent.Files, l.agent.Unreadable
	l.job.saved(nil, agent)
}

// fill hands lines on until the batch is full or all logs are at their end, which rest tells.
func (l *lane) fill(ctx context.Context) (rest bool) {
	if l.lines == 0 {
		l.begun = l.now()
	}
	for ctx.Err() == nil {
		h := l.heads.next()
		if h == nil {
			return true
		}
		l.lines++
		l.bytes += int64(len(h.text))
		full := l.job.add(h)
		if l.heads.taken(); full {
			return false
		}
	}
	return false
}

// finished reports whether everything was read that there is. Between two files of a log there may be a pause, until the first of them is known to be
// complete. A line whose end is not written yet is not waited for long. quiet counts the rounds without any line.
func (l *lane) finished(quiet int) bool {
	waited := time.Duration(quiet) * l.cfg.poll
	return quiet > 0 && l.follow.Lag().Bytes == 0 || waited > 2*l.cfg.tail.QuietAfter+time.Second
}

// undelivered ends the lane. When it was told to end, nothing is lost by that: the marks are before the batch.
func (l *lane) undelivered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		l.log.Warn("stopped before the last batch was delivered; it will be read again", "err", err)
		return nil
	}
	return fmt.Errorf("%s: %w", l.name, err)
}

// checkpoint saves marks and state if there is anything to save, at the end always. While the directory cannot be written to, the lane goes
// on in memory, and says so.
func (l *lane) checkpoint(last bool) {
	now := l.now()
	since := now.Sub(l.written)
	if !last && since < saveAnyway && (since < l.between() || !l.dirty) {
		return
	}
	l.written, l.dirty = now, false
	state, err := l.save(now)
	l.note(err)
	l.cost = l.now().Sub(now)
	v := l.view(now)
	l.saved = l.agent
	l.job.saved(state, l.agent)
	l.status.publish(v)
}

// between is how long to wait between two saves, so that they take no more than a twentieth of the time. What ship delivered and did not save
// is delivered twice after a crash, so it saves as often as that allows; what trail reads again nobody sees, and its state, which grows with the
// number of objects, may wait longer.
func (l *lane) between() time.Duration {
	if l.cfg.waits {
		return min(l.cfg.every, 20*l.cost)
	}
	return min(max(l.cfg.every, 20*l.cost), saveAnyway)
}

func (l *lane) save(now time.Time) (packed, error) {
	job, err := l.job.save()
	if err != nil {
		return nil, fmt.Errorf("encode state: %w", err)
	}
	l.countRedactions()
	agent := l.agent
	agent.SavedAt, agent.Files, agent.Unreadable = now.UnixNano(), nil, 0
	if l.cfg.path == "" {
		return job, errNoState
	}
	state := laneState{Heads: l.heads.save(), Agent: agent}
	write := func(w io.Writer) error { return writeWith(w, state, "job", job.copyTo) }
	if err := tail.SaveState(l.cfg.path, l.follow.Marks(), write); err != nil {
		return job, err
	}
	l.agent.SavedAt = agent.SavedAt
	return job, nil
}

var errNoState = errors.New("the state directory cannot be written to: positions and state are kept in memory only, and are lost with the process")

// note counts a save that failed, and logs the first of them.
func (l *lane) note(err error) {
	text := ""
	if err != nil {
		text = err.Error()
		l.agent.CheckpointFailures++
	}
	if text != l.trouble {
		if err != nil {
			l.log.Error("cannot save the state", "err", err)
		} else {
			l.log.Info("the state can be saved again")
		}
	}
	l.trouble = text
}

// load goes on where the saved state ends. A file that cannot be used was moved aside: the lane then starts as for the first time.
func (l *lane) load() error {
	var marks tail.Marks
	var saved laneState
	if l.cfg.path != "" {
		var state json.RawMessage
		var err error
		marks, state, err = tail.LoadState(l.cfg.path)
		if err == nil && state != nil {
			err = l.unpack(state, &saved)
		}
		if err != nil {
			l.log.Error("cannot use the saved state, starting as for the first time", "err", err, "from", l.cfg.tail.From)
			marks, saved = tail.Marks{}, laneState{}
			saved.Agent.CheckpointFailures++
		}
	}
	var err error
	l.follow, err = tail.NewFollower(l.cfg.tail, marks)
	l.heads, l.agent = newHeads(saved.Heads, l.secrets), saved.Agent
	l.agent.Lane, l.base = l.name, saved.Agent.Redactions
	if l.agent.Since == 0 {
		l.agent.Since = l.now().UnixNano()
	}
	for _, m := range []*map[string]int64{&l.agent.Retries, &l.agent.DroppedLines, &l.agent.DroppedBytes} {
		if *m == nil {
			*m = map[string]int64{}
		}
	}
	l.saved = l.agent
	return err
}

func (l *lane) unpack(state json.RawMessage, into *laneState) error {
	if err := json.Unmarshal(state, into); err != nil {
		return err
	}
	if into.Job == nil {
		return nil
	}
	return l.job.restore(into.Job)
}

func (l *lane) countLoss() {
	for _, loss := range l.follow.Loss() {
		l.lose(loss)
	}
}

// lose counts what a file no longer had, and says what it was. Where nobody knows how many lines that were, it was one at least; where
// nobody knows of any byte either, perhaps none.
func (l *lane) lose(loss tail.Loss) {
	reason := string(loss.Reason)
	lines := loss.Lines
	if lines < 0 {
		lines = min(1, loss.Bytes)
	}
	l.agent.DroppedLines[reason] += lines
	l.agent.DroppedBytes[reason] += loss.Bytes
	at := slog.LevelWarn
	if loss.Reason == tail.LossSkipped {
		at = slog.LevelInfo // as configured
	}
	l.log.Log(context.Background(), at, "part of a log was not delivered", "source", loss.Source, "path", loss.Path, "reason", reason,
		"bytes", loss.Bytes, "lines", loss.Lines, "at_least", loss.AtLeast, "from", loss.From, "to", loss.To)
}

func (l *lane) countRedactions() {
	counts := map[string]int64{}
	for kind, n := range l.base {
		counts[kind] = n
	}
	for kind, n := range l.secrets.Counts() {
		counts[kind] += int64(n)
	}
	l.agent.Redactions = counts
}

// view is what others may know of the lane.
func (l *lane) view(now time.Time) *laneStatus {
	v := &laneStatus{Lane: api.Lane{
		Name: l.name, Running: true, At: api.Time{Time: now}, SavedAt: export.Time(l.agent.SavedAt), Trouble: l.trouble,
		Dropped: maps.Clone(l.agent.DroppedLines), Unread: []api.Unread{},
	}}
	for _, p := range l.follow.Problems() {
		v.Unread = append(v.Unread, api.Unread{Path: p.Path, Error: p.Error()})
	}
	l.agent.Unreadable, l.agent.Files = int64(len(v.Unread)), l.agent.Files[:0]
	v.targets = make([]api.Target, 0, len(l.follow.Live()))
	for _, live := range l.follow.Live() {
		t, since := l.target(live)
		v.targets = append(v.targets, t)
		v.LagBytes += t.LagBytes
		l.agent.Files = append(l.agent.Files, prom.FileLag{Path: t.Path, Bytes: t.LagBytes, WaitingSince: since})
	}
	v.Targets = len(v.targets)
	return v
}

// target describes a log, and since when its oldest byte waits, in Unix nanoseconds: 0 for none.
func (l *lane) target(live *tail.Live) (api.Target, int64) {
	src, at, stat, lag := live.Source(), live.Place(), live.Stat(), live.Lag()
	ahead := l.heads.lag(src.Name)
	if lag.Bytes += ahead.Bytes; !ahead.Since.IsZero() { // what was read is older than what was not
		lag.Since = ahead.Since
	}
	t := api.Target{
		Namespace: src.Namespace, Pod: src.Pod, Container: src.Container, Path: at.Path, Format: stat.Format,
		Lines: stat.Lines, Bytes: stat.Bytes, Offset: live.Line().Offset, LagBytes: lag.Bytes,
	}
	if l.pods != nil {
		t.PodMeta, _ = l.pods(src.Namespace, src.Pod)
	}
	if n := len(src.Files); t.Path == "" && n > 0 {
		t.Path = src.Files[n-1].Path
	}
	if stat.Err != nil {
		t.Error = stat.Err.Error()
	}
	if lag.Since.IsZero() {
		return t, 0
	}
	t.WaitingSince = lag.Since.UTC().Format(time.RFC3339)
	return t, lag.Since.UnixNano()
}

func statePath(dir, lane string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, lane+".json")
}
