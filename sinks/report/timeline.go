package report

import (
	"cmp"
	"slices"

	"fluxtrail/api"
)

// timeline is the data that the HTML page's script draws. Field names are short because there are many of them. Times
// are milliseconds since From.
type timeline struct {
	From      int64      `json:"from"` // Unix milliseconds
	Span      int64      `json:"span"`
	Statuses  []laneKind `json:"statuses"`
	Reasons   []string   `json:"reasons"` // what Segments point to; 0 is none
	Revisions []string   `json:"revisions"`
	Lanes     []lane     `json:"lanes"`
	Marks     []mark     `json:"marks"`
}

type laneKind struct {
	Name string `json:"name"`
	Mark string `json:"mark"`
}

// lane is the swim-lane of one object. Segments holds five numbers per segment: begin, status, reason, revision and how
// many changes too short to be seen were merged into it. A segment ends where the next one begins.
type lane struct {
	Kind      string  `json:"k"`
	Namespace string  `json:"ns"`
	Name      string  `json:"n"`
	Status    int     `json:"s"`
	Held      bool    `json:"h,omitempty"` // stands under its root cause
	Segments  []int64 `json:"seg"`

	ref  api.Ref
	segs []segment
}

// mark is one incident on a lane; Entry is its number in the page's list of incidents.
type mark struct {
	Lane  int    `json:"l"`
	From  int64  `json:"f"`
	To    int64  `json:"t"`
	Open  bool   `json:"o,omitempty"`
	Entry int    `json:"i"`
	Label string `json:"a"`
}

type segment struct {
	from     int64
	status   int
	reason   int
	revision int
	merged   int64
}

// buildTimeline draws the most urgent lanes, with at most maxSegments in all of them together.
func buildTimeline(r *api.Report, found []problem, maxLanes, maxSegments int) timeline {
	t := timeline{From: r.Window.From.UnixMilli(), Span: max(1, r.Window.To.Sub(r.Window.From.Time).Milliseconds())}
	if r.Window.From.IsZero() {
		t.From = 0
	}
	for _, s := range statuses {
		t.Statuses = append(t.Statuses, laneKind{s.Name, s.Mark})
	}
	t.Lanes = orderLanes(r, found)
	t.Lanes, _ = limited(t.Lanes, maxLanes)
	t.fill(r)
	t.thin(maxSegments)
	return t
}

// orderLanes puts problems first, each root cause above what it holds up, then what had incidents, then the rest.
func orderLanes(r *api.Report, found []problem) []lane {
	rank, held := map[api.Ref]int{}, map[api.Ref]bool{}
	for _, p := range found {
		rank[p.Ref] = len(rank) + 1
		for _, o := range p.Held {
			rank[o.Ref] = len(rank) + 1
			held[o.Ref] = true
		}
	}
	hurt := len(rank) + 1
	for i := range each(r.Incidents) {
		if rank[i.Ref] == 0 {
			rank[i.Ref] = hurt
		}
	}
	lanes := make([]lane, len(r.Objects))
	for i := range r.Objects {
		o := &r.Objects[i]
		lanes[i] = lane{Kind: oneLine(o.Kind), Namespace: oneLine(o.Namespace), Name: oneLine(o.Name), Status: statusIndex(o.Status), Held: held[o.Ref], ref: o.Ref}
		if rank[o.Ref] == 0 {
			rank[o.Ref] = hurt + 1
		}
	}
	slices.SortFunc(lanes, func(a, b lane) int {
		return cmp.Or(cmp.Compare(rank[a.ref], rank[b.ref]), cmp.Compare(a.Status, b.Status), compareRef(a.ref, b.ref))
	})
	return lanes
}

// resolution is how many segments a lane can show: the pixels of a wide screen.
const resolution = 2000

// fill reads the transitions once. A lane that grows beyond what can be seen is thinned out on the way.
func (t *timeline) fill(r *api.Report) {
	index := make(map[api.Ref]int, len(t.Lanes))
	for i := range t.Lanes {
		index[t.Lanes[i].ref] = i
	}
	reasons, revisions := newInterner(), newInterner()
	for tr := range each(r.Transitions) {
		i, ok := index[tr.Ref]
		if !ok {
			continue
		}
		l := &t.Lanes[i]
		from := min(max(0, tr.At.UnixMilli()-t.From), t.Span)
		l.segs = append(l.segs, segment{from, statusIndex(tr.Status), reasons.id(deref(tr.Reason)), revisions.id(shortRevision(deref(tr.Revision))), 0})
		if len(l.segs) >= 4*resolution {
			l.segs = coarsen(l.segs, from, t.Span/resolution)
		}
	}
	t.Reasons, t.Revisions = reasons.list, revisions.list
	t.fillSilentLanes(r, index)
}

// fillSilentLanes gives a lane to objects whose status came without a transition in the window.
func (t *timeline) fillSilentLanes(r *api.Report, index map[api.Ref]int) {
	for i := range r.Objects {
		o := &r.Objects[i]
		if n, ok := index[o.Ref]; ok && len(t.Lanes[n].segs) == 0 {
			from := min(max(0, o.Since.UnixMilli()-t.From), t.Span)
			t.Lanes[n].segs = []segment{{from: from, status: statusIndex(o.Status)}}
		}
	}
}

// thin merges segments narrower than a pixel, and wider ones when there are still too many, and lays them out flat.
func (t *timeline) thin(limit int) {
	for step := t.Span / resolution; ; step *= 2 {
		n := 0
		for i := range t.Lanes {
			t.Lanes[i].segs = coarsen(t.Lanes[i].segs, t.Span, step)
			n += len(t.Lanes[i].segs)
		}
		if n <= limit || step > t.Span || step == 0 {
			break
		}
	}
	for i := range t.Lanes {
		l := &t.Lanes[i]
		l.Segments = make([]int64, 0, 5*len(l.segs))
		for _, s := range l.segs {
			l.Segments = append(l.Segments, s.from, int64(s.status), int64(s.reason), int64(s.revision), s.merged)
		}
		l.segs = nil
	}
}

// coarsen joins neighbours that are both narrower than step. The joined segment has the most urgent of their states, so
// that a short failure is never painted over; how many changes it hides is kept.
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
