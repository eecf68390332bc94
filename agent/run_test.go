package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/tidwall/gjson"

	"fluxtrail/agent/web"
	"fluxtrail/api"
	"fluxtrail/kube"
	"fluxtrail/parse/redact"
	"fluxtrail/replay"
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/report"
	"fluxtrail/tail"
)

const demoPods = "../fixtures/demo/pods"

// testOptions are those of an agent that reads paths once and ships to a Loki that is not there.
func testOptions(dir string, paths ...string) Options {
	opt := Options{
		Once: true, StateDir: dir, Out: io.Discard, Log: slog.New(slog.DiscardHandler),
		CheckpointEvery: time.Second, ShutdownGrace: 10 * time.Second, Follow: tail.DefaultFollowConfig(), Poll: 10 * time.Millisecond,
		Ship: true, Listen: "127.0.0.1:0",
	}
	opt.Kube = kube.DefaultConfig()
	opt.Follow.Include, opt.Kube.Node = paths, "node-1"
	opt.Loki.URL, opt.Loki.Verify = "http://127.0.0.1:1", true
	opt.Loki.BatchBytes, opt.Loki.BatchEntries = loki.DefaultBatchBytes, loki.DefaultBatchEntries
	return opt
}

// testAgent is an agent that reads paths once and keeps its state in dir.
func testAgent(dir string, paths ...string) *assembly {
	return newAssembly(testOptions(dir, paths...), dir, nil, time.Now)
}

// offline are the options of an agent that reads the demo and ships nothing.
func offline(dir string) Options {
	opt := testOptions(dir, demoPods)
	opt.Ship = false
	return opt
}

// sent is an entry as a sink got it.
type sent struct {
	Labels, Line, Meta string
	Time               int64
}

// recorder is a sink that keeps what it gets, or fails.
type recorder struct {
	got   []sent
	sizes []int // of the batches
	fail  func(context.Context) error
}

func (r *recorder) Send(ctx context.Context, batch []loki.Entry) error {
	if r.fail != nil {
		return r.fail(ctx)
	}
	r.sizes = append(r.sizes, len(batch))
	for _, e := range batch {
		r.got = append(r.got, sent{e.Stream.Labels, string(e.Line), fmt.Sprint(e.Meta), e.Time})
	}
	return nil
}

// shipOnce ships everything there is, and returns it.
func shipOnce(t *testing.T, dir string, paths ...string) []sent {
	t.Helper()
	return shipWith(t, testAgent(dir, paths...))
}

func shipWith(t *testing.T, a *assembly) []sent {
	t.Helper()
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	to := &recorder{}
	l.job.(*ship).sink = to
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	return to.got
}

// TestRunTellsWhatReplayTells holds the agent against replay: the same logs are the same incidents, byte for byte. That holds for an agent that
// ends, and for one that has gone on and looks back, also after a restart.
func TestRunTellsWhatReplayTells(t *testing.T) {
	stories, err := filepath.Glob("../../shared/data/stories/*/pods")
	if err != nil || len(stories) == 0 {
		t.Log("the recorded stories are not here: the demo alone is compared")
	}
	for _, pods := range append(stories, demoPods) {
		t.Run(filepath.Base(filepath.Dir(pods)), func(t *testing.T) { tellsWhatReplayTells(t, pods) })
	}
}

