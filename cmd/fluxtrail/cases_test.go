package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/cmd/cli"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/tidwall/gjson"
)

// TestCases replays each case of fixtures/cases and compares a summary of the
// report with the case's want section. Every other section is a log file; paths
// may have the kubelet's layout. A section named args has more flags, one a line.
func TestCases(t *testing.T) {
	dir, err := filepath.Abs("../../fixtures/cases")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { testCase(t, path) })
	}
}

func testCase(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Error("the first line has to say why the case exists")
	}
	t.Chdir(t.TempDir())
	var want *txtar.File
	args := []string{"replay", "--output", "json"}
	for i := range archive.Files {
		switch file := &archive.Files[i]; file.Name {
		case "want":
			want = file
		case "args":
			args = append(args, strings.Split(strings.TrimSpace(string(file.Data)), "\n")...)
		default:
			writeLog(t, file)
		}
	}
	if want == nil {
		t.Fatal("no section named want")
	}
	got := summary(t, append(args, "."))
	if *update && got != string(want.Data) {
		want.Data = []byte(got)
		rewrite(t, path, archive)
	}
	if diff := cmp.Diff(string(want.Data), got); diff != "" {
		t.Errorf("-update rewrites the case (-want +got):\n%s", diff)
	}
}

func writeLog(t *testing.T, file *txtar.File) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file.Name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file.Name, file.Data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// summary is what came out, one fact a line: easy to write by hand, and the same
// whatever the layout of a report.
func summary(t *testing.T, args []string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := execute(context.Background(), args, cli.Streams{In: strings.NewReader(""), Out: &stdout, Err: &stderr}); code != cli.OK {
		return fmt.Sprintf("exit %d: %s", code, stderr.String())
	}
	var s strings.Builder
	r := gjson.ParseBytes(stdout.Bytes())
	for _, f := range r.Get("input.files").Array() {
		if f.Get("unparsed").Int() > 0 || f.Get("error").String() != "" {
			fmt.Fprintf(&s, "file %s: %d lines not understood %s\n", f.Get("path"), f.Get("unparsed").Int(), f.Get("error"))
		}
	}
	for _, o := range r.Get("objects").Array() {
		fmt.Fprintf(&s, "%s is %s, ready %s%s\n", ref(o), o.Get("status"), o.Get("ready"), told(o, "reason", "revision", "root_cause"))
		fmt.Fprintf(&s, "  runs:%s\n", told(o.Get("attempts"), "succeeded", "failed", "waiting", "stalled", "other"))
	}
	for _, i := range r.Get("incidents").Array() {
		fmt.Fprintf(&s, "incident of %s: %s%s\n", ref(i), i.Get("state"),
			told(i, "closed_reason", "opened_at", "resolved_at", "attempts", "flaps", "first_revision", "last_good_revision"))
		fmt.Fprintf(&s, "  %s: %s\n", i.Get("reason"), i.Get("error_first"))
		for _, a := range i.Get("affected").Array() {
			fmt.Fprintf(&s, "  affects %s\n", ref(a))
		}
	}
	for _, c := range r.Get("controllers").Array() {
		fmt.Fprintf(&s, "%s:%s%s\n", c.Get("name"), told(c, "restarts", "panics", "throttled", "leader_changes"),
			told(c.Get("lines"), "info", "error", "debug", "other"))
	}
	return s.String()
}

func ref(v gjson.Result) string {
	return fmt.Sprintf("%s/%s/%s", v.Get("kind"), v.Get("namespace"), v.Get("name"))
}

// told lists the named members that are there and not zero.
func told(v gjson.Result, names ...string) string {
	var s strings.Builder
	for _, name := range names {
		switch m := v.Get(name); {
		case m.IsObject():
			fmt.Fprintf(&s, " %s=%s", name, ref(m))
		case m.String() != "" && m.String() != "0":
			fmt.Fprintf(&s, " %s=%s", name, m)
		}
	}
	return s.String()
}

func rewrite(t *testing.T, path string, archive *txtar.Archive) {
	t.Helper()
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
