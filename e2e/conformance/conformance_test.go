// Package conformance holds a log agent against the cases that log tailers are known to get wrong.
//
// Each case is a row: a writer appends, rotates, truncates and removes files while the real program
// runs, against a Loki that answers as the case says, and in the end Loki has to have exactly the
// lines that the row names. Nothing here knows how the agent works: what differs from one agent to
// the next is an Agent. A case that does not apply, or that fails, has no row but a line with the
// reason in docs/limitations.md.
package conformance

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fluxtrail/e2e/env"
)

// row is a case.
type row struct {
	id, title string
	steps     func(*world)
	want      sent // nil: the steps check for themselves
}

// TestMain lets more cases run at the same time than there are processors: they mostly wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("6") // a number is a valid value
	}
	os.Exit(m.Run())
}

// full reports whether cases run at the size that they are described with, which takes hours.
func full() bool { return os.Getenv("FLUXTRAIL_E2E_FULL") == "1" }

// scaled is the size of a case: small, or, when everything is to run, large.
func scaled[N any](small, large N) N {
	if full() {
		return large
	}
	return small
}

func rows() []row {
	return slices.Concat(startRows, frameRows, recordRows, renameRows, truncateRows, deleteRows, packedRows, restartRows, identityRows, sinkRows, timeRows,
		deriveRows, lifeRows, diskRows)
}

func TestConformance(t *testing.T) {
	agent := Fluxtrail(env.Fluxtrail(t))
	for _, r := range rows() {
		t.Run(r.id, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, agent)
			r.steps(w)
			if r.want != nil {
				w.END(r.want)
			}
		})
	}
}

// ids are all cases there are: letter and number of them.
var ids = []struct {
	letter string
	n      int
}{{"A", 14}, {"B", 15}, {"C", 12}, {"D", 15}, {"E", 9}, {"F", 10}, {"G", 7}, {"H", 19}, {"I", 5}, {"J", 20}, {"K", 5}, {"M", 9}, {"N", 8}}

func allIDs() (all []string) {
	for _, group := range ids {
		for i := range group.n {
			all = append(all, group.letter+"-"+string(rune('0'+(i+1)/10))+string(rune('0'+(i+1)%10)))
		}
	}
	return all
}

var limitation = regexp.MustCompile(`^\| ([A-N]-[0-9]{2}) \| (not applicable|partly|not covered|fails) \| (\S.*) \|$`)

// TestEachCaseIsAccountedFor wants each case to have a row, or a reason in the manual why it has
// none.
func TestEachCaseIsAccountedFor(t *testing.T) {
	text, err := os.ReadFile("../../docs/limitations.md")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, r := range rows() {
		count[r.id]++
	}
	for line := range strings.Lines(string(text)) {
		m := limitation.FindStringSubmatch(strings.TrimSpace(line))
		if m != nil && m[2] != "partly" {
			count[m[1]]++
		}
	}
	all := allIDs()
	if len(all) != 148 {
		t.Fatalf("%d cases", len(all))
	}
	for _, id := range all {
		if count[id] != 1 {
			t.Errorf("%s: %d rows and limitations", id, count[id])
		}
		delete(count, id)
	}
	for id := range count {
		t.Errorf("%s is no case", id)
	}
}
