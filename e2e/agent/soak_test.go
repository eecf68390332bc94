package agent

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// TestSoak runs the agent on logs that rotate, pods that come and go, and lines that are written to
// harm it, samples what it uses, and holds at the end what was written against what Loki has.
// FLUXTRAIL_E2E_SOAK is how many minutes, ten seconds if it is not set; FLUXTRAIL_E2E_SOAK_CSV is
// where the samples go.
func TestSoak(t *testing.T) {
	l, pods, samples := env.StartLoki(t, env.Generous...), t.TempDir(), startSamples(t)
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{
		"loki.url=" + l.URL, "agent.cluster=soak", "log.format=text", "incidents.hold=1s",
	})
	begin, s := time.Now(), startSoak(t, pods)
	for end, next := begin.Add(soakFor(t)), begin; time.Now().Before(end); {
		pauseFor(min(time.Second, time.Until(end)))
		if now := time.Now(); !now.Before(next) {
			samples.take(t, a, now.Sub(begin))
			next = next.Add(sampleEvery(t))
		}
	}
	s.end(t)
	delivered(t, a, s.written())
	settled(t, a, s)
	samples.take(t, a, time.Since(begin))
	// Now, for it is silent after two minutes, and reading what Loki has may take longer.
	if n := a.Sum(t, "fluxtrail_object_status", `name="soaked"`, `status="failing"`); n != 1 {
		t.Errorf("the object that fails all the time is not failing any more: %v", n)
	}
	s.account(t, a, l, begin)
	s.unharmed(t, a)
	samples.judge(t)
}

func soakFor(t testing.TB) time.Duration {
	t.Helper()
	text := os.Getenv("FLUXTRAIL_E2E_SOAK")
	if text == "" {
		return 10 * time.Second
	}
	minutes, err := strconv.Atoi(text)
	if err != nil || minutes < 1 {
		t.Fatalf("FLUXTRAIL_E2E_SOAK=%q is no number of minutes", text)
	}
	return time.Duration(minutes) * time.Minute
}

// sampleEvery is 30 s where the test takes hours.
func sampleEvery(t testing.TB) time.Duration {
	t.Helper()
	return min(30*time.Second, soakFor(t)/10)
}

// samples are what the agent used over the time of the test.
type samples struct {
	file  *os.File
	usage []env.Usage
}

func startSamples(t testing.TB) *samples {
	t.Helper()
	path := os.Getenv("FLUXTRAIL_E2E_SOAK_CSV")
	if path == "" {
		path = filepath.Join(t.TempDir(), "soak.csv")
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	_, _ = fmt.Fprintln(file, "seconds,rss_mb,anonymous_mb,descriptors,cpu_seconds,written_bytes,sent_lines,dropped_lines,untrusted_lines,state_bytes")
	return &samples{file: file}
}

func (s *samples) take(t testing.TB, a *env.AgentProcess, at time.Duration) {
	t.Helper()
	u := a.Usage(t)
	s.usage = append(s.usage, u)
	_, _ = fmt.Fprintf(s.file, "%.0f,%.1f,%.1f,%d,%.2f,%d,%.0f,%.0f,%.0f,%d\n", at.Seconds(), u.RSS, u.Anonymous, u.Descriptors,
		u.CPU.Seconds(), u.Written, a.Sum(t, "fluxtrail_sent_lines_total", shipLane), a.Sum(t, "fluxtrail_dropped_lines_total", shipLane),
		a.Sum(t, "fluxtrail_untrusted_lines_total"), size(a.State))
}

// size is how many bytes the files of a directory hold.
func size(dir string) (n int64) {
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			n += info.Size()
		}
	}
	return n
}

// growth is by how much the last third of the samples may be over the second: memory that
// leaks grows with the time, what is only used does not.
const growth = 1.2

