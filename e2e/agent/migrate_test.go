package agent

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// TestMigrate has Promtail ship a part of two logs and stop, while they are written on and rotated:
// one just before it stopped, one after. The agent sends exactly the rest, each line once.
func TestMigrate(t *testing.T) {
	l, dir, bin := env.StartLoki(t, env.Generous...), t.TempDir(), env.Fluxtrail(t)
	begin, written := time.Now().Add(-time.Minute), lines{}
	var entries []entry
	positions := "positions:\n  cursor-of-the-journal: \"s=1\"\n"
	for pod, records := range bodies(t, 1<<20) {
		log := filepath.Join(dir, pod, "manager", "0.log")
		for i, part := range []struct {
			lines   int
			shipped bool
			rotate  string
		}{{200, true, "20261120-102200"}, {300, true, ""}, {150, false, "20261120-102300"}, {50, false, ""}} {
			text, shipped := appended(t, log, written, records, begin.Add(time.Duration(i)*time.Second), part.lines)
			if part.shipped {
				entries = append(entries, shipped...)
			}
			if i == 1 {
				positions += fmt.Sprintf("  %s: \"%d\"\n", log, text)
			}
			if part.rotate != "" {
				rotate(t, log, part.rotate, i == 0)
			}
		}
	}
	asPromtail(t, l, entries)
	file, state := filepath.Join(dir, "positions.yaml"), filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(file, []byte(positions), 0o600); err != nil {
		t.Fatal(err)
	}
	at := begin.Add(1500 * time.Millisecond).Truncate(time.Second).Add(time.Second) // between the second part and the third
	out, err := exec.Command(bin, "migrate", "promtail-positions", "--state-dir", state, "--at", at.UTC().Format(time.RFC3339), file, dir).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "which is 0.log.20261120-102300 now") {
		t.Fatalf("%v\n%s", err, out)
	}
	a := env.StartAgent(t, bin, dir, []string{"loki.url=" + l.URL, "agent.cluster=migrated", "agent.state_dir=" + state})
	delivered(t, a, written.total()-len(entries))
	exactlyOnce(t, written, held(t, l, "migrated", begin.Add(-time.Minute), time.Now().Add(time.Minute)))
	if sent := a.Sum(t, "fluxtrail_sent_lines_total", shipLane); int(sent) != written.total()-len(entries) {
		t.Errorf("sent %v lines, where %d were left", sent, written.total()-len(entries))
	}
}

// entry is a line as it is pushed.
type entry struct {
	at   time.Time
	text string
}

// appended writes n lines to a log, within half a second of at, and returns its size and the lines.
func appended(t *testing.T, path string, written lines, records [][]byte, at time.Time, n int) (size int64, all []entry) {
	t.Helper()
	var text bytes.Buffer
	for i := range n {
		now := at.Add(time.Duration(i) * time.Millisecond)
		body := renumber(stamp(records[i%len(records)], now), len(written))
		written.add(body, now)
		all = append(all, entry{now, string(body)})
		fmt.Fprintf(&text, "%s stderr F %s\n", now.UTC().Format("2006-01-02T15:04:05.000000000Z"), body)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o640)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(text.Bytes()); err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return info.Size(), all
}

// rotate gives a log another name, as the kubelet does, and compresses it where pack says so.
func rotate(t *testing.T, path, when string, pack bool) {
	t.Helper()
	if err := os.Rename(path, path+"."+when); err != nil {
		t.Fatal(err)
	}
	if !pack {
		return
	}
	text, err := os.ReadFile(path + "." + when)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(text)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"."+when+".gz", packed.Bytes(), 0o640); err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(path + "." + when)
}

// asPromtail pushes lines with the labels that Promtail's chart gives them.
func asPromtail(t *testing.T, l *env.Loki, entries []entry) {
	t.Helper()
	var values [][]string
	for _, e := range entries {
		values = append(values, []string{fmt.Sprint(e.at.UnixNano()), e.text})
	}
	body, err := json.Marshal(map[string]any{"streams": []any{map[string]any{
		"stream": map[string]string{"cluster": "migrated", "namespace": "flux-system", "job": "flux-system/controllers", "stream": "stderr"}, "values": values,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(l.URL+"/loki/api/v1/push", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		t.Fatalf("push: %s", res.Status)
	}
}
