package alerts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/e2e/env"
)

// promtool of Debian, and that of today, make blocks of what replay writes as OpenMetrics, with every
// sample of every series: buckets of histograms and ALERTS among them.
func TestOpenMetricsBecomesBlocks(t *testing.T) {
	tools := map[string]string{"2.42": env.Installed(t, "prometheus", "promtool")}
	everyStory(t, func(t *testing.T, s story) {
		dir := t.TempDir()
		if out, err := exec.Command(s.fluxtrail, "replay", "-q", "--alerts", "-o", "openmetrics", "--out-dir", dir, s.dir+"/pods").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		found, _ := filepath.Glob(dir + "/*")
		if len(found) != 1 {
			t.Fatalf("%d files", len(found))
		}
		t.Run("2.42", func(t *testing.T) { backfill(t, tools["2.42"], found[0]) })
		t.Run("today", func(t *testing.T) { backfill(t, env.Built(t, "rules", "promtool"), found[0]) })
	})
}

func backfill(t *testing.T, promtool, file string) {
	t.Helper()
	blocks := t.TempDir()
	if out, err := exec.Command(promtool, "tsdb", "create-blocks-from", "openmetrics", file, blocks).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.MkdirAll(filepath.Join(blocks, "wal"), 0o755); err != nil { // the old one wants it
		t.Fatal(err)
	}
	dump, err := exec.Command(promtool, "tsdb", "dump", blocks).Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, got := map[string]int{}, map[string]int{}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			want[line[:strings.IndexAny(line, "{ ")]]++
		}
	}
	for line := range strings.Lines(string(dump)) {
		_, rest, _ := strings.Cut(line, `__name__="`)
		got[rest[:strings.IndexByte(rest, '"')]]++
	}
	for name, n := range want {
		if got[name] != n {
			t.Errorf("%s: %d samples of %d", name, got[name], n)
		}
	}
	buckets := 0
	for name, n := range want {
		if strings.HasSuffix(name, "_bucket") {
			buckets += n
		}
	}
	if buckets == 0 || want["ALERTS"] == 0 {
		t.Errorf("%d buckets, %d of ALERTS", buckets, want["ALERTS"])
	}
}
