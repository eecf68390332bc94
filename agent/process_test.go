package agent

import (
	"bytes"
	"log/slog"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/derive"
	"fluxtrail/tail"
)

// TestRunWithoutStateDirectory goes on in memory where the state directory cannot be made, and says
// so.
func TestRunWithoutStateDirectory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dir, release, err := ownState(filepath.Join(file, "state"), slog.New(slog.DiscardHandler))
	if dir != nil || err != nil {
		t.Fatal(dir, err)
	}
	release()
	pod := demoPod(t)
	a := testAgent("", pod)
	l, err := a.ship()
	if err != nil {
		t.Fatal(err)
	}
	a.status.names = []string{"ship"}
	to := &recorder{}
	l.job.(*ship).sink = to
	if err := l.run(t.Context(), t.Context()); err != nil || len(to.got) != lineCount(t, pod) || l.counts.now.CheckpointFailures == 0 {
		t.Error(err, len(to.got), l.counts.now.CheckpointFailures)
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

// TestOpenFilesFit lowers the numbers of open files where the process may not have as many, and
// leaves them alone otherwise.
func TestOpenFilesFit(t *testing.T) {
	t.Parallel()
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

// TestFitObjects knows as many objects as before where there is room for them or no limit, fewer in
// a small container, and some in any.
func TestFitObjects(t *testing.T) {
	t.Parallel()
	for limit, want := range map[float64][2]int{
		math.MaxInt64: {}, 520 << 20: {}, 256 << 20: {20_480, 32 << 20}, 128 << 20: {6144, 16 << 20}, 16 << 20: {fewObjects, 2 << 20},
	} {
		most := int64(math.MaxInt64)
		if limit < math.MaxInt64 {
			most = int64(math.Ceil(limit * heapPart))
		}
		var cfg derive.Config
		var said bytes.Buffer
		fitObjects(&cfg, most, slog.New(slog.NewTextHandler(&said, nil)))
		lowered := want != [2]int{}
		if cfg.MaxObjects != want[0] || cfg.MaxText != want[1] || lowered != strings.Contains(said.String(), "fewer objects") {
			t.Errorf("%.0f bytes: %d objects and %d bytes of text, want %v; %s", limit, cfg.MaxObjects, cfg.MaxText, want, said.String())
		}
	}
}
