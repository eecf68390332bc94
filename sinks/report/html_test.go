package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"fluxtrail/api"
)

func htmlOf(r *api.Report, opt htmlOptions) func(io.Writer) error {
	return func(w io.Writer) error { return writeHTML(w, r, opt) }
}

// TestWriteForInspection leaves pages and expositions for a look with other tools where
// FLUXTRAIL_PAGES names a directory.
func TestWriteForInspection(t *testing.T) {
	dir := os.Getenv("FLUXTRAIL_PAGES")
	if dir == "" {
		t.Skip("FLUXTRAIL_PAGES names no directory to write to")
	}
	for name, r := range map[string]*api.Report{"sample": sample(), "empty": {}, "large": manyTransitions(2000,
		50_000)} {
		for form, write := range writers(r) {
			if err := os.WriteFile(dir+"/"+name+"."+form, written(t, write), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// element is what a browser makes of one start tag, with the text right inside it.
type element struct {
	tag  string
	attr map[string]string
	text string
}

func elements(t *testing.T, page []byte) []element {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out []element
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		e := element{tag: n.Data, attr: map[string]string{}}
		for _, a := range n.Attr {
			e.attr[a.Key] = a.Val
		}
		if n.FirstChild != nil && n.FirstChild.Type == html.TextNode {
			e.text = n.FirstChild.Data
		}
		out = append(out, e)
	}
	return out
}

func find(list []element, tag string) []element {
	var out []element
	for _, e := range list {
		if e.tag == tag {
			out = append(out, e)
		}
	}
	return out
}

func TestHTMLHoldsNothingForeign(t *testing.T) {
	page := elements(t, written(t, htmlOf(sample(), htmlOptions{})))
	for _, e := range page {
		for key, value := range e.attr {
			if strings.HasPrefix(key,
				"on") || key == "src" || key == "style" || (key == "href" && !strings.HasPrefix(value, "#")) {
				t.Errorf("<%s %s=%q>", e.tag, key, value)
			}
		}
		switch e.tag {
		case "img", "iframe", "object", "embed", "link", "base":
			t.Errorf("<%s> in the page", e.tag)
		}
	}
	if n := len(find(page, "script")); n != 2 {
		t.Errorf("%d scripts, want the data and the page's own", n)
	}
}

func TestHTMLAllowsItsOwnScriptOnly(t *testing.T) {
	page := elements(t, written(t, htmlOf(sample(), htmlOptions{})))
	sum := sha256.Sum256([]byte(find(page, "script")[1].text))
	want := fmt.Sprintf("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'",
		base64.StdEncoding.EncodeToString(sum[:]))
	for _, m := range find(page, "meta") {
		if m.attr["http-equiv"] == "Content-Security-Policy" {
			if diff := cmp.Diff(want, m.attr["content"]); diff != "" {
				t.Error(diff)
			}
			return
		}
	}
	t.Error("no content policy")
}

func TestHTMLData(t *testing.T) {
	r := sample()
	r.Objects[9].Name += "\u2028<!--<script>"
	raw := written(t, htmlOf(r, htmlOptions{}))
	block := find(elements(t, raw), "script")[0]
	if block.attr["type"] != "application/json" {
		t.Fatalf("the first script is %v", block.attr)
	}
	if i := strings.IndexAny(block.text, "<>&\u2028\u2029"); i >= 0 {
		t.Errorf("unescaped %q in the data", block.text[i:i+1])
	}
	var got timeline
	if err := json.Unmarshal([]byte(block.text), &got); err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, l := range got.Tracks {
		names = append(names, fmt.Sprintf("%s %s segments=%d", l.Name, statuses[l.Status].Name, len(l.Segments)/5))
	}
	want := []string{
		"apps failing segments=2", "web failing segments=2", "api waiting segments=2", "infra waiting segments=2",
		"nasty\"<b>|`x`\uFFFD<!--<script> failing segments=1",
		"cart stalled segments=4", "kube-prometheus-stack silent segments=2", "jobs suspended segments=3",
		"flap ready segments=9", "flux-system ready segments=1",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
	if n := strings.Count(string(raw),
		"<rect class=\"frame"); n != 5 { // the sixth is on the object that this test renamed
		t.Errorf("%d incidents on the tracks", n)
	}
}

func TestHTMLCaps(t *testing.T) {
	r := manyTransitions(300, 60_000)
	r.Incidents = func(yield func(api.Incident) bool) {
		for i := range 500 {
			if !yield(api.Incident{ID: fmt.Sprint(i), Ref: r.Objects[i%300].Ref, State: "resolved",
				OpenedAt: at("01:00:00"), ResolvedAt: at("02:00:00")}) {
				return
			}
		}
	}
	r.Totals.Incidents, r.Totals.ByState = 500, map[string]int64{"resolved": 500}
	raw := written(t, htmlOf(r, htmlOptions{Objects: 200, Incidents: 100, Segments: 5000}))
	for _, want := range []string{"The other 100 are in the JSON report only", "400 are in the JSON report only",
		"…and 100 more, in the JSON report only"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	var got timeline
	if err := json.Unmarshal([]byte(find(elements(t, raw), "script")[0].text), &got); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range got.Tracks {
		n += len(l.Segments) / 5
	}
	if len(got.Tracks) != 200 || n > 5000 || n < 200 {
		t.Errorf("%d tracks with %d segments", len(got.Tracks), n)
	}
}

func TestCoarsen(t *testing.T) {
	const failing, ready = 0, 8
	seg := func(from int64, status int) segment { return segment{from: from, status: status} }
	for name, c := range map[string]struct{ in, want []segment }{
		"wide ones stay": {[]segment{seg(0, ready), seg(10, failing)}, []segment{seg(0, ready),
			seg(10, failing)}},
		"a short failure is not painted over": {[]segment{seg(0, ready), seg(50, failing), seg(51, ready)},
			[]segment{seg(0, ready), seg(50, failing), seg(51, ready)}},
		"short ones merge to the worst": {[]segment{seg(0, ready), seg(50, ready), seg(51, failing), seg(52,
			ready), seg(53, ready)}, []segment{seg(0, ready), {from: 50, status: failing, merged: 2}, seg(53, ready)}},
		"but only to the width of one pixel": {[]segment{seg(0, ready), seg(4, failing), seg(8, ready), seg(12,
			failing), seg(16, ready)},
			[]segment{{from: 0, status: failing, merged: 2}, {from: 12, status: failing}, {from: 16, status: ready}}},
	} {
		got := coarsen(append([]segment(nil), c.in...), 100, 10)
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(segment{})); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func BenchmarkWriteHTML(b *testing.B) {
	r := manyTransitions(2000, 50_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := writeHTML(io.Discard, r, htmlOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
