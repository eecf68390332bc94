package main

import (
	"strings"
	"testing"

	"fluxtrail/cmd/cli"

	"github.com/spf13/cobra"
)

// TestCompletedFlags holds that every flag whose help lists its values completes them.
func TestCompletedFlags(t *testing.T) {
	t.Parallel()
	root := newRoot(cli.Streams{In: nil, Out: nil, Err: nil})
	for command, flags := range map[string][]string{
		"explain":      {"output", "color", "format"},
		"replay":       {"output", "section", "color", "kind", "controller", "level", "only", "format", "fail-on"},
		"run":          {"log-level", "log-format", "kube-enabled", "tail-from", "tail-format"},
		"config check": {"log-level", "log-format", "kube-enabled", "tail-from", "tail-format"},
		"version":      {"output"},
	} {
		c, _, err := root.Find(strings.Fields(command))
		if err != nil {
			t.Fatal(err)
		}
		for _, flag := range flags {
			complete, ok := c.GetFlagCompletionFunc(flag)
			if !ok {
				t.Errorf("%s --%s completes nothing", command, flag)
				continue
			}
			if values, how := complete(c, nil, ""); len(values) == 0 || how != cobra.ShellCompDirectiveNoFileComp {
				t.Errorf("%s --%s: %v, %v", command, flag, values, how)
			}
		}
	}
}
