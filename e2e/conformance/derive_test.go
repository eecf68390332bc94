package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"fluxtrail/e2e/env"
)

const (
	failed   = `fluxtrail_reconcile_attempts_total{`
	failures = `fluxtrail_object_failures_total{`
)

// FAIL appends a failed attempt of each of the objects from to to-1.
func (w *world) FAIL(name string, from, to int) {
	w.Helper()
	for i := from; i < to; i++ {
		at := w.clock.Format("2006-01-02T15:04:05.000Z")
		w.LINE(name, fmt.Sprintf(`{"level":"error","ts":%q,"msg":"Reconciler error","controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io",`+
			`"controllerKind":"Kustomization","Kustomization":{"name":"o%d","namespace":"apps"},"namespace":"apps","name":"o%d",`+
			`"reconcileID":"00000000-0000-4000-8000-%012d","error":"kustomize build failed: no such file"}`, at, i, i, i))
	}
}

// UNPARSED waits until the running agent has counted so many lines that it did not understand for
// that reason.
func (w *world) UNPARSED(reason string, n float64) {
	w.Helper()
	series := fmt.Sprintf("fluxtrail_unparsed_lines_total{reason=%q}", reason)
	w.until(fmt.Sprint(n, " lines that are not understood: ", reason), func() bool { return sum(w.metrics(), series) == n })
}

// metrics is what the agent shows now.
func (w *world) metrics() string {
	text, _ := fetch(w.proc.address() + "/metrics")
	return text
}

// COUNT waits until the failed attempts that the agent shows are n.
func (w *world) COUNT(n float64) {
	w.Helper()
	w.until(fmt.Sprint(n, " failed attempts"), func() bool { return sum(w.metrics(), failed) == n })
}

// metrics and replay
var deriveRows = []row{
	{"M-01", "ten failures", func(w *world) {
		w.START()
		w.FAIL("Q/0.log", 0, 10)
		w.COUNT(10)
	}, nil},
	{"M-02", "ten failures over a restart", func(w *world) {
		w.START()
		w.FAIL("Q/0.log", 0, 5)
		w.COUNT(5)
		w.STOP()
		w.FAIL("Q/0.log", 5, 10)
		w.START()
		w.COUNT(10)
	}, nil},
	{"M-03", "ten failures over a crash, before anything was delivered", func(w *world) {
		w.HOLD()
		w.START()
		w.FAIL("Q/0.log", 0, 5)
		w.COUNT(5)
		w.KILL()
		w.FAIL("Q/0.log", 5, 10)
		w.START()
		w.COUNT(10)
		w.RELEASE()
		w.SETTLE()
		w.COUNT(10)
	}, nil},
	{"M-04", "more objects than may have series", func(w *world) {
		w.setup.Objects = 20
		w.START()
		n := scaled(500, 10_000)
		w.FAIL("Q/0.log", 0, n)
		w.until("all to be counted", func() bool { return sum(w.metrics(), failures) == float64(n) })
		if series := strings.Count(w.metrics(), "\n"+failures); series > 21 {
			w.Errorf("%d series", series)
		}
	}, nil},
	{"M-07", "replay gives the same twice, in any order, on any number of processors", func(w *world) {
		w.FAIL("P/0.log", 0, 50)
		w.FAIL("Q/0.log", 50, 100)
		a, b := filepath.Dir(w.path("P/0.log")), filepath.Dir(w.path("Q/0.log"))
		want := w.replay("1", a, b)
		for _, procs := range []string{"1", "2", "8"} {
			if w.replay(procs, a, b) != want || w.replay(procs, b, a) != want {
				w.Errorf("another answer with GOMAXPROCS=%s", procs)
			}
		}
	}, nil},
	{"M-08", "replay and the running agent count the same", func(w *world) {
		w.START()
		w.FAIL("Q/0.log", 0, 30)
		w.rotateAndFail("Q/0.log", 30, 60)
		w.COUNT(60)
		var doc struct {
			Objects []struct{ Attempts struct{ Failed int } }
		}
		w.check(json.Unmarshal([]byte(w.replay("2", w.setup.Logs)), &doc))
		n := 0
		for _, o := range doc.Objects {
			n += o.Attempts.Failed
		}
		if n != 60 {
			w.Errorf("replay counts %d", n)
		}
	}, nil},
	{"M-09", "Prometheus takes what replay writes", func(w *world) {
		promtool := env.Installed(w, "prometheus", "promtool")
		w.FAIL("Q/0.log", 0, 10)
		out, err := exec.Command(w.agent.Bin, "replay", "--output", "openmetrics", w.setup.Logs).Output()
		w.check(err)
		file := filepath.Join(w.dir, "metrics")
		w.check(os.WriteFile(file, out, 0o600))
		if text, err := exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", file, filepath.Join(w.dir, "tsdb")).CombinedOutput(); err != nil {
			w.Errorf("%v: %s", err, text)
		}
	}, nil},
}

func (w *world) rotateAndFail(name string, from, to int) {
	w.Helper()
	w.kubeletRotate(name, 0, 9)
	w.FAIL(name, from, to)
}

// replay runs fluxtrail replay.
func (w *world) replay(procs string, paths ...string) string {
	w.Helper()
	cmd := exec.Command(w.agent.Bin, append([]string{"replay", "--output", "json"}, paths...)...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+procs)
	out, err := cmd.Output()
	w.check(err)
	return string(out)
}
