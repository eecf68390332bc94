package tail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// stdinSource is a Source of one stream without a file.
var stdinSource = Source{Files: []File{{Path: "-"}}}

// got is a Line that outlives Next.
type got struct {
	Text, Pod string
	Stream    Stream
	Time      int64
	Offset    int64
	Num       int64
	Cut       bool
	Rows      int64
}

func readAll(r *Reader) (lines []got) {
	for r.Next() {
		l := r.Line()
		lines = append(lines, got{string(l.Text), l.Pod, l.Stream, l.Time, l.Offset, l.Num, l.Cut, l.Rows})
	}
	return lines
}

func texts(r *Reader) (out []string) {
	for r.Next() {
		out = append(out, string(r.Line().Text))
	}
	return out
}

func TestLongLines(t *testing.T) {
	for _, limit := range []int{10, 4096, bufferSize - 1, bufferSize, bufferSize + 1, 3 * bufferSize} {
		for _, size := range []int{limit - 1, limit, limit + 1, 10 * limit} {
			text := strings.Repeat("x", size)
			r := NewReader(stdinSource, Options{MaxLine: limit, Stdin: strings.NewReader(text + "\nnext\n")})
			want := []string{text, "next"}
			truncated := int64(0)
			if size > limit {
				sum := sha256.Sum256([]byte(text[limit:]))
				want[0] = fmt.Sprintf("%s…[cut %d bytes sha256:%x]", text[:limit], size-limit, sum[:4])
				truncated = 1
			}
			if diff := cmp.Diff(want, texts(r)); diff != "" {
				t.Errorf("limit %d, size %d: %.300s", limit, size, diff)
			}
			if stat := r.Stats()[0]; stat.Truncated != truncated || stat.Lines != 2 || stat.Bytes != int64(size+6) {
				t.Errorf("limit %d, size %d: %+v", limit, size, stat)
			}
		}
	}
}

func TestLongLineKeepsRunes(t *testing.T) {
	r := NewReader(stdinSource, Options{MaxLine: 6, Stdin: strings.NewReader("abcdµ€é\n€€\n")})
	want := []string{"abcdµ", "€€"}
	for i, text := range texts(r) {
		head, marker, _ := strings.Cut(text, "…")
		if head != want[i] {
			t.Errorf("kept %q, want %q (%s)", head, want[i], marker)
		}
	}
}

// TestLongJoined cuts a record that only becomes too long by its pieces.
func TestLongJoined(t *testing.T) {
	const piece = "2026-11-20T10:22:54.417159105Z stderr P 0123456789\n"
	const end = "2026-11-20T10:22:55.417159105Z stderr F end\n2026-11-20T10:22:56.417159105Z stderr F next\n"
	r := NewReader(stdinSource, Options{MaxLine: 64, Stdin: strings.NewReader(strings.Repeat(piece, 100) + end)})
	lines := readAll(r)
	if len(lines) != 2 || lines[1].Text != "next" || lines[1].Cut {
		t.Fatalf("%+v", lines)
	}
	sum := sha256.Sum256([]byte(strings.Repeat("0123456789", 100)[64:] + "end"))
	want := fmt.Sprintf("%s…[cut %d bytes sha256:%x]", strings.Repeat("0123456789", 7)[:64], 1003-64, sum[:4])
	if diff := cmp.Diff(want, lines[0].Text); diff != "" || !lines[0].Cut {
		t.Error(diff)
	}
	if stat := r.Stats()[0]; stat.Truncated != 1 {
		t.Errorf("%+v", stat)
	}
}

