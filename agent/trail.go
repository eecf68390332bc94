package agent

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"fluxtrail/derive"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// trail finds out what the lines mean: attempts, incidents, metrics. It waits for nobody.
type trail struct {
	cfg     derive.Config
	metrics prom.Config
	slack   time.Duration // how much later than now a line may still come that was written before
	once    bool          // the clock is that of the records alone
	status  *status
	slot    *prom.Slot
	out     io.Writer // incident transitions
	log     *slog.Logger

	engine *derive.Engine
	counts *prom.State
	files  fileTable
	ended  []*derive.Incident // the latest ones, for the status page and the API

	lines    int              // of the batch
	unparsed map[string]int64 // of the batch
	latest   int64            // time of the latest record
	forgot   int64            // when what is old was forgotten last
	fresh    bool             // records came since the last save
	seen     time.Time        // when stirs looked last,
	silent   int              // and how many objects were silent then
	quiet    packed           // the state as the last record left it
}

const (
	trailBatch = 8192 // lines
	// maxEnded is how many ended incidents are remembered. Metrics count all of them, and the lines on standard output tell each.
	maxEnded = 200
	// forgetEvery is how often what is old is forgotten.
	forgetEvery = time.Minute
	// seeEvery is how often silence is looked for while no line comes.
	seeEvery = 5 * time.Second
)

// trailState is what the lane saves. The server reads it too.
type trailState struct {
	Engine *derive.Engine     `json:"engine,omitempty"`
	Counts *prom.State        `json:"counts"`
	Files  fileTable          `json:"files"`
	Ended  []*derive.Incident `json:"ended"`
	Latest int64              `json:"latest"`
}

func newTrail(cfg derive.Config, metrics prom.Config) *trail {
	return &trail{cfg: cfg, metrics: metrics, engine: derive.New(cfg), counts: prom.New(metrics), unparsed: map[string]int64{}}
}

func (t *trail) addLog(src source) { t.engine.AddSource(src.index, src.Pod) }

// group is the same for all logs: causes and effects stand in different ones.
func (t *trail) group(source) string { return "" }

func (t *trail) removeLog(src source) { t.engine.RemoveSource(src.index) }

func (t *trail) add(h *lookahead) bool {
	if reason := unparsed(h); reason != "" {
		t.unparsed[reason]++
	}
	h.file = t.files.number(h.At, h.file)
	h.rec.Time = h.when
	t.engine.Add(&h.rec, derive.Place{Source: h.index, File: h.file, Line: h.Line.Num, Offset: h.Line.Offset, Text: h.text, Pod: h.Line.Pod})
	t.latest = max(t.latest, h.rec.Time)
	t.fresh = true
	t.lines++
	return t.lines >= trailBatch
}

// unparsed is why a line was not understood, "" if it was.
func unparsed(h *lookahead) string {
	switch {
	case h.Line.Cut:
		return "cut"
	case h.Line.Partial:
		return "partial"
	}
	return h.rec.Bad.String()
}

// deliver counts what is over. With nothing to read the clock is the wall's, a little behind, so that time alone can make an incident fire, a
// success hold, and a broken promise show.
func (t *trail) deliver(_ context.Context, now time.Time, rest bool) (changed bool, err error) {
	t.lines = 0
	if wall := now.Add(-t.slack).UnixNano(); !t.once {
		if !rest || t.fresh {
			wall = min(wall, t.engine.Now()) // a clock that was ahead goes back, but while there is something to read the records' is right
		}
		t.engine.Advance(wall)
	}
	attempts := t.engine.TakeAttempts()
	t.counts.Add(attempts)
	t.counts.Lines(t.engine.TakeCounts())
	_, ended := t.engine.Take()
	t.remember(ended)
	announced := t.announce()
	for reason, n := range t.unparsed {
		t.counts.Unparsed(t.latest, reason, n)
	}
	clear(t.unparsed)
	return announced || len(attempts)+len(ended) > 0 || rest && t.stirs(now), nil
}

// stirs reports whether time alone made objects silent.
func (t *trail) stirs(now time.Time) bool {
	if now.Sub(t.seen) < seeEvery {
		return false
	}
	t.seen = now
	v := t.engine.View()
	silent := 0
	for i := range v.Objects {
		if v.Objects[i].SilentSince != 0 {
			silent++
		}
	}
	stirs := silent != t.silent
	t.silent = silent
	return stirs
}