func tellsWhatReplayTells(t *testing.T, pods string) {
	var want bytes.Buffer
	err := replay.Run(t.Context(), replay.Options{Paths: []string{pods}, Transitions: true}, func(rep *api.Report) error {
		return report.WriteJSON(&want, rep, report.JSONOptions{})
	})
	if err != nil {
		t.Fatal(err)
	}
	replayed, dir, at := elements(want.String(), "incidents"), "", ""
	for i, once := range []bool{true, true, false, false} {
		if i%2 == 0 {
			dir = t.TempDir()
		}
		a := testAgent(dir, pods)
		a.Once = once
		l, err := a.trail()
		if err != nil {
			t.Fatal(err)
		}
		a.status.names = []string{"trail"}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		idle := &untilIdle{job: l.job, stop: stop}
		if !once {
			l.job = idle
		}
		if err := l.run(ctx, ctx); err != nil {
			t.Fatal(err)
		}
		got := get(t, a, "/api/v1/incidents?at=last").Body.String()
		if diff := cmp.Diff(replayed, elements(got, "incidents")); diff != "" || len(replayed) == 0 {
			t.Errorf("once is %v, -replay +run:\n%s", once, diff)
		}
		if was := at; i > 0 && was != gjson.Get(got, "at").String() {
			t.Errorf("once is %v: the last record was at %s, in the run before at %s", once, gjson.Get(got, "at"), was)
		}
		at = gjson.Get(got, "at").String()
		if !once && idle.rests < 2 {
			t.Error("the clock was never the wall's")
		}
	}
}

// TestRunOverClockJumps has the clock go forward by a day and back again, and back by an hour, while lines are written and files rotated. Every line
// is sent once, also after a restart, and once the clock is right nothing is silent that is not.
func TestRunOverClockJumps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
		var wrong atomic.Int64
		a := testAgent(dir, log)
		a.Once = false
		a.status.names = []string{"ship", "trail"}
		sending, err := a.ship()
		if err != nil {
			t.Fatal(err)
		}
		deriving, err := a.trail()
		if err != nil {
			t.Fatal(err)
		}
		deriving.job = &wrongClock{deriving.job, &wrong}
		to := &recorder{}
		sending.job.(*ship).sink = to
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- runLanes(ctx, ctx, []*lane{sending, deriving}) }()
		silent := map[time.Duration]bool{}
		for i, jump := range []time.Duration{0, 24 * time.Hour, 0, -time.Hour, 0} {
			wrong.Store(int64(jump))
			if err := appendText(log, kustomization(time.Now(), "a", went)); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute)
			silent[jump] = strings.Contains(get(t, a, "/api/v1/objects").Body.String(), `"status":"silent"`)
			if err := os.Rename(log, fmt.Sprintf("%s.%d", log, 5-i)); err != nil {
				t.Error(err)
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if again := shipOnce(t, dir, log); len(to.got) != 5 || len(again) != 0 {
			t.Errorf("sent %d of 5 lines, and %d again", len(to.got), len(again))
		}
		if !silent[24*time.Hour] || silent[0] || silent[-time.Hour] {
			t.Error("silent by", silent)
		}
	})
}

// kustomization is a line of kustomize-controller about an object.
func kustomization(at time.Time, name, rest string) string {
	return fmt.Sprintf(`{"ts":%q,"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization",`+
		`"Kustomization":{"name":%q,"namespace":"b"},"namespace":"b","name":%q,"reconcileID":"c0f7d51b-5ba2-4e4c-8d46-%012d",%s}`+"\n",
		at.UTC().Format(time.RFC3339Nano), name, name, at.UnixNano()%1e12, rest)
}

const (
	went   = `"level":"info","msg":"Reconciliation finished in 1s, next run in 10m0s"`
	failed = `"level":"error","msg":"Reconciler error","error":"kustomize build failed: x"`
)

// derived is the trail lane of an agent, where it publishes its metrics, and what it prints.
func derived(t *testing.T, a *assembly) (*lane, *bytes.Buffer) {
	t.Helper()
	a.status.names = []string{"trail"}
	l, err := a.trail()
	if err != nil {
		t.Fatal(err)
	}
	told := &bytes.Buffer{}
	l.job.(*trail).out = told
	return l, told
}

