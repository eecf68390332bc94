package conformance

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// the life of the process
var lifeRows = []row{
	{"N-01", "stopped while a delivery hangs", func(w *world) {
		w.setup.Grace = time.Second
		w.HOLD()
		w.W("a.log", "L1")
		w.START()
		w.PASS(10 * poll)
		w.STOP()
		w.RELEASE()
	}, sent{"a": "L1"}},
	{"N-04", "stopped while it waits for a file", func(w *world) {
		w.setup.Include = []string{"a.log"}
		w.START()
		w.STOP()
		w.W("a.log", "L1")
	}, sent{"a": "L1"}},
	{"N-05", "Loki is down at the start", func(w *world) {
		w.loki.from(status(503, "x"))
		w.W("a.log", "L1")
		w.START()
		w.ASKED(2)
		if _, code := fetch(w.proc.address() + "/healthz"); code != http.StatusOK {
			w.Errorf("health: %d", code)
		}
		w.READY() // for a minute, a restart of Loki is no reason to call anybody
		w.loki.from(accept)
	}, sent{"a": "L1"}},
	{"N-06", "as a user without any rights", func(w *world) {
		w.uid = unprivileged()
		w.W("P/0.log", "L1")
		w.START()
		w.W("P/0.log", "L2")
	}, sent{"source-controller": "L1 L2"}},
	{"N-07", "a writer faster than anybody", func(w *world) {
		w.LIMIT(64 << 20)
		w.START()
		w.LIMITED()
		pad := strings.Repeat("x", 500)
		n := 0
		for range scaled(10, 100) {
			var text strings.Builder
			for range 8000 {
				text.WriteString(w.CRI("stderr", "F", fmt.Sprint(n, pad)))
				n++
			}
			w.RAW("a.log", text.String())
		}
		w.SEE("a", fmt.Sprint(n-1, pad))
		if got := len(w.loki.entries()); got != n {
			w.Errorf("%d of %d lines", got, n)
		}
		w.INVARIANTS()
	}, nil},
}