// TestHoleWithoutNewline checks that a hole far larger than every buffer costs no memory and no
// line.
func TestHoleWithoutNewline(t *testing.T) {
	const size = 8 << 20
	in := io.MultiReader(
		strings.NewReader("2026-11-20T10:22:54Z stderr F one\n"), io.LimitReader(zeros{}, size),
		strings.NewReader("2026-11-20T10:22:55Z stderr F two\n"), io.LimitReader(zeros{}, size))
	r := NewReader(stdinSource, Options{Stdin: in})
	if diff := cmp.Diff([]string{"one", "two"}, texts(r)); diff != "" {
		t.Error(diff)
	}
	if stat := r.Stats()[0]; stat.NUL != 2*size || stat.Format != "cri" {
		t.Errorf("%+v", stat)
	}
	if n := cap(r.split.long.b); n > keepCapacity {
		t.Errorf("%d bytes kept", n)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// corpus gives n CRI records: complete ones, pieces, both streams, misframed lines and empty ones.
func corpus(rnd *rand.Rand, n int) (lines []string) {
	for i := range n {
		stamp := fmt.Sprintf("2026-11-20T10:%02d:%02d.%09dZ", i/60%60, i%60, i)
		text := strings.Repeat("µx", rnd.IntN(40))
		switch rnd.IntN(10) {
		case 0:
			lines = append(lines, "panic: "+text+"\n")
		case 1:
			lines = append(lines, "\n")
		default:
			stream := []string{"stdout", "stderr"}[rnd.IntN(2)]
			tag := []string{"F", "F", "P", "F:x"}[rnd.IntN(4)]
			lines = append(lines, fmt.Sprintf("%s %s %s %d %s\n", stamp, stream, tag, i, text))
		}
	}
	return lines
}

// TestAnySplit is the property that replay stands on: however the same records lie in rotated
// files, compressed or not, and however the reads fall, the lines are the same.
func TestAnySplit(t *testing.T) {
	for seed := range uint64(30) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		lines := corpus(rnd, 200)
		whole := strings.Join(lines, "")
		want := texts(NewReader(stdinSource, Options{Format: frame.CRI, Stdin: strings.NewReader(whole)}))
		src := scatter(t, rnd, lines)
		r := NewReader(src, Options{Format: frame.CRI})
		if diff := cmp.Diff(want, texts(r)); diff != "" {
			t.Fatalf("seed %d, %d files: -whole +split\n%s", seed, len(src.Files), diff)
		}
		var read, partial int64
		for _, stat := range r.Stats() {
			read, partial = read+stat.Bytes, partial+stat.Partial
		}
		if read != int64(len(whole)) || partial > 2 {
			t.Errorf("seed %d: %d bytes of %d, %d partial", seed, read, len(whole), partial)
		}
	}
}

// scatter writes the lines into rotations of one container and finds them again.
func scatter(t *testing.T, rnd *rand.Rand, lines []string) Source {
	t.Helper()
	dir := t.TempDir()
	for i := 0; len(lines) > 0; i++ {
		n := min(len(lines), rnd.IntN(60))
		name := fmt.Sprintf("0.log.20261120-10%04d", i) + []string{"", ".gz", ".zst"}[rnd.IntN(3)]
		if n == len(lines) {
			name = "0.log"
		}
		writeCase(t, dir, kcDir+"/"+name, []byte(strings.Join(lines[:n], "")))
		lines = lines[n:]
	}
	sources, errs := discover.Find([]string{dir}, nil)
	if len(sources) != 1 || len(errs) > 0 {
		t.Fatal(sources, errs)
	}
	return sources[0]
}

// TestAnyRead feeds every framing in reads of any size.
func TestAnyRead(t *testing.T) {
	readers := map[string]func(io.Reader) io.Reader{
		"one byte":   iotest.OneByteReader,
		"half":       iotest.HalfReader,
		"data + EOF": iotest.DataErrReader,
	}
	for _, format := range []Format{frame.CRI, frame.Docker, frame.Raw, frame.Prefixed} {
		text := benchFile(format, 300)
		for name, reader := range readers {
			want := readAll(NewReader(stdinSource, Options{Stdin: bytes.NewReader(text)}))
			r := NewReader(stdinSource, Options{Stdin: reader(bytes.NewReader(text))})
			if diff := cmp.Diff(want, readAll(r)); diff != "" || len(want) != 300 {
				t.Errorf("%v, %s: %s", format, name, diff)
			}
		}
	}
}

// TestDamagedGzip reads what a truncated or corrupt file still gives, and says how far that went.
func TestDamagedGzip(t *testing.T) {
	text := bytes.Join([][]byte{benchFile(frame.CRI, 2000)}, nil)
	packed := append(gzipped(t, text), gzipped(t, []byte("2026-11-20T10:22:54Z stderr F second member\n"))...)
	corrupt := slices.Clone(packed)
	corrupt[len(corrupt)-3] ^= 0xff // its length field
	for name, tt := range map[string]struct {
		data []byte
		min  int
		err  error
	}{
		"whole":            {packed, 2001, nil},
		"second member":    {corrupt, 2001, nil},
		"cut":              {packed[:len(packed)/2], 100, io.ErrUnexpectedEOF},
		"trailing garbage": {append(slices.Clone(packed), "garbage"...), 2001, nil},
		"header alone":     {packed[:5], 0, io.ErrUnexpectedEOF},
	} {
		r := NewReader(stdinSource, Options{Stdin: bytes.NewReader(tt.data)})
		n := len(readAll(r))
		stat := r.Stats()[0]
		if n < tt.min || (stat.Err == nil) != (name == "whole") || tt.err != nil && !errors.Is(stat.Err, tt.err) {
			t.Errorf("%s: %d lines, %+v", name, n, stat)
		}
	}
}

// TestDamageEndsRecord checks that pieces before and after a hole are not joined.
func TestDamageEndsRecord(t *testing.T) {
	dir := t.TempDir()
	packed := gzipped(t, []byte("2026-11-20T10:22:54Z stderr P before\n"))
	for name, data := range map[string][]byte{
		"0.log.20261120-100000.gz": packed[:len(packed)-8],
		"0.log":                    []byte("2026-11-20T10:22:55Z stderr F after\n"),
	} {
		if err := os.MkdirAll(filepath.Join(dir, kcDir), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, kcDir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sources, _ := discover.Find([]string{dir}, nil)
	if diff := cmp.Diff([]string{"before", "after"}, texts(NewReader(sources[0], Options{}))); diff != "" {
		t.Error(diff)
	}
}

func TestUnreadableFileIsSkipped(t *testing.T) {
	dir := t.TempDir()
	writeCase(t, dir, "b", []byte("one\n"))
	src := Source{Files: []File{{Path: filepath.Join(dir, "gone")}, {Path: dir}, {Path: filepath.Join(dir, "b")}, {Path: "-"}}}
	r := NewReader(src, Options{})
	if diff := cmp.Diff([]string{"one"}, texts(r)); diff != "" {
		t.Error(diff)
	}
	if r.FileIndex() != 2 {
		t.Error(r.FileIndex())
	}
	for i, stat := range r.Stats() {
		if (stat.Err == nil) != (i == 2) {
			t.Errorf("file %d: %v", i, stat.Err)
		}
	}
}

func TestClose(t *testing.T) {
	r := NewReader(stdinSource, Options{Stdin: strings.NewReader("one\ntwo\nthree")})
	r.Next()
	if stat := r.Stats()[0]; stat.Lines != 1 || stat.Format != "raw" {
		t.Errorf("%+v", stat)
	}
	for range 2 {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		if r.Next() {
			t.Error("Next after Close")
		}
	}
}

func TestReaderFreesItsBuffer(t *testing.T) {
	r := NewReader(stdinSource, Options{Stdin: bytes.NewReader(benchFile(frame.CRI, 10))})
	if r.split.buf != nil {
		t.Error("allocated before the first Next")
	}
	for r.Next() {
	}
	if r.split.buf != nil || r.Next() {
		t.Error("kept after the last line")
	}
}

// TestNoGarbage checks that lines cost no allocation, only files do.
func TestNoGarbage(t *testing.T) {
	for _, format := range []Format{frame.CRI, frame.Docker, frame.Raw, frame.Prefixed} {
		text := benchFile(format, 20000)
		allocs := testing.AllocsPerRun(2, func() {
			r := NewReader(stdinSource, Options{Stdin: bytes.NewReader(text)})
			for r.Next() {
			}
		})
		if allocs > 100 {
			t.Errorf("%v: %v allocations for 20000 lines", format, allocs)
		}
	}
}

func TestForcedFormat(t *testing.T) {
	const line = "2026-11-20T10:22:54Z stderr F text\n"
	for format, want := range map[Format]string{
		frame.CRI: "text", frame.Raw: "text", frame.Docker: line[:len(line)-1], frame.Loki: line[:len(line)-1], frame.Stern: line[:len(line)-1],
		frame.Logcli: line[:len(line)-1], frame.Prefixed: line[:len(line)-1],
	} {
		r := NewReader(stdinSource, Options{Format: format, Stdin: strings.NewReader(line)})
		if diff := cmp.Diff([]string{want}, texts(r)); diff != "" {
			t.Errorf("%v: %s", format, diff)
		}
		if stat := r.Stats()[0]; stat.Format != format.String() {
			t.Errorf("%v: %+v", format, stat)
		}
	}
}

func TestParseFormat(t *testing.T) {
	for f := frame.Auto; f <= frame.Stern; f++ {
		if got, err := frame.ParseFormat(f.String()); got != f || err != nil {
			t.Error(f, got, err)
		}
	}
	if _, err := frame.ParseFormat("syslog"); err == nil {
		t.Error("no error")
	}
}

// TestRecordedTrees reads the recorded pod logs that lie beside the project, where they do: every
// record of them is framed, and the files of a container follow each other in time.
func TestRecordedTrees(t *testing.T) {
	trees, _ := filepath.Glob("../../shared/data/stories/*/pods")
	if len(trees) == 0 {
		t.Skip("no recorded pod logs beside the project")
	}
	sources, errs := discover.Find(trees, nil)
	if len(sources) == 0 || len(errs) > 0 {
		t.Fatal(sources, errs)
	}
	for _, src := range sources {
		r, last := NewReader(src, Options{}), int64(0)
		for r.Next() {
			if l := r.Line(); l.Time < last || l.Stream == StreamNone {
				t.Errorf("%s: line %d: %d after %d", src.Files[r.FileIndex()].Path, l.Num, l.Time, last)
			} else {
				last = l.Time
			}
		}
		for i, stat := range r.Stats() {
			if strings.TrimSuffix(stat.Format, ".gz") != "cri" || stat.Lines == 0 || stat.Misframed+stat.Partial+stat.Truncated+stat.NUL > 0 || stat.Err != nil {
				t.Errorf("%s: %+v", src.Files[i].Path, stat)
			}
		}
	}
}

// endless gives a text again and again, n bytes in all, and then an end.
type endless struct {
	text, end string
	n         int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.n <= 0 {
		n := copy(p, e.end)
		if e.end = e.end[n:]; n == 0 {
			return 0, io.EOF
		}
		return n, nil
	}
	n := 0
	for n+len(e.text) <= len(p) {
		n += copy(p[n:], e.text)
	}
	e.n -= int64(n)
	return n, nil
}

// TestLongRows holds no more of a row than of a line, whatever the row looks like, and says how
// much is missing.
func TestLongRows(t *testing.T) {
	const size, longest = 64 << 20, 256 << 10
	for _, begin := range []string{`{"level":"info","msg":"`, "x\n{\"msg\":\"", `[{"msg":"`, "{\n\"msg\":\"", "words "} {
		in := io.MultiReader(strings.NewReader(begin), &endless{text: "xxxxxxxxxxxxxxxx", end: "\"}\n" + `{"msg":"end"}` + "\n", n: size})
		r := NewReader(Source{Files: []File{{Path: "-"}}}, Options{Stdin: in, MaxLine: longest})
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		cut, end := 0, ""
		for r.Next() {
			l := r.Line()
			if end = string(l.Text); l.Cut {
				var missing int
				_, err := fmt.Sscanf(end[strings.LastIndex(end, "…[cut "):], "…[cut %d bytes", &missing)
				if cut++; err != nil || missing < size-longest-len(begin) || len(end) > longest+100 {
					t.Errorf("%q: %d bytes, %d are missing: %v", begin, len(end), missing, err)
				}
			}
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 16*longest {
			t.Errorf("%q takes %d bytes", begin, took)
		}
		if want := 1 - strings.Count(begin, "{\n"); cut != want || !strings.Contains(end, "end") { // given row by row
			t.Errorf("%q: %d lines are cut, the last is %q", begin, cut, end)
		}
	}
}

// nothing is a file without end in which no line ends. It tells when it was read for a while.
type nothing struct {
	reads int
	often func()
}

func (z *nothing) Read(p []byte) (int, error) {
	if z.reads++; z.reads == 100 {
		z.often()
	}
	clear(p)
	return len(p), nil
}

// TestReadingEndsWithItsContext reads a file without end and without lines.
func TestReadingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	r := NewReader(Source{Files: []File{{Path: "-"}}}, Options{Stdin: &nothing{often: stop}, Context: ctx})
	for r.Next() {
		t.Errorf("a line: %.100q", r.Line().Text)
	}
}

// TestPseudoFiles reads what the system makes up, of which some has no end.
func TestPseudoFiles(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/kmsg"); err != nil {
		t.Skip("there is no /proc/kmsg")
	}
	r := NewReader(Source{Files: []File{{Path: "/proc/self/status"}}}, Options{})
	if r.Next() || r.Stats()[0].Err == nil {
		t.Errorf("%+v", r.Stats())
	}
}
