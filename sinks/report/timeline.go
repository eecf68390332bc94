package report

import (
	"cmp"
	"slices"

	"fluxtrail/api"
)

// timeline is what the page shows of all objects over time. Its JSON is what the page's script
// needs beyond what is drawn; names are short because there are many of them. Times are
// milliseconds since From.
type timeline struct {
	From      int64       `json:"from"` // Unix milliseconds
	Span      int64       `json:"span"`
	Statuses  []trackKind `json:"statuses"`
	Reasons   []string    `json:"reasons"` // what segments point to; 0 is none
	Revisions []string    `json:"revisions"`
	Tracks    []track     `json:"tracks"`
	Ticks     []tick      `json:"-"`
	Alerts    []banner    `json:"-"` // of those that are about no object
	Alerting  bool        `json:"-"`

	index map[api.Ref]int // in Tracks
}

type trackKind struct {
	Name string `json:"name"`
	Sign string `json:"sign"`
}

// track is one object over time. Segments holds five numbers for each segment: begin, status,
// reason, revision, and how many changes too short to be seen were merged into it. A segment ends
// where the next one begins.
type track struct {
	Kind      string   `json:"k"`
	Namespace string   `json:"ns"`
	Name      string   `json:"n"`
	Status    int      `json:"s"`
	Held      bool     `json:"-"` // stands under its root cause
	Segments  []int64  `json:"seg"`
	Frames    []frame  `json:"-"`
	Drawing   drawing  `json:"-"`
	Alerts    []banner `json:"-"`

	ref  api.Ref
	segs []segment
}

type segment struct {
	from     int64
	status   int
	reason   int
	revision int
	merged   int64
}

// newTimeline has the most urgent objects, and at most maxSegments segments in all tracks together.
func newTimeline(r *api.Report, found []entry, maxTracks, maxSegments int) timeline {
	t := timeline{From: r.Window.From.UnixMilli(), Span: max(1, r.Window.To.Sub(r.Window.From.Time).Milliseconds())}
	if r.Window.From.IsZero() {
		t.From = 0
	}
	for _, s := range statuses {
		t.Statuses = append(t.Statuses, trackKind{s.Name, s.Sign})
	}
	t.Tracks = orderTracks(r, found)
	t.Tracks, _ = limited(t.Tracks, maxTracks)
	t.index = make(map[api.Ref]int, len(t.Tracks))
	for i := range t.Tracks {
		t.index[t.Tracks[i].ref] = i
	}
	t.fill(r)
	t.thin(maxSegments)
	t.Ticks = t.ticks()
	t.addAlerts(r)
	return t
}

// track is the object's track, nil where the page does not have it.
func (t *timeline) track(ref api.Ref) *track {
	if i, ok := t.index[ref]; ok {
		return &t.Tracks[i]
	}
	return nil
}

// orderTracks puts what is listed under "Now" first, each root cause above what it holds up, then
// what had incidents, then the rest.
func orderTracks(r *api.Report, found []entry) []track {
	rank, held := map[api.Ref]int{}, map[api.Ref]bool{}
	for _, e := range found {
		rank[e.Ref] = len(rank) + 1
		for _, o := range e.Held {
			rank[o.Ref] = len(rank) + 1
			held[o.Ref] = true
		}
	}
	failed := len(rank) + 1
	for i := range each(r.Incidents) {
		if rank[i.Ref] == 0 {
			rank[i.Ref] = failed
		}
	}
	tracks := make([]track, len(r.Objects))
	for i := range r.Objects {
		o := &r.Objects[i]
		tracks[i] = track{Kind: oneLine(o.Kind), Namespace: oneLine(o.Namespace), Name: oneLine(o.Name),
			Status: statusIndex(o.Status), Held: held[o.Ref], ref: o.Ref}
		if rank[o.Ref] == 0 {
			rank[o.Ref] = failed + 1
		}
	}
	slices.SortFunc(tracks, func(a, b track) int {
		return cmp.Or(cmp.Compare(rank[a.ref], rank[b.ref]), cmp.Compare(a.Status, b.Status), compareRef(a.ref, b.ref))
	})
	return tracks
}

