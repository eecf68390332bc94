package replay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
	"fluxtrail/sinks/report"
)

// forms are the report of one replay in the forms that are for people, and its JSON.
type forms struct {
	text, markdown, html string
	json                 parsed
}

// parsed is what this test needs of the JSON report.
type parsed struct {
	Objects   []api.Object
	Incidents []api.Incident
}

// read takes the JSON apart. Package api only writes times, so they are left out.
func read(t *testing.T, text []byte) parsed {
	t.Helper()
	var p parsed
	stamps := regexp.MustCompile(`"(at|since|next_run|silent_since|opened_at|resolved_at|first|last)":("[^"]*"|null)`)
	if err := json.Unmarshal(stamps.ReplaceAll(text, []byte(`"was_$1":$2`)), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func formsOf(t *testing.T, pods string) forms {
	t.Helper()
	var f forms
	err := Run(t.Context(), Options{Paths: []string{pods}, Transitions: true, Durations: true, EvidenceText: true}, func(_ context.Context, rep *api.Report) error {
		var written [4]bytes.Buffer
		for i, name := range []string{"text", "markdown", "html", "json"} {
			form, _ := report.FormNamed(name)
			look := report.Look{Sections: report.SectionNames(), Limit: -1, Width: 400}
			if err := form.Write(&written[i], rep, look); err != nil {
				return err
			}
		}
		f = forms{written[0].String(), written[1].String(), written[2].String(), read(t, written[3].Bytes())}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestNumbersAgree replays all recorded stories. The figures of one report must not contradict each
// other: headline, tiles, tables, entries of "Now" and JSON.
func TestNumbersAgree(t *testing.T) {
	t.Parallel()
	trees, _ := filepath.Glob("../../shared/data/stories/*/pods")
	for _, pods := range append(trees, "../fixtures/demo/pods") {
		t.Run(filepath.Base(filepath.Dir(pods)), func(t *testing.T) {
			t.Parallel()
			f := formsOf(t, pods)
			headline, _, _ := strings.Cut(f.text, "\n")
			if !strings.HasPrefix(f.markdown, "## "+headline+"\n") || !strings.Contains(f.html, "</span> "+headline+"</h1>") {
				t.Errorf("Markdown or HTML do not begin with %s", headline)
			}
			statuses(t, f, headline)
			entries(t, f, headline)
			incidents(t, f)
			attempts(t, f)
		})
	}
}

// statuses compares the number of objects in each status.
func statuses(t *testing.T, f forms, headline string) {
	t.Helper()
	want := map[string]int{}
	for _, o := range f.json.Objects {
		want[o.Status]++
	}
	if len(want) < 2 {
		t.Errorf("the story has %v", want)
	}
	for name, got := range map[string]map[string]int{
		"headline": pairs(headline, `([\d,]+) ([a-z]+)(?:,| —|$)`),
		"tiles":    pairs(f.html, `data-pick="[a-z]+" aria-pressed="false"><b>([\d,]+)</b><span><i [^>]*></i>([a-z]+)</span>`),
		"rows":     tally(section(f.html, `<section id="objects"`, "</section>"), `<tr [^>]*data-status="([a-z]+)"`),
		"tracks":   tally(section(f.html, `<div class="list">`, "</section>"), `<div class="line s-([a-z]+)`),
		"table":    tally(section(f.text, "\nOBJECTS", "\n\n"), `(?m)^\S ([a-z]+)  `),
		"markdown": tally(section(f.markdown, "\n### Objects", "\n### "), `(?m)^\| \S ([a-z]+) \|`),
	} {
		for k, n := range got {
			if n == 0 {
				delete(got, k) // a tile of zero
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// entries compares the number of root causes with the entries, and the times that they began with
// those of the JSON.
func entries(t *testing.T, f forms, headline string) {
	t.Helper()
	n := len(regexp.MustCompile(`(?m)^\S [a-z ]+  [A-Z]\w+/`).FindAllString(section(f.text, "\nNOW", "\nINCIDENTS"), -1))
	want := 0
	if m := regexp.MustCompile(`— (\d+) root cause`).FindStringSubmatch(headline); m != nil {
		_, _ = fmt.Sscan(m[1], &want)
	}
	cards := strings.Count(f.html, "<article ")
	heads := strings.Count(section(f.markdown, "\n### Now", "\n### "), "\n#### ")
	tile := pairs(f.html, `<div class="tile"><b>(\d+)</b><span>(root cause)s?</span>`)["root cause"]
	if n == 0 || n != want || cards != want || heads != want || tile != want {
		t.Errorf("%d root causes in the headline, %d in the tile, %d entries in text, %d in HTML, %d in Markdown", want, tile, n, cards, heads)
	}
	table := tally(section(f.text, "\nOBJECTS", "\n\n"), `(?m)^\S [a-z]+ +(\S+/\S+ +[0-9:]{8}) `)
	for _, m := range regexp.MustCompile(`(?m)^\S [a-z]+  (\S+/\S+) +since ([0-9:]{8}) `).FindAllStringSubmatch(section(f.text, "\nNOW", "\nINCIDENTS"), -1) {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(table)), func(row string) bool {
			return strings.HasPrefix(row, m[1]+" ") && strings.HasSuffix(row, " "+m[2])
		}) {
			t.Errorf("%s began at another time than %s in the table of objects", m[1], m[2])
		}
	}
}

// incidents compares their numbers by state.
func incidents(t *testing.T, f forms) {
	t.Helper()
	want := map[string]int{}
	for _, i := range f.json.Incidents {
		want[i.State]++
	}
	if len(want) == 0 {
		t.Error("the story has no incident")
	}
	for name, text := range map[string]string{
		"text": section(f.text, "\nINCIDENTS", "\n"), "markdown": section(f.markdown, "\n### Incidents\n\n", "\n"),
		"html": section(f.html, `<h2 id="h-incidents">Incidents <small>`, "</small>"),
	} {
		if diff := cmp.Diff(want, pairs(text, `([\d,]+) ([a-z]+)(?:,|$)`)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	open := want["firing"] + want["pending"]
	if got := pairs(f.html, `<div class="tile"><b>(\d+)</b><span>(open) of`)["open"]; got != open {
		t.Errorf("%d open incidents in the tile, want %d", got, open)
	}
	if n := strings.Count(f.html, `<details class="incident`); n != len(f.json.Incidents) {
		t.Errorf("%d incidents on the page, want %d", n, len(f.json.Incidents))
	}
}

// attempts compares the failed attempts of an object with those of its incidents.
func attempts(t *testing.T, f forms) {
	t.Helper()
	of := map[string]int64{}
	for _, i := range f.json.Incidents {
		of[i.Kind+i.Namespace+i.Name] += i.Attempts
	}
	for _, o := range f.json.Objects {
		if n := of[o.Kind+o.Namespace+o.Name]; n != o.Attempts.Failed+o.Attempts.Stalled {
			t.Errorf("%s: %d failed attempts in its incidents, %+v", o.Ref, n, o.Attempts)
		}
	}
}

// section is the text between two marks.
func section(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}

// pairs reads numbers with their names.
func pairs(s, pattern string) map[string]int {
	out := map[string]int{}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(s, -1) {
		n := 0
		_, _ = fmt.Sscan(strings.ReplaceAll(m[1], ",", ""), &n)
		out[m[2]] = n
	}
	return out
}

// tally counts the different names that a pattern finds.
func tally(s, pattern string) map[string]int {
	out := map[string]int{}
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(s, -1) {
		out[m[1]]++
	}
	return out
}
