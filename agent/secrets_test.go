package agent

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fluxtrail/parse/redact"
)

// inLines stands for a secret in the tests: a pattern of the user.
const inLines = "kq7vz3xw"

// spoiledLines have a secret wherever a line of each framing can say anything.
var spoiledLines = map[string]func(text string) string{
	"raw":    func(text string) string { return text },
	"cri":    func(text string) string { return "2026-11-20T10:00:00.5Z stderr F:" + inLines + " " + text },
	"docker": wrappedIn("log", "stream", "tag"),
	"stern": func(text string) string {
		return "kustomize-controller-" + inLines + "-6d4cf56db6-abcde manager " + text
	},
	"stern json": wrappedIn("message", "podName", "containerName"),
	"kubectl":    func(text string) string { return "[pod/kustomize-controller-" + inLines + "/manager] " + text },
	"compose":    func(text string) string { return "kustomize-controller-" + inLines + "  | " + text },
	"logcli text": func(text string) string {
		return `2026-11-20T10:00:00Z {pod="kustomize-controller-` + inLines + `"} ` + text
	},
	"logcli": func(text string) string {
		line, _ := json.Marshal(text)
		return fmt.Sprintf(`{"labels":{"pod":"kustomize-controller-%s"},"line":%s,"timestamp":"2026-11-20T10:00:00Z"}`, inLines, line)
	},
}

// wrappedIn puts a line into JSON, beside keys with a secret.
func wrappedIn(line string, keys ...string) func(string) string {
	return func(text string) string {
		all := map[string]string{line: text, "time": "2026-11-20T10:00:00.5Z"}
		for _, k := range keys {
			all[k] = "kustomize-controller-" + inLines
		}
		out, _ := json.Marshal(all)
		return string(out)
	}
}

// spoiledText are lines of controllers with secrets.
func spoiledText(i int) string {
	at := time.Date(2026, 11, 20, 10, 0, i, 0, time.UTC)
	switch i % 4 {
	case 0:
		return strings.TrimSuffix(kustomization(at, "app-"+inLines, `"level":"error","msg":"Reconciler error","revision":"main/`+inLines+`","reason":"`+
			inLines+`","`+inLines+`":"`+inLines+`","error":"build failed: `+inLines+`"`), "\n")
	case 1:
		return "E1120 10:00:00.000000       1 reflector.go:1] \"failed\" err=\"" + inLines + "\""
	case 2:
		return "panic: " + inLines
	}
	return at.Format(time.RFC3339) + "\terror\t" + inLines + "\t" + inLines + "\t{\"" + inLines + "\":\"" + inLines + "\"}"
}

// TestNothingLeavesUnredacted has both lanes stop after each line, and looks for secrets in all
// that is saved, printed and shown.
func TestNothingLeavesUnredacted(t *testing.T) {
	t.Parallel()
	for name, framed := range spoiledLines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			logs := t.TempDir()
			for i := range 24 {
				appendFile(t, filepath.Join(logs, fmt.Sprint(i%3)+".log"), framed(spoiledText(i))+"\n")
			}
			for _, lane := range []string{"trail", "ship"} {
				leaves(t, lane, logs)
			}
		})
	}
}

// leaves reads logs line by line with one lane of agents that come one after the other.
func leaves(t *testing.T, name, logs string) {
	t.Helper()
	dir, to, log, read := t.TempDir(), &recorder{}, &bytes.Buffer{}, 0
	for range 40 {
		opt := testOptions(dir, logs)
		opt.Secrets = []redact.Pattern{{Name: "mark", Regexp: inLines}}
		var err error
		if opt.Log, err = NewLog(log, slog.LevelDebug, true, opt.Secrets); err != nil {
			t.Fatal(err)
		}
		a := newAssembly(opt, stateDir(dir), nil, time.Now)
		l, told := derived(t, a)
		if name == "ship" {
			if l, err = a.ship(); err != nil {
				t.Fatal(err)
			}
			a.status.names, l.job.(*ship).sink = []string{"ship"}, to
		}
		if err := l.load(); err != nil {
			t.Fatal(err)
		}
		l.look()
		if x := l.input.merger.next(); x != nil {
			l.job.add(x)
			l.input.merger.taken()
			read++
		}
		if _, err := l.deliver(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		l.checkpoint(true)
		out := map[string]string{"events": told.String(), "own log": log.String(), "sent": fmt.Sprint(to.got), "state": stateOf(t, dir, name)}
		for _, path := range []string{"/", "/?at=last", "/metrics", "/api/v1/incidents", "/api/v1/objects", "/api/v1/status", "/api/v1/targets"} {
			out[path] = get(t, a, path).Body.String()
		}
		for where, text := range out {
			if i := strings.Index(text, inLines); i >= 0 {
				t.Fatalf("%s, line %d, %s: …%s", name, read, where, text[max(0, i-200):i+len(inLines)])
			}
		}
		if err := l.input.follow.Close(); err != nil {
			t.Error(err)
		}
	}
	if read < 10 {
		t.Errorf("%s: %d lines were read", name, read)
	}
}

// stateOf is what a lane saved, with what is encoded in it.
func stateOf(t *testing.T, dir, lane string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, lane+".json"))
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.NewBuffer(text)
	for _, word := range regexp.MustCompile(`"[A-Za-z0-9+/]+=*"`).FindAll(text, -1) {
		plain, err := base64.StdEncoding.DecodeString(string(word[1 : len(word)-1]))
		if err != nil {
			continue
		}
		out.Write(plain)
		if r, err := packed(plain).unpack(); err == nil {
			_, _ = io.Copy(out, r)
			r.Close()
		}
	}
	return out.String()
}
