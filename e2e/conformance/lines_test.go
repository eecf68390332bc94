package conformance

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// framing of lines
var frameRows = []row{
	{"B-01", "five lines in one write", func(w *world) {
		w.START()
		w.W("a.log", "L1 L2 L3 L4 L5")
	}, sent{"a": "L1 L2 L3 L4 L5"}},
	{"B-02", "one line in two writes", func(w *world) {
		w.START()
		rec := w.CRI("stderr", "F", "hello")
		w.RAW("a.log", rec[:len(rec)-4])
		w.PASS(10 * poll)
		if got := w.loki.entries(); len(got) > 0 {
			w.Errorf("sent before its end: %q", got)
		}
		w.RAW("a.log", rec[len(rec)-4:])
	}, sent{"a": "hello"}},
	{"B-03", "one line over a restart", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		rec := w.CRI("stderr", "F", "hello")
		w.RAW("a.log", rec[:len(rec)-4])
		w.SEE("a", "L1")
		w.STOP()
		w.START()
		w.RAW("a.log", rec[len(rec)-4:])
	}, sent{"a": "L1 hello"}},
	{"B-04", "a line without an end, and the file is removed", func(w *world) {
		w.START()
		w.W("a.log", "L1")
		w.SEE("a", "L1")
		w.RAW("a.log", strings.TrimSuffix(w.CRI("stderr", "F", "half"), "\n"))
		w.PASS(10 * poll)
		w.RM("a.log")
	}, sent{"a": "L1 half"}},
	{"B-05", "lines that end at the edges of buffers", func(w *world) {
		head := len(w.CRI("stderr", "F", ""))
		var want []string
		for _, size := range []int{4095, 4096, 4097, 65535, 65536, 65537} {
			text := strings.Repeat("x", size-head)
			w.W("a.log", text)
			want = append(want, text)
		}
		w.START()
		w.END(sent{"a": strings.Join(want, " ")})
	}, nil},
	{"B-06", "a rune in two writes", func(w *world) {
		w.START()
		rec := w.CRI("stderr", "F", "grün")
		w.RAW("a.log", rec[:len(rec)-3])
		w.PASS(5 * poll)
		w.RAW("a.log", rec[len(rec)-3:])
	}, sent{"a": "grün"}},
	{"B-07", "CRLF, also in two writes", func(w *world) {
		crlf := func(text string) string { return strings.Replace(w.CRI("stderr", "F", text), "\n", "\r\n", 1) }
		w.START()
		w.RAW("a.log", crlf("L1"))
		second := crlf("L2")
		w.RAW("a.log", second[:len(second)-1])
		w.PASS(5 * poll)
		w.RAW("a.log", "\n")
		w.SEE("a", "L1 L2")
		w.STOP()
		w.RAW("a.log", crlf("L3"))
	}, sent{"a": "L1 L2 L3"}},
	{"B-08", "empty lines are passed over", func(w *world) {
		w.RAW("a.log", "\n")
		w.RAW("b.log", "\n\n")
		w.W("a.log", "L1")
		w.RAW("a.log", "\n\n")
		w.START()
		w.SEE("a", "L1")
		w.STOP()
		w.W("a.log", "L2")
		w.W("b.log", "L3")
	}, sent{"a": "L1 L2", "b": "L3"}},
	{"B-09", "lines around the longest, and what follows them", func(w *world) {
		w.setup.MaxLine = "4KiB"
		const most = 4 << 10
		fits := strings.Repeat("x", most-100)
		w.W("a.log", fits+" "+strings.Repeat("y", most+1)+" "+strings.Repeat("z", 10*most)+" L2")
		w.START()
		w.SEE("a", "L2")
		got := w.loki.apps()["a"]
		if len(got) != 4 || got[0] != fits || !cut(got[1], "y", most) || !cut(got[2], "z", most) {
			w.Errorf("%d lines: %.5000q", len(got), got)
		}
		w.END(sent{"a": strings.Join(got, "\n")})
	}, nil},
	{"B-10", "no newline for a long time", func(w *world) {
		w.setup.MaxLine, w.setup.MaxPartial = "1MiB", "4MiB"
		w.START()
		piece := strings.Repeat("x", 1<<20)
		w.RAW("a.log", strings.TrimSuffix(w.CRI("stderr", "F", ""), "\n"))
		for range scaled(64, 1024) {
			w.RAW("a.log", piece)
		}
		w.RAW("a.log", "\n")
		w.W("a.log", "L2")
		w.SEE("a", "L2")
		got := w.loki.apps()["a"]
		if len(got) != 2 || !cut(got[0], "x", 256<<10) {
			w.Errorf("%d lines: %.100q", len(got), got)
		}
		w.mayLose = true // what was cut off
		w.until("the cut to be counted", func() bool { return sum(w.metrics(), `fluxtrail_cut_lines_total{lane="ship"}`) == 1 })
		w.END(sent{"a": strings.Join(got, "\n")})
	}, nil},
	{"B-11", "NUL bytes and invalid UTF-8 are sent as they are", func(w *world) {
		w.LINE("a.log", "nul\x00nul")
		w.LINE("a.log", "bad\xff\xfebad")
		w.W("a.log", "L3")
		w.START()
		w.SEE("a", "L3")
	}, sent{"a": "nul\x00nul bad\xff\xfebad L3"}},
	{"B-12", "a byte order mark", func(w *world) {
		w.RAW("a.log", "\ufeff")
		w.W("a.log", "L1")
		w.START()
		w.SEE("a", "L1")
		w.STOP()
		w.W("a.log", "L2")
	}, sent{"a": "L1 L2"}},
	{"B-13", "JSON, half of JSON, klog and a panic", func(w *world) {
		w.START()
		now := w.clock
		lines := fmt.Sprintf(mixed, now.Format(time.RFC3339), now.Format("0102 15:04:05"))
		for line := range strings.SplitSeq(lines, "\n") {
			w.LINE("a.log", line)
		}
		w.UNPARSED("truncated_json", 1)
		w.END(sent{"a": lines})
	}, nil},
	{"B-15", "very short files", func(w *world) {
		want := sent{}
		for _, n := range []int{2, 10, 999, 1023, 1024, 1025} {
			app := fmt.Sprint("f", n)
			want[app] = strings.Repeat("x", n-1)
			w.RAW(app+".log", want[app]+"\n")
		}
		w.START()
		w.END(want)
	}, nil},
}

