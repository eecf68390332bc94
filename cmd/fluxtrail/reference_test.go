package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxtrail/cmd/cli"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

const docsDir = "../../docs"

// TestCLIReference holds docs/cli.md against the commands; with -update it writes it.
func TestCLIReference(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString("<!-- Made from the commands by `make docs`. -->\n\n# Commands\n\n")
	visit(newRoot(cli.Streams{In: nil, Out: io.Discard, Err: io.Discard}), func(c *cobra.Command) {
		b.WriteString("## " + c.CommandPath() + "\n\n```text\n" + help(t, c) + "```\n\n")
	})
	fresh(t, filepath.Join(docsDir, "cli.md"), b.Bytes())
}

// TestManPages does the same for the pages in docs/man.
func TestManPages(t *testing.T) {
	t.Parallel()
	day := time.Unix(0, 0).UTC()
	header := doc.GenManHeader{Title: "FLUXTRAIL", Section: "1", Source: "fluxtrail", Manual: "fluxtrail", Date: &day}
	visit(newRoot(cli.Streams{In: nil, Out: io.Discard, Err: io.Discard}), func(c *cobra.Command) {
		var b bytes.Buffer
		page := header
		page.Title = strings.ToUpper(strings.ReplaceAll(c.CommandPath(), " ", "-"))
		if err := doc.GenMan(c, &page, &b); err != nil {
			t.Error(err)
		}
		name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
		fresh(t, filepath.Join(docsDir, "man", name), b.Bytes())
	})
}

// visit calls f for a command and all below it, but for those that cobra brings along.
func visit(c *cobra.Command, f func(*cobra.Command)) {
	if c.Name() == "completion" || c.Name() == "help" {
		return
	}
	f(c)
	for _, sub := range c.Commands() {
		visit(sub, f)
	}
}

func help(t *testing.T, c *cobra.Command) string {
	t.Helper()
	var b bytes.Buffer
	c.SetOut(&b)
	defer c.SetOut(nil)
	if err := c.Help(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// fresh compares a file with what it should be.
func fresh(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(got), string(want)); d != "" {
		t.Errorf("%s is stale; run make docs (-file +commands):\n%s", path, d)
	}
}

// TestFlagGroups holds that every flag of a command with groups stands in one: the rest, which the
// help calls Flags, is --help alone.
func TestFlagGroups(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	std := cli.Streams{In: strings.NewReader(""), Out: &help, Err: &help}
	if code := execute(t.Context(), []string{"replay", "-h"}, std); code != cli.OK {
		t.Fatal(code, help.String())
	}
	_, rest, ok := strings.Cut(help.String(), "\nFlags:\n")
	rest, _, _ = strings.Cut(rest, "\n\n")
	if !ok || strings.Count(rest, "--") != 1 || !strings.Contains(rest, "--help") {
		t.Errorf("flags without a group:\n%s", rest)
	}
}
