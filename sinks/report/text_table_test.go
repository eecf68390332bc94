package report

import (
	"bufio"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// tableAs writes a table for a terminal of the given width.
func tableAs(t *testing.T, tab table, width int) []string {
	t.Helper()
	var b strings.Builder
	p := &printer{w: bufio.NewWriter(&b), width: width}
	p.table(tab)
	if err := p.w.Flush(); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func TestTableGivesWay(t *testing.T) {
	t.Parallel()
	tab := table{
		Cols: []col{{Head: "object", Flex: true}, {Head: "took", Num: true, Drop: 2}, {Head: "fails", Num: true}, {Head: "reason", Drop: 1}},
		Rows: []row{
			{Cells: []cell{text("Kustomization/flux-system/infrastructure"), text("2m01s"), text("9"), text("BuildFailed")}},
			{Cells: []cell{text("HelmRelease/apps/web"), text("5s"), text("12"), text("InstallFailed")}},
		},
	}
	for _, c := range []struct {
		name  string
		width int
		want  []string
	}{
		{"there is room", 80, []string{
			"object                                     took  fails  reason",
			"Kustomization/flux-system/infrastructure  2m01s      9  BuildFailed",
			"HelmRelease/apps/web                         5s     12  InstallFailed"}},
		{"what adds little goes first", 66, []string{
			"object                                    fails  reason",
			"Kustomization/flux-system/infrastructure      9  BuildFailed",
			"HelmRelease/apps/web                         12  InstallFailed"}},
		{"then names are wrapped", 55, []string{
			"object                             fails  reason",
			"Kustomization/flux-system/             9  BuildFailed",
			"infrastructure",
			"HelmRelease/apps/web                  12  InstallFailed"}},
		{"then more goes", 47, []string{
			"object                                    fails",
			"Kustomization/flux-system/infrastructure      9",
			"HelmRelease/apps/web                         12"}},
		{"at last names are narrow", 24, []string{
			"object             fails",
			"Kustomization/         9",
			"flux-system/",
			"infrastructure",
			"HelmRelease/apps/     12",
			"web"}},
	} {
		if diff := cmp.Diff(c.want, tableAs(t, tab, c.width)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestNamesAreWhole wants every name of a table to be read without a gap, whatever the width.
func TestNamesAreWhole(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		b := make([]byte, 1+rnd.IntN(24))
		for i := range b {
			b[i] = "abcdefghij-."[rnd.IntN(12)]
		}
		return string(b)
	}
	for range 200 {
		var objects []api.Object
		for range 1 + rnd.IntN(6) {
			objects = append(objects, api.Object{Ref: api.Ref{Kind: "HelmRelease", Namespace: word(), Name: word()}, Status: "failing",
				Reason: ptr(word()), Since: at("10:00:00")})
		}
		c := newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil)
		width := 60 + rnd.IntN(80)
		lines := tableAs(t, objectTable(c, objects, -1), width)
		all := strings.Join(lines, "")
		for i := range objects {
			for _, part := range strings.SplitAfter(objects[i].Ref.String(), "/") {
				if columns(part) < 8 && !strings.Contains(all, part) {
					t.Errorf("width %d: %s is not in one piece in\n%s", width, part, strings.Join(lines, "\n"))
				}
			}
		}
		for _, l := range lines {
			if columns(l) > width {
				t.Errorf("width %d: %q has %d columns", width, l, columns(l))
			}
		}
	}
}

// TestColoursAreOnlyAdded compares the report with and without colours.
func TestColoursAreOnlyAdded(t *testing.T) {
	t.Parallel()
	r := sample()
	bare := string(written(t, textOf(r, Look{Sections: SectionNames()})))
	coloured := string(written(t, textOf(r, Look{Sections: SectionNames(), Color: true})))
	var b strings.Builder
	for len(coloured) > 0 {
		if strings.HasPrefix(coloured, "\x1b[") {
			_, coloured, _ = strings.Cut(coloured, "m")
			continue
		}
		b.WriteByte(coloured[0])
		coloured = coloured[1:]
	}
	if diff := cmp.Diff(bare, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestSections(t *testing.T) {
	t.Parallel()
	heads := map[string]string{"now": "NOW", "incidents": "INCIDENTS", "errors": "ERRORS", "objects": "OBJECTS", "durations": "DURATIONS",
		"controllers": "CONTROLLERS", "silence": "SILENCE", "input": "INPUT"}
	for _, name := range SectionNames() {
		text := string(written(t, textOf(sample(), Look{Sections: []string{name}})))
		page := string(written(t, markdownOf(sample(), Look{Sections: []string{name}})))
		for other, head := range heads {
			if has := strings.Contains(text, "\n"+head); has != (other == name) {
				t.Errorf("--section %s: text has %s: %v", name, other, has)
			}
			title := "\n### " + head[:1] + strings.ToLower(head[1:])
			if has := strings.Contains(page, title); has != (other == name) {
				t.Errorf("--section %s: Markdown has %s: %v", name, other, has)
			}
		}
	}
}

// TestHiddenSectionsAreNamed wants the first screen to tell what it does not show, problems with
// the input above all.
func TestHiddenSectionsAreNamed(t *testing.T) {
	t.Parallel()
	text := string(written(t, textOf(sample(), Look{Width: 200})))
	want := "Also: 5 kinds of error, 10 objects, 3 controllers, 2 broken promises, 3 problems with the input (-v shows all)."
	if !strings.HasSuffix(text, "\n"+want+"\n") {
		t.Errorf("the report ends with %s", text[len(text)-200:])
	}
}