// TestRunPastALineFromTheFuture has one line with a time that is a day ahead. Incidents open and end all the same, by the clock that is right.
func TestRunPastALineFromTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := filepath.Join(t.TempDir(), "kustomize-controller.log")
		a := testAgent(t.TempDir(), log)
		a.Once, a.Incidents.Hold, a.Incidents.Keep = false, 10*time.Second, 5*time.Second
		l, told := derived(t, a)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.run(ctx, ctx) }()
		write := func(name, rest string, ahead time.Duration) {
			if err := appendText(log, kustomization(time.Now().Add(ahead), name, rest)); err != nil {
				t.Error(err)
			}
			time.Sleep(4 * time.Second)
		}
		write("other", went, 24*time.Hour)
		write("one", failed, 0)
		if strings.Contains(told.String(), "firing") {
			t.Error("fires at once")
		}
		write("one", went, 0)
		time.Sleep(time.Minute)
		objects := get(t, a, "/api/v1/objects").Body.String()
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(told.String(), "incident resolved") || strings.Contains(objects, `"silent"`) {
			t.Errorf("told %s\nobjects %s", told.String(), objects)
		}
	})
}

// TestRunRedactsNames has a secret by the user's own pattern in a name and a revision: it is in no state, and on no page.
func TestRunRedactsNames(t *testing.T) {
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "kustomize-controller.log")
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	for i, rest := range []string{failed + `,"revision":"acme-corp@sha1:1"`, went + `,"revision":"acme-corp@sha1:2"`, failed} {
		if err := appendText(log, kustomization(at.Add(time.Duration(i)*time.Minute), "acme-corp-app", rest)); err != nil {
			t.Fatal(err)
		}
	}
	a := testAgent(dir, log)
	a.Secrets = []redact.Pattern{{Name: "customer", Regexp: "acme-corp"}}
	l, told := derived(t, a)
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	state, err := os.ReadFile(filepath.Join(dir, "trail.json"))
	if err != nil {
		t.Fatal(err)
	}
	metrics, err := a.registry().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"state": string(state), "stdout": told.String(), "metrics": fmt.Sprint(metrics),
		"page": get(t, a, "/").Body.String(), "objects": get(t, a, "/api/v1/objects").Body.String(), "incidents": get(t, a, "/api/v1/incidents").Body.String()} {
		if strings.Contains(text, "acme-corp") || !strings.Contains(text, "redacted:customer") {
			t.Errorf("%s: %.2000s", where, text)
		}
	}
	if n := l.agent.Redactions["customer"]; n != 8 {
		t.Errorf("counted %d secrets, there are 8", n)
	}
}

// wrongClock is a job that sees a clock which is ahead. What measures how long something takes sees nothing of that, as in a process whose
// machine's clock is set.
type wrongClock struct {
	job
	ahead *atomic.Int64
}

func (w *wrongClock) deliver(ctx context.Context, now time.Time, rest bool) (bool, error) {
	return w.job.deliver(ctx, now.Add(time.Duration(w.ahead.Load())), rest)
}

// untilIdle stops the lane when time has passed without lines and that was saved.
type untilIdle struct {
	job
	stop  func()
	rests int
}

func (u *untilIdle) deliver(ctx context.Context, now time.Time, rest bool) (bool, error) {
	changed, err := u.job.deliver(ctx, now, rest)
	if rest {
		u.rests++
	}
	if u.rests == 2 {
		u.stop()
	}
	return changed, err
}

// elements are the elements of a list as they are written.
func elements(doc, list string) (out []string) {
	for _, e := range gjson.Get(doc, list).Array() {
		out = append(out, e.Raw)
	}
	return out
}

func get(t *testing.T, a *assembly, path string) *httptest.ResponseRecorder {
	t.Helper()
	return getMetrics(a, path, prometheus.NewRegistry())
}

