package agent

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/derive"
	"fluxtrail/derive/rules"
	"fluxtrail/kube"
)

// movingNode is a node whose agent reads its logs to their end, again and again, with its state.
type movingNode struct {
	name, dir, pods string
}

func newMovingNode(t *testing.T, name string) *movingNode {
	t.Helper()
	return &movingNode{name, t.TempDir(), t.TempDir()}
}

// log is the path of the log of a pod on the node.
func (n *movingNode) log(t *testing.T, pod string) string {
	t.Helper()
	path := filepath.Join(n.pods, "flux-system_"+pod+"_0a1b2c3d-0000-4000-8000-000000000001", "manager", "0.log")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// read has the agent read what there is, with what other agents tell, and returns what it tells
// them as they get it, and what it printed.
func (n *movingNode) read(t *testing.T, others ...share) (share, string) {
	t.Helper()
	opt := testOptions(n.dir, n.pods)
	opt.Ship, opt.Kube.Node = false, n.name
	a := newAssembly(opt, stateDir(n.dir), nil, time.Now)
	l, told := derived(t, a)
	job, now := l.job.(*trail), time.Now()
	known := &peers{all: map[string]peer{}, lease: time.Minute}
	for i := range others {
		known.all[others[i].Node] = peer{&others[i], now}
	}
	clock := func() time.Time { now = now.Add(takeEvery); return now }
	job.moves, job.alerting = &takeover{node: n.name, peers: func() *peers { return known }, now: clock,
		there: func(log string) bool { return l.input.follow.There(log) }}, &rules.LiveOptions{}
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(job.shared)
	if err != nil {
		t.Fatal(err)
	}
	var out share
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out, told.String()
}

// TestControllerMoves moves a controller between nodes whose agents stop and start again: its
// incident goes on, ends once, and nothing of its objects stays behind.
func TestControllerMoves(t *testing.T) {
	t.Parallel()
	start := time.Now().Add(-time.Hour).Truncate(time.Second)
	a, b, idle := newMovingNode(t, "a"), newMovingNode(t, "b"), newMovingNode(t, "c")
	old := a.log(t, "kustomize-controller-1")
	appendFile(t, old, kustomization(start, "x", failed)+kustomization(start.Add(2*time.Minute), "x", failed)+
		kustomization(start, "fine", went))
	hasA, told := a.read(t)
	if len(hasA.Incidents) != 1 || len(hasA.Alerts) != 1 || !strings.Contains(told, "incident firing") {
		t.Fatalf("%+v\n%s", hasA, told)
	}
	id := hasA.Incidents[0].ID

	// While both read the controller's log, nothing moves, and a node without it takes nothing.
	moved := b.log(t, "kustomize-controller-2")
	appendFile(t, moved, kustomization(start.Add(150*time.Second), "fine", went))
	hasB, _ := b.read(t, hasA)
	hasC, _ := idle.read(t, hasA, hasB)
	if len(hasB.Incidents)+len(hasC.Incidents) != 0 {
		t.Fatalf("%+v %+v", hasB, hasC)
	}

	// The log is gone at a: b goes on, after a start that did not know it.
	if err := os.RemoveAll(filepath.Dir(filepath.Dir(old))); err != nil {
		t.Fatal(err)
	}
	hasA, _ = a.read(t, hasB, hasC)
	if len(hasA.Incidents) != 1 || hasA.of(hasA.Incidents[0].Of).Reads || hasA.Objects != 1 {
		t.Fatalf("a lets go of what nobody has: %+v", hasA)
	}
	appendFile(t, moved, kustomization(start.Add(6*time.Minute), "x", failed))
	hasB, told = b.read(t, hasA, hasC)
	if len(hasB.Incidents) != 1 || hasB.Incidents[0].ID != id || strings.Contains(told, "incident opened") {
		t.Fatalf("%+v\n%s", hasB, told)
	}
	incident := derive.Incident{}
	if err := json.Unmarshal(hasB.Incidents[0].Incident, &incident); err != nil {
		t.Fatal(err)
	}
	if incident.Attempts != 3 || !strings.HasPrefix(hasB.Incidents[0].Files[incident.First[0].File], "a:/") {
		t.Errorf("%+v %v", incident, hasB.Incidents[0].Files)
	}

	hasA, told = a.read(t, hasB, hasC)
	if len(hasA.Incidents)+len(hasA.Alerts)+hasA.Objects != 0 || !strings.Contains(told, `"msg":"incident handed_over"`) {
		t.Fatalf("%+v\n%s", hasA, told)
	}
	if _, again := a.read(t, hasB, hasC); again != "" {
		t.Errorf("told again: %s", again)
	}
	appendFile(t, moved, kustomization(start.Add(9*time.Minute), "x", went))
	if _, told = b.read(t, hasA, hasC); strings.Count(told, `"msg":"incident resolved"`) != 1 || !strings.Contains(told, id) {
		t.Errorf("%s", told)
	}

	// Back at a, with an incident of b.
	appendFile(t, moved, kustomization(start.Add(20*time.Minute), "x", failed)+kustomization(start.Add(22*time.Minute), "x", failed))
	hasB, _ = b.read(t, hasA, hasC)
	if err := os.RemoveAll(filepath.Dir(filepath.Dir(moved))); err != nil {
		t.Fatal(err)
	}
	hasB, _ = b.read(t, hasA, hasC)
	appendFile(t, a.log(t, "kustomize-controller-3"), kustomization(start.Add(23*time.Minute), "x", failed))
	if hasA, _ = a.read(t, hasB, hasC); len(hasA.Incidents) != 1 || hasA.Incidents[0].ID != hasB.Incidents[0].ID || hasA.Incidents[0].ID == id {
		t.Errorf("%+v\n%+v", hasA, hasB)
	}
}

// TestLost finds out whether a controller is at another node.
func TestLost(t *testing.T) {
	t.Parallel()
	now, lease := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), 30*time.Second
	main := controllerID{"flux-system", "kustomize-controller", ""}
	for _, c := range []struct {
		name  string
		reads bool
		spoke time.Duration // of the other node, after this one
		heard time.Duration // of this node's agent, before now
		want  bool
	}{
		{"the log is gone", false, time.Second, 0, true},
		{"the log is gone, and nobody told more", false, 0, 0, false},
		{"an old log of the other node", false, -time.Hour, 0, false},
		{"both for a moment", true, time.Second, 0, false},
		{"a replica took over", true, 2 * time.Minute, 0, true},
		{"the node is gone", true, time.Second, 3 * time.Minute, true},
	} {
		at := now.Add(-time.Hour).UnixNano()
		p := peer{&share{Controllers: []sharedController{{main, c.reads, at}}}, now.Add(-c.heard)}
		if got := p.lost(main, at+int64(c.spoke), now, lease); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if (peer{&share{}, now}).lost(main, 1, now, lease) {
		t.Error("a controller that was never there is lost")
	}
}

// fakeNotes are notes in memory.
type fakeNotes struct {
	all   map[string]kube.Note
	rev   uint64
	wrote int
}

func (f *fakeNotes) Read() (map[string]kube.Note, uint64) { return f.all, f.rev }

func (f *fakeNotes) Write(context.Context, []byte) error {
	f.wrote++
	return nil
}

// TestSharer writes what changed at once, and what did not now and then; a node without a
// controller writes nothing, and reads nothing unless it leads.
func TestSharer(t *testing.T) {
	t.Parallel()
	now, standing := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), kube.Follows
	st, notes := &status{}, &fakeNotes{rev: 1, all: map[string]kube.Note{
		"n2": {Node: "n2", Packed: kube.Compress([]byte(`{"node":"n2","objects":3}`))}, "n3": {Node: "n3", Packed: kube.Compress([]byte("{"))},
	}}
	st.standing = func() (kube.Standing, string) { return standing, "" }
	s := &sharer{notes: notes, status: st, lease: 30 * time.Second, log: slog.New(slog.DiscardHandler)}
	step := func(after time.Duration, writes int) {
		t.Helper()
		now = now.Add(after)
		notes.wrote = 0
		if s.round(t.Context(), now); notes.wrote != writes {
			t.Errorf("%s: wrote %d times", now.Format(time.TimeOnly), notes.wrote)
		}
	}
	main := controllerID{"flux-system", "kustomize-controller", ""}
	st.share.Store(&share{Node: "n1"})
	step(0, 0)
	if st.peers.Load() != nil {
		t.Error("reads what does not matter here")
	}
	standing = kube.Leads
	step(time.Second, 0)
	if all := st.peers.Load(); all == nil || len(all.all) != 1 || all.all["n2"].Objects != 3 {
		t.Errorf("%+v", all)
	}
	reads := func(spoke int64) {
		st.share.Store(&share{Node: "n1", Controllers: []sharedController{{main, true, spoke}}})
	}
	reads(0)
	step(time.Second, 1)
	step(time.Second, 0)
	reads(5)
	step(time.Second, 1) // it told of an object for the first time
	reads(9)
	step(time.Second, 0)
	step(30*time.Second, 1)
	st.notePosted(map[string]time.Time{"a fires": now})
	step(time.Second, 1)
	st.share.Store(&share{Node: "n1"})
	st.notePosted(nil)
	step(time.Second, 1) // what is there no more has to be told, too
	step(time.Second, 0)
}

