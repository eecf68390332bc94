package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run fluxtrail as a program of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"fluxtrail": func() {
			os.Exit(dispatch(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
		},
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true, UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"loki": lokiCommand, "append": appendCommand},
		Setup: func(e *testscript.Env) error {
			e.Values[lokiKey{}] = &fakeLoki{}
			e.Setenv("FLUXTRAIL_AGENT__STATE_DIR", e.WorkDir+"/state")
			// The recorded demo, as it lies in the repository.
			wd, err := os.Getwd()
			e.Setenv("FIXTURES", wd+"/../../fixtures")
			return err
		},
	})
}
