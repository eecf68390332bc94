package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"fluxtrail/api"
)

// TestRunShipsEachLineOnce reads a log in three runs: as it is, with nothing new, and with one more
// line.
func TestRunShipsEachLineOnce(t *testing.T) {
	t.Parallel()
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
	appendFile(t, pod, "2026-11-20T11:00:00.000000001Z stderr F {\"level\":\"info\",\"ts\":\"2026-11-20T11:00:00.000Z\",\"msg\":\"new password=hunter22\"}\n")
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

// TestRunKeepsTheTimeOfALineThatIsReadAgain cuts a log back to its first line. That is read again,
// and sent with the time that it was sent with before.
func TestRunKeepsTheTimeOfALineThatIsReadAgain(t *testing.T) {
	dir, log := t.TempDir(), filepath.Join(t.TempDir(), "a.log")
	const line = "2026-11-20T11:00:0%d.000000001Z stderr F {\"level\":\"info\",\"ts\":\"2026-11-20T11:00:0%d.000Z\",\"msg\":\"%d\"}\n"
	one := fmt.Sprintf(line, 1, 1, 1)
	appendFile(t, log, one+fmt.Sprintf(line, 2, 2, 2)+fmt.Sprintf(line, 3, 3, 3))
	first := shipOnce(t, dir, log)
	if err := os.Truncate(log, int64(len(one))); err != nil {
		t.Fatal(err)
	}
	appendFile(t, log, fmt.Sprintf(line, 4, 4, 4))
	again := shipOnce(t, dir, log)
	if len(first) != 3 || len(again) != 2 || again[0].Time != first[0].Time || again[1].Time <= first[2].Time {
		t.Errorf("%+v, then %+v", first, again)
	}
}

// TestRunKeepsTheLabelsOfALog starts without an API server and goes on with one that tells another
// app: a log stays in its stream, because a line that is sent again has to be the same entry. A new
// log has the label that is known now.
func TestRunKeepsTheLabelsOfALog(t *testing.T) {
	t.Parallel()
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

// TestRunKeepsTheLabelsOfALogThatIsNotSelected has the API server know a pod, then nothing, then
// the pod under another app. The label is kept over the run in between, in which nobody could tell
// that the log is one of Flux, and dropped with the log.
func TestRunKeepsTheLabelsOfALogThatIsNotSelected(t *testing.T) {
	t.Parallel()
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

// TestRunCollectsBatches writes a line every 200 ms, and wants those of loki.wait in one batch;
// what is collected when the agent is stopped is sent too, and no mark is saved before.
func TestRunCollectsBatches(t *testing.T) {
	t.Parallel()
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