const mixed = `{"level":"info","ts":"%[1]s","msg":"artifact up-to-date","controller":"gitrepository"}
{"level":"info","ts":"2026-11-20T10:0
I%[2]s.000000       1 leaderelection.go:250] attempting to acquire leader lease
panic: runtime error: invalid memory address
goroutine 1 [running]:`

// cut reports whether a line is made of the letter, no longer than it may be, and says that there
// was more.
func cut(line, letter string, most int) bool {
	return strings.HasPrefix(line, strings.Repeat(letter, 500)) && len(line) < most+100 && strings.Contains(line, "cut")
}

// records of container runtimes
var recordRows = []row{
	{"C-01", "a full record", func(w *world) {
		w.RAW("P/0.log", w.CRI("stdout", "F", "x"))
		w.START()
		w.SEE("source-controller", "x")
		if e := w.loki.entries()[0]; !e.Time.Equal(w.clock) || !strings.Contains(e.Labels, `stream="stdout"`) {
			w.Errorf("%v %s", e.Time, e.Labels)
		}
	}, sent{"source-controller": "x"}},
	{"C-02", "three pieces are one line, at the time of the first", func(w *world) {
		w.RAW("P/0.log", w.CRI("stdout", "P", "a"))
		first := w.clock
		w.RAW("P/0.log", w.CRI("stdout", "P", "b")+w.CRI("stdout", "F", "c"))
		w.START()
		w.SEE("source-controller", "abc")
		if e := w.loki.entries()[0]; !e.Time.Equal(first) {
			w.Errorf("%v, not %v", e.Time, first)
		}
	}, sent{"source-controller": "abc"}},
	{"C-03", "pieces of two streams", func(w *world) {
		w.RAW("P/0.log", w.CRI("stdout", "P", "a")+w.CRI("stderr", "F", "x")+w.CRI("stdout", "F", "b"))
		w.START()
		w.SEE("source-controller", "ab x")
		got := w.loki.apps()["source-controller"]
		slices.Sort(got)
		if strings.Join(got, " ") != "ab x" {
			w.Errorf("%q", got)
		}
	}, nil},
	{"C-04", "the rest of a record does not come", func(w *world) {
		w.setup.PartialAfter = 300 * time.Millisecond
		w.START()
		w.RAW("P/0.log", w.CRI("stdout", "P", "half"))
		w.UNPARSED("partial", 1)
	}, sent{"source-controller": "half"}},
	{"C-05", "the container ends within a record", func(w *world) {
		w.START()
		w.W("P/0.log", "L1")
		w.SEE("source-controller", "L1")
		w.RAW("P/0.log", w.CRI("stderr", "P", "half"))
		w.PASS(10 * poll)
		w.RM("P/..")
	}, sent{"source-controller": "L1 half"}},
	{"C-06", "rotation within a record", func(w *world) {
		w.setup.PartialAfter = time.Minute
		w.START()
		w.RAW("P/0.log", w.CRI("stderr", "P", "a"))
		w.PASS(5 * poll)
		w.MV("P/0.log", "P/0.log.20261120-100000")
		w.RAW("P/0.log", w.CRI("stderr", "F", "b"))
	}, sent{"source-controller": "ab"}},
	{"C-07", "killed within a record", func(w *world) {
		w.setup.PartialAfter = time.Minute
		w.START()
		w.W("P/0.log", "L1")
		w.RAW("P/0.log", w.CRI("stderr", "P", "a")+w.CRI("stderr", "P", "b"))
		w.SEE("source-controller", "L1")
		w.KILL()
		w.START()
		w.RAW("P/0.log", w.CRI("stderr", "F", "c"))
	}, sent{"source-controller": "L1 abc"}},
	{"C-08", "records under way in many files", func(w *world) {
		w.setup.MaxLine, w.setup.MaxPartial, w.setup.PartialAfter = "64KiB", "1MiB", 2*time.Second
		n, piece := scaled(300, 10_000), strings.Repeat("x", 16<<10)
		for i := range n {
			w.RAW(fmt.Sprintf("f%d.log", i), w.CRI("stderr", "P", piece))
		}
		w.START()
		w.until("all pieces", func() bool { return len(w.loki.apps()) == n })
		for app, lines := range w.loki.apps() {
			if strings.Join(lines, "") != piece {
				w.Errorf("%s has %d lines", app, len(lines))
			}
		}
		w.INVARIANTS()
	}, nil},
	{"C-09", "a record of very many pieces", func(w *world) {
		w.setup.MaxLine = "128KiB"
		for range scaled(100, 1000) {
			w.RAW("P/0.log", w.CRI("stderr", "P", strings.Repeat("x", 16<<10)))
		}
		w.RAW("P/0.log", w.CRI("stderr", "F", "end"))
		w.W("P/0.log", "L2")
		w.START()
		w.SEE("source-controller", "L2")
		got := w.loki.apps()["source-controller"]
		if len(got) != 2 || !cut(got[0], "x", 128<<10) {
			w.Errorf("%d lines: %.100q", len(got), got)
		}
		w.END(sent{"source-controller": strings.Join(got, "\n")})
	}, nil},
	{"C-10", "records that are none", func(w *world) {
		now := w.clock.Format(time.RFC3339Nano)
		broken := []string{now + " stderr text", now + " stdwhat F text", "stderr F text", now + " stderr F:x text"}
		w.W("P/0.log", "L1")
		for _, line := range broken {
			w.RAW("P/0.log", line+"\n")
		}
		w.W("P/0.log", "L2")
		w.START()
		w.SEE("source-controller", "L1 L2")
		got := strings.Join(w.loki.apps()["source-controller"], "\n")
		if n := strings.Count(got, "text"); n != len(broken) {
			w.Errorf("%d of %d lines: %q", n, len(broken), got)
		}
		w.UNPARSED("text", float64(len(broken)+2))
		w.END(sent{"source-controller": got})
	}, nil},
	{"C-11", "Docker's records, one in two pieces", func(w *world) {
		docker := func(text string) string {
			w.CRI("", "", "")
			return fmt.Sprintf(`{"log":%q,"stream":"stderr","time":%q}`+"\n", text, w.clock.Format(time.RFC3339Nano))
		}
		w.RAW("a.log", docker("L1\n")+docker("a")+docker("b\n"))
		w.START()
	}, sent{"a": "L1 ab"}},
	{"C-12", "times as precise as can be, or not, and from elsewhere", func(w *world) {
		base := w.clock.Add(time.Hour)
		east := time.FixedZone("", 2*60*60)
		for _, text := range []string{
			base.Format("2006-01-02T15:04:05.000000000Z07:00"), base.Add(time.Second).Format("2006-01-02T15:04:05.000000Z07:00"),
			base.Add(2 * time.Second).Format(time.RFC3339), base.Add(3 * time.Second).In(east).Format(time.RFC3339),
		} {
			w.RAW("P/0.log", text+" stderr F x"+text+"\n")
		}
		w.START()
		w.until("all lines", func() bool { return len(w.loki.entries()) == 4 })
		for i, e := range w.loki.entries() {
			if want := base.Add(time.Duration(i) * time.Second); !e.Time.Equal(want) {
				w.Errorf("%s has the time %v", e.Line, e.Time)
			}
		}
	}, nil},
}
