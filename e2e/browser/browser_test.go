// Package browser opens the HTML report in a real Chromium, as a person would: looks for the
// timeline, types into the filter, presses an incident, and makes sure that hostile log text stays
// text.
package browser

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"fluxtrail/api"
	"fluxtrail/e2e/env"
	"fluxtrail/sinks/report"
)

// watch collects what must not happen while a page is open.
type watch struct{ exceptions, requests []string }

// open shows a report in a browser window of the given width.
func open(t *testing.T, r *api.Report, width int64, scheme string) (context.Context, *watch) {
	t.Helper()
	ctx, seen := start(t)
	run(t, ctx,
		network.Enable(),
		chromedp.EmulateViewport(width, 900),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.Navigate("file://"+file(t, r)),
		chromedp.WaitVisible("#now", chromedp.ByQuery),
	)
	return ctx, seen
}

// file writes the page of a report to a file.
func file(t *testing.T, r *api.Report) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	form, _ := report.FormNamed("html")
	if err := form.Write(f, r, report.Look{}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func start(t *testing.T) (context.Context, *watch) {
	t.Helper()
	dir := profile(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(env.Installed(t, "chromium", "chromium", "chromium-browser", "google-chrome")), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(dir), chromedp.Env("TMPDIR="+dir))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(stop)
	seen := &watch{}
	chromedp.ListenTarget(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			seen.exceptions = append(seen.exceptions, e.ExceptionDetails.Error())
		case *network.EventRequestWillBeSent:
			seen.requests = append(seen.requests, e.Request.URL)
		}
	})
	return ctx, seen
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates a JavaScript expression in the page.
func ask[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	var v T
	run(t, ctx, chromedp.Evaluate(expression, &v))
	return v
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

const tracks = `document.querySelectorAll("#tracks .line:not([hidden])").length`

func TestTimelineIsThere(t *testing.T) {
	ctx, seen := open(t, sample(), 1400, "light")
	equal(t, "tracks", ask[int](t, ctx, tracks), 3)
	equal(t, "tracks with bars", ask[int](t, ctx, `[...document.querySelectorAll("#tracks .track svg")].filter((s) => s.querySelector("path")).length`), 3)
	equal(t, "incidents on tracks", ask[int](t, ctx, `document.querySelectorAll("#tracks .frame").length`), 2)
	equal(t, "the first track's name", ask[string](t, ctx, `document.querySelector("#tracks .line .name").textContent`), "flux-system/apps")
	equal(t, "its parts", ask[string](t, ctx, `document.querySelector("#tracks .track svg").getAttribute("aria-label")`), "failing 40m, ready 20m")
	if !ask[bool](t, ctx, `document.querySelector("#tracks path.s-failing").getBoundingClientRect().width > 300`) {
		t.Error("the failing part of the first track cannot be seen")
	}
	equal(t, "exceptions", strings.Join(seen.exceptions, "\n"), "")
}

func TestFilterHidesTracks(t *testing.T) {
	ctx, _ := open(t, sample(), 1400, "light")
	run(t, ctx, chromedp.SendKeys("#q", "web", chromedp.ByQuery))
	equal(t, "tracks for web", ask[int](t, ctx, tracks), 1)
	equal(t, "told", ask[string](t, ctx, `document.querySelector("#matches").textContent`), "1 of 3 objects")
	equal(t, "rows for web", ask[int](t, ctx, `document.querySelectorAll("#objects tbody tr:not([hidden])").length`), 1)
	run(t, ctx, chromedp.Evaluate(`document.querySelector("#filter").reset()`, nil), chromedp.Poll(tracks+` === 3`, nil))
	run(t, ctx, chromedp.Click(`[data-pick="failing"]`, chromedp.ByQuery))
	equal(t, "failing tracks", ask[int](t, ctx, tracks), 2)
	run(t, ctx, chromedp.SetValue("#f-ns", "flux-system", chromedp.ByQuery), chromedp.Evaluate(`document.querySelector("#f-ns").dispatchEvent(new Event("input", {bubbles: true}))`, nil))
	equal(t, "failing tracks in flux-system", ask[int](t, ctx, tracks), 1)
}

func TestIncidentOpensItsEvidence(t *testing.T) {
	ctx, _ := open(t, sample(), 1400, "dark")
	run(t, ctx,
		chromedp.Click(`#tracks .line:first-child .frame`, chromedp.ByQuery),
		chromedp.WaitVisible("#drawer .evidence", chromedp.ByQuery))
	text := ask[string](t, ctx, `document.querySelector("#drawer").innerText`)
	for _, want := range []string{"GitRepository flux-system/apps", "pods/source-controller/0.log:7", `{"level":"error","msg":"connection refused"}`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in the evidence:\n%s", want, text)
		}
	}
	run(t, ctx, chromedp.KeyEvent("\x1b"), chromedp.WaitNotVisible("#drawer", chromedp.ByQuery))
}