// resolution is how many segments a track can show: the pixels of a wide screen.
const resolution = 2000

// fill reads the transitions once. A track that grows beyond what can be seen is thinned out on the
// way.
func (t *timeline) fill(r *api.Report) {
	reasons, revisions := newInterner(), newInterner()
	for tr := range each(r.Transitions) {
		k := t.track(tr.Ref)
		if k == nil {
			continue
		}
		from := t.offset(tr.At)
		k.segs = append(k.segs, segment{from, statusIndex(tr.Status), reasons.id(deref(tr.Reason)),
			revisions.id(shortRevision(deref(tr.Revision))), 0})
		if len(k.segs) >= 4*resolution {
			k.segs = coarsen(k.segs, from, t.Span/resolution)
		}
	}
	t.Reasons, t.Revisions = reasons.list, revisions.list
	for i := range r.Objects {
		if k := t.track(r.Objects[i].Ref); k != nil {
			t.finish(k, &r.Objects[i])
		}
	}
}

// offset is a time in milliseconds since the beginning of the window, within the window.
func (t *timeline) offset(at api.Time) int64 { return min(max(0, at.UnixMilli()-t.From), t.Span) }

// finish lets a track end in the status that the object is in. A status that came without a
// transition in the window gets its segment here: one that is older than the window.
func (t *timeline) finish(k *track, o *api.Object) {
	status := statusIndex(o.Status)
	n := len(k.segs)
	if n > 0 && k.segs[n-1].status == status {
		return
	}
	since := o.Since
	if o.Status == "silent" && !o.SilentSince.IsZero() {
		since = o.SilentSince
	}
	from := t.offset(since)
	if n == 0 || from > k.segs[n-1].from {
		k.segs = append(k.segs, segment{from: from, status: status})
	}
}

// thin merges segments narrower than a pixel, and wider ones when there are still too many. Then it
// lays them out flat and draws them.
func (t *timeline) thin(limit int) {
	for step := t.Span / resolution; ; step *= 2 {
		n := 0
		for i := range t.Tracks {
			t.Tracks[i].segs = coarsen(t.Tracks[i].segs, t.Span, step)
			n += len(t.Tracks[i].segs)
		}
		if n <= limit || step > t.Span || step == 0 {
			break
		}
	}
	for i := range t.Tracks {
		k := &t.Tracks[i]
		k.Segments = make([]int64, 0, 5*len(k.segs))
		for _, s := range k.segs {
			k.Segments = append(k.Segments, s.from, int64(s.status), int64(s.reason), int64(s.revision), s.merged)
		}
		k.Drawing = t.draw(k.segs)
		k.segs = nil
	}
}

// coarsen joins neighbours that are both narrower than step. The joined segment has the most urgent
// of their statuses, so that a short failure is never painted over; how many changes it hides is
// kept.
func coarsen(segs []segment, end, step int64) []segment {
	out := segs[:0]
	narrow := false // the last one in out
	for i, s := range segs {
		to := end
		if i+1 < len(segs) {
			to = segs[i+1].from
		}
		if narrow && to-s.from < step {
			last := &out[len(out)-1]
			last.absorb(s)
			narrow = to-last.from < step
			continue
		}
		out = append(out, s)
		narrow = to-s.from < step
	}
	return out
}

func (s *segment) absorb(other segment) {
	if other.status < s.status {
		s.status, s.reason, s.revision = other.status, other.reason, other.revision
	}
	s.merged += other.merged + 1
}

// interner numbers texts; the empty text is 0.
type interner struct {
	ids  map[string]int
	list []string
}

func newInterner() *interner { return &interner{map[string]int{"": 0}, []string{""}} }

func (n *interner) id(s string) int {
	s = oneLine(s)
	id, ok := n.ids[s]
	if !ok {
		id = len(n.list)
		n.ids[s], n.list = id, append(n.list, s)
	}
	return id
}
