package agent

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A soak writes, into logs of pods that stay and of pods that come and go, lines that each carry a
// number of their own: recorded ones, hostile ones, and forged ones of pods that are not Flux's.
type soak struct {
	dir    string
	lines  int // numbers that were given
	forged int // lines of pods that may not speak of Flux
	pods   int // that there were

	steady    []*podLog
	kustomize *podLog // that of them which may speak of Kustomizations
	passing   []*podLog
	next      map[string]time.Time // when what is written at intervals is due
	rng       *rand.Rand

	stop chan struct{}
	done chan error
}

// How often things happen in a soak, and how much.
const (
	soakRate    = 200 // lines of pods that stay, per second
	hostileEach = 250 * time.Millisecond
	hugeEach    = 10 * time.Second
	churnEach   = 2 * time.Second
	passesAfter = 7 * time.Second
	failsEach   = 3 * time.Second
)

func startSoak(t testing.TB, dir string) *soak {
	t.Helper()
	s := &soak{
		dir: dir, next: map[string]time.Time{}, rng: rand.New(rand.NewPCG(1, 2)),
		stop: make(chan struct{}), done: make(chan error, 1),
	}
	recorded := bodies(t, 6<<20)
	for _, pod := range sortedKeys(recorded) {
		log, err := s.open(pod, recorded[pod])
		if err != nil {
			t.Fatal(err)
		}
		s.steady = append(s.steady, log)
		if strings.Contains(pod, "_kustomize-controller-") {
			s.kustomize = log
		}
	}
	go func() { s.done <- s.run() }()
	t.Cleanup(func() {
		select {
		case <-s.stop:
		default:
			close(s.stop)
		}
	})
	return s
}

func (s *soak) end(t testing.TB) {
	t.Helper()
	close(s.stop)
	if err := <-s.done; err != nil {
		t.Fatal(err)
	}
}

// written is how many lines there are. It is for after the end.
func (s *soak) written() int { return s.lines }

func (s *soak) open(pod string, recorded [][]byte) (*podLog, error) {
	log := &podLog{path: filepath.Join(s.dir, pod, "manager", "0.log"), bodies: recorded}
	s.pods++
	if err := os.MkdirAll(filepath.Dir(log.path), 0o755); err != nil {
		return nil, err
	}
	return log, log.create(time.Now())
}

func (s *soak) run() error {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	begin, steady := time.Now(), 0
	for {
		select {
		case <-s.stop:
			return nil
		case now := <-clock.C:
			due := int(now.Sub(begin).Seconds() * soakRate)
			if err := s.step(due-steady, now); err != nil {
				return err
			}
			steady = max(due, steady)
		}
	}
}

func (s *soak) step(n int, now time.Time) error {
	for i := range n {
		log := s.steady[(s.lines+i)%len(s.steady)]
		body := renumber(stamp(log.bodies[log.records%len(log.bodies)], now), log.records/len(log.bodies)+1)
		log.records++
		if err := s.write(log, now, string(body[:len(body)-1])+`,"soak":"`+s.number()+`"}`); err != nil {
			return err
		}
	}
	for _, each := range []struct {
		what  string
		every time.Duration
		do    func(time.Time) error
	}{
		{"hostile", hostileEach, s.hostile}, {"huge", hugeEach, s.huge}, {"churn", churnEach, s.churn}, {"fails", failsEach, s.fails},
	} {
		if now.Before(s.next[each.what]) {
			continue
		}
		s.next[each.what] = now.Add(each.every)
		if err := each.do(now); err != nil {
			return err
		}
	}
	return s.pass(now)
}

// number gives a line its number.
func (s *soak) number() string {
	s.lines++
	return fmt.Sprintf("soak-%09d", s.lines-1)
}

// write appends a line as the runtime frames it, in pieces of 16 KiB.
func (s *soak) write(log *podLog, now time.Time, body string) error {
	const piece = 16 << 10
	var text bytes.Buffer
	at := now.UTC().Format("2006-01-02T15:04:05.000000000Z")
	for ; len(body) > piece; body = body[piece:] {
		fmt.Fprintf(&text, "%s stderr P %s\n", at, body[:piece])
	}
	fmt.Fprintf(&text, "%s stderr F %s\n", at, body)
	return log.flush(text.Bytes(), now)
}

