package agent

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"index/suffixarray"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"fluxtrail/e2e/env"
	"fluxtrail/fixtures"
)

// TestSecretsLeaveNowhere has controllers write every sample of a secret, and looks for it in all
// that the agent writes, serves and sends.
func TestSecretsLeaveNowhere(t *testing.T) {
	l, pods, to := env.StartLoki(t, env.Generous...), t.TempDir(), startInbox(t)
	a := env.StartAgent(t, env.Fluxtrail(t), pods, []string{
		"loki.url=" + l.URL, "agent.cluster=secrets", "incidents.hold=1s", "log.level=debug",
		"alertmanager.urls=" + to.URL, "grafana.url=" + to.URL, "webhook.url=" + to.URL + "/webhook",
	})
	samples, begin := fixtures.Secrets(), time.Now()
	env.Until(t, "the agent to run", func() bool { code, _ := a.Get(t, "/readyz"); return code == http.StatusOK })
	lines := 0
	log := logOf(t, pods)
	for i, s := range samples {
		for _, body := range secretLines(i, s, begin.Add(-20*time.Minute)) {
			lines++
			fmt.Fprintf(log, "%s stderr F %s\n", time.Now().UTC().Format("2006-01-02T15:04:05.000000000Z"), body)
		}
	}
	delivered(t, a, lines)
	env.Until(t, "trail to have read everything", func() bool { return done(t, a, "trail") })
	env.Until(t, "incidents to be sent everywhere", func() bool {
		return to.has("/api/v2/alerts") && to.has("/api/annotations") && to.has("/webhook")
	})
	all := map[string]string{"own log and events": read(t, a.LogPath())}
	var stored strings.Builder
	for _, e := range l.Entries(t, `{cluster="secrets"}`, begin.Add(-time.Hour), time.Now().Add(time.Minute)) {
		fmt.Fprintln(&stored, e.Line, e.Labels)
	}
	all["Loki"] = stored.String()
	for _, path := range []string{"/metrics", "/", "/?at=last", "/readyz", "/api/v1/incidents?limit=2000", "/api/v1/objects?limit=2000",
		"/api/v1/incidents?limit=2000&at=last", "/api/v1/targets", "/api/v1/status"} {
		_, all[path] = a.Get(t, path)
	}
	states, _ := filepath.Glob(filepath.Join(a.State, "*"))
	for _, path := range states {
		all[filepath.Base(path)] = unpacked(t, read(t, path))
	}
	for path, text := range to.all() {
		all["sent to "+path] = text
	}
	harmless := suffixarray.New([]byte(fixtures.Harmless(samples)))
	for i := range samples {
		samples[i].Parts = slices.DeleteFunc(samples[i].Parts, func(p string) bool { return leaking(harmless, []string{p}) != "" })
	}
	for where, text := range all {
		leaks, index := 0, suffixarray.New([]byte(text))
		for _, s := range samples {
			if part := leaking(index, s.Parts); part != "" {
				if leaks++; leaks < 4 {
					i := strings.Index(text, part)
					t.Errorf("%s: %q of %s: %.300q", where, part, s.Name, text[max(0, i-200):i+len(part)])
				}
			}
		}
		t.Logf("%s: %d leaks of %d in %d bytes", where, leaks, len(samples), len(text))
	}
	for _, where := range []string{"Loki", "/api/v1/incidents?limit=2000", "trail.json", "own log and events", "sent to /api/v2/alerts"} {
		if !strings.Contains(all[where], "redacted:") {
			t.Errorf("%s has no redacted text: %.300s", where, all[where])
		}
	}
}

// logOf is the log of a pod of kustomize-controller.
func logOf(t *testing.T, pods string) *os.File {
	t.Helper()
	dir := filepath.Join(pods, "flux-system_kustomize-controller-6d4cf56db6-abcde_c7c1bf2e-0000-4000-8000-000000000001", "manager")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "0.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// secretLines say a sample as the error of an attempt, in a message, in its revision, and alone.
func secretLines(i int, s fixtures.Secret, at time.Time) []string {
	line := func(level, msg, rest string) string {
		text, _ := json.Marshal(msg)
		return fmt.Sprintf(`{"level":%q,"ts":%q,"msg":%s,"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io",`+
			`"controllerKind":"Kustomization","Kustomization":{"name":"app-%d","namespace":"team"},"namespace":"team","name":"app-%d",`+
			`"reconcileID":"%08x-0000-4000-8000-000000000001"%s}`, level, at.UTC().Format("2006-01-02T15:04:05.000Z"), text, i, i, i, rest)
	}
	var plain bytes.Buffer
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false) // as zap does
	_ = enc.Encode(s.Text)
	return []string{
		line("error", "Reconciler error", `,"revision":"main@sha1:4af67d8f0d6f4d2a1d1a3a2b9c0d1e2f3a4b5c6d","error":`+strings.TrimSpace(plain.String())),
		line("info", s.Text, ""),
		"E1126 10:00:00.000000       1 reflector.go:1] \"failed\" err=" + strconv.Quote(s.Text),
	}
}

// leaking is redact's rule: of a long secret no half may be left. What is short, or words, is found
// elsewhere too, and is left to the tests of package redact.
func leaking(text *suffixarray.Index, parts []string) string {
	for _, p := range parts {
		half := max(8, len(p)/2)
		if len(p) < 8 || strings.ContainsFunc(p, func(r rune) bool { return r == '"' || r <= ' ' || r > '~' }) {
			continue
		}
		for i := 0; i+half <= len(p); i++ {
			if text.Lookup([]byte(p[i:i+half]), 1) != nil {
				return p[i : i+half]
			}
		}
	}
	return ""
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// unpacked adds to a state file what is compressed in it.
func unpacked(t *testing.T, text string) string {
	t.Helper()
	var file struct {
		Body struct{ State struct{ Packed []byte } }
	}
	if json.Unmarshal([]byte(text), &file) != nil || file.Body.State.Packed == nil {
		return text
	}
	r, err := zstd.NewReader(bytes.NewReader(file.Body.State.Packed))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	more, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	// The packed bytes themselves may look like anything.
	return strings.Replace(text, base64.StdEncoding.EncodeToString(file.Body.State.Packed), "", 1) + string(more)
}

// An inbox is a server that takes everything, and keeps it by path.
type inbox struct {
	*httptest.Server
	mu  sync.Mutex
	got map[string]string
}

func startInbox(t *testing.T) *inbox {
	t.Helper()
	in := &inbox{got: map[string]string{}}
	in.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		in.mu.Lock()
		in.got[r.URL.Path] += fmt.Sprintln(r.URL, r.Header, string(body))
		in.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, "[]")
			return
		}
		_, _ = io.WriteString(w, `{"id":1,"message":"Annotation added"}`)
	}))
	t.Cleanup(in.Close)
	return in
}

func (in *inbox) all() map[string]string {
	in.mu.Lock()
	defer in.mu.Unlock()
	out := map[string]string{}
	for path, text := range in.got {
		out[path] = text
	}
	return out
}

func (in *inbox) has(path string) bool {
	for p, text := range in.all() {
		if strings.HasPrefix(p, path) && strings.Contains(text, "redacted:") {
			return true
		}
	}
	return false
}
