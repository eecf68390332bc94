package agent

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"
	"time"

	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/tail"
)

// source is a log as the lanes know it.
type source struct {
	tail.Source
	index int32 // from 0, in the order in which this process met them
}

// head is the next line of one log: read, but not handed on yet. It is a copy, because the lane may look at the disk before the line's turn
// comes, and because the line is saved with the marks when its turn does not come before.
type head struct {
	src   *source
	heads *heads
	of    *group
	live  *tail.Live // nil for a log that is gone and left a line behind
	text  []byte     // redacted
	line  tail.Line  // without Text
	at    tail.Place
	rec   parse.Record
	when  int64 // the record's time, or when it was written if that cannot be
	near  int64 // time of the line before, for lines without a time of their own
	key   int64 // what the lines are ordered by: never goes back within a log
	full  bool  // there is a line
	file  int32 // what trail calls the line's file

	batch      int64 // bytes that the log has in the batch
	batchSince int64 // time of the first of their lines
}

// savedHead is a line that was read before the lane stopped, and not handed on. The marks are behind it.
type savedHead struct {
	Source tail.Source `json:"source"`
	Line   tail.Line   `json:"line"`
	At     tail.Place  `json:"at"`
	Near   int64       `json:"near"`
	Key    int64       `json:"key"`
	Full   bool        `json:"full"`
}

// tooFar is how far ahead of the clock a line's time may be.
const tooFar = int64(time.Minute)

// heads brings the lines of a group of logs into the order of time, as far as it is known: of the next lines of all its logs, the oldest comes
// first. A log that is at its end does not hold the others back. With a single group this is the order in which replay reads. Several groups take
// turns, so that the backlog of one does not hold up the others.
type heads struct {
	byName map[string]*head
	waits  map[string]savedHead // restored ones whose log was not seen yet
	groups map[string]*group
	turns  []*group // those with lines, by name
	turn   int      // which of them is next
	name   string   // its name
	given  int      // bytes of lines that it gave in this turn
	count  int32    // of sources met

	secrets *redact.Redactor
	now     int64 // a line whose time is later by more than tooFar was written by a wrong clock; 0 to believe all
}

// group is logs whose lines are wanted in the order of time.
type group struct {
	name  string
	order ahead
}

// turnBytes is how much a group gives before it is another's turn.
const turnBytes = 32 << 10

func newHeads(saved []savedHead, secrets *redact.Redactor) *heads {
	h := &heads{byName: map[string]*head{}, waits: map[string]savedHead{}, groups: map[string]*group{}, secrets: secrets}
	for _, s := range saved {
		h.waits[s.Source.Name] = s
	}
	return h
}

// sync takes over the logs that there are now. met is told those that are new, and gives the name of their group.
func (h *heads) sync(lives []*tail.Live, met func(*source) string) {
	there := make(map[string]bool, len(lives))
	for _, live := range lives {
		src := live.Source()
		there[src.Name] = true
		x := h.byName[src.Name]
		if x == nil {
			x = h.admit(src, met)
		}
		x.live, x.src.Source = live, src
	}
	for _, s := range h.waits {
		h.admit(s.Source, met)
	}
	for name, x := range h.byName {
		if !there[name] {
			x.live = nil
		}
	}
}

// read reads one line of each log that has none ready. left is told the logs that are gone and were handed on to their end.
func (h *heads) read(left func(*source)) {
	for _, g := range h.groups {
		g.order = g.order[:0]
	}
	h.turns = h.turns[:0]
	for name, x := range h.byName {
		if x.full || x.advance() {
			if len(x.of.order) == 0 {
				h.turns = append(h.turns, x.of)
			}
			x.of.order = append(x.of.order, x)
		} else if x.live == nil {
			delete(h.byName, name)
			left(x.src)
		}
	}
	for _, g := range h.turns {
		heap.Init(&g.order)
	}
	slices.SortFunc(h.turns, func(a, b *group) int { return strings.Compare(a.name, b.name) })
	h.turn, _ = slices.BinarySearchFunc(h.turns, h.name, func(g *group, name string) int { return strings.Compare(g.name, name) })
}

// admit begins a log, with the line that it left behind if it did.
func (h *heads) admit(src tail.Source, met func(*source) string) *head {
	x := &head{src: &source{src, h.count}, heads: h}
	h.count++
	h.byName[src.Name] = x
	if s, ok := h.waits[src.Name]; ok {
		delete(h.waits, src.Name)
		x.restore(s)
	}
	name := met(x.src)
	if h.groups[name] == nil {
		h.groups[name] = &group{name: name}
	}
	x.of = h.groups[name]
	return x
}