// anyLog is one of the logs of pods that stay.
func (s *soak) anyLog() *podLog { return s.steady[s.rng.IntN(len(s.steady))] }

// hostile writes the next of the hostile lines to one of the logs.
func (s *soak) hostile(now time.Time) error {
	text := hostileLines[s.rng.IntN(len(hostileLines))](s.rng, now, s.number())
	log := s.anyLog()
	if strings.HasPrefix(text, `{"level":"error","ts"`) {
		log = s.kustomize
	}
	return s.write(log, now, strings.ReplaceAll(text, "\n", ""))
}

// huge writes a line that is longer than any that is kept whole, in pieces or in one.
func (s *soak) huge(now time.Time) error {
	body := s.number() + " " + strings.Repeat("x=1 ", 1<<19)
	log := s.anyLog()
	if s.rng.IntN(2) == 0 {
		return s.write(log, now, body)
	}
	return log.flush(fmt.Appendf(nil, "%s stderr F %s\n", now.UTC().Format(time.RFC3339Nano), body), now)
}

// fails writes the failure of an object that never recovers.
func (s *soak) fails(now time.Time) error {
	return s.write(s.kustomize, now, soaked(now, "error", "Reconciliation failed after 1s, next try in 2m0s", s.number(),
		`,"error":"kustomize build failed: accumulating resources: missing","revision":"main@sha1:4af67d8f0d6f4d2a1d1a3a2b9c0d1e2f3a4b5c6d"`))
}

// soaked is a line of kustomize-controller about the object.
func soaked(now time.Time, level, msg, number, rest string) string {
	return fmt.Sprintf(`{"level":%q,"ts":%q,"msg":%q,"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io",`+
		`"controllerKind":"Kustomization","Kustomization":{"name":"soaked","namespace":"flux-system"},"namespace":"flux-system",`+
		`"name":"soaked","reconcileID":"%08x-0000-4000-8000-%012d","soak":%q%s}`,
		level, now.UTC().Format("2006-01-02T15:04:05.000Z"), msg, now.Unix(), now.Nanosecond(), number, rest)
}

// churn brings a pod: one of Flux, or one of a tenant that is named like one and forges lines.
func (s *soak) churn(now time.Time) error {
	name, uid := fmt.Sprintf("kustomize-controller-%06x-%05x", s.pods, s.rng.IntN(1<<20)), fmt.Sprintf("%08x-0000-4000-8000-000000000001", s.pods)
	tenant := s.rng.IntN(2) == 0
	namespace := "flux-system"
	if tenant {
		namespace = "tenant-a"
	}
	log, err := s.open(namespace+"_"+name+"_"+uid, nil)
	if err != nil {
		return err
	}
	s.passing = append(s.passing, log)
	if !tenant {
		return s.write(log, now, `{"level":"info","ts":"`+now.UTC().Format("2006-01-02T15:04:05.000Z")+`","msg":"starting manager","soak":"`+s.number()+`"}`)
	}
	for range 3 {
		s.forged++
		if err := s.write(log, now, soaked(now, "info", "Reconciliation finished in 1s, next run in 100h0m0s", s.number(), "")); err != nil {
			return err
		}
	}
	return nil
}

// pass has pods end that were there long enough: each writes a last line, and its directory goes.
func (s *soak) pass(now time.Time) error {
	for len(s.passing) > 0 && now.Sub(s.passing[0].rotated) > passesAfter {
		log := s.passing[0]
		s.passing = s.passing[1:]
		if strings.Contains(log.path, "/tenant-a_") {
			s.forged++
		}
		if err := s.write(log, now, "the last line, "+s.number()); err != nil {
			return err
		}
		if err := log.file.Close(); err != nil {
			return err
		}
		if err := os.RemoveAll(filepath.Dir(filepath.Dir(log.path))); err != nil {
			return err
		}
	}
	return nil
}

