package derive

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"fluxtrail/parse"
)

// stateVersion changes with every change of what a saved state means.
const stateVersion = 3

// state is an Engine as it is saved. It holds what future records can depend on; samples of durations are not among that, they only serve
// a replay's report.
type state struct {
	Objects []objectState `json:"objects"` // by Ref
	otherState
}

// otherState is what there is beside the objects.
type otherState struct {
	Version int          `json:"version"`
	Now     int64        `json:"now"`
	Told    int64        `json:"told"`
	Errors  []errorState `json:"errors"`
	Pods    []*Pod       `json:"pods"`
}

type objectState struct {
	Ref        Ref            `json:"ref"`
	Controller string         `json:"controller"`
	Status     Status         `json:"status,omitzero"`
	Ready      string         `json:"ready"`
	Since      int64          `json:"since,omitzero"`
	Reason     string         `json:"reason,omitzero"`
	Revision   string         `json:"revision,omitzero"`
	Raw        string         `json:"raw,omitzero"`
	Good       string         `json:"good,omitzero"`
	LastGood   string         `json:"last_good,omitzero"`
	Revs       [4]string      `json:"revs,omitzero"`
	RevsNext   int            `json:"revs_next,omitzero"`
	Message    string         `json:"message,omitzero"`
	Counts     Counts         `json:"counts,omitzero"`
	Promise    Promise        `json:"promise,omitzero"`
	Silence    Silence        `json:"silence,omitzero"`
	Broken     int64          `json:"broken,omitzero"`
	Ended      int64          `json:"ended,omitzero"`
	Run        attemptState   `json:"run,omitzero"`
	Before     attemptState   `json:"before,omitzero"`
	Latest     Run            `json:"latest,omitzero"`
	Pending    pendingState   `json:"pending,omitzero"`
	Spans      []uint32       `json:"spans,omitzero"`
	SpansSeen  uint32         `json:"spans_seen,omitzero"`
	Detail     detailState    `json:"detail,omitzero"`
	Counted    string         `json:"counted,omitzero"`
	Block      Ref            `json:"block,omitzero"`
	Source     Ref            `json:"source,omitzero"`
	User       Ref            `json:"user,omitzero"`
	NotDeps    []Ref          `json:"not_deps,omitzero"`
	Keep       int64          `json:"keep,omitzero"`
	Over       int64          `json:"over,omitzero"`
	Incident   *incidentState `json:"incident,omitzero"`
}

type attemptState struct {
	ID      uint64
	End     int64
	Open    bool
	Revised bool
	Found   bool
	Outcome outcome
	Sign    parse.Sign
	Action  action
}

type pendingState struct {
	Status Status
	At     int64
}

type detailState struct {
	At           int64
	Said, Reason string
}

type incidentState struct {
	Incident
	WaitOnly bool
	WaitEnd  int64
	Relapse  int64
}

type errorState struct {
	Fingerprint, Reason, Example string
	Count, First, Last           int64
	Objects                      []Ref
}

// Save writes the engine as JSON, in small pieces, so that it takes no memory however many objects there are. What Take and TakeRuns have not
// handed over yet is not part of it: take it first. Errors are those of w.
func (e *Engine) Save(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_, err := io.WriteString(w, `{"objects":[`)
	for i, o := range e.inOrder() {
		if i > 0 {
			_, _ = io.WriteString(w, ",") // an error comes again with the next write
		}
		state := o.state()
		if err := enc.Encode(&state); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	rest, err := json.Marshal(e.otherState())
	if err != nil {
		return err
	}
	rest[0] = ','
	_, err = w.Write(append([]byte("]"), rest...))
	return err
}

// MarshalJSON is Save, for those who have the memory.
func (e *Engine) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := e.Save(&b)
	return b.Bytes(), err
}

func (e *Engine) otherState() otherState {
	s := otherState{Version: stateVersion, Now: e.now, Told: e.told}
	for _, g := range e.sortedErrors() {
		s.Errors = append(s.Errors, errorState{g.Fingerprint, g.Reason, g.Example, g.Count, g.First, g.Last, slices.SortedFunc(maps.Keys(g.Objects), Ref.Compare)})
	}
	s.Pods = e.sortedPods()
	return s
}

func (a attempt) state() attemptState {
	return attemptState{a.id, a.end, a.open, a.revised, a.found, a.outcome, a.sign, a.action}
}

func (s attemptState) attempt() attempt {
	return attempt{id: s.ID, end: s.End, open: s.Open, revised: s.Revised, found: s.Found, outcome: s.Outcome, sign: s.Sign, action: s.Action}
}

