package derive

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxtrail/parse"
)

// TestTextIsBounded keeps the lines of so many incidents as there is room for, and those of others
// again when the former are over, also after a restart.
func TestTextIsBounded(t *testing.T) {
	t.Parallel()
	const size, room = 1000, 5
	e := New(Config{KeepText: true, MaxText: room * size, Keep: time.Minute})
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	say := func(e *Engine, name, level, what string) {
		at = at.Add(time.Second)
		text := fmt.Sprintf(`{"level":%q,"ts":%q,"msg":"Reconciler error","controller":"kustomization","controllerGroup":`+
			`"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":%q,"namespace":"a"},"namespace":"a",`+
			`"name":%q,"reconcileID":"00000000-0000-4000-8000-%012x"`, level, at.Format(time.RFC3339Nano), name, name, at.Unix())
		if level == "error" {
			text += fmt.Sprintf(`,"error":%q`, what)
			text += strings.Repeat(" ", max(0, size-1-len(text)))
		} else {
			text = strings.Replace(text, "Reconciler error", what, 1)
		}
		text += "}"
		var r parse.Record
		parse.Parse([]byte(text), 0, &r)
		e.Add(&r, Place{Text: []byte(text), Line: 1})
	}
	kept := func(e *Engine) (n, not int) {
		for _, o := range e.failing {
			for _, ev := range o.Incident.Evidence() {
				if ev.Text == notKept {
					not++
				} else {
					n += len(ev.Text)
				}
			}
		}
		return n, not
	}
	for i := range 2 * room {
		say(e, fmt.Sprint("x", i), "error", "boom")
	}
	if n, not := kept(e); n != room*size || not != room {
		t.Fatalf("%d bytes are kept and %d lines are not, want %d and %d", n, not, room*size, room)
	}
	restored := New(e.cfg)
	state, err := e.MarshalJSON()
	if err == nil {
		err = restored.UnmarshalJSON(state)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []*Engine{e, restored} {
		if n, _ := kept(e); n != e.textBytes {
			t.Errorf("%d bytes are kept, and %d counted", n, e.textBytes)
		}
		for i := range room {
			say(e, fmt.Sprint("x", i), "info", "Reconciliation finished in 1s, next run in 10m0s")
		}
		e.Advance(at.Add(time.Hour).UnixNano())
		e.refused = 0 // as after recountEvery lines
		say(e, "y", "error", "boom")
		if n, _ := kept(e); n != size {
			t.Errorf("%d bytes are kept of a line behind incidents that are over, want %d", n, size)
		}
	}
}
