package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fluxtrail/api"
)

// The measures of a drawn track, in its own units. The width is fine enough to be zoomed into.
const (
	trackWidth  = 1_000_000
	trackHeight = 28
	leastFrame  = trackWidth / 160 // so that a short incident can be seen and pressed
)

// barHeights are by status: the more urgent, the taller.
var barHeights = map[string]int{"failing": 24, "stalled": 24, "silent": 20, "waiting": 14, "progressing": 9,
	"unknown": 9, "suspended": 6, "deleted": 2, "ready": 6}

// drawing is a track as SVG has it: one path for each status, the most urgent last, because it is
// drawn over the others. Told is the same in words.
type drawing struct {
	Bars []bar
	Told string
}

type bar struct {
	Status string
	Thick  bool
	Path   string
}

// frame is one incident on a track.
type frame struct {
	ID       string
	From, To int64 // milliseconds since the beginning of the window
	X, Width int64 // as drawn
	Open     bool
	Label    string
}

// units turns milliseconds since the beginning of the window into units of a track.
func (t *timeline) units(ms int64) int64 { return int64(float64(ms) / float64(t.Span) * trackWidth) }

func (t *timeline) draw(segs []segment) drawing {
	paths := make([]strings.Builder, len(statuses))
	times := make([]int64, len(statuses))
	for i, s := range segs {
		to := t.Span
		if i+1 < len(segs) {
			to = segs[i+1].from
		}
		x, h := t.units(s.from), barHeights[statuses[s.status].Name]
		w := max(1, t.units(to)-x)
		fmt.Fprintf(&paths[s.status], "M%d %dh%dv%dh-%dz", x, (trackHeight-h)/2, w, h, w)
		times[s.status] += to - s.from
	}
	var d drawing
	for i := len(statuses) - 1; i >= 0; i-- {
		if paths[i].Len() > 0 {
			name := statuses[i].Name
			d.Bars = append(d.Bars, bar{name, barHeights[name] > 10, paths[i].String()})
		}
	}
	d.Told = told(times)
	return d
}

// told is how long the object was in which status, the longest first.
func told(times []int64) string {
	var order []int
	for i, ms := range times {
		if ms > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(times[b], times[a]) })
	var out []string
	for _, i := range order {
		out = append(out, statuses[i].Name+" "+span(time.Duration(times[i])*time.Millisecond))
	}
	return strings.Join(out, ", ")
}

// frame draws an incident on its object's track.
func (t *timeline) frame(card *incidentCard) frame {
	f := frame{ID: card.ID, From: t.offset(card.OpenedAt), To: t.Span, Open: card.ResolvedAt.IsZero()}
	if !f.Open {
		f.To = t.offset(card.ResolvedAt)
	}
	f.Width = max(leastFrame, t.units(f.To)-t.units(f.From))
	f.X = min(t.units(f.From), trackWidth-f.Width)
	f.Label = fmt.Sprintf("%s incident of %s, %s to %s, %s", card.Word, oneLine(card.Ref.String()), card.Opened.Text,
		card.Closed.Text, oneLine(card.Reason))
	return f
}

// banner is an alert on a track: a narrow bar while it is pending, a wide one while it fires.
type banner struct {
	X, Y, Width, Height int64
	Fires               bool
	Label               string
}

// maxBanners bounds the alerts on the timeline.
const maxBanners = 20_000

// addAlerts draws alerts on the tracks of their objects, and those about no object on one of their
// own.
func (t *timeline) addAlerts(r *api.Report) {
	if r.Alerts == nil {
		return
	}
	t.Alerting = true
	c := newClock(r.Window, nil)
	for i := range min(len(r.Alerts.List), maxBanners) {
		a := &r.Alerts.List[i]
		if k := t.track(alertRef(a)); k != nil {
			k.Alerts = append(k.Alerts, t.banners(c, a)...)
		} else if !a.FiredAt.IsZero() {
			t.Alerts = append(t.Alerts, t.banners(c, a)...)
		}
	}
}

// banners are the spans of an alert, pending and firing.
func (t *timeline) banners(c clock, a *api.Alert) (all []banner) {
	add := func(from, to api.Time, fires bool, y, height int64) {
		end := t.Span
		if !to.IsZero() {
			end = t.offset(to)
		}
		x := t.units(t.offset(from))
		word, until := "pending", "the end of the log"
		if fires {
			word = "firing"
		}
		if !to.IsZero() {
			until = c.at(to)
		}
		all = append(all, banner{x, y, max(trackWidth/1000, t.units(end)-x), height, fires, fmt.Sprintf(
			"%s %s from %s to %s", strings.TrimSpace(oneLine(a.Name+" "+alertObject(a))), word, c.at(from), until)})
	}
	pending := a.FiredAt
	if pending.IsZero() {
		pending = a.ResolvedAt
	}
	if !a.ActiveAt.Equal(a.FiredAt.Time) {
		add(a.ActiveAt, pending, false, trackHeight-3, 3)
	}
	if !a.FiredAt.IsZero() {
		add(a.FiredAt, a.ResolvedAt, true, trackHeight-6, 6)
	}
	return all
}

// tick is a time on the axis. X is in per cent.
type tick struct {
	X    string
	Text string
}

// ticks are the times on the axis of a page whose script does not run.
func (t *timeline) ticks() []tick {
	const parts = 5
	layout := "15:04"
	switch length := time.Duration(t.Span) * time.Millisecond; {
	case length < 10*time.Minute:
		layout = timeLayout
	case length > 180*24*time.Hour:
		layout = dayLayout
	case length > 20*time.Hour:
		layout = "01-02 15:04"
	}
	var out []tick
	for i := range int64(parts) {
		at := api.Time{Time: time.UnixMilli(t.From + t.Span*i/parts).UTC()}
		out = append(out, tick{fmt.Sprintf("%.2f%%", float64(i)*100/parts), at.Format(layout)})
	}
	return out
}
