package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"fluxtrail/cmd/cli"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run fluxtrail as a program of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"fluxtrail": func() {
			os.Exit(execute(context.Background(), os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"loki": lokiCommand, "append": appendCommand, "exits": exitsCommand},
		Setup: func(e *testscript.Env) error {
			e.Values[lokiKey{}] = &fakeLoki{}
			e.Setenv("FLUXTRAIL_AGENT__STATE_DIR", e.WorkDir+"/state")
			wd, err := os.Getwd()
			e.Setenv("FIXTURES", wd+"/../../fixtures") // the recorded demo
			return errors.Join(err, os.CopyFS(e.WorkDir+"/logs", os.DirFS("testdata/logs")))
		},
	})
}

// exitsCommand is the scripts' command exits: it runs a program and demands its exit code.
func exitsCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENT...]")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit := (*exec.ExitError)(nil)
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit code %d, want %s", got, want)
	}
}

// TestNamesBeginNoLine gives commands files, there and not there, with line breaks and escape codes
// in their names: nothing that is printed has a line that such a name begins.
func TestNamesBeginNoLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const name = "a\nforged: all is well\x1b[31m\tb.yaml"
	there, missing, below := filepath.Join(dir, name), filepath.Join(dir, "no", name), filepath.Join(dir, "below")
	if err := os.Mkdir(below, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(below, "c"+name)); err != nil {
		t.Fatal(err)
	}
	const text = "rule_files: [none.yaml]\ngroups:\n- name: g\n  rules:\n  - {alert: A, expr: \"gotk_reconcile_condition((\"}\n"
	for _, path := range []string{there, filepath.Join(below, name)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range []string{
		"replay -v", "replay -o markdown", "replay --baseline", "replay --conditions", "replay --rules", "replay -o", "replay --since",
		"replay --kind", "replay --name", "replay --cluster --kubeconfig", "replay --loki-ca-file", "explain", "explain ks/a",
		"rules check", "rules test", "rules print --format", "doctor", "doctor --agent", "doctor --cluster --kubeconfig",
		"config check --config", "config print --config", "config print", "config docs", "run --once --config", "run --once --tail-from",
		"migrate promtail-positions --state-dir " + dir, "migrate promtail-positions --first-start --state-dir " + dir,
		"dashboards export", "help", "completion", "own-state", "",
	} {
		for _, path := range []string{there, missing, below} {
			for _, args := range [][]string{
				append(strings.Fields(line), path), append(strings.Fields(line), path, "testdata/logs"),
			} {
				var out, errs strings.Builder
				execute(t.Context(), args, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
				for told := range strings.Lines(out.String() + "\n" + errs.String()) {
					if strings.HasPrefix(told, "forged") || strings.Contains(told, "\x1b") {
						t.Errorf("%q: %q", args, told)
					}
				}
			}
		}
	}
}

// TestErrorsAreShown wants no terminal to obey what stands in an error.
func TestErrorsAreShown(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder
	path := filepath.Join(t.TempDir(), "a\x1b[2J\u202eb")
	code := execute(t.Context(), []string{"replay", path}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code == cli.OK || !strings.Contains(errs.String()+out.String(), "a\uFFFD[2J\uFFFDb") || strings.ContainsAny(errs.String()+out.String(), "\x1b\u202e") {
		t.Errorf("%d: %q, %q", code, out.String(), errs.String())
	}
}
