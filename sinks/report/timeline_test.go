package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// hour is a report of one hour with the given objects and transitions.
func hour(objects []api.Object, transitions ...api.Transition) *api.Report {
	return &api.Report{Window: api.Window{From: at("10:00:00"), To: at("11:00:00")}, Objects: objects, Transitions: slices.Values(transitions)}
}

func changed(when string, ref api.Ref, status string) api.Transition {
	return api.Transition{At: at(when), Ref: ref, Ready: "Unknown", Status: status}
}

// segmentsOf are the segments of the only track, as "MINUTE STATUS".
func segmentsOf(t *testing.T, r *api.Report) []string {
	t.Helper()
	tl := newTimeline(r, entries(r), 10, 1000)
	if len(tl.Tracks) != 1 {
		t.Fatalf("%d tracks", len(tl.Tracks))
	}
	var out []string
	seg := tl.Tracks[0].Segments
	for i := 0; i < len(seg); i += 5 {
		out = append(out, fmt.Sprintf("%d %s", seg[i]/60_000, statuses[seg[i+1]].Name))
	}
	return out
}

func TestTracksEndAsTheObjectIs(t *testing.T) {
	t.Parallel()
	object := func(status string, since, silent string) []api.Object {
		o := api.Object{Ref: ksWeb, Status: status, Since: at(since)}
		if silent != "" {
			o.SilentSince = at(silent)
		}
		return []api.Object{o}
	}
	for _, c := range []struct {
		name   string
		report *api.Report
		want   []string
	}{
		{"as the transitions tell", hour(object("failing", "10:20:00", ""), changed("10:05:00", ksWeb, "ready"), changed("10:20:00", ksWeb, "failing")),
			[]string{"5 ready", "20 failing"}},
		{"a status older than the window", hour(object("suspended", "09:00:00", "")), []string{"0 suspended"}},
		{"a status without a transition", hour(object("deleted", "10:40:00", "")), []string{"40 deleted"}},
		{"silence, which no line tells of", hour(object("silent", "10:20:00", "10:31:00"), changed("10:05:00", ksWeb, "ready"), changed("10:20:00", ksWeb, "failing")),
			[]string{"5 ready", "20 failing", "31 silent"}},
		{"silence that a transition tells", hour(object("silent", "10:31:00", "10:31:00"), changed("10:05:00", ksWeb, "ready"), changed("10:31:00", ksWeb, "silent")),
			[]string{"5 ready", "31 silent"}},
		{"a transition before the window", hour(object("ready", "09:59:00", ""), changed("09:59:00", ksWeb, "ready")), []string{"0 ready"}},
	} {
		if diff := cmp.Diff(c.want, segmentsOf(t, c.report)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

type piece struct{ x, w int64 }

// piecesOf reads the bars of a track.
func piecesOf(t *testing.T, d drawing) []piece {
	t.Helper()
	var pieces []piece
	for _, b := range d.Bars {
		for _, part := range strings.Split(strings.TrimPrefix(b.Path, "M"), "M") {
			var x, w, y, h, back int64
			n, err := fmt.Sscanf(part, "%d %dh%dv%dh-%dz", &x, &y, &w, &h, &back)
			if n != 5 || err != nil || w != back || y*2+h > trackHeight+1 {
				t.Fatalf("%s: %v", part, err)
			}
			pieces = append(pieces, piece{x, w})
		}
	}
	return pieces
}

// TestBarsFillTheTrack draws random histories: the bars of a track lie side by side from its first
// segment to its end.
func TestBarsFillTheTrack(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		tl := timeline{Span: 1 + rnd.Int64N(1<<rnd.IntN(40))}
		var segs []segment
		for from := rnd.Int64N(tl.Span); from < tl.Span && len(segs) < 50; from += 1 + rnd.Int64N(tl.Span/3+1) {
			segs = append(segs, segment{from: from, status: rnd.IntN(len(statuses))})
		}
		if len(segs) == 0 {
			continue
		}
		pieces := piecesOf(t, tl.draw(segs))
		slices.SortFunc(pieces, func(a, b piece) int { return int(a.x - b.x) })
		for i, p := range pieces {
			end := int64(trackWidth)
			if i+1 < len(pieces) {
				end = pieces[i+1].x
			}
			if gap := end - p.x - p.w; gap > 0 || gap < -1 {
				t.Errorf("a gap of %d behind %+v in %+v", gap, p, pieces)
			}
		}
		if len(pieces) != len(segs) {
			t.Errorf("%d bars for %d segments", len(pieces), len(segs))
		}
	}
}

func TestTold(t *testing.T) {
	t.Parallel()
	tl := newTimeline(hour(objectsIn("ready")[:1], changed("10:00:00", objectsIn("ready")[0].Ref, "ready"),
		changed("10:10:00", objectsIn("ready")[0].Ref, "failing"), changed("10:50:00", objectsIn("ready")[0].Ref, "ready")), nil, 10, 100)
	if got := tl.Tracks[0].Drawing.Told; got != "failing 40m, ready 20m" {
		t.Error(got)
	}
}

func TestFrames(t *testing.T) {
	t.Parallel()
	tl := newTimeline(hour(nil), nil, 10, 100)
	for _, c := range []struct {
		name, opened, resolved string
		x, w                   int64
	}{
		{"half an hour", "10:15:00", "10:45:00", 250_000, 500_000},
		{"still open", "10:30:00", "", 500_000, 500_000},
		{"a moment", "10:30:00", "10:30:01", 500_000, leastFrame},
		{"a moment at the end", "11:00:00", "", trackWidth - leastFrame, leastFrame},
		{"older than the window", "09:00:00", "10:06:00", 0, 100_000},
	} {
		i := api.Incident{ID: "x", Ref: ksWeb, OpenedAt: at(c.opened)}
		if c.resolved != "" {
			i.ResolvedAt = at(c.resolved)
		}
		card := newIncidentCard(newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil), &i)
		if f := tl.frame(&card); f.X != c.x || f.Width != c.w || f.Open != (c.resolved == "") {
			t.Errorf("%s: %+v", c.name, f)
		}
	}
}

// TestTicks wants an axis that says when something was, however long the window is.
func TestTicks(t *testing.T) {
	t.Parallel()
	for length, want := range map[time.Duration]string{
		5 * time.Minute:           "10:00:00 10:01:00 10:02:00 10:03:00 10:04:00",
		5 * time.Hour:             "10:00 11:00 12:00 13:00 14:00",
		5 * 24 * time.Hour:        "10-07 10:00 10-08 10:00 10-09 10:00 10-10 10:00 10-11 10:00",
		5 * 365 * 24 * time.Hour:  "2026-10-07 2027-10-07 2028-10-06 2029-10-06 2030-10-06",
		20 * 365 * 24 * time.Hour: "2026-10-07 2030-10-06 2034-10-05 2038-10-04 2042-10-03",
	} {
		tl := timeline{From: at("10:00:00").UnixMilli(), Span: length.Milliseconds()}
		var got []string
		for _, k := range tl.ticks() {
			got = append(got, k.Text)
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%v: %s", length, diff)
		}
	}
}

// TestOrderOfTracks puts a cause above what it holds up, and what had incidents above the rest.
func TestOrderOfTracks(t *testing.T) {
	t.Parallel()
	r := sample()
	var got []string
	for _, k := range orderTracks(r, entries(r)) {
		got = append(got, k.Name)
	}
	want := []string{"apps", "web", "api", "infra", ksNasty.Name, "cart", "kube-prometheus-stack", "jobs", "flap", "flux-system"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
