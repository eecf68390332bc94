package main

import (
	"bytes"
	"log"
	"strings"
	"testing"

	"fluxtrail/cmd/cli"
	"fluxtrail/config"
)

// TestLibrariesPrintIntoTheLog holds that what net/http prints by itself, such as what a server
// sent unasked, is a line of the agent's log like any other.
func TestLibrariesPrintIntoTheLog(t *testing.T) {
	t.Setenv("FLUXTRAIL_LOKI__ENABLED", "false")
	t.Setenv("FLUXTRAIL_AGENT__STATE_DIR", t.TempDir())
	t.Setenv("FLUXTRAIL_TAIL__INCLUDE", t.TempDir())
	cfg, err := config.Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	flags, out := log.Flags(), log.Writer()
	t.Cleanup(func() { log.SetFlags(flags); log.SetOutput(out) })
	var errs bytes.Buffer
	if err := runAgent(t.Context(), cfg, true, cli.Streams{Out: &bytes.Buffer{}, Err: &errs}); err != nil {
		t.Fatal(err, errs.String())
	}
	errs.Reset()
	log.Print("Unsolicited response received: https://joe:hunter2@example.com/")
	line := errs.String()
	if !strings.HasPrefix(line, "{") || !strings.Contains(line, "Unsolicited") || strings.Contains(line, "hunter2") {
		t.Error(line)
	}
}