func TestLogTextStaysText(t *testing.T) {
	ctx, seen := open(t, sample(), 1400, "light")
	run(t, ctx,
		chromedp.Evaluate(`document.querySelectorAll("details").forEach((d) => d.open = true)`, nil),
		chromedp.Evaluate(`document.querySelectorAll("a.label, a[href^='#incident-']").forEach((a) => { a.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})); document.querySelector("#drawer").close(); })`, nil))
	equal(t, "window.pwned", ask[string](t, ctx, `typeof window.pwned`), "undefined")
	equal(t, "injected elements", ask[int](t, ctx, `document.querySelectorAll("img, iframe, object, main script, main b[onclick]").length`), 0)
	if !ask[bool](t, ctx, `document.body.textContent.includes("<img src=x onerror=\"window.pwned=1\">")`) {
		t.Error("the log text cannot be read")
	}
	// Even if markup got in, the content policy would stop it.
	run(t, ctx, chromedp.Evaluate(`{ const s = document.createElement("script"); s.textContent = "window.pwned = 1"; document.body.append(s);
		const i = document.createElement("img"); i.setAttribute("onerror", "window.pwned = 1"); i.src = "x"; document.body.append(i); }`, nil))
	equal(t, "window.pwned after an injection", ask[string](t, ctx, `typeof window.pwned`), "undefined")
	for _, address := range seen.requests {
		if !strings.HasPrefix(address, "file://") || strings.Contains(address, "onerror") {
			t.Errorf("the page asked for %s", address)
		}
	}
}

func TestPageFitsAPhone(t *testing.T) {
	for _, scheme := range []string{"light", "dark"} {
		ctx, _ := open(t, sample(), 400, scheme)
		equal(t, "width in "+scheme, ask[int](t, ctx, `document.documentElement.scrollWidth`), 400)
		equal(t, "tracks in "+scheme, ask[int](t, ctx, tracks), 3)
	}
}

func TestThousandsOfObjectsOpen(t *testing.T) {
	ctx, seen := open(t, large(2000, 50_000), 1400, "light")
	if n := ask[int](t, ctx, tracks); n < 20 || n > 200 {
		t.Errorf("%d tracks shown at once", n)
	}
	note := ask[string](t, ctx, `document.querySelector("#track-note").textContent`)
	if !strings.Contains(note, "of 2,000 objects") {
		t.Errorf("the page says %q", note)
	}
	run(t, ctx, chromedp.SendKeys("#q", "app-1999", chromedp.ByQuery))
	equal(t, "tracks for app-1999", ask[int](t, ctx, tracks), 1)
	equal(t, "exceptions", strings.Join(seen.exceptions, "\n"), "")
}

// TestPageWithoutScript wants the same page from a browser that runs no script: timeline, evidence,
// commands.
func TestPageWithoutScript(t *testing.T) {
	ctx, _ := start(t)
	run(t, ctx, emulation.SetScriptExecutionDisabled(true), chromedp.EmulateViewport(1400, 900), chromedp.Navigate("file://"+file(t, sample())))
	var tree, rects int
	run(t, ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		visible := func(selector string) int {
			var nodes []*cdp.Node
			if err := chromedp.Nodes(selector, &nodes, chromedp.ByQueryAll, chromedp.AtLeast(0)).Do(ctx); err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, node := range nodes {
				if box, err := dom.GetBoxModel().WithNodeID(node.NodeID).Do(ctx); err == nil && box.Width > 0 && box.Height > 0 {
					n++
				}
			}
			return n
		}
		tree, rects = visible("#tracks .line .track svg"), visible("#now details.lines summary")
		if n := visible("#filter, .zoom, #theme"); n != 0 {
			t.Errorf("%d controls are shown that do nothing", n)
		}
		return nil
	}))
	equal(t, "tracks without script", tree, 3)
	equal(t, "evidence without script", rects, 2)
}

