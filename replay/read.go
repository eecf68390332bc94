package replay

import (
	"container/heap"
	"context"

	"golang.org/x/sync/errgroup"

	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/tail"
)

// reading is what merge reads, and how.
type reading struct {
	sources []tail.Source
	options tail.Options
	stdin   *replayable   // what options.Stdin comes from
	sort    map[int]bool  // sources to put in order first
	tick    func(n int64) // gets numbers of bytes read, from several goroutines
}

// merge reads all sources and calls f for each record, in the order of time; at equal times in the order of the sources,
// which does not depend on the order of the arguments. It returns what it learned about the files, and which sources turned
// out to be out of order: what f got of those is not to be used.
func (in reading) merge(ctx context.Context, f func(*parse.Record, derive.Place)) ([]fileStats, []int, error) {
	g, ctx := errgroup.WithContext(ctx)
	size := min(max(16<<20/max(len(in.sources), 1), minBatch), maxBatch)
	var all []*stream
	base := int32(0)
	for i, src := range in.sources {
		s := newStream(src, int32(i), base, size)
		s.stdin, s.sort = in.stdin, in.sort[i]
		base += int32(len(src.Files))
		all = append(all, s)
		g.Go(func() error { return s.read(ctx, in.options, in.tick) })
	}
	drain(all, f)
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	var stats []fileStats
	var disordered []int
	for i, s := range all {
		stats = append(stats, s.stats...)
		if s.disorder {
			disordered = append(disordered, i)
		}
	}
	return stats, disordered, nil
}

