package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

const docsDir = "../../docs"

// TestCLIReference holds docs/cli.md against the commands; with -update it writes it.
func TestCLIReference(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	b.WriteString("<!-- Made from the commands by `make docs`. -->\n\n# Commands\n\n")
	visit(newRoot(streams{nil, io.Discard, io.Discard}), func(c *cobra.Command) {
		b.WriteString("## " + c.CommandPath() + "\n\n```text\n" + help(t, c) + "```\n\n")
	})
	fresh(t, filepath.Join(docsDir, "cli.md"), b.Bytes())
}

// TestManPages does the same for the pages in docs/man.
func TestManPages(t *testing.T) {
	t.Parallel()
	day := time.Unix(0, 0).UTC()
	header := doc.GenManHeader{Title: "FLUXTRAIL", Section: "1", Source: "fluxtrail", Manual: "fluxtrail", Date: &day}
	visit(newRoot(streams{nil, io.Discard, io.Discard}), func(c *cobra.Command) {
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

// TestFlagGroups holds that every flag of a command with groups stands in one.
func TestFlagGroups(t *testing.T) {
	t.Parallel()
	c := newReplay(streams{nil, io.Discard, io.Discard})
	_, groups := flagGroups(c)
	groups["Flags"].VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" {
			t.Errorf("--%s stands in no group", f.Name)
		}
	})
}
