package main

import (
	"container/heap"
	"context"

	"golang.org/x/sync/errgroup"

	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/tail"
)

// merge reads all sources and calls f for each record, in the order of time; at equal times in the order of the sources, which does not
// depend on the order of the arguments. It returns what it learned about the files.
func merge(ctx context.Context, sources []tail.Source, opt tail.Options, tick func(int64), warm func([]parse.Record, []derive.Place), f func(*parse.Record, derive.Place)) ([]fileStats, error) {
	g, ctx := errgroup.WithContext(ctx)
	size := min(max(16<<20/max(len(sources), 1), minBatch), maxBatch)
	var all []*stream
	base := int32(0)
	for i, src := range sources {
		s := newStream(src, int32(i), base, size)
		s.warm = warm
		base += int32(len(src.Files))
		all = append(all, s)
		g.Go(func() error { return s.read(ctx, opt, tick) })
	}
	drain(all, f)
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var stats []fileStats
	for _, s := range all {
		stats = append(stats, s.stats...)
	}
	return stats, nil
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
