package files

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/txtar"

	"fluxtrail/conditions"
	"fluxtrail/conditions/conditionstest"
	"fluxtrail/parse/redact"
)

var update = flag.Bool("update", false, "rewrite what the cases want")

func redactor(t testing.TB) func(string) string {
	t.Helper()
	r, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.String
}

// TestCases reads the files of each case in testdata and compares what they said. A case whose
// comment has a line "at TIME" gives that time to snapshots.
func TestCases(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			testCase(t, path)
		})
	}
}

func testCase(t *testing.T, path string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir, want := t.TempDir(), ""
	for _, f := range archive.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opt := Options{Redact: redactor(t)}
	for line := range strings.Lines(string(archive.Comment)) {
		if at, ok := strings.CutPrefix(strings.TrimSpace(line), "at "); ok {
			when, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			opt.At = when.UnixNano()
		}
	}
	e, err := Read([]string{dir}, opt)
	if err != nil {
		t.Fatal(err)
	}
	conditionstest.Check(t, e.Observations)
	got := strings.ReplaceAll(describe(e), dir+"/", "")
	if *update {
		rewrite(t, path, archive, got)
	} else if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func rewrite(t *testing.T, path string, archive *txtar.Archive, want string) {
	t.Helper()
	archive.Files[len(archive.Files)-1] = txtar.File{Name: "want", Data: []byte(want)}
	if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
}

func describe(e *conditions.Evidence) string {
	var b strings.Builder
	for _, f := range e.Inputs {
		fmt.Fprintf(&b, "%s is %s: %d objects, %d others, at %d guessed %v", f.Name, f.Form, f.Objects, f.Others, f.At/1e9, f.Guessed)
		if f.Err != nil {
			fmt.Fprintf(&b, "\n  error %s", strings.ReplaceAll(f.Err.Error(), "\n", "; "))
		}
		b.WriteByte('\n')
	}
	for _, l := range e.Listings {
		fmt.Fprintf(&b, "all of %s in %q at %d from %s\n", l.Kind, l.Namespace, l.At/1e9, l.Source)
	}
	for i := range e.Observations {
		fmt.Fprintln(&b, conditionstest.Describe(&e.Observations[i]))
	}
	return b.String()
}

// TestPacked reads packed files as it reads plain ones.
func TestPacked(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := []byte(`{"t": 1795697547.5, "kind": "Kustomization", "namespace": "a", "name": "b", "ready": "True"}` + "\n")
	var gz, zst bytes.Buffer
	w := gzip.NewWriter(&gz)
	_, _ = w.Write(text)
	_ = w.Close()
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = z.Write(text)
	_ = z.Close()
	for name, data := range map[string][]byte{"a.gz": gz.Bytes(), "b.zst": zst.Bytes(), "c": text, "d.gz": gz.Bytes()[:30]} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Read([]string{dir}, Options{Redact: redactor(t)})
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Observations) != 3 || e.Inputs[3].Err == nil {
		t.Errorf("got %s", describe(e))
	}
	if _, err := Read([]string{filepath.Join(dir, "none")}, Options{Redact: redactor(t)}); err == nil {
		t.Error("a path that does not exist: no error")
	}
}
