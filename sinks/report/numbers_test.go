package report

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fluxtrail/api"
)

// TestNumbersAgree makes random reports. What the headline counts is what tiles, tables and the
// entries of "Now" show.
func TestNumbersAgree(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		r := randomReport(rnd)
		want := map[string]int{}
		for i := range r.Objects {
			want[r.Objects[i].Status]++
		}
		text := string(written(t, textOf(r, Look{Sections: SectionNames(), Limit: -1, Width: 200})))
		page := written(t, htmlOf(r, htmlOptions{}))
		for name, got := range map[string]map[string]int{
			"headline": headlineCounts(text), "tiles": tileCounts(t, page), "table": tableCounts(text), "rows": rowCounts(t, page),
		} {
			for _, s := range statuses {
				if got[s.Name] != want[s.Name] {
					t.Errorf("%s: %d %s, want %d in\n%s", name, got[s.Name], s.Name, want[s.Name], text)
				}
			}
		}
		roots := len(entries(r))
		if m := regexp.MustCompile(`— ([\d,]+) root cause`).FindStringSubmatch(text); roots > 0 && (m == nil || m[1] != count(roots)) {
			t.Errorf("%d root causes, and the headline is %s", roots, strings.SplitN(text, "\n", 2)[0])
		}
		cards := nodes(t, page, func(tag string, _ map[string]string) bool { return tag == "article" })
		if len(cards) != roots {
			t.Errorf("%d cards for %d root causes", len(cards), roots)
		}
		if t.Failed() {
			return
		}
	}
}

// randomReport has objects in all statuses, some of them with a cause that may be in the log or
// not.
func randomReport(rnd *rand.Rand) *api.Report {
	r := &api.Report{Window: api.Window{From: at("10:00:00"), To: at("11:00:00")}, Input: understood(100, 0)}
	for i := range 1 + rnd.IntN(40) {
		o := api.Object{Ref: api.Ref{Kind: "Kustomization", Namespace: "apps", Name: fmt.Sprintf("a%02d", i)}, Since: at("10:30:00")}
		o.Status = statuses[rnd.IntN(len(statuses))].Name
		if rnd.IntN(3) == 0 {
			o.RootCause = &api.Ref{Kind: "Kustomization", Namespace: "apps", Name: fmt.Sprintf("a%02d", rnd.IntN(i+2))}
		}
		r.Objects = append(r.Objects, o)
	}
	return r
}

var counted = regexp.MustCompile(`([\d,]+) (failing|stalled|silent|waiting|progressing|unknown|suspended|deleted|ready)\b`)

func headlineCounts(text string) map[string]int {
	line, _, _ := strings.Cut(text, "\n")
	out := map[string]int{}
	for _, m := range counted.FindAllStringSubmatch(line, -1) {
		out[m[2]] = number10(m[1])
	}
	return out
}

func number10(s string) (n int) {
	for _, c := range strings.ReplaceAll(s, ",", "") {
		n = 10*n + int(c-'0')
	}
	return n
}

func tableCounts(text string) map[string]int {
	_, rest, _ := strings.Cut(text, "\nOBJECTS\n")
	table, _, _ := strings.Cut(rest, "\n\n")
	out := map[string]int{}
	for line := range strings.Lines(table) {
		if words := strings.Fields(line); len(words) > 1 && slices.ContainsFunc(statuses, func(s statusInfo) bool { return s.Name == words[1] }) {
			out[words[1]]++
		}
	}
	return out
}

func tileCounts(t *testing.T, page []byte) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, n := range nodes(t, page, func(_ string, attr map[string]string) bool { return attr["data-pick"] != "" }) {
		m := counted.FindStringSubmatch(content(n.FirstChild) + " " + attributes(n)["data-pick"])
		out[m[2]] = number10(m[1])
	}
	return out
}

func rowCounts(t *testing.T, page []byte) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, n := range nodes(t, page, func(tag string, attr map[string]string) bool { return tag == "tr" && attr["data-name"] != "" }) {
		out[attributes(n)["data-status"]]++
	}
	return out
}

// TestSinceMeansOneThing wants the same time in the entries, in what they hold up, and in the
// tables.
func TestSinceMeansOneThing(t *testing.T) {
	t.Parallel()
	r := sample()
	for i := range r.Objects {
		r.Objects[i].Since = api.Time{Time: at("10:20:00").Add(1e9 * 60 * 1)}
	}
	text := string(written(t, textOf(r, Look{Sections: []string{"now", "objects"}, Width: 200})))
	if n := strings.Count(text, "10:21:00"); n != len(r.Objects)+len(entries(r))+3 { // and three that are held up
		t.Errorf("%d times in\n%s", n, text)
	}
}
