package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/tidwall/gjson"

	"fluxtrail/agent/web"
	"fluxtrail/kube"
	"fluxtrail/sinks/loki"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

const demoPods = "../fixtures/demo/pods"

// testOptions are those of an agent that reads paths once and ships to a Loki that is not there.
func testOptions(dir string, paths ...string) Options {
	opt := Options{
		Once: true, StateDir: dir, Out: io.Discard, Log: slog.New(slog.DiscardHandler),
		CheckpointEvery: time.Second, ShutdownGrace: 10 * time.Second, InFlight: 32 << 20, Follow: tail.DefaultFollowConfig(), Poll: 10 * time.Millisecond,
		Ship: true, Listen: "127.0.0.1:0",
	}
	opt.Kube = kube.DefaultConfig()
	opt.Follow.Watch = false // the kernel keeps another time than the tests
	opt.Follow.Include, opt.Kube.Node = paths, "node-1"
	opt.Loki.URL, opt.Loki.Verify = "http://127.0.0.1:1", true
	opt.Loki.BatchBytes, opt.Loki.BatchEntries = loki.DefaultBatchBytes, loki.DefaultBatchEntries
	return opt
}

// testAgent is an agent that reads paths once and keeps its state in dir.
func testAgent(dir string, paths ...string) *assembly {
	return newAssembly(testOptions(dir, paths...), stateDir(dir), nil, time.Now)
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

func (*recorder) Rest()                  {}
func (*recorder) Fit(line []byte) []byte { return line }

func (r *recorder) Push(ctx context.Context, batch []loki.Entry) (loki.Waiting, error) {
	return loki.Waiting{}, r.Send(ctx, batch)
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

// wrongClock is a job that sees a clock which is ahead. What measures how long something takes sees
// nothing of that, as in a process whose machine's clock is set.
type wrongClock struct {
	job
	ahead *atomic.Int64
}

func (w *wrongClock) deliver(ctx context.Context, now time.Time, rest bool) (bool, error) {
	return w.job.deliver(ctx, now.Add(time.Duration(w.ahead.Load())), rest)
}

// endless is a job that does not hear of the end of its logs.
type endless struct{ job }

func (*endless) end() {}

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
	h := web.Handler(a.status, web.Options{Config: "agent: {}", Metrics: gatherer, Now: a.now, Log: a.Log})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
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

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func appendText(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// sinkFunc is a sink that is a function.
type sinkFunc func(context.Context, []loki.Entry) error

func (sinkFunc) Rest()                  {}
func (sinkFunc) Fit(line []byte) []byte { return line }

func (f sinkFunc) Push(ctx context.Context, batch []loki.Entry) (loki.Waiting, error) {
	return loki.Waiting{}, f(ctx, batch)
}

// shipping is a ship lane that runs until it is stopped.
type shipping struct {
	*lane
	stop func() error
}

// startShip starts a ship lane with another Loki. The lane goes on until the result is stopped;
// call it in a bubble of synctest.
func startShip(t *testing.T, a *assembly, to func(*lane) sinkFunc) shipping {
	t.Helper()
	a.Once = false
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	l.job.(*ship).sink = to(l)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- l.run(ctx, t.Context()) }()
	return shipping{l, func() error { stop(); return <-done }}
}

// logLine is a line as a controller writes it.
func logLine(second int, msg string) string {
	return fmt.Sprintf(`{"level":"info","ts":"2026-11-20T10:%02d:%02d.000Z","msg":%q}`+"\n", second/60, second%60, msg)
}

// copyState is a copy of a state directory.
func copyState(t *testing.T, dir string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Error(err)
	}
	return to
}

// stateDir is a state directory that is not owned, as the ones of two agents in a row; "" is none.
func stateDir(path string) *checkpoint.Dir {
	if path == "" {
		return nil
	}
	return &checkpoint.Dir{Path: path}
}
