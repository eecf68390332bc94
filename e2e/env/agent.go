package env

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// AgentProcess is a running `fluxtrail run`.
type AgentProcess struct {
	Process
	URL   string // http://127.0.0.1:port
	State string // its state directory
}

// StartAgent starts the program on a directory of pod logs. Settings are those of
// its configuration, as key=value: loki.url=http://127.0.0.1:3100. Where a command
// is given, it runs the program: it has to become it, as setpriv does.
func StartAgent(t testing.TB, bin, pods string, settings []string, command ...string) *AgentProcess {
	t.Helper()
	dir, addr := t.TempDir(), freeAddrs(t, 1)[0]
	a := &AgentProcess{URL: "http://" + addr, State: filepath.Join(dir, "state")}
	args := []string{"FLUXTRAIL_SERVER__LISTEN=" + addr, "FLUXTRAIL_KUBE__ENABLED=never"}
	for _, setting := range append([]string{"agent.state_dir=" + a.State}, settings...) {
		key, value, _ := strings.Cut(setting, "=")
		args = append(args, "FLUXTRAIL_"+strings.ToUpper(strings.ReplaceAll(key, ".", "__"))+"="+value)
		if key == "agent.state_dir" {
			a.State = value
		}
	}
	a.Process = Process{
		name: "fluxtrail", bin: "env", args: append(append(args, command...), bin, "run", pods),
		log: filepath.Join(dir, "fluxtrail.log"), ready: answers(http.DefaultClient, a.URL+"/healthz"),
	}
	run(t, &a.Process)
	return a
}

// Said reports whether the agent has printed a text, over all its starts.
func (a *AgentProcess) Said(t testing.TB, text string) bool {
	t.Helper()
	all, err := os.ReadFile(a.log)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(all), text)
}

// Told returns the first n lines that the agent has printed with a text in them.
func (a *AgentProcess) Told(t testing.TB, text string, n int) (told []string) {
	t.Helper()
	all, err := os.ReadFile(a.log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(all)) {
		if len(told) < n && strings.Contains(line, text) {
			told = append(told, strings.TrimSpace(line))
		}
	}
	return told
}

// Get returns the status and the text of one of the agent's pages.
func (a *AgentProcess) Get(t testing.TB, path string) (int, string) {
	t.Helper()
	res, err := http.Get(a.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// Metrics returns the values on /metrics by series, written as they stand there.
func (a *AgentProcess) Metrics(t testing.TB) map[string]float64 {
	t.Helper()
	_, text := a.Get(t, "/metrics")
	values := map[string]float64{}
	for line := range strings.Lines(text) {
		i := strings.LastIndexByte(line, ' ')
		if line[0] == '#' || i < 0 {
			continue
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(line[i:]), 64)
		if err != nil {
			t.Fatalf("/metrics: %q: %v", line, err)
		}
		values[line[:i]] = value
	}
	return values
}

// Sum adds the values of all series of a family that have the labels, given as
// they are written: lane="ship".
func (a *AgentProcess) Sum(t testing.TB, family string, labels ...string) (sum float64) {
	t.Helper()
	for series, value := range a.Metrics(t) {
		if name, _, _ := strings.Cut(series, "{"); name == family && hasAll(series, labels) {
			sum += value
		}
	}
	return sum
}

// RSS is the agent's resident memory now, in megabytes (10^6 bytes).
func (a *AgentProcess) RSS(t testing.TB) float64 {
	t.Helper()
	return a.Sum(t, "process_resident_memory_bytes") / 1e6
}

// Memory is the agent's resident memory now as the kernel counts it, in megabytes (10^6 bytes): all
// of it, and what is neither the program's file nor another one.
func (a *AgentProcess) Memory(t testing.TB) (rss, anonymous float64) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", a.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) != 3 || f[0] != "Rss:" && f[0] != "Anonymous:" {
			continue
		}
		kib, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		if f[0] == "Rss:" {
			rss = kib * 1024 / 1e6
		} else {
			anonymous = kib * 1024 / 1e6
		}
	}
	return rss, anonymous
}

func hasAll(series string, labels []string) bool {
	return !slices.ContainsFunc(labels, func(label string) bool { return !strings.Contains(series, label) })
}

// LogPath is the file with everything that the agent printed.
func (a *AgentProcess) LogPath() string { return a.log }