func (o *Object) state() objectState {
	s := objectState{
		Ref: o.Ref, Controller: o.Controller, Status: o.Status, Ready: o.Ready, Since: o.Since, Reason: o.Reason, Revision: o.Revision, Raw: o.raw,
		Good: o.good, LastGood: o.LastGood, Revs: o.revs, RevsNext: o.revsNext, Message: o.Message, Counts: o.Counts, Promise: o.Promise,
		Silence: o.silence, Broken: o.broken, Ended: o.ended, Run: o.run.state(), Before: o.before.state(), Latest: o.latest,
		Pending: pendingState{o.pending.status, o.pending.at}, Spans: o.rhythm.spans[:], SpansSeen: o.rhythm.n,
		Detail: detailState{o.detail.at, o.detail.said, o.detail.reason}, Block: o.block, Source: o.source, User: o.user,
		Keep: o.keep.at, Over: o.over.at,
	}
	for d := range o.notDeps {
		s.NotDeps = append(s.NotDeps, d.Ref)
	}
	slices.SortFunc(s.NotDeps, Ref.Compare)
	if vague(o.counted) {
		s.Counted = o.counted.Text
	}
	if i := o.Incident; i != nil {
		s.Incident = &incidentState{*i, i.waitOnly, i.waitEnd, i.relapse}
		s.Incident.affected = nil
	}
	return s
}

// UnmarshalJSON restores an engine that New made. An error says that the state is not usable; the engine is then empty.
func (e *Engine) UnmarshalJSON(b []byte) error {
	var s state
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("state of incidents: %w", err)
	}
	if s.Version != stateVersion {
		return fmt.Errorf("state of incidents has version %d, this program knows %d", s.Version, stateVersion)
	}
	cfg := e.cfg
	*e = *New(cfg)
	e.now, e.told = s.Now, s.Told
	for i := range s.Objects {
		e.restore(&s.Objects[i])
	}
	for i := range s.Objects {
		for _, ref := range s.Objects[i].NotDeps {
			e.restoreNotDep(s.Objects[i].Ref, ref)
		}
	}
	for i := range s.Errors {
		x := &s.Errors[i]
		g := &ErrorGroup{x.Fingerprint, x.Reason, x.Example, x.Count, map[Ref]bool{}, x.First, x.Last}
		for _, r := range x.Objects {
			g.Objects[r] = true
		}
		e.errors[g.Fingerprint] = g
	}
	for _, p := range s.Pods {
		if p != nil {
			e.attachPod(podKey{p.Controller, p.Name}, p)
			p.fresh.Since = e.now
		}
	}
	return nil
}

func (e *Engine) restore(s *objectState) {
	o := &Object{
		Ref: joined(s.Ref), Controller: s.Controller, Status: s.Status, Ready: s.Ready, Since: s.Since, Reason: s.Reason, Revision: s.Revision, raw: s.Raw,
		good: s.Good, LastGood: s.LastGood, revs: s.Revs, revsNext: s.RevsNext, Message: s.Message, Counts: s.Counts, Promise: s.Promise,
		silence: s.Silence, broken: s.Broken, ended: s.Ended, run: s.Run.attempt(), before: s.Before.attempt(), latest: s.Latest,
		pending: pending{s.Pending.Status, s.Pending.At}, detail: detail{s.Detail.At, s.Detail.Said, s.Detail.Reason},
		block: s.Block, source: s.Source, user: s.User,
	}
	copy(o.rhythm.spans[:], s.Spans)
	o.rhythm.n = s.SpansSeen
	if s.Counted != "" {
		o.counted = e.texts.Read(o.Kind, s.Counted)
	}
	e.objects[o.Ref] = o
	if o.pending.status != Unknown {
		e.settle.set(o, o.pending.at+int64(settleAfter))
	}
	if s.Keep != 0 {
		e.keep.set(o, s.Keep)
	}
	if s.Over != 0 {
		e.over.set(o, s.Over)
	}
	if s.Incident == nil {
		return
	}
	i := s.Incident.Incident
	i.waitOnly, i.waitEnd, i.relapse = s.Incident.WaitOnly, s.Incident.WaitEnd, s.Incident.Relapse
	affected := i.Affected
	i.Affected = nil
	for _, r := range affected {
		i.hurt(r)
	}
	o.Incident = &i
	e.failing = append(e.failing, o)
	o.inFail = len(e.failing)
}

func (e *Engine) restoreNotDep(of, ref Ref) {
	o, d := e.objects[of], e.objects[ref]
	if d == nil {
		return
	}
	if o.notDeps == nil {
		o.notDeps = map[*Object]bool{}
	}
	o.notDeps[d] = true
}
