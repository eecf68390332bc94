package replay

import (
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
	homes   []string      // namespaces whose pods are believed, nil for all
	find    finder        // gets each batch before its records are merged, nil for nobody
	tick    func(n int64) // gets numbers of bytes read, from several goroutines
}

// finder looks up what a batch of records is about.
type finder func([]parse.Record, []derive.Place)

// again prepares for another reading, which puts these sources in order first.
func (in *reading) again(disordered []int) {
	for _, source := range disordered {
		in.sort[source] = true
	}
	in.options.Stdin = in.stdin.again()
}

// merge reads all sources and calls f for each record, in the order of time; at equal times in the
// order of the sources, which does not depend on the order of the arguments. It returns what it
// learned about the files, and which sources turned out to be out of order: what f got of those is
// not to be used.
func (in reading) merge(ctx context.Context, f func(*parse.Record, derive.Place)) ([]fileStats, []int, error) {
	g, ctx := errgroup.WithContext(ctx)
	size := min(max(16<<20/max(len(in.sources), 1), minBatch), maxBatch)
	var all []*stream
	base := int32(0)
	for i, src := range in.sources {
		s := newStream(src, int32(i), base, size)
		s.stdin, s.sort, s.find = in.stdin, in.sort[i], in.find
		for j := range s.stats {
			s.stats[j].apart = in.strange(i)
		}
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

// stream reads and parses one log in a goroutine of its own, one batch ahead of the merge. Parsing
// is most of the work and needs no order, so it runs on all cores. What follows needs the order of
// time over all logs and is one goroutine, that of the merge.
type stream struct {
	index int32 // position among all sources
	base  int32 // number of its first file among all files
	src   tail.Source
	stdin *replayable
	sort  bool // put the lines in order first

	ready chan *batch // filled by read, closed at the end
	free  chan *batch // given back by the merge

	// What belongs to the goroutine that reads, until ready is closed.
	stats    []fileStats // one for each file
	latest   int64       // time of the latest record
	disorder bool        // a record was older than latest by more than slack

	// What belongs to the merge.
	find finder
	cur  *batch
	next int   // position in cur
	key  int64 // time that the merge orders by: it never goes back within a stream
}

func newStream(src tail.Source, index, base int32, size int) *stream {
	s := &stream{
		index: index, base: base, src: src, stats: make([]fileStats, len(src.Files)),
		ready: make(chan *batch, 1), free: make(chan *batch, 2),
	}
	for range cap(s.free) {
		s.free <- newBatch(size)
	}
	return s
}

// read fills batches until the log ends, turns out to be out of order, or ctx is done. tick gets
// numbers of bytes read.
func (s *stream) read(ctx context.Context, opt tail.Options, tick func(int64)) error {
	defer close(s.ready)
	opt.Context = ctx
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
			if b = s.receive(ctx); b == nil {
				return ctx.Err()
			}
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
	o, err := order(ctx, func() *tail.Reader {
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

// send hands a batch to the merge. It returns false when ctx is done.
func (s *stream) send(ctx context.Context, b *batch) bool {
	select {
	case s.ready <- b:
		return true
	case <-ctx.Done():
		return false
	}
}

// receive is an empty batch that the merge gave back, nil when ctx is done.
func (s *stream) receive(ctx context.Context) *batch {
	select {
	case b := <-s.free:
		b.reset()
		return b
	case <-ctx.Done():
		return nil
	}
}

// advance moves to the next record; false at the end of the log. The merge calls it.
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
		if s.find != nil {
			s.find(s.cur.recs, s.cur.at)
		}
	}
	s.key = max(s.key, s.cur.recs[s.next].Time)
	return true
}