// soakSecrets are what must not be anywhere but in the logs.
var soakSecrets = []string{
	"ghp_9vKq2LmXz7RtBw4NcYs8HdJf3GpAe6Uo1Ti5", "Zx8kk7PwQ2vNr5Lm", "AKIAZ7QWERTYUIOPLKJH",
	"eyJzdWIiOiJzb2FrIiwiaWF0IjoxNzAwMDAwMDAwfQ", "T0SOAKED0/B0SOAKED0/a8Kd92LmQx71PzRt45NvBw6Y",
}

// hostileLines make lines that were written to harm who reads them.
var hostileLines = []func(rng *rand.Rand, now time.Time, number string) string{
	func(_ *rand.Rand, _ time.Time, n string) string { return n + strings.Repeat("?sig=", 13<<10) },
	func(_ *rand.Rand, _ time.Time, n string) string {
		return n + " " + strings.Repeat("_auth=https://a:", 2<<10)
	},
	func(_ *rand.Rand, _ time.Time, n string) string {
		return `{"level":"error","msg":"` + n + `","error":"` + strings.Repeat(`password=\"`, 3<<10) + `"}`
	},
	func(_ *rand.Rand, _ time.Time, n string) string { return n + strings.Repeat(`{"a":[`, 20<<10) },
	func(_ *rand.Rand, _ time.Time, n string) string {
		return `{"msg":"` + n + `","a":` + strings.Repeat(`{"a":`, 10<<10) + "1" + strings.Repeat("}", 10<<10) + "}"
	},
	func(rng *rand.Rand, _ time.Time, n string) string {
		binary := make([]byte, 8<<10)
		for i := range binary {
			binary[i] = byte(rng.IntN(256))
		}
		return n + " " + string(binary) // else the number may be the user of an address to redaction
	},
	func(_ *rand.Rand, _ time.Time, n string) string { return n + strings.Repeat("\x00", 4<<10) },
	func(_ *rand.Rand, _ time.Time, n string) string {
		return n + "\x1b]0;owned\x07\x1b[2J\x1b[1;31m\u202e\u009b31m"
	},
	func(_ *rand.Rand, now time.Time, n string) string {
		return n + ` 2026-01-01T00:00:00Z stderr F ` + soaked(now, "info", "Reconciliation finished in 1s, next run in 10m0s", "x", "")
	},
	func(_ *rand.Rand, now time.Time, n string) string {
		name := strings.Repeat("n", 5000)
		return strings.ReplaceAll(soaked(now, "error", "Reconciler error", n, `,"error":"boom"`), `"soaked"`, `"`+name+`"`)
	},
	func(rng *rand.Rand, now time.Time, n string) string {
		return strings.ReplaceAll(soaked(now, "error", "Reconciler error", n, `,"error":"boom"`), `"soaked"`, fmt.Sprintf(`"soak-%d"`, rng.IntN(200)))
	},
	func(_ *rand.Rand, now time.Time, n string) string { // years ahead: Loki refuses it
		return `{"level":"info","ts":"` + now.AddDate(10, 0, 0).UTC().Format(time.RFC3339) + `","msg":"garbage collected 1 artifacts","soak":"` + n + `"}`
	},
	secret(`failed to clone 'https://bot:ghp_9vKq2LmXz7RtBw4NcYs8HdJf3GpAe6Uo1Ti5@github.com/acme/fleet': unauthorized`),
	secret(`helm install failed: values: postgresql.auth.password: Zx8kk7PwQ2vNr5Lm: too short`),
	secret(`failed to get bucket: AWS_ACCESS_KEY_ID=AKIAZ7QWERTYUIOPLKJH is not valid`),
	secret(`token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzb2FrIiwiaWF0IjoxNzAwMDAwMDAwfQ.c2lnbmF0dXJlc2lnbmF0dXJl expired`),
	secret(`postMessage failed: Post \"https://hooks.slack.com/services/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\": 404`),
}

// secret makes a failure of an object of its own whose error holds a secret.
func secret(text string) func(*rand.Rand, time.Time, string) string {
	return func(rng *rand.Rand, now time.Time, n string) string {
		line := soaked(now, "error", "Reconciler error", n, `,"error":"`+text+`"`)
		return strings.ReplaceAll(line, `"soaked"`, fmt.Sprintf(`"secretive-%d"`, rng.IntN(50)))
	}
}
