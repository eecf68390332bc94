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

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/rules"
	"fluxtrail/parse"
	"fluxtrail/sinks/prom"
)

// trail finds out what the lines mean: attempts, incidents, metrics. It waits for nothing.
type trail struct {
	rules   derive.Config
	metrics prom.Config
	slack   time.Duration // how much later than now a line may still come that was written before
	once    bool          // the clock is that of the records alone
	status  *status
	slot    *prom.Slot
	printer
	waiting *outbox // printer.out, where that is one
	log     *slog.Logger
	trust   *trust

	alerting *rules.LiveOptions // nil where nobody is told
	episodes *episodes          // of the state that was saved last
	moves    *takeover          // what is done when a controller moves, nil where nothing is shared
	shared   *share             // of the state that was saved last
	before   int64              // the engine's time in the state that was restored, 0 for none

	evidence *evidence        // gets what is observed beside the logs, nil for nothing
	reads    map[int32]source // logs that are read
	here     map[controller]bool

	trailState // what is saved

	lines    int              // of the batch
	unparsed map[string]int64 // of the batch, by reason
	fresh    bool             // records came since the last save
	forgot   int64            // when what is old was forgotten last, by the engine's clock
	looked   time.Time        // when silence was looked for last
	told     bool             // observations were given to the engine since the last save
	silent   int              // how many objects were silent then
	last     lastState
	size     int  // of the state when it was saved last
	ended    bool // nothing changes any more
}

// trailState is what the lane saves. The server reads it too.
type trailState struct {
	Engine *derive.Engine     `json:"engine,omitempty"`
	Counts *prom.State        `json:"counts,omitempty"`
	Files  fileTable          `json:"files"`
	Ended  []*derive.Incident `json:"ended"`  // the latest ones, for the status page and the API
	Latest int64              `json:"latest"` // time of the latest record

	Writers map[string]controllerID `json:"writers,omitempty"` // pods whose logs were read
	Taken   map[string]time.Time    `json:"taken,omitempty"`   // incidents that moved here, since when

	Observed observed `json:"observed"` // what waits for the lines of its time

	Unprinted []json.RawMessage `json:"unprinted,omitempty"` // events that nobody read yet
}

const (
	trailBatch  = 8192            // lines
	maxEnded    = 200             // ended incidents that are remembered; metrics count all, events tell all
	forgetEvery = time.Minute     // between two looks for what is old
	lookEvery   = 5 * time.Second // between two looks for silence while no line comes
)

func newTrail(incidents derive.Config, metrics prom.Config) *trail {
	return &trail{
		rules: incidents, metrics: metrics, trailState: newTrailState(incidents, metrics), unparsed: map[string]int64{},
		printer: printer{refused: func(int, error) {}}, reads: map[int32]source{},
	}
}

func newTrailState(incidents derive.Config, metrics prom.Config) trailState {
	return trailState{Engine: derive.New(incidents), Counts: prom.New(metrics)}
}

func (t *trail) addLog(src source) {
	t.Engine.AddSource(src.index, src.Pod)
	t.reads[src.index] = src
}

// group is the same for all logs: a cause and its effects stand in different ones.
func (t *trail) group(source) string { return "" }

func (t *trail) removeLog(src source) {
	t.Engine.RemoveSource(src.index)
	delete(t.reads, src.index)
	t.trust.forget(src)
}

// waits and undelivered: the lane waits for nothing.
func (t *trail) waits(int32) bool { return false }
func (t *trail) undelivered() int { return 0 }

func (t *trail) add(x *lookahead) bool {
	t.lines++
	t.rewind(x.merger.now)
	if t.trust.refuses(x.log(), &x.rec) {
		t.pass(x)
		return t.lines >= trailBatch
	}
	t.observe(x.when)
	if reason := unparsed(x); reason != "" {
		t.unparsed[reason]++
	}
	x.file = t.Files.number(x.At, x.file)
	x.rec.Time = x.when
	t.Engine.Add(&x.rec, derive.Place{
		Source: x.index, File: x.file, Line: x.Line.Num, Offset: x.Line.Offset, Text: x.text, Pod: x.Line.Pod,
	})
	t.Latest = max(t.Latest, x.rec.Time)
	t.fresh = true
	return t.lines >= trailBatch
}

