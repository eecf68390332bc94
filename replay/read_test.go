package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/tail"
	"fluxtrail/tail/discover"
)

// logLine is a line of a controller, second seconds after ten o'clock.
func logLine(second int, msg string) string {
	at := time.Date(2026, 11, 20, 10, 0, second, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
	return fmt.Sprintf(`{"level":"info","ts":%q,"msg":%q}`+"\n", at, msg)
}

// writeFiles writes files by name and returns their directory.
func writeFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// readingOf reads all logs of a directory. sorted are the sources to put in order first.
func readingOf(t *testing.T, dir string, sorted ...int) reading {
	t.Helper()
	sources, problems := discover.Find([]string{dir}, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	in := reading{sources: sources, stdin: newReplayable(nil), sort: map[int]bool{}, tick: func(int64) {}}
	for _, i := range sorted {
		in.sort[i] = true
	}
	return in
}

// messages merges everything and returns what the records say, in order.
func messages(t *testing.T, in reading) (all []string, stats []fileStats, disordered []int) {
	t.Helper()
	stats, disordered, err := in.merge(t.Context(), func(r *parse.Record, at derive.Place) {
		if !bytes.Contains(at.Text, []byte(r.Msg)) {
			t.Errorf("the text of %q is %q", r.Msg, at.Text)
		}
		all = append(all, strings.Clone(r.Msg))
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, stats, disordered
}

// TestMergeIsInTheOrderOfTime has three logs whose lines alternate, with equal times: those are in
// the order of the names.
func TestMergeIsInTheOrderOfTime(t *testing.T) {
	t.Parallel()
	files := map[string]string{}
	var want []string
	for second := range 50 {
		for i, name := range []string{"a.log", "b.log", "c.log"} {
			if second%(i+1) == 0 {
				msg := fmt.Sprintf("%s %02d", name, second)
				files[name] += logLine(second, msg)
				want = append(want, msg)
			}
		}
	}
	got, stats, disordered := messages(t, readingOf(t, writeFiles(t, files)))
	if !slices.Equal(got, want) || len(disordered) != 0 {
		t.Errorf("got  %v\nwant %v; out of order: %v", got, want, disordered)
	}
	for i, st := range stats {
		if wantLines := int64((50 + i) / (i + 1)); st.records != wantLines || st.unparsed != 0 || st.Lines != wantLines {
			t.Errorf("file %d: %+v, want %d records", i, st, wantLines)
		}
		if first := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC).UnixNano(); st.first != first || st.last <= first {
			t.Errorf("file %d: from %d to %d", i, st.first, st.last)
		}
	}
}

// TestMergeOfManyBatches has more lines than batches hold, lines that are longer than a batch's
// memory among them. All come once, with their own text.
func TestMergeOfManyBatches(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	const n = 5 * batchLines
	for i := range n {
		msg := fmt.Sprint("line ", i)
		if i%700 == 0 {
			msg = strings.Repeat("x", 2*maxBatch) + msg
		}
		text.WriteString(logLine(i/100, msg))
	}
	ticks := make([]int64, 2)
	in := readingOf(t, writeFiles(t, map[string]string{"a.log": text.String()}))
	in.tick = func(read int64) { ticks[0] += read }
	got, _, _ := messages(t, in)
	if len(got) != n {
		t.Fatalf("%d of %d lines", len(got), n)
	}
	for i, msg := range got {
		if !strings.HasSuffix(msg, fmt.Sprint("line ", i)) {
			t.Fatalf("line %d is %.40q", i, msg)
		}
	}
	if want := int64(text.Len() - n); ticks[0] != want { // without the ends of the lines
		t.Errorf("progress of %d bytes, want %d", ticks[0], want)
	}
}

// TestMergeCountsWhatItDoesNotUnderstand names the first line that is in no known form.
func TestMergeCountsWhatItDoesNotUnderstand(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"a.log": logLine(1, "one") + "{\"broken\n{\"too\n" + logLine(2, "two")})
	_, stats, _ := messages(t, readingOf(t, dir))
	if st := stats[0]; st.records != 2 || st.unparsed != st.Lines-2 || st.firstUnparsed != 2 {
		t.Errorf("%+v", st)
	}
}

// TestMergeStops is told to stop after the first record.
func TestMergeStops(t *testing.T) {
	t.Parallel()
	text := strings.Repeat(logLine(1, "x"), 20*batchLines)
	in := readingOf(t, writeFiles(t, map[string]string{"a.log": text, "b.log": text}))
	ctx, stop := context.WithCancel(t.Context())
	n := 0
	_, _, err := in.merge(ctx, func(*parse.Record, derive.Place) { n++; stop() })
	if !errors.Is(err, context.Canceled) || n >= 40*batchLines {
		t.Errorf("%d records, %v", n, err)
	}
}

// TestMergeFindsDisorder reads a log whose newest line comes first, and again with its lines put in
// order: they come as in the log that was written in order, with the lines that have no time.
func TestMergeFindsDisorder(t *testing.T) {
	t.Parallel()
	var lines []string
	for i := range 30 {
		lines = append(lines, logLine(5*i, fmt.Sprintf("%02d", i)))
	}
	slices.Reverse(lines)
	dir := writeFiles(t, map[string]string{"a.log": logLine(3, "other"), "b.log": strings.Join(lines, "")})
	if _, _, disordered := messages(t, readingOf(t, dir)); !slices.Equal(disordered, []int{1}) {
		t.Fatalf("out of order: %v", disordered)
	}
	got, stats, disordered := messages(t, readingOf(t, dir, 1))
	want := []string{"00", "other"}
	for i := 1; i < 30; i++ {
		want = append(want, fmt.Sprintf("%02d", i))
	}
	if !slices.Equal(got, want) || len(disordered) != 0 {
		t.Errorf("got %v\nwant %v; out of order: %v", got, want, disordered)
	}
	if stats[0].order != "" || stats[1].order != orderReversed || stats[1].records != 30 {
		t.Errorf("%+v", stats)
	}
}

// TestOrderTakesLinesWithoutTimeAlong has a trace below its line, in a log of two pods one after
// the other.
func TestOrderTakesLinesWithoutTimeAlong(t *testing.T) {
	t.Parallel()
	text := logLine(20, "late") + "goroutine 1 [running]:\nmain.main()\n" + logLine(1, "early") + logLine(2, "next")
	dir := writeFiles(t, map[string]string{"a.log": text})
	sources, _ := discover.Find([]string{dir}, nil)
	o, err := order(t.Context(), func() *tail.Reader { return tail.NewReader(sources[0], tail.Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	var numbers []int64
	for o.Next() {
		numbers = append(numbers, o.Line().Num)
	}
	if !slices.Equal(numbers, []int64{4, 5, 1, 2, 3}) || o.how != orderByTime {
		t.Errorf("lines in the order %v, %s", numbers, o.how)
	}
	if stats := o.Stats(); len(stats) != 1 || stats[0].Lines != 5 || stats[0].Err != nil {
		t.Errorf("%+v", stats)
	}
}

// TestStandardInputIsReadAgain reads a pipe and a file twice, and a file from where it stood.
func TestStandardInputIsReadAgain(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join(writeFiles(t, map[string]string{"x": "skipped rest"}), "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Seek(8, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]io.Reader{"pipe": strings.NewReader("rest"), "file": f} {
		in := newReplayable(r)
		for n := range 3 {
			if got, err := io.ReadAll(in.again()); err != nil || string(got) != "rest" {
				t.Errorf("%s, reading %d: %q %v", name, n+1, got, err)
			}
		}
	}
	if _, err := io.ReadAll(newReplayable(nil).again()); err == nil {
		t.Error("read standard input that there is not")
	}
}

// TestLongestLine bounds what lines of many logs take together.
func TestLongestLine(t *testing.T) {
	t.Parallel()
	for logs, want := range map[int]int{0: 10 << 20, 1: 10 << 20, 6: 10 << 20, 64: 1 << 20, 200: 64 << 20 / 200, 100_000: 256 << 10} {
		if got := longestLine(logs); got != want {
			t.Errorf("%d logs: %d, want %d", logs, got, want)
		}
	}
}