// TestShareFits leaves out what a note has no room for.
func TestShareFits(t *testing.T) {
	t.Parallel()
	s := &share{Node: "n1"}
	noise := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		text := make([]byte, 300)
		for i := range text {
			text[i] = byte('a' + noise.IntN(26))
		}
		s.Incidents = append(s.Incidents, sharedIncident{ID: "x", Incident: []byte(`"` + string(text) + `"`)})
	}
	packed := s.fit()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	var got share
	if err := json.NewDecoder(r).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if len(packed) > kube.MaxNote || len(got.Incidents) == 0 || got.LeftOut != 4000-len(got.Incidents) {
		t.Errorf("%d bytes, %d incidents, %d left out", len(packed), len(got.Incidents), got.LeftOut)
	}
}

// TestTelling tells of all nodes where this agent leads, of its own where nobody can, and of nothing
// where another one does.
func TestTelling(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	main := controllerID{"flux-system", "kustomize-controller", ""}
	alert := func(name string, since time.Duration) sharedAlert {
		l := lively(name, now.Add(-since), now.Add(-since), time.Time{})
		l.Incident = "id-" + name
		return sharedAlert{l, main}
	}
	mine := &share{Node: "n1", Alerts: []sharedAlert{alert("own", time.Hour)}, Objects: 5}
	gone := &share{
		Node: "n2", Objects: 5, Alerts: []sharedAlert{alert("gone", time.Hour), alert("stays", time.Hour), {lively("silent", now, now, time.Time{}), main}},
		Controllers: []sharedController{{main, true, 5}}, Posted: map[string]time.Time{"p": now},
	}
	has := &share{
		Node: "n3", Alerts: []sharedAlert{alert("gone", time.Hour)}, Taken: map[string]time.Time{"id-gone": now},
		Controllers: []sharedController{{main, true, 9}},
	}
	st, standing := &status{}, kube.Leads
	st.episodes.Store(&episodes{at: now, list: []rules.Live{mine.Alerts[0].Live}})
	st.share.Store(mine)
	tell := &telling{status: st, lease: 30 * time.Second, now: func() time.Time { return now }, standing: func() (kube.Standing, string) { return standing, "" }}
	st.sharing.begun = now
	said := func() string {
		s := tell.list()
		if s == nil {
			return "nothing"
		}
		var all []string
		for _, l := range s.list {
			all = append(all, l.Labels["name"])
		}
		return strings.Join(all, " ")
	}
	if got := said(); got != "nothing" {
		t.Errorf("before the notes of others were read: %s", got)
	}
	st.peers.Store(&peers{lease: 30 * time.Second, all: map[string]peer{"n2": {gone, now.Add(-time.Hour)}, "n3": {has, now}}})
	for _, c := range []struct {
		standing kube.Standing
		want     string
	}{
		{kube.Leads, "own stays gone "}, {kube.Follows, "nothing"}, {kube.Unsettled, "nothing"}, {kube.Alone, "own"},
	} {
		if standing = c.standing; said() != c.want {
			t.Errorf("%s: %q, want %q", c.standing, said(), c.want)
		}
	}
	standing = kube.Leads
	if s := tell.list(); !s.leads || !s.posted["p"].Equal(now) {
		t.Errorf("%+v", s)
	}
	// A node that reads the history of hours holds up what the others tell of.
	late := &telling{status: st, lease: tell.lease, now: func() time.Time { return now.Add(100 * time.Second) }, standing: tell.standing}
	if s := late.list(); len(s.list) != 2 || !s.at.Equal(now.Add(100*time.Second)) {
		t.Errorf("%+v", s)
	}
	// What is not told of here any more is not over.
	sink := &told{}
	n := &notifier{
		sink: sink, list: tell.list, resend: time.Minute, log: slog.New(slog.DiscardHandler), tried: func(error) {}, gone: map[string]rules.Live{},
		ruler: func(context.Context, string) (string, error) { return "", nil },
	}
	n.round(t.Context(), now)
	standing = kube.Alone
	n.round(t.Context(), now.Add(time.Second))
	standing = kube.Follows
	n.round(t.Context(), now.Add(2*time.Minute))
	standing = kube.Leads
	n.round(t.Context(), now.Add(3*time.Minute))
	for _, got := range sink.got {
		if strings.Contains(got, "until 12:00:0") || strings.Contains(got, "until 12:02") || strings.Contains(got, "until 12:03") {
			t.Errorf("told as over: %s", got)
		}
	}
	if len(sink.got) != 3 {
		t.Errorf("%q", sink.got)
	}
}