// next is the oldest line of the group whose turn it is, nil when all logs are at their end. It is valid until the next call of next or read.
func (h *heads) next() *head {
	for len(h.turns) > 0 {
		if h.given >= turnBytes {
			h.turn, h.given = h.turn+1, 0
		}
		if h.turn >= len(h.turns) {
			h.turn = 0
		}
		g := h.turns[h.turn]
		if h.name = g.name; g.ready() {
			return g.order[0]
		}
		h.turns, h.given = slices.Delete(h.turns, h.turn, h.turn+1), 0
	}
	return nil
}

// ready reports whether there is a line, which is then the first.
func (g *group) ready() bool {
	if len(g.order) > 0 && !g.order[0].full {
		if g.order[0].advance() {
			heap.Fix(&g.order, 0)
		} else {
			heap.Pop(&g.order)
		}
	}
	return len(g.order) > 0
}

// taken tells that the line that next gave is in the batch.
func (h *heads) taken() {
	x := h.turns[h.turn].order[0]
	x.full = false
	h.given += len(x.text)
	if x.batch == 0 {
		x.batchSince = x.when
	}
	x.batch += int64(len(x.text))
}

// delivered tells that the batch is where it belongs.
func (h *heads) delivered() {
	for _, x := range h.byName {
		x.batch, x.batchSince = 0, 0
	}
}

// lag is what of a log was read and not delivered.
func (h *heads) lag(log string) (lag tail.Lag) {
	x := h.byName[log]
	if x == nil {
		return lag
	}
	since := x.batchSince
	if lag.Bytes = x.batch; x.full {
		lag.Bytes += int64(len(x.text))
		since = cmp.Or(since, x.when)
	}
	if since != 0 {
		lag.Since = time.Unix(0, since)
	}
	return lag
}

// save gives what has to be kept with the marks, by name.
func (h *heads) save() []savedHead {
	var out []savedHead
	for _, x := range h.byName {
		s := savedHead{Source: x.src.Source, At: x.at, Near: x.near, Key: x.key, Full: x.full}
		s.Source.Files, s.At.File.Compression = nil, 0
		if x.full {
			s.Line = x.line
			s.Line.Text = x.text
		}
		out = append(out, s)
	}
	for _, s := range h.waits {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b savedHead) int { return strings.Compare(a.Source.Name, b.Source.Name) })
	return out
}

// advance reads the log's next line.
func (x *head) advance() bool {
	if x.live == nil {
		return false
	}
	for !x.live.Next() {
		if !x.live.Behind() {
			return false
		}
	}
	line := x.live.Line()
	clean, secrets := x.heads.secrets.Bytes(x.text, line.Text)
	if secrets == 0 {
		clean = append(x.text[:0], clean...)
	}
	x.text = clean
	x.line, x.line.Text, x.line.Pod = *line, nil, strings.Clone(line.Pod)
	x.at = x.live.Place()
	x.parse()
	return true
}

// parse makes the record of the line.
func (x *head) parse() {
	if x.line.Time != 0 {
		x.near = x.line.Time
	}
	parse.Parse(x.text, x.near, &x.rec)
	if x.rec.Time == 0 {
		x.rec.Time = x.near
	}
	x.when = x.rec.Time
	if now := x.heads.now; now != 0 && x.when > now+tooFar {
		if x.when = now; x.line.Time != 0 {
			x.when = min(x.line.Time, now)
		}
	}
	x.near, x.key, x.full = x.when, max(x.key, x.when), true
}

func (x *head) restore(s savedHead) {
	x.near, x.key, x.at = s.Near, s.Key, s.At
	if s.Full {
		x.line, x.text = s.Line, s.Line.Text
		x.line.Text = nil
		x.parse()
	}
}

// ahead is a heap of heads by time; at equal times by the name of the log, which is how replay orders its sources.
type ahead []*head

func (a ahead) Len() int { return len(a) }
func (a ahead) Less(i, j int) bool {
	if a[i].key != a[j].key {
		return a[i].key < a[j].key
	}
	return a[i].src.Name < a[j].src.Name
}
func (a ahead) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *ahead) Push(x any)   { *a = append(*a, x.(*head)) }
func (a *ahead) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	*a = (*a)[:last]
	return x
}
