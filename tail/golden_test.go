package tail

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/rogpeppe/go-internal/txtar"

	"fluxtrail/tail/discover"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata")

// TestGolden reads each case of testdata: a tree of files, and behind it what must come out. A file
// whose name ends in .quoted holds one Go string per line, for bytes that an editor would not keep;
// .gz and .zst files are compressed when the tree is written.
func TestGolden(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var want *txtar.File
	for i := range archive.Files {
		if f := &archive.Files[i]; f.Name == "want" {
			want = f
		} else {
			writeCase(t, dir, f.Name, f.Data)
		}
	}
	if want == nil {
		t.Fatalf("%s has no section named want", path)
	}
	got := describe(t, dir)
	if *update {
		want.Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(want.Data), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func writeCase(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	if short, ok := strings.CutSuffix(name, ".quoted"); ok {
		name, data = short, unquoteLines(t, data)
	}
	switch filepath.Ext(name) {
	case ".gz":
		data = gzipped(t, data)
	case ".zst":
		data = zstded(t, data)
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func unquoteLines(t *testing.T, data []byte) (out []byte) {
	t.Helper()
	for line := range strings.Lines(string(data)) {
		s, err := strconv.Unquote(strings.TrimSpace(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		out = append(out, s...)
	}
	return out
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t testing.TB, data []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll(data, nil)
}

// describe writes down all that Discover and the Readers say about a directory.
func describe(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	sources, errs := discover.Find([]string{dir}, nil)
	for _, e := range errs {
		fmt.Fprintf(&b, "error %s: %v\n", relative(dir, e.Path), e.Err)
	}
	for _, s := range sources {
		fmt.Fprintf(&b, "source %s namespace=%s pod=%s container=%s uid=%s\n",
			relative(dir, s.Name), s.Namespace, s.Pod, s.Container, s.UID)
		r := NewReader(s, Options{})
		for r.Next() {
			describeLine(&b, r)
		}
		for i, stat := range r.Stats() {
			describeStat(&b, relative(dir, s.Files[i].Path), stat)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
	return b.String()
}

func relative(dir, path string) string {
	if rel, err := filepath.Rel(dir, path); err == nil && filepath.IsAbs(path) {
		return rel
	}
	return path
}

// describeLine gives file:line@offset stream time [pod] [cut] | text.
func describeLine(b *strings.Builder, r *Reader) {
	l := r.Line()
	fmt.Fprintf(b, "  %d:%d@%d", r.FileIndex(), l.Num, l.Offset)
	if l.Stream != StreamNone {
		fmt.Fprintf(b, " %s", l.Stream)
	}
	if l.Time != 0 {
		fmt.Fprintf(b, " %s", time.Unix(0, l.Time).UTC().Format(time.RFC3339Nano))
	}
	if l.Pod != "" {
		fmt.Fprintf(b, " pod=%s", l.Pod)
	}
	if l.Cut {
		b.WriteString(" cut")
	}
	text := string(l.Text)
	if quoted := strconv.Quote(text); quoted != `"`+strings.ReplaceAll(text, `"`, `\"`)+`"` && strings.ContainsFunc(text, unprintable) {
		text = quoted
	}
	fmt.Fprintf(b, " | %s\n", text)
}

func unprintable(r rune) bool { return !strconv.IsPrint(r) }

func describeStat(b *strings.Builder, path string, s FileStat) {
	fmt.Fprintf(b, "  file %s %s lines=%d bytes=%d", path, s.Format, s.Lines, s.Bytes)
	for _, c := range []struct {
		name  string
		count int64
	}{{"truncated", s.Truncated}, {"partial", s.Partial}, {"misframed", s.Misframed}, {"nul", s.NUL}} {
		if c.count > 0 {
			fmt.Fprintf(b, " %s=%d", c.name, c.count)
		}
	}
	if s.Err != nil {
		fmt.Fprintf(b, " error=%q", s.Err)
	}
	b.WriteByte('\n')
}
