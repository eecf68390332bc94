package report

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"fluxtrail/api"
)

// nodes are the elements of a page that fit.
func nodes(t *testing.T, page []byte, fits func(tag string, attr map[string]string) bool) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && fits(n.Data, attributes(n)) {
			out = append(out, n)
		}
	}
	return out
}

func attributes(n *html.Node) map[string]string {
	out := map[string]string{}
	for _, a := range n.Attr {
		out[a.Key] = a.Val
	}
	return out
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func hasClass(attr map[string]string, class string) bool {
	return slices.Contains(strings.Fields(attr["class"]), class)
}

// TestScriptFindsItsElements wants every element that the script asks for by its id on the page,
// once.
func TestScriptFindsItsElements(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*api.Report{"sample": sample(), "empty": {}} {
		ids := map[string]int{}
		for _, n := range nodes(t, written(t, htmlOf(r, htmlOptions{})), func(_ string, attr map[string]string) bool { return attr["id"] != "" }) {
			ids[attributes(n)["id"]]++
		}
		for id, n := range ids {
			if n > 1 {
				t.Errorf("%s: %d elements are called %s", name, n, id)
			}
		}
		for _, m := range regexp.MustCompile(`\$\("([a-z-]+)"\)`).FindAllStringSubmatch(pageJS, -1) {
			if id := m[1]; ids[id] == 0 && id != "tracks" { // not there without an object, which the script knows
				t.Errorf("%s: the script asks for %s", name, id)
			}
		}
	}
}

// TestLinksLeadSomewhere follows all links of the page within it.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	page := written(t, htmlOf(sample(), htmlOptions{}))
	ids, links := map[string]bool{}, 0
	for _, n := range nodes(t, page, func(_ string, attr map[string]string) bool { return attr["id"] != "" }) {
		ids[attributes(n)["id"]] = true
	}
	for _, n := range nodes(t, page, func(tag string, _ map[string]string) bool { return tag == "a" }) {
		links++
		if href := attributes(n)["href"]; !strings.HasPrefix(href, "#") || !ids[href[1:]] {
			t.Errorf("a link leads to %q", href)
		}
	}
	if links < 15 {
		t.Errorf("%d links", links)
	}
}

// TestTimesCanBeShownElsewhere wants each time on the page with its instant, and no time without
// one in the parts that have them.
func TestTimesCanBeShownElsewhere(t *testing.T) {
	t.Parallel()
	page := written(t, htmlOf(sample(), htmlOptions{}))
	times := nodes(t, page, func(tag string, _ map[string]string) bool { return tag == "time" })
	if len(times) < 50 {
		t.Errorf("%d times", len(times))
	}
	for _, n := range times {
		instant, err := time.Parse("2006-01-02T15:04:05.000Z", attributes(n)["datetime"])
		if err != nil {
			t.Fatal(err)
		}
		text := content(n)
		if text != instant.Format(timeLayout) && text != instant.Format(fullLayout) {
			t.Errorf("%s is shown as %s", instant, text)
		}
	}
	clock := regexp.MustCompile(`\b\d\d:\d\d:\d\d\b`)
	for _, n := range nodes(t, page, func(tag string, _ map[string]string) bool { return tag == "td" || tag == "summary" }) {
		bare := content(n)
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && (d.Data == "time" || d.Data == "pre") {
				bare = strings.Replace(bare, content(d), "", 1)
			}
		}
		if clock.MatchString(bare) && !strings.Contains(bare, `"ts"`) {
			t.Errorf("a time without its instant: %s", bare)
		}
	}
}

// TestPageWithoutScript reads the page as a viewer does that runs no script: every track is drawn,
// in colours that need no style sheet, with a link for each incident; every entry has its lines.
func TestPageWithoutScript(t *testing.T) {
	t.Parallel()
	r := sample()
	page := written(t, htmlOf(r, htmlOptions{}))
	tracks := nodes(t, page, func(_ string, attr map[string]string) bool { return hasClass(attr, "track") })
	if len(tracks) != len(r.Objects) {
		t.Errorf("%d tracks for %d objects", len(tracks), len(r.Objects))
	}
	bars := nodes(t, page, func(tag string, _ map[string]string) bool { return tag == "path" })
	for _, n := range bars {
		if a := attributes(n); !strings.HasPrefix(a["fill"], "#") || !strings.HasPrefix(a["d"], "M") {
			t.Errorf("a bar is %v", a)
		}
	}
	if len(bars) < len(tracks) {
		t.Errorf("%d bars", len(bars))
	}
	frames := nodes(t, page, func(_ string, attr map[string]string) bool { return hasClass(attr, "frame") })
	if want := int(r.Totals.Incidents); len(frames) != want {
		t.Errorf("%d frames for %d incidents", len(frames), want)
	}
	lines := nodes(t, page, func(tag string, attr map[string]string) bool { return tag == "details" && hasClass(attr, "lines") })
	if len(lines) != 3 { // the entry that is silent has no incident
		t.Errorf("%d entries with evidence", len(lines))
	}
	if !strings.Contains(content(lines[0]), "0.log:7001") {
		t.Error("the evidence of the first entry is", content(lines[0]))
	}
}

// TestControlsAreTheScripts wants controls that would do nothing without a script in parts that are
// shown by the script only.
func TestControlsAreTheScripts(t *testing.T) {
	t.Parallel()
	page := written(t, htmlOf(sample(), htmlOptions{}))
	hidden := func(a html.Attribute) bool { return a.Key == "hidden" }
	for _, n := range nodes(t, page, func(tag string, _ map[string]string) bool { return tag == "form" || tag == "button" }) {
		scripts := false
		for p := n; p != nil; p = p.Parent {
			a := attributes(p)
			scripts = scripts || hasClass(a, "script-only") || hasClass(a, "tile") || p.Data == "dialog" || slices.ContainsFunc(p.Attr, hidden)
		}
		if !scripts {
			t.Errorf("a control without a script: %v", attributes(n))
		}
	}
}

// TestPageShowsWhatTextShows compares the facts of each entry.
func TestPageShowsWhatTextShows(t *testing.T) {
	t.Parallel()
	r := sample()
	found := entries(r)
	c := newClock(r.Window, nil)
	cards := nodes(t, written(t, htmlOf(r, htmlOptions{})), func(tag string, attr map[string]string) bool { return tag == "article" })
	if len(cards) != len(found) {
		t.Fatalf("%d cards for %d entries", len(cards), len(found))
	}
	for i := range found {
		card := content(cards[i])
		for _, f := range entryFacts(c, &found[i]) {
			for _, want := range append(f.Lines, f.Text.String(), f.head()) {
				want = strings.Join(strings.Fields(shorten(want, errorLength)), " ")
				if !strings.Contains(card, want) {
					t.Errorf("the card of %s has no %s %q", found[i].Ref, f.Label, want)
				}
			}
		}
	}
}