// gather takes what was observed, and says of whose objects more is wanted: those of the
// controllers whose logs are read here.
func (t *trail) gather() {
	if t.evidence == nil {
		return
	}
	t.Observed.add(t.evidence.take())
	t.here = t.controllers()
	t.evidence.want(t.here)
}

// controllers are those of Flux whose logs are read.
func (t *trail) controllers() map[controller]bool {
	all := map[controller]bool{}
	for _, src := range t.reads {
		name, flux := t.trust.controller(src)
		if src.Pod == "" || name == "" || !flux {
			continue
		}
		c := controller{name: name}
		if t.trust.pods != nil {
			meta, _ := t.trust.pods(src.Namespace, src.Pod)
			c.shard = meta.Shard
		}
		all[c] = true
	}
	return all
}

// observe gives the engine what was so before a time.
func (t *trail) observe(before int64) {
	if t.evidence == nil || t.Observed.empty() {
		return
	}
	if t.here == nil {
		t.here = t.controllers()
	}
	take := func(o *derive.Observation) {
		name := parse.ControllerOf(o.Kind)
		if t.here[controller{name, o.Shard}] || t.here[controller{name, ""}] && t.Engine.Knows(o.Ref) {
			kept := *o // the others of its memory are not
			t.Engine.Observe(&kept)
		}
	}
	if t.Observed.Before(before, take, t.Engine.ObserveAll) {
		t.told = true
	}
}

// pass has time go by with a line that is not believed. While such lines are read the lane is not
// idle, and nothing else would move the clock. It moves no further than to where lines that are
// believed may still come.
func (t *trail) pass(x *lookahead) {
	if t.once {
		return
	}
	at := min(x.when, x.merger.now-int64(t.slack))
	t.observe(at)
	if at > t.Engine.Now() {
		t.Engine.Advance(at)
	}
}

// unparsed is why a line was not understood, "" if it was.
func unparsed(x *lookahead) string {
	switch {
	case x.Line.Cut:
		return "cut"
	case x.Line.Partial:
		return "partial"
	}
	return x.rec.Bad.String()
}

// deliver counts and announces what is over.
func (t *trail) deliver(_ context.Context, now time.Time, idle bool) (changed bool, err error) {
	t.lines = 0
	t.gather()
	t.handOver()
	if t.Observed.Next() > now.UnixNano()+tooFar {
		t.Observed.Rewind(now.UnixNano())
	}
	if idle && !t.once {
		t.observe(now.Add(-t.slack).UnixNano())
	}
	t.advance(now, idle)
	attempts := t.Engine.TakeAttempts()
	t.Counts.Add(attempts)
	t.Counts.Lines(t.Engine.TakeCounts())
	_, ended := t.Engine.Take()
	t.remember(ended)
	announced := t.announce()
	for reason, n := range t.unparsed {
		t.Counts.Unparsed(t.Latest, reason, n)
	}
	clear(t.unparsed)
	for reason, n := range t.trust.refused {
		t.Counts.Untrusted(cmp.Or(t.Latest, now.UnixNano()), reason, n)
	}
	clear(t.trust.refused)
	moved := t.moves.took()
	return t.told || moved || announced || len(attempts)+len(ended) > 0 || idle && t.silenceChanged(now), nil
}

// advance moves the engine's clock. With nothing to read it is the wall's, a little behind, so that
// time alone can make an incident fire, a success hold, and a broken promise show. While there is
// something to read the records' clock is right; a clock that was ahead goes back to it.
func (t *trail) advance(now time.Time, idle bool) {
	if t.once {
		return
	}
	t.rewind(now.UnixNano())
	wall := now.Add(-t.slack).UnixNano()
	if !idle || t.fresh {
		wall = min(wall, t.Engine.Now())
	}
	t.Engine.Advance(wall)
}

// rewind takes all that is known back to now where records are of later: the clock was ahead when
// they were written, and was set back since then.
func (t *trail) rewind(now int64) {
	if t.once || t.Latest <= now+tooFar {
		return
	}
	t.log.Warn("the clock was set back: what was told to happen later than now counts as told now", "by", time.Duration(t.Latest-now).String())
	t.Latest = now - int64(t.slack)
	t.Engine.Rewind(t.Latest)
	for _, i := range t.Ended {
		i.Rewind(t.Latest)
	}
}

// silenceChanged reports whether time alone made objects silent.
func (t *trail) silenceChanged(now time.Time) bool {
	if now.Sub(t.looked) < lookEvery {
		return false
	}
	t.looked = now
	before := t.silent
	t.silent = 0
	for _, o := range t.Engine.View().Objects {
		if o.SilentSince != 0 {
			t.silent++
		}
	}
	return t.silent != before
}

