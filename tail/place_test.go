package tail

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wantTransitions is the whole table: for each event what it makes of each place, and of each
// phase. A - is what cannot happen.
const wantTransitions = `
          restored  named     moved     deleted   lost      gone      | growing   complete  finished
found     named     named     named     named     named     named     | growing   complete  finished
unseen    restored  moved     moved     deleted   lost      gone      | growing   complete  finished
unlinked  -         deleted   deleted   deleted   -         -         | growing   complete  finished
shut      restored  named     lost      lost      lost      gone      | growing   complete  finished
replaced  gone      gone      gone      gone      gone      gone      | growing   complete  finished
grew      -         named     moved     deleted   -         -         | growing   growing   -
matched   -         named     -         -         -         -         | growing   growing   growing
settled   -         named     moved     deleted   lost      gone      | complete  complete  -
drained   -         named     moved     deleted   lost      gone      | finished  finished  finished
givenUp   gone      gone      gone      gone      gone      gone      | complete  complete  finished
`

var (
	placeNames = [places]string{"restored", "named", "moved", "deleted", "lost", "gone"}
	phaseNames = [phases]string{"growing", "complete", "finished"}
	eventNames = [events]string{"found", "unseen", "unlinked", "shut", "replaced", "grew", "matched", "settled", "drained", "givenUp"}
)

func TestTransitions(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	row := func(first string, cells []string) {
		line := fmt.Sprintf("%-10s", first)
		for _, c := range cells {
			line += fmt.Sprintf("%-10s", c)
		}
		b.WriteString(strings.Replace(strings.TrimRight(line, " "), " - ", " - ", 1) + "\n")
	}
	cells := func(places, phases []string) []string {
		return append(append(places, "|"), phases...)
	}
	row("", cells(append([]string{}, placeNames[:]...), append([]string{}, phaseNames[:]...)))
	for e := range events {
		var where, how []string
		for p := range places {
			where = append(where, outcome(e, p, growing, func(p place, _ phase) string { return placeNames[p] }))
		}
		for h := range phases {
			how = append(how, outcome(e, named, h, func(_ place, h phase) string { return phaseNames[h] }))
		}
		row(eventNames[e], cells(where, how))
	}
	want := strings.TrimPrefix(strings.ReplaceAll(wantTransitions, "| ", "|         "), "\n")
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func outcome(e event, p place, h phase, name func(place, phase) string) string {
	p, h, ok := e.after(p, h)
	if !ok {
		return "-"
	}
	return name(p, h)
}

// TestGoneStaysGone holds of every sequence of three events: only a file that was found brings back
// what was gone or lost, and nothing is read on that was finished unless more of it was found.
func TestGoneStaysGone(t *testing.T) {
	t.Parallel()
	for _, start := range []place{gone, lost} {
		for a := range events {
			for b := range events {
				for c := range events {
					p, h := start, finished
					for _, e := range []event{a, b, c} {
						p, h, _ = e.after(p, h)
					}
					if a != found && b != found && c != found && p != gone && p != lost {
						t.Errorf("%s, %s, %s: %s", eventNames[a], eventNames[b], eventNames[c], placeNames[p])
					}
					if a != matched && b != matched && c != matched && h == growing {
						t.Errorf("%s, %s, %s: %s", eventNames[a], eventNames[b], eventNames[c], phaseNames[h])
					}
				}
			}
		}
	}
}

func TestPhaseJSON(t *testing.T) {
	t.Parallel()
	for h, want := range map[phase]phase{growing: growing, complete: growing, finished: finished} {
		data, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		var got phase
		if err := json.Unmarshal(data, &got); err != nil || got != want {
			t.Error(string(data), got, err)
		}
	}
}