// judge fails the test if the agent used more and more. The first third is left out: what is
// made once is made then. A short test has nothing to compare.
func (s *samples) judge(t testing.TB) {
	t.Helper()
	third := len(s.usage) / 3
	second, last := s.usage[third:2*third], s.usage[2*third:]
	for _, what := range []struct {
		name string
		of   func(env.Usage) float64
	}{
		{"RSS (MB)", func(u env.Usage) float64 { return u.RSS }},
		{"anonymous memory (MB)", func(u env.Usage) float64 { return u.Anonymous }},
		{"descriptors", func(u env.Usage) float64 { return float64(u.Descriptors) }},
	} {
		before, after := median(second, what.of), median(last, what.of)
		t.Logf("%s: median %.1f in the second third, %.1f in the last; most %.1f", what.name, before, after, most(s.usage, what.of))
		if len(s.usage) > 60 && after > growth*before {
			t.Errorf("%s grow", what.name)
		}
	}
	end := s.usage[len(s.usage)-1]
	t.Logf("CPU %v, %.1f MB written to disks", end.CPU, float64(end.Written)/1e6)
	if peak := most(s.usage, func(u env.Usage) float64 { return u.RSS }); peak > smallRSS {
		t.Errorf("RSS over %d MB", smallRSS)
	}
}

func median(usage []env.Usage, of func(env.Usage) float64) float64 {
	var all []float64
	for _, u := range usage {
		all = append(all, of(u))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func most(usage []env.Usage, of func(env.Usage) float64) (n float64) {
	for _, u := range usage {
		n = max(n, of(u))
	}
	return n
}

// settled waits for the lane that derives to have read everything too.
func settled(t testing.TB, a *env.AgentProcess, s *soak) {
	t.Helper()
	env.Until(t, "trail to have read everything", func() bool {
		known := a.Sum(t, "fluxtrail_lines_total") + a.Sum(t, "fluxtrail_untrusted_lines_total")
		return done(t, a, "trail") && int(known) >= s.written()
	})
}

// serial finds the number of a line of the soak.
var serial = regexp.MustCompile(`soak-(\d{9})`)

// account holds what was written against what Loki has, line by line: each is there once, or counted
// as dropped. No secret is there.
func (s *soak) account(t testing.TB, a *env.AgentProcess, l *env.Loki, begin time.Time) {
	t.Helper()
	seen := make([]uint8, s.written())
	foreign, leaks, double, missing := 0, 0, 0, 0
	const step = 20 * time.Second
	for from, to := begin.Add(-time.Minute), time.Now().Add(time.Minute); from.Before(to); from = from.Add(step) {
		for _, e := range l.Entries(t, `{cluster="soak"} | keep cluster`, from, from.Add(step)) {
			if leaked(e.Line) {
				leaks++
			}
			m := serial.FindStringSubmatch(e.Line)
			if m == nil {
				foreign++
				continue
			}
			i, _ := strconv.Atoi(m[1])
			seen[i]++
		}
	}
	for _, n := range seen {
		switch {
		case n == 0:
			missing++
		case n > 1:
			double += int(n) - 1
		}
	}
	dropped := int(a.Sum(t, "fluxtrail_dropped_lines_total", shipLane))
	t.Logf("%d lines of %d pods written: %d in Loki, %d counted as dropped, %d lost without a count, %d double, %d of nobody, %d with a secret",
		s.written(), s.pods, s.written()-missing, dropped, missing-dropped, double, foreign, leaks)
	if missing != dropped || double+foreign+leaks > 0 {
		t.Error("the account does not come out even")
	}
}

// unharmed looks at what the agent believes and shows: forged lines changed nothing, and no
// secret is anywhere.
func (s *soak) unharmed(t testing.TB, a *env.AgentProcess) {
	t.Helper()
	if n := a.Sum(t, "fluxtrail_untrusted_lines_total"); int(n) != s.forged {
		t.Errorf("%v lines were not believed, want the %d forged ones", n, s.forged)
	}
	for _, path := range []string{"/metrics", "/", "/api/v1/incidents", "/api/v1/objects"} {
		if code, text := a.Get(t, path); code != 200 || leaked(text) {
			t.Errorf("%s: %d, with a secret: %v", path, code, leaked(text))
		}
	}
	files, _ := filepath.Glob(filepath.Join(a.State, "*"))
	for _, path := range append(files, a.LogPath()) {
		if text, err := os.ReadFile(path); err != nil || leaked(string(text)) {
			t.Errorf("%s: a secret, or %v", path, err)
		}
	}
	if a.Said(t, "panic:") {
		t.Error("the agent panicked")
	}
}

func leaked(text string) bool {
	return slices.ContainsFunc(soakSecrets, func(secret string) bool { return strings.Contains(text, secret) })
}
