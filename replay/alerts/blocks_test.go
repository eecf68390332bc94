package alerts

import (
	"fmt"
	"log/slog"
	"math"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"
)

// TestBlocksOfManySeries writes more samples than are committed at once, of the whole time of two
// blocks, and finds all of them.
func TestBlocksOfManySeries(t *testing.T) {
	t.Parallel()
	const objects, step = 600, 30_000
	s, b := newStore(), newBlocks(t.TempDir())
	for n := range objects {
		s.find("up", []string{"name"}, []string{fmt.Sprint(n)}).set(0, float64(n), step)
	}
	end := span.Milliseconds()
	for range 2 {
		s.until = end
		if err := b.write(end, s); err != nil {
			t.Fatal(err)
		}
		end += span.Milliseconds()
	}
	for _, dir := range b.made {
		if n, want := samplesOf(t, dir), objects*int(span.Milliseconds()/step); n != want {
			t.Errorf("%d of %d samples", n, want)
		}
	}
	if len(b.made) != 2 {
		t.Error(b.made)
	}
}

// samplesOf counts the samples of a block.
func samplesOf(t *testing.T, dir string) (n int) {
	t.Helper()
	block, err := tsdb.OpenBlock(slog.New(slog.DiscardHandler), dir, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer block.Close()
	q, err := tsdb.NewBlockQuerier(block, math.MinInt64, math.MaxInt64)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	for all := q.Select(t.Context(), false, nil, labels.MustNewMatcher(labels.MatchEqual, "__name__", "up")); all.Next(); {
		for it := all.At().Iterator(nil); it.Next() != 0; {
			n++
		}
	}
	return n
}
