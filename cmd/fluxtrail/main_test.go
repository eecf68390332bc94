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