// TestAddressNamesTheView restores filter, zoom and what is open from the address, and writes them
// there.
func TestAddressNamesTheView(t *testing.T) {
	ctx, seen := start(t)
	run(t, ctx, chromedp.EmulateViewport(1400, 900),
		chromedp.Navigate("file://"+file(t, sample())+"#q=apps&from=2026-10-07T10:15:00.000Z&to=2026-10-07T10:45:00.000Z&open=GitRepository/flux-system/apps"),
		chromedp.WaitVisible("#drawer .changes", chromedp.ByQuery))
	equal(t, "tracks", ask[int](t, ctx, tracks), 1)
	equal(t, "the axis", ask[string](t, ctx, `[...document.querySelectorAll("#tracks .axis span")].map((s) => s.textContent).join(" ")`), "10:15 10:20 10:25 10:30 10:35 10:40 10:45")
	run(t, ctx, chromedp.Click("#close", chromedp.ByQuery), chromedp.SetValue("#q", "web", chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelector("#q").dispatchEvent(new Event("input", {bubbles: true}))`, nil),
		chromedp.Poll(`location.hash.includes("q=web") && !location.hash.includes("open=")`, nil))
	equal(t, "exceptions", strings.Join(seen.exceptions, "\n"), "")
}

// TestLocalTime shows all times in the browser's zone, and remembers that.
func TestLocalTime(t *testing.T) {
	ctx, seen := start(t)
	run(t, ctx, emulation.SetTimezoneOverride("Asia/Tokyo"), chromedp.EmulateViewport(1400, 900), chromedp.Navigate("file://"+file(t, sample())),
		chromedp.WaitVisible("#zone", chromedp.ByQuery), chromedp.Click("#zone", chromedp.ByQuery))
	equal(t, "the zone", ask[string](t, ctx, `document.querySelector("#timeline .zone").textContent`), "Asia/Tokyo")
	equal(t, "the first entry", ask[string](t, ctx, `document.querySelector("#now .since time").textContent`), "19:20:00")
	run(t, ctx, chromedp.Reload(), chromedp.WaitVisible("#zone", chromedp.ByQuery))
	equal(t, "the zone after a reload", ask[string](t, ctx, `document.querySelector("#zone").textContent`), "Asia/Tokyo")
	equal(t, "exceptions", strings.Join(seen.exceptions, "\n"), "")
}

func TestZoomAndTooltip(t *testing.T) {
	ctx, _ := open(t, sample(), 1400, "light")
	labels := `[...document.querySelectorAll("#tracks .axis span")].map((s) => s.textContent).join(" ")`
	equal(t, "the whole hour", ask[string](t, ctx, labels), "10:00 10:10 10:20 10:30 10:40 10:50 11:00")
	run(t, ctx, chromedp.Click(`[data-zoom="in"]`, chromedp.ByQuery))
	equal(t, "the middle half", ask[string](t, ctx, labels), "10:15 10:20 10:25 10:30 10:35 10:40 10:45")
	run(t, ctx, chromedp.Click(`[data-zoom="all"]`, chromedp.ByQuery), chromedp.ScrollIntoView("#tracks", chromedp.ByQuery))
	run(t, ctx, chromedp.Evaluate(`{ const r = document.querySelector("#tracks .track").getBoundingClientRect();
		document.querySelector("#tracks .track").dispatchEvent(new PointerEvent("pointermove", {bubbles: true, clientX: r.left + r.width / 2, clientY: r.top + 5})); }`, nil))
	tip := ask[string](t, ctx, `document.querySelector("#tip").innerText`)
	if !strings.HasPrefix(tip, "✗ failing") || !strings.Contains(tip, "10:20:00 – 11:00:00 (40m)") || !strings.HasSuffix(tip, "10-07 10:30:00") {
		t.Errorf("the tooltip says %q", tip)
	}
}

// profile is a directory for the browser to write to. Parts of the browser may still do so when it
// has ended, so that nobody insists on its removal.
func profile(t *testing.T) string {
	dir, err := os.MkdirTemp("", "fluxtrail-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// TestFingersZoomAndMove plays two fingers that part on the timeline, and one that draws it aside.
func TestFingersZoomAndMove(t *testing.T) {
	ctx, seen := open(t, sample(), 400, "light")
	run(t, ctx, emulation.SetTouchEmulationEnabled(true).WithMaxTouchPoints(2), chromedp.ScrollIntoView("#tracks .axis", chromedp.ByQuery))
	y := ask[float64](t, ctx, `document.querySelector("#tracks .track").getBoundingClientRect().top + 5`)
	left := ask[float64](t, ctx, `document.querySelector("#tracks .axis").getBoundingClientRect().left`)
	width := ask[float64](t, ctx, `document.querySelector("#tracks .axis").getBoundingClientRect().width`)
	touch := func(kind input.TouchType, at ...float64) {
		points := []*input.TouchPoint{}
		for i, x := range at {
			points = append(points, &input.TouchPoint{X: left + x*width, Y: y, ID: float64(i + 1)})
		}
		run(t, ctx, input.DispatchTouchEvent(kind, points))
	}
	shown := func() (from, to string) {
		address := ask[string](t, ctx, `decodeURIComponent(location.hash)`)
		values, _ := url.ParseQuery(strings.TrimPrefix(address, "#"))
		return values.Get("from"), values.Get("to")
	}

	touch(input.TouchStart, .4, .6)
	touch(input.TouchMove, .35, .65)
	touch(input.TouchMove, .2, .8)
	touch(input.TouchEnd)
	run(t, ctx, chromedp.Poll(`location.hash.includes("from=")`, nil))
	from, to := shown()
	if from < "2026-10-07T10:18" || from > "2026-10-07T10:22" || to < "2026-10-07T10:38" || to > "2026-10-07T10:42" {
		t.Errorf("two fingers show %s – %s, not the middle third of the hour", from, to)
	}
	touch(input.TouchStart, .8)
	touch(input.TouchMove, .7)
	touch(input.TouchMove, .3)
	touch(input.TouchEnd)
	run(t, ctx, chromedp.Poll(`!decodeURIComponent(location.hash).includes("from=`+from+`")`, nil))
	if later, end := shown(); later <= from || end <= to {
		t.Errorf("one finger drew the view from %s – %s to %s – %s", from, to, later, end)
	}
	equal(t, "exceptions", strings.Join(seen.exceptions, "\n"), "")
}