// getMetrics gets a page where /metrics shows what gatherer has.
func getMetrics(a *assembly, path string, gatherer prometheus.Gatherer) *httptest.ResponseRecorder {
	a.status.rules, a.status.now = a.Incidents, a.now
	h := web.Handler(a.status, web.Options{Config: "agent: {}", Metrics: gatherer, Now: a.now, Log: a.Log})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

// TestRunShipsEachLineOnce reads a log in three runs: as it is, with nothing new, and with one more line.
func TestRunShipsEachLineOnce(t *testing.T) {
	dir, pod := t.TempDir(), demoPod(t)
	first := shipOnce(t, dir, filepath.Dir(filepath.Dir(filepath.Dir(pod))))
	if n := lineCount(t, pod); len(first) != n {
		t.Fatalf("sent %d of %d lines", len(first), n)
	}
	for i, s := range first {
		if i > 0 && s.Time <= first[i-1].Time {
			t.Fatalf("line %d has time %d, the one before %d", i, s.Time, first[i-1].Time)
		}
	}
	if again := shipOnce(t, dir, pod); len(again) != 0 {
		t.Errorf("sent again: %v", again)
	}
	appendFile(t, pod, "2026-11-20T11:00:00.000000001Z stderr F {\"level\":\"info\",\"ts\":\"2026-11-20T11:00:00.000Z\",\"msg\":\"password=hunter22 new\"}\n")
	more := shipOnce(t, dir, pod)
	if len(more) != 1 || !strings.Contains(more[0].Line, "new") || strings.Contains(more[0].Line, "hunter22") {
		t.Errorf("after one more line: %v", more)
	}
	shipOnce(t, dir, pod)
	state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
	if n := gjson.GetBytes(state, "body.state.agent.Redactions").Map(); err != nil || len(n) == 0 {
		t.Error("the secret does not count any more", err)
	}
}

// TestRunKeepsTheLabelsOfALog starts without an API server and goes on with one that tells another app: a log stays in its stream, because a line
// that is sent again has to be the same entry. A new log has the label that is known now.
func TestRunKeepsTheLabelsOfALog(t *testing.T) {
	dir, pods := t.TempDir(), t.TempDir()
	write := func(pod, line string) {
		path := filepath.Join(pods, "flux-system_source-controller-6d4cf56db6-"+pod+"_c7c1bf2e-0000-4000-8000-000000000001", "manager", "0.log")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := appendText(path, "2026-11-20T11:00:00.000000001Z stderr F "+line+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	write("aaaaa", "one")
	shipOnce(t, dir, pods)
	write("aaaaa", "two")
	write("bbbbb", "two")
	a := testAgent(dir, pods)
	a.pods = func(_, pod string) (api.PodMeta, bool) { return api.PodMeta{App: "shard"}, true }
	got := map[string]string{}
	for _, s := range shipWith(t, a) {
		got[s.Meta[:len("[{pod source-controller-6d4cf56db6-aaaaa")]] = s.Labels
	}
	want := map[string]string{
		"[{pod source-controller-6d4cf56db6-aaaaa": `{app="source-controller", namespace="flux-system", stream="stderr"}`,
		"[{pod source-controller-6d4cf56db6-bbbbb": `{app="shard", namespace="flux-system", stream="stderr"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRunKeepsTheLabelsOfALogThatIsNotSelected has the API server know a pod, then nothing, then the pod under another app. The label is kept over the
// run in between, in which nobody could tell that the log is one of Flux, and dropped with the log.
func TestRunKeepsTheLabelsOfALogThatIsNotSelected(t *testing.T) {
	dir, pods := t.TempDir(), t.TempDir()
	pod := filepath.Join(pods, "flux-system_web-6d4cf56db6-aaaaa_c7c1bf2e-0000-4000-8000-000000000001")
	if err := os.MkdirAll(filepath.Join(pod, "manager"), 0o755); err != nil {
		t.Fatal(err)
	}
	ships := func(app string) string {
		appendFile(t, filepath.Join(pod, "manager", "0.log"), "2026-11-20T11:00:00.000000001Z stderr F "+app+"\n")
		a := testAgent(dir, pods)
		a.pods = func(string, string) (api.PodMeta, bool) { return api.PodMeta{App: app}, app != "" }
		labels := ""
		for _, s := range shipWith(t, a) {
			labels += s.Labels
		}
		return labels
	}
	want := `{app="one", namespace="flux-system", stream="stderr"}`
	if first, second, third := ships("one"), ships(""), ships("two"); first != want || second != "" || third != want {
		t.Errorf("%s, %s, %s", first, second, third)
	}
	if err := os.RemoveAll(pod); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		a := testAgent(dir, pods)
		a.Poll = time.Second
		run := startShip(t, a, func(*lane) sinkFunc { return (&recorder{}).Send })
		time.Sleep(a.Follow.ForgetAfter + time.Minute)
		if err := run.stop(); err != nil {
			t.Error(err)
		}
		state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
		if job := gjson.GetBytes(state, "body.state.job"); err != nil || len(job.Map()) != 0 {
			t.Error("kept", job.Raw, err)
		}
	})
}

// TestRunSendsTheSameAfterAKill takes back what was saved, as if the process had been killed between sending and saving.
func TestRunSendsTheSameAfterAKill(t *testing.T) {
	dir, pod := t.TempDir(), demoPod(t)
	shipOnce(t, dir, pod)
	appendFile(t, pod, strings.Repeat(firstLine(t, pod), 3)) // three equal lines, in the past
	state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
	if err != nil {
		t.Fatal(err)
	}
	first := shipOnce(t, dir, pod)
	if err := os.WriteFile(filepath.Join(dir, "ship.json"), state, 0o600); err != nil {
		t.Fatal(err)
	}
	second := shipOnce(t, dir, pod)
	if diff := cmp.Diff(first, second); diff != "" || len(first) != 3 {
		t.Errorf("%d lines, -first +second:\n%s", len(first), diff)
	}
}

// demoPod is a copy of one recorded log, in the kubelet's layout.
func demoPod(t *testing.T) string {
	t.Helper()
	from, err := filepath.Glob(demoPods + "/flux-system_source-controller-6*/manager/0.log")
	if err != nil || len(from) != 1 {
		t.Fatal(from, err)
	}
	text, err := os.ReadFile(from[0])
	if err != nil {
		t.Fatal(err)
	}
	pod := filepath.Join(t.TempDir(), "pods", filepath.Base(filepath.Dir(filepath.Dir(from[0]))), "manager", "0.log")
	if err := os.MkdirAll(filepath.Dir(pod), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pod, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return pod
}

func firstLine(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return string(first) + "\n"
}

func lineCount(t *testing.T, path string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Count(text, []byte("\n"))
}

func appendFile(t *testing.T, path, text string) {
	t.Helper()
	if err := appendText(path, text); err != nil {
		t.Fatal(err)
	}
}

// TestRunStopsWhileLokiHangs tells the agent to stop while nothing is accepted. It waits for the grace, ends without an error, and its marks
// are still before the batch.
func TestRunStopsWhileLokiHangs(t *testing.T) {
	dir, pod := t.TempDir(), demoPod(t)
	synctest.Test(t, func(t *testing.T) {
		a := testAgent(dir, pod)
		a.now = time.Now
		l, err := a.ship()
		if err != nil {
			t.Fatal(err)
		}
		a.status.names = []string{"ship"}
		l.job.(*ship).sink = &recorder{fail: func(ctx context.Context) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}
		ctx, stop := context.WithCancel(t.Context())
		hard, cancel := grace(ctx, 10*time.Second)
		defer cancel()
		ended := make(chan error)
		go func() { ended <- l.run(ctx, hard) }()
		synctest.Wait()
		time.Sleep(time.Second)
		if lag := a.status.lane("ship").targets[0]; lag.LagBytes < fileSize(t, pod)/2 || lag.WaitingSince == "" {
			t.Errorf("nothing is delivered, and %d bytes wait since %q", lag.LagBytes, lag.WaitingSince)
		}
		start := time.Now()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if d := time.Since(start); d != 10*time.Second {
			t.Errorf("stopped after %v", d)
		}
	})
	if got := shipOnce(t, dir, pod); len(got) != lineCount(t, pod) {
		t.Errorf("then sent %d of %d lines", len(got), lineCount(t, pod))
	}
}

// TestRunLetsNobodyStarve ships a large log and a small one whose only line is the newest of all: it is in the first batch.
func TestRunLetsNobodyStarve(t *testing.T) {
	logs := t.TempDir()
	line := func(second int) string {
		return fmt.Sprintf(`{"level":"info","ts":"2026-11-20T10:%02d:%02d.000Z","msg":%q}`+"\n", second/60, second%60, strings.Repeat("x", 4000))
	}
	var noise strings.Builder
	for i := range 1500 {
		noise.WriteString(line(i))
	}
	for name, text := range map[string]string{"source-controller.log": noise.String(), "helm-controller.log": line(1500)} {
		if err := appendText(filepath.Join(logs, name), text); err != nil {
			t.Fatal(err)
		}
	}
	got := shipOnce(t, t.TempDir(), logs)
	at := slices.IndexFunc(got, func(s sent) bool { return strings.Contains(s.Labels, "helm-controller") })
	if batch := loki.DefaultBatchBytes; len(got) != 1501 || at < 0 || at*4000 > batch {
		t.Errorf("the quiet line is number %d of %d", at, len(got))
	}
}

// TestRunCollectsBatches writes a line every 200 ms, and wants those of loki.wait in one batch; what is collected when the agent is stopped is sent
// too, and no mark is saved before.
func TestRunCollectsBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "source-controller.log")
		a := testAgent(t.TempDir(), path)
		a.Once, a.Loki.Wait, a.Poll = false, 2*time.Second, 100*time.Millisecond
		l, err := a.ship()
		if err != nil {
			t.Fatal(err)
		}
		a.status.names = []string{"ship"}
		to := &recorder{}
		l.job.(*ship).sink = to
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.run(ctx, t.Context()) }()
		for i := range 25 {
			if err := appendText(path, fmt.Sprintf(`{"level":"info","ts":"2026-11-20T10:00:%02d.000Z","msg":"x"}`+"\n", i)); err != nil {
				t.Error(err)
			}
			time.Sleep(200 * time.Millisecond)
		}
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if len(to.got) != 25 || len(to.sizes) < 3 || len(to.sizes) > 4 || to.sizes[0] < 9 || to.sizes[0] > 11 {
			t.Errorf("batches of %v lines, %d in all", to.sizes, len(to.got))
		}
	})
}

// TestRunGoesOnAfterRefusals takes a refusal for an end of the batch: it was counted, and must not be sent for ever.
func TestRunGoesOnAfterRefusals(t *testing.T) {
	a := testAgent(t.TempDir(), demoPod(t))
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	calls := 0
	l.job.(*ship).sink = &recorder{fail: func(context.Context) error {
		calls++
		return sinks.Permanent(errors.New("no"))
	}}
	if err := l.run(t.Context(), t.Context()); err != nil || calls != 1 {
		t.Error(calls, err)
	}
}

// TestRunCountsWhatItLeavesOut starts at the end of a log.
func TestRunCountsWhatItLeavesOut(t *testing.T) {
	a := testAgent(t.TempDir(), demoPod(t))
	a.Follow.From = tail.FromEnd
	var said bytes.Buffer
	a.Log = slog.New(slog.NewTextHandler(&said, nil))
	l, err := a.trail()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"trail"}
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	if l.agent.DroppedBytes["skipped"] == 0 || strings.Count(said.String(), "part of a log was not delivered") != 1 {
		t.Error(l.agent.DroppedBytes, said.String())
	}
}

// TestRunServesUntilItIsStopped runs the whole agent, and stops it as a signal does.
func TestRunServesUntilItIsStopped(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close() // another process could take it now; then the test fails and says so
	opt := offline(t.TempDir())
	opt.Once, opt.Listen = false, addr
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, opt); stop() }()
	metrics := ""
	for !strings.Contains(metrics, "fluxtrail_lines_total{") && ctx.Err() == nil {
		if resp, err := http.Get("http://" + addr + "/metrics"); err == nil {
			body, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			metrics = string(body)
		}
	}
	for _, want := range []string{"go_goroutines", "process_open_fds", "fluxtrail_build_info", `fluxtrail_incidents_total{`, `fluxtrail_sent_lines_total{lane="trail"}`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("/metrics has no %s", want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestRunKeepsDamagedState moves a state file aside that cannot be used, and starts as for the first time.
func TestRunKeepsDamagedState(t *testing.T) {
	dir, pod := t.TempDir(), demoPod(t)
	if err := os.WriteFile(filepath.Join(dir, "ship.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := shipOnce(t, dir, pod); len(got) != lineCount(t, pod) {
		t.Errorf("sent %d lines", len(got))
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "ship.json.bad*"))
	if len(kept) != 1 {
		t.Error("kept", kept)
	}
	state, err := os.ReadFile(filepath.Join(dir, "ship.json"))
	if n := gjson.GetBytes(state, "body.state.agent.CheckpointFailures").Int(); err != nil || n != 1 {
		t.Error("counted", n, err)
	}
}

// TestRunStartsAnewWithoutItsJob finds marks, and a line that was not handed on, beside a state of streams that cannot be used. Positions are nothing
// without the state that was reached there: all is read again.
func TestRunStartsAnewWithoutItsJob(t *testing.T) {
	dir, pod := t.TempDir(), demoPod(t)
	first := shipOnce(t, dir, pod)
	path := filepath.Join(dir, "ship.json")
	marks, _, err := tail.LoadState(path)
	if err != nil {
		t.Fatal(err)
	}
	ready := savedHead{Full: true, Line: tail.Line{Text: []byte("ready")}}
	ready.Source.Name = marks.Sources[0].Name
	err = tail.SaveState(path, marks, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(laneState{Heads: []savedHead{ready}, Job: json.RawMessage("[]")})
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, shipOnce(t, dir, pod)); diff != "" {
		t.Error(diff)
	}
}

// TestRunWithoutStateDirectory goes on in memory where the state directory cannot be made, and says so.
func TestRunWithoutStateDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir, release, err := ownState(filepath.Join(file, "state"), slog.New(slog.DiscardHandler))
	if dir != "" || err != nil {
		t.Fatal(dir, err)
	}
	release()
	pod := demoPod(t)
	a := testAgent(dir, pod)
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	to := &recorder{}
	l.job.(*ship).sink = to
	if err := l.run(t.Context(), t.Context()); err != nil || len(to.got) != lineCount(t, pod) || l.agent.CheckpointFailures == 0 {
		t.Error(err, len(to.got), l.agent.CheckpointFailures)
	}
	v := *a.status.lane("ship")
	v.Running = true
	a.status.publish(&v)
	if w := get(t, a, "/readyz"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "state directory cannot be written") {
		t.Error(w.Code, w.Body)
	}
}

// TestRunRefusesASecondAgent on the same state directory.
func TestRunRefusesASecondAgent(t *testing.T) {
	dir := t.TempDir()
	_, release, err := ownState(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	err = Run(t.Context(), offline(dir))
	if err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Error(err)
	}
}

func TestReadyzSaysWhyNot(t *testing.T) {
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	up := func(name string) *laneStatus { return &laneStatus{Lane: api.Lane{Name: name, Running: true}} }
	for _, c := range []struct {
		name  string
		lanes []*laneStatus
		block *blocked
		want  string
	}{
		{"all is well", []*laneStatus{up("ship"), up("trail")}, nil, "ready\n"},
		{"begins", []*laneStatus{up("trail")}, nil, "ship: has not looked at the files yet\n"},
		{"a lane ended", []*laneStatus{up("ship"), {Lane: api.Lane{Name: "trail"}}}, nil, "trail: the lane is not running\n"},
		{"disk", []*laneStatus{up("ship"), {Lane: api.Lane{Name: "trail", Running: true, Trouble: "no space left on device"}}}, nil, "trail: no space left on device\n"},
		{"Loki is down for a moment", []*laneStatus{up("ship"), up("trail")}, &blocked{now.Add(-time.Second), "transient"}, "ready\n"},
		{"Loki is down", []*laneStatus{up("ship"), up("trail")}, &blocked{now.Add(-time.Hour), "transient"}, "ship: nothing was delivered to Loki since 2026-11-20T09:00:00Z (transient)\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := testAgent("")
			a.now = func() time.Time { return now }
			a.status.names = []string{"ship", "trail"}
			for _, v := range c.lanes {
				a.status.publish(v)
			}
			a.status.blocked.Store(c.block)
			w := get(t, a, "/readyz")
			if w.Body.String() != c.want || (w.Code == 200) != (c.want == "ready\n") {
				t.Errorf("%d %q, want %q", w.Code, w.Body, c.want)
			}
		})
	}
}

// TestPagesOfTheAgent looks at every page once.
func TestPagesOfTheAgent(t *testing.T) {
	a := testAgent(t.TempDir(), demoPods)
	l, err := a.trail()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"trail"}
	if w := get(t, a, "/api/v1/incidents"); w.Code != http.StatusServiceUnavailable {
		t.Error("before anything was read:", w.Code)
	}
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/": "Open incidents", "/healthz": "ok", "/metrics": "", "/api/v1/objects": `"kind":"HelmRelease"`,
		"/api/v1/incidents": `"error_first"`, "/api/v1/targets": `"lag_bytes":0`, "/api/v1/status": `"name":"trail"`,
	} {
		w := get(t, a, path)
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
		if strings.HasPrefix(path, "/api") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s is no JSON", path)
		}
	}
	if w := get(t, a, "/"); !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("no policy:", w.Header())
	}
	for _, path := range []string{"/api/v1/incidents?at=tomorrow", "/nothing"} {
		if w := get(t, a, path); w.Code < 400 || w.Code > 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// TestHeadsKeepTheLineThatWasNotHandedOn saves heads with a line that is ready, and takes it up again.
func TestHeadsKeepTheLineThatWasNotHandedOn(t *testing.T) {
	line := func(source, ts string) savedHead {
		s := savedHead{Full: true}
		s.Source.Name, s.At.Path = source, source
		s.Line.Text = []byte(`{"level":"info","ts":"` + ts + `","msg":"x"}`)
		return s
	}
	secrets, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	nobody := func(*source) {}
	together := func(*source) string { return "" }
	timeless := line("d", "")
	timeless.Line.Text, timeless.Near = []byte("goroutine 1 [running]:"), time.Date(2026, 11, 20, 10, 0, 1, 0, time.UTC).UnixNano()
	back := line("e", "2026-11-20T10:00:01.000Z") // behind a line of its log that is younger
	back.Key = time.Date(2026, 11, 20, 10, 0, 4, 0, time.UTC).UnixNano()
	h := newHeads([]savedHead{line("b", "2026-11-20T10:00:02.000Z"), line("a", "2026-11-20T10:00:03.000Z"), line("c", "2026-11-20T10:00:02.000Z"), timeless, back}, secrets)
	h.sync(nil, together)
	h.read(nobody)
	h = newHeads(h.save(), secrets) // stopped before any was handed on
	h.sync(nil, together)
	h.read(nobody)
	var got string
	for x := h.next(); x != nil; x = h.next() {
		if x.at.Path != x.src.Name || x.rec.Time == 0 {
			t.Errorf("line of %s: file %q, time %d", x.src.Name, x.at.Path, x.rec.Time)
		}
		got += x.src.Name
		h.taken()
		if got == "db" { // stopped again
			h = newHeads(h.save(), secrets)
			h.sync(nil, together)
			h.read(nobody)
		}
	}
	if got != "dbcae" {
		t.Errorf("got %s", got)
	}
}

// TestOpenFilesFit lowers the numbers of open files where the process may not have as many, and leaves them alone otherwise.
func TestOpenFilesFit(t *testing.T) {
	for limit, want := range map[int][2]int{0: {512, 4096}, 1 << 20: {512, 4096}, 1024: {53, 427}, 20: {8, 0}} {
		cfg := tail.DefaultFollowConfig()
		var said bytes.Buffer
		fitOpenFiles(&cfg, limit, slog.New(slog.NewTextHandler(&said, nil)))
		lowered := want != [2]int{512, 4096}
		if got := [2]int{cfg.MaxOpen, cfg.HoldFiles}; got != want || lowered != strings.Contains(said.String(), "tail.hold_files") || cfg.Validate() != nil {
			t.Errorf("limit %d: %v, want %v; %s", limit, got, want, said.String())
		}
	}
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func writeText(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }

func appendText(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
