package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	tooLarge  = "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5242880 vs. 4194304)"
	tooLong   = "Max entry size '262144' bytes exceeded for stream '{app=\"a\"}' while adding an entry with length '300000' bytes"
	farBehind = "entry with timestamp %s ignored, reason: 'entry too far behind, entry timestamp is: %s, oldest acceptable timestamp is: %s',\n" +
		"user 'fake', total ignored: %d out of %d for stream: {app=\"a\"}"
	tooNew = "entry for stream '{app=\"a\"}' has timestamp too new: 2026-11-20T12:00:00Z"
)

// behaviour of Loki
var sinkRows = []row{
	{"J-01", "batches by number and by bytes", func(w *world) {
		w.setup.BatchEntries = 10
		want := w.MANY("a.log", "L", 100)
		w.START()
		w.SEE("a", "L99")
		w.STOP()
		w.setup.BatchEntries, w.setup.BatchBytes = 0, "16KiB"
		for i := range 20 {
			line := fmt.Sprint("M", i, strings.Repeat("x", 4000))
			w.W("a.log", line)
			want += " " + line
		}
		w.START()
		w.END(sent{"a": want})
		for _, r := range w.loki.pushes() {
			if r.entries > 10 || r.bytes > 24<<10 {
				w.Errorf("a request of %d entries and %d bytes", r.entries, r.bytes)
			}
		}
	}, nil},
	{"J-02", "500 three times", func(w *world) {
		w.W("a.log", "L1 L2")
		w.loki.answers(status(500, "x"), status(500, "x"), status(500, "x"))
		w.START()
		w.SEE("a", "L1 L2")
		if n := len(w.loki.pushes()); n != 4 {
			w.Errorf("%d requests", n)
		}
	}, sent{"a": "L1 L2"}},
	{"J-03", "429 with and without Retry-After", func(w *world) {
		w.W("a.log", "L1 L2")
		wait := answer{code: 429, text: "x", header: map[string]string{"Retry-After": "1"}}
		w.loki.answers(status(429, "x"), wait, status(429, "x"))
		w.START()
		w.SEE("a", "L1 L2")
		if r := w.loki.pushes(); len(r) != 4 || r[2].at.Sub(r[1].at) < time.Second {
			w.Errorf("%d requests", len(r))
		}
	}, sent{"a": "L1 L2"}},
	{"J-04", "Loki is down under load, with rotations", func(w *world) {
		w.setup.BatchEntries = 100
		w.START()
		w.loki.from(status(503, "x"))
		want := ""
		for i := range scaled(10, 3000) {
			want += w.MANY("P/0.log", fmt.Sprintf("R%dL", i), 200) + " "
			w.PASS(300 * time.Millisecond)
			w.kubeletRotate("P/0.log", i, 4)
		}
		w.watchLimits()
		w.loki.from(accept)
		w.END(sent{"source-controller": want})
	}, nil},
	{"J-05", "Loki is down for longer than deleted files may be kept", func(w *world) {
		w.setup.HoldBytes, w.setup.BatchEntries, w.mayLose = "64KiB", 10, true
		w.START()
		w.W("P/0.log", "first")
		w.SEE("source-controller", "first")
		w.loki.from(status(503, "x"))
		written := 1
		for i := range 10 {
			w.MANY("P/0.log", fmt.Sprintf("R%dL", i), 500)
			written += 500
			w.PASS(300 * time.Millisecond)
			w.MV("P/0.log", "P/0.log.20261120-100000")
			w.MK("P/0.log")
			w.PASS(300 * time.Millisecond)
			w.RM("P/0.log.20261120-100000")
		}
		w.W("P/0.log", "last")
		w.PASS(300 * time.Millisecond)
		w.loki.from(accept)
		w.SEE("source-controller", "last R9L499")
		w.SETTLE()
		lost, got := w.agent.Lost(w.proc.address()), len(w.loki.entries())
		if int64(written+1-got) != lost.Lines {
			w.Errorf("%d lines written, %d sent, %d counted as lost", written+1, got, lost.Lines)
		}
		w.END(sent{"source-controller": strings.Join(w.loki.apps()["source-controller"], " ")})
	}, nil},
	{"J-06", "one entry of many is refused", func(w *world) {
		w.mayLose, w.mayRepeat = true, true
		first := w.MANY("a.log", "L", 500)
		w.W("a.log", "poison")
		rest := w.MANY("a.log", "M", 499)
		w.loki.from(answer{code: 400, text: tooLong, keep: func(e Entry) bool { return e.Line != "poison" }})
		w.START()
		w.END(sent{"a": first + " " + rest})
	}, nil},
	{"J-07", "entries that are too far behind", func(w *world) {
		w.mayRepeat = true
		old := w.MANY("a.log", "old", 10)
		w.clock = w.clock.Add(5 * time.Minute)
		limit := w.clock
		live := w.MANY("a.log", "new", 10)
		text := fmt.Sprintf(farBehind, stamp(limit), stamp(limit.Add(-5*time.Minute)), stamp(limit), 10, 20)
		first := ""
		w.loki.from(answer{code: 400, text: text, keep: func(e Entry) bool {
			if first == "" {
				first = e.Labels
			}
			return e.Labels != first || !e.Time.Before(limit)
		}})
		w.START()
		w.SEE("a", old+" "+live)
	}, nil},
	{"J-08", "413 until the request is small", func(w *world) {
		want := w.MANY("a.log", "L", 200)
		w.loki.from(answer{code: 413, text: "request entity too large", tooMany: 20})
		w.START()
		w.END(sent{"a": want})
	}, nil},
	{"J-09", "500 that means that the request is too large", func(w *world) {
		want := w.MANY("a.log", "L", 200)
		w.loki.from(answer{code: 500, text: tooLarge, tooMany: 20})
		w.START()
		w.END(sent{"a": want})
	}, nil},
	{"J-10", "260 is no delivery", func(w *world) { held(w, status(260, "blocked")) }, sent{"a": "L1 L2"}},
	{"J-11", "401 until the token is another", func(w *world) {
		w.setup.TokenFile = filepath.Join(w.dir, "token")
		w.check(os.WriteFile(w.setup.TokenFile, []byte("old\n"), 0o600))
		held(w, status(401, "no"))
		w.check(os.WriteFile(w.setup.TokenFile, []byte("new\n"), 0o600))
		w.until("the new token", func() bool {
			w.W("b.log", "x")
			w.PASS(10 * poll)
			r := w.loki.pushes()
			return r[len(r)-1].token == "Bearer new"
		})
		w.SEE("a", "L1 L2")
	}, nil},
	{"J-12", "404 for a while", func(w *world) { held(w, status(404, "no")) }, sent{"a": "L1 L2"}},
	{"J-13", "no answer, a connection that ends, and an answer too late", func(w *world) {
		w.mayRepeat = true
		all := func(Entry) bool { return true }
		w.W("a.log", "L1 L2")
		w.loki.answers(answer{code: 204, hang: true}, answer{}, answer{code: 204, hang: true, keep: all})
		w.START()
		w.until("four requests", func() bool { return len(w.loki.pushes()) >= 4 })
		for i, r := range w.loki.pushes() {
			if r.body != w.loki.pushes()[0].body {
				w.Errorf("request %d differs", i)
			}
		}
	}, sent{"a": "L1 L2"}},
	{"J-16", "rotations and new pods while Loki is held", func(w *world) {
		w.START()
		w.HOLD()
		want := sent{}
		for i := range 5 {
			want["source-controller"] += w.MANY("P/0.log", fmt.Sprintf("R%dL", i), 20) + " "
			w.PASS(300 * time.Millisecond)
			w.kubeletRotate("P/0.log", i, 9)
		}
		for i := range 20 {
			line := fmt.Sprint("K", i)
			w.W(fmt.Sprintf("flux-system_kustomize-controller-%d_44444444-4444/manager/0.log", i), line)
			want["kustomize-controller"] += line + " "
		}
		w.PASS(scaled(time.Second, time.Minute))
		w.RELEASE()
		w.END(want)
	}, nil},
	{"J-19", "stopped between two tries", func(w *world) {
		w.setup.RetryMax = 5 * time.Minute
		w.loki.from(status(500, "x"))
		w.W("a.log", "L1 L2")
		w.START()
		w.ASKED(4)
		w.STOP()
		w.loki.from(accept)
	}, sent{"a": "L1 L2"}},
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// held holds that nothing is given up and nothing goes on while Loki answers so.
func held(w *world, a answer) {
	w.W("a.log", "L1 L2")
	w.loki.from(a)
	w.START()
	w.ASKED(5)
	if lost := w.agent.Lost(w.proc.address()); lost != (Lost{}) {
		w.Errorf("given up: %+v", lost)
	}
	w.loki.from(accept)
}

// time and order
var timeRows = []row{
	{"K-01", "equal times", func(w *world) {
		now := w.clock.Format(time.RFC3339Nano)
		for _, line := range []string{"L1", "L2", "L3"} {
			w.RAW("a.log", now+" stderr F "+line+"\n")
		}
		w.START()
	}, sent{"a": "L1 L2 L3"}},
	{"K-02", "a record whose own time is none", func(w *world) {
		w.LINE("P/0.log", `{"level":"info","ts":"yesterday","msg":"x"}`)
		w.START()
		w.until("the line", func() bool { return len(w.loki.entries()) == 1 })
		if e := w.loki.entries()[0]; !e.Time.Equal(w.clock) {
			w.Errorf("its time is %v, not %v", e.Time, w.clock)
		}
	}, nil},
	{"K-03", "a record from the future is refused, and counted", func(w *world) {
		w.mayLose, w.mayRepeat = true, true
		w.loki.from(answer{code: 400, text: tooNew, keep: func(e Entry) bool { return e.Time.Before(time.Now().Add(10 * time.Minute)) }})
		w.W("b.log", "L1")
		w.RAW("a.log", time.Now().Add(2*time.Hour).Format(time.RFC3339Nano)+" stderr F future\n")
		w.START()
		w.W("b.log", "L2")
	}, sent{"b": "L1 L2"}},
	{"K-04", "order over rotation and restart", func(w *world) {
		w.START()
		want := ""
		for i := range 4 {
			want += w.MANY("P/0.log", fmt.Sprintf("R%dL", i), 50) + " "
			if i%2 == 0 {
				w.STOP()
			}
			w.kubeletRotate("P/0.log", i, 9)
			want += w.MANY("P/0.log", fmt.Sprintf("S%dL", i), 50) + " "
			if i%2 == 0 {
				w.START()
			}
		}
		w.END(sent{"source-controller": want})
	}, nil},
	{"K-05", "old lines of a compressed rotation, and live ones", func(w *world) {
		now := w.clock
		w.clock = now.Add(-72 * time.Hour)
		old := w.MANY("P/0.log.20261117-100000", "old", 50)
		w.GZ("P/0.log.20261117-100000")
		w.clock = now
		live := w.MANY("P/0.log", "live", 50)
		w.START()
		w.END(sent{"source-controller": old + " " + live})
	}, nil},
}