// save gives the state, after everything was announced: after a crash before the state is on disk it is announced again, with
// the same values. With --once nothing more will come to explain what has just opened.
func (t *trail) save() (packed, error) {
	if t.once {
		t.engine.AnnounceNow()
		t.announce()
	}
	v := t.engine.View()
	t.counts.Observe(v)
	t.files.forget(t.used(v))
	t.forget()
	return pack(t.write)
}

// forget lets go of what nothing was heard of for as long as metrics keep it. With --once there is no time for anything to get old.
func (t *trail) forget() {
	now := t.engine.Now()
	t.forgot = min(t.forgot, now) // a clock that was ahead
	if !t.once && now-t.forgot > int64(forgetEvery) {
		ttl := int64(cmp.Or(t.metrics.TTL, prom.DefaultTTL))
		t.engine.Forget(now-ttl, now-min(ttl, int64(prom.DeletedTTL)))
		t.forgot = now
	}
}

// write writes the state as a trailState. The engine is most of it.
func (t *trail) write(w io.Writer) error {
	return writeWith(w, trailState{nil, t.counts, t.files, t.ended, t.latest}, "engine", t.engine.Save)
}

// announce counts and prints the steps that incidents took.
func (t *trail) announce() bool {
	announcements := t.engine.TakeAnnouncements()
	t.counts.Incidents(announcements)
	for i := range announcements {
		if err := printEvent(t.out, newEvent(&announcements[i], t.path)); err != nil {
			t.log.Error("cannot print incidents", "err", err)
		}
	}
	return len(announcements) > 0
}

// path is the name of a file of evidence.
func (t *trail) path(file int32) string { return t.files[file].Path }

// remember keeps the latest incidents that ended.
func (t *trail) remember(ended []*derive.Incident) {
	t.ended = append(t.ended, ended...)
	if n := len(t.ended) - maxEnded; n > 0 {
		t.ended = slices.Clone(t.ended[n:])
	}
}

// used are the files that an incident names a line of.
func (t *trail) used(v derive.View) map[int32]bool {
	used := map[int32]bool{}
	note := func(i *derive.Incident) {
		for _, ev := range i.Evidence() {
			used[ev.File] = true
		}
	}
	for _, i := range v.Open {
		note(i)
	}
	for _, i := range t.ended {
		note(i)
	}
	return used
}

func (t *trail) restore(state json.RawMessage) error {
	s := trailState{Engine: derive.New(t.cfg), Counts: prom.New(t.metrics)}
	if err := json.Unmarshal(state, &s); err != nil {
		return fmt.Errorf("state of incidents: %w", err)
	}
	if s.Engine == nil || s.Counts == nil {
		return errors.New("state of incidents: a part is missing")
	}
	t.engine, t.counts, t.files, t.ended, t.latest = s.Engine, s.Counts, s.Files, s.Ended, s.Latest
	return nil
}

// publish shows the metrics and the snapshot. The snapshot as of the last record is kept beside the
// current one: it is what replay would tell.
func (t *trail) publish(state packed, agent prom.Agent) {
	t.slot.Publish(t.counts, agent)
	if state != nil {
		if t.fresh || t.quiet == nil {
			t.quiet = state
		}
		t.status.snapshot.Store(&snapshot{now: state, last: t.quiet})
	}
	t.fresh = false
}

// fileTable gives the files that incidents name numbers, which stay the same over restarts.
type fileTable []fileEntry

// fileEntry is a file. A free one has no path.
type fileEntry struct {
	Path     string `json:"path"`
	Dev, Ino uint64
}

// number finds or admits a file. It probably has the number that it had for the line before.
func (t *fileTable) number(at tail.Place, before int32) int32 {
	if int(before) < len(*t) && (*t)[before].is(at) {
		return before
	}
	free := len(*t)
	for i := range *t {
		e := &(*t)[i]
		if e.is(at) {
			e.Path = at.Path // it may have been rotated meanwhile
			return int32(i)
		}
		if e.Path == "" {
			free = i
		}
	}
	if free == len(*t) {
		*t = append(*t, fileEntry{})
	}
	(*t)[free] = fileEntry{at.Path, at.Dev, at.Ino}
	return int32(free)
}

// is reports whether the place is in the file. Where the system knows no numbers of files the path has to do.
func (e *fileEntry) is(at tail.Place) bool {
	return e.Path != "" && e.Ino == at.Ino && e.Dev == at.Dev && (at.Ino != 0 || e.Path == at.Path)
}

// maxFiles is how many files are remembered before those are forgotten that no incident names.
const maxFiles = 64

func (t fileTable) forget(used map[int32]bool) {
	if len(t) <= maxFiles {
		return
	}
	for i := range t {
		if !used[int32(i)] {
			t[i] = fileEntry{}
		}
	}
}