// drain is the merge proper. The stream in front is served until another one's next record is older.
func drain(all []*stream, f func(*parse.Record, derive.Place)) {
	var h front
	for _, s := range all {
		if s.advance() {
			h = append(h, s)
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		s := h[0]
		more := true
		for more && h.first() {
			f(&s.cur.recs[s.next], s.cur.at[s.next])
			more = s.advance()
		}
		if more {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
}

// front is a heap of streams by the time of their next record.
type front []*stream

func (h front) Len() int           { return len(h) }
func (h front) Less(i, j int) bool { return h[i].before(h[j]) }
func (h front) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *front) Push(x any)        { *h = append(*h, x.(*stream)) }
func (h *front) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	*h = (*h)[:last]
	return s
}

func (s *stream) before(o *stream) bool {
	if s.key != o.key {
		return s.key < o.key
	}
	return s.index < o.index
}

// first reports whether the stream at the top still belongs there.
func (h front) first() bool {
	return (len(h) < 2 || h[0].before(h[1])) && (len(h) < 3 || h[0].before(h[2]))
}

// stream reads and parses one log in a goroutine of its own, one batch ahead of the merge. Parsing is most of the work and needs no
// order, so it runs on all cores; what follows needs the order of time over all logs and is one goroutine.
type stream struct {
	index int32 // position among all sources
	base  int32 // number of its first file among all files
	src   tail.Source

	ready chan *batch // filled by read, closed at the end
	free  chan *batch // given back by the merge

	cur  *batch // owned by the merge
	next int    // position in cur
	key  int64  // time that the merge orders by: never goes back within a stream

	stats []fileStats // one for each file; read them after ready was closed

	stdin    *replayable
	sort     bool  // put the lines in order first
	latest   int64 // time of the latest record
	disorder bool  // a record was older than latest by more than slack; read it after ready was closed
}

// fileStats is what a stream knows of a file beyond what the reader counts.
type fileStats struct {
	tail.FileStat
	records, unparsed int64
	order             string // how the lines were put in order, "" for not at all
	firstUnparsed     int64  // line number
	first, last       int64  // times of the first and last record
}

// batch is a run of records of one stream with the memory that they point into. It is reused.
type batch struct {
	text []byte // lines, one behind the other; when a line is longer than all of it, the records before keep what it was
	recs []parse.Record
	at   []derive.Place
}

const (
	batchLines = 512
	maxBatch   = 256 << 10
	minBatch   = 16 << 10
)

func newStream(src tail.Source, index, base int32, size int) *stream {
	s := &stream{index: index, base: base, src: src, ready: make(chan *batch, 1), free: make(chan *batch, 2), stats: make([]fileStats, len(src.Files))}
	for range cap(s.free) {
		s.free <- &batch{text: make([]byte, 0, size), recs: make([]parse.Record, 0, batchLines)}
	}
	return s
}

// read fills batches until the log ends or ctx is done. tick is told how many bytes were read.
func (s *stream) read(ctx context.Context, opt tail.Options, tick func(int64)) error {
	defer close(s.ready)
	r, err := s.open(ctx, opt)
	if err != nil {
		return err
	}
	defer r.Close()
	var b *batch
	var near int64
	for r.Next() {
		line := r.Line()
		if b != nil && !b.room(line.Text) {
			tick(int64(len(b.text)))
			if !s.send(ctx, b) {
				return ctx.Err()
			}
			b = nil
		}
		if b == nil {
			select {
			case b = <-s.free:
			case <-ctx.Done():
				return ctx.Err()
			}
			b.reset()
		}
		if near = s.parse(b, line, r.FileIndex(), near); s.disorder {
			return nil
		}
	}
	for i, st := range r.Stats() {
		s.stats[i].FileStat = st
	}
	if b != nil {
		tick(int64(len(b.text)))
		s.send(ctx, b)
	}
	return ctx.Err()
}

// open opens the log as it stands, or put in order.
func (s *stream) open(ctx context.Context, opt tail.Options) (lines, error) {
	if !s.sort {
		return tail.NewReader(s.src, opt), nil
	}
	o, err := order(ctx, s.src, func() *tail.Reader {
		opt.Stdin = s.stdin.again()
		return tail.NewReader(s.src, opt)
	})
	if err == nil {
		for i := range s.stats {
			s.stats[i].order = o.how
		}
	}
	return o, err
}

func (s *stream) send(ctx context.Context, b *batch) bool {
	select {
	case s.ready <- b:
		return true
	case <-ctx.Done():
		return false
	}
}

// parse adds a line to the batch and returns its time, which the next line may need.
func (s *stream) parse(b *batch, line *tail.Line, file int, near int64) int64 {
	start := len(b.text)
	b.text = append(b.text, line.Text...)
	text := b.text[start:len(b.text):len(b.text)]
	b.recs = b.recs[:len(b.recs)+1]
	rec := &b.recs[len(b.recs)-1] // what a former batch left in it is overwritten
	if line.Time != 0 {
		near = line.Time
	}
	parse.Parse(text, near, rec)
	if rec.Time == 0 {
		rec.Time = near
	}
	b.at = append(b.at, derive.Place{Source: s.index, File: s.base + int32(file), Line: line.Num, Offset: line.Offset, Text: text, Pod: line.Pod})
	s.stats[file].note(rec, line.Num)
	s.look(rec.Time)
	return rec.Time
}

// look sees whether time goes back. In the kubelet's layout the order of the lines is true whatever the clock said.
func (s *stream) look(at int64) {
	if at < s.latest-slack && !s.sort && s.src.UID == "" {
		s.disorder = true
	}
	s.latest = max(s.latest, at)
}

func (f *fileStats) note(rec *parse.Record, line int64) {
	if rec.Bad != parse.BadNone {
		f.unparsed++
		if f.firstUnparsed == 0 {
			f.firstUnparsed = line
		}
		return
	}
	f.records++
	if rec.Time == 0 {
		return
	}
	if f.first == 0 || rec.Time < f.first {
		f.first = rec.Time
	}
	f.last = max(f.last, rec.Time)
}

func (b *batch) room(text []byte) bool {
	return len(b.recs) < batchLines && len(b.text)+len(text) <= cap(b.text)
}

func (b *batch) reset() {
	b.text, b.recs, b.at = b.text[:0], b.recs[:0], b.at[:0]
}

// advance moves to the next record; false at the end of the log.
func (s *stream) advance() bool {
	s.next++
	if s.cur == nil || s.next >= len(s.cur.recs) {
		if s.cur != nil {
			s.free <- s.cur
		}
		s.next = 0
		if s.cur = <-s.ready; s.cur == nil {
			return false
		}
	}
	s.key = max(s.key, s.cur.recs[s.next].Time)
	return true
}