// announce counts and prints the steps that incidents took.
func (t *trail) announce() bool {
	for _, event := range t.Unprinted { // of an earlier process
		t.print(printed(event))
	}
	t.Unprinted = nil
	steps := t.Engine.TakeAnnouncements()
	t.Counts.Incidents(steps)
	var event api.Event
	for i := range steps {
		event = newEvent(&steps[i], t.Files.path)
		t.print(&event)
	}
	silences := t.Engine.TakeSilences()
	var silence api.SilenceEvent
	for i := range silences {
		silence = newSilenceEvent(&silences[i])
		t.print(&silence)
	}
	t.flush()
	return len(steps)+len(silences) > 0
}

// remember keeps the latest incidents that ended.
func (t *trail) remember(ended []*derive.Incident) {
	t.Ended = append(t.Ended, ended...)
	if n := len(t.Ended) - maxEnded; n > 0 {
		t.Ended = slices.Clone(t.Ended[n:])
	}
}

// end takes the end of the logs, with once. Nothing more will come to explain what has just opened,
// and a success counts as one that held, as at the end of a replay.
func (t *trail) end() {
	t.Engine.AnnounceNow()
	t.Engine.Settle()
	t.Counts.Add(t.Engine.TakeAttempts())
	_, ended := t.Engine.Take()
	t.remember(ended)
	t.announce()
	t.ended = true
}

// save is the state after everything was announced: after a crash before the state is on disk it is
// announced again, with the same values.
func (t *trail) save() (packed, error) {
	v := t.Engine.View()
	t.Counts.Observe(v)
	if t.alerting != nil {
		list, objects := rules.Episodes(v, t.Ended, *t.alerting)
		if t.moves != nil {
			t.shared = t.shareState(v, list, objects)
		}
		list = append(list, rules.Many(list, objects, *t.alerting)...)
		t.episodes = &episodes{at: derive.Instant(v.At), before: derive.Instant(t.before), list: list}
	}
	t.Files.forget(v.Objects, v.Open, t.Ended)
	t.forget()
	state, err := pack(t.write, t.size)
	t.size = len(state)
	return state, err
}

// forget drops what nothing was heard of for as long as metrics keep it. With once there is no time
// for anything to get old.
func (t *trail) forget() {
	now := t.Engine.Now()
	t.forgot = min(t.forgot, now) // a clock that was ahead
	if !t.once && now-t.forgot > int64(forgetEvery) {
		ttl := int64(cmp.Or(t.metrics.TTL, prom.DefaultTTL))
		t.Engine.Forget(now-ttl, now-min(ttl, int64(prom.DeletedTTL)))
		t.forgot = now
	}
}

// write writes the state. The engine is most of it and is written in pieces.
func (t *trail) write(w io.Writer) error {
	rest := t.trailState
	rest.Engine, rest.Counts = nil, nil
	rest.Unprinted = t.waiting.unprinted()
	return writeWith(w, rest, member{"counts", t.writeCounts}, member{"engine", t.Engine.Save})
}

func (t *trail) writeCounts(w io.Writer) error {
	b, err := t.Counts.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

func (t *trail) restore(saved io.Reader) error {
	s := newTrailState(t.rules, t.metrics)
	if err := s.read(json.NewDecoder(saved)); err != nil {
		return fmt.Errorf("state of incidents: %w", err)
	}
	if s.Engine == nil || s.Counts == nil {
		return errors.New("state of incidents: a part is missing")
	}
	if err := s.validate(); err != nil {
		return fmt.Errorf("state of incidents: %w", err)
	}
	t.trailState = s
	t.before = s.Engine.Now()
	return nil
}

// read reads what write wrote, the engine in small pieces.
func (s *trailState) read(dec *json.Decoder) error {
	rest := map[string]json.RawMessage{}
	err := derive.ReadMembers(dec, func(name string) error {
		switch name {
		case "engine":
			return s.Engine.Load(dec)
		case "counts":
			return dec.Decode(s.Counts)
		}
		var text json.RawMessage
		err := dec.Decode(&text)
		rest[name] = text
		return err
	})
	if err != nil {
		return err
	}
	others, err := json.Marshal(rest)
	if err != nil {
		return err
	}
	return json.Unmarshal(others, s)
}
