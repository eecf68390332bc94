package alerts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// blocks writes samples as blocks of a TSDB, one for each span, which a Prometheus can have in its
// data directory. Errors are those of the disk.
type blocks struct {
	dir  string
	made []string // their directories
	done int64    // everything before this time was written, in milliseconds
}

func newBlocks(dir string) *blocks { return &blocks{dir: dir} }

// write writes what the stores have before a time in milliseconds, and has not been written yet.
func (b *blocks) write(end int64, stores ...*store) error {
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return err
	}
	// Samples are refused that are older than the latest committed one by more than half of this.
	w, err := tsdb.NewBlockWriter(slog.New(slog.DiscardHandler), b.dir, 2*span.Milliseconds())
	if err != nil {
		return err
	}
	err = b.fill(w, end, stores)
	if err == nil {
		id, flushed := w.Flush(context.Background())
		if err = flushed; errors.Is(err, tsdb.ErrNoSeriesAppended) {
			err = nil
		} else if err == nil {
			b.made = append(b.made, filepath.Join(b.dir, id.String()))
		}
	}
	b.done = end
	return errors.Join(err, w.Close())
}

// fill gives a block its samples, in parts that need little memory.
func (b *blocks) fill(w *tsdb.BlockWriter, end int64, stores []*store) error {
	app, n := w.Appender(context.Background()), 0
	for _, s := range stores {
		for _, f := range s.matching(nil) {
			for _, x := range f.sorted() {
				k, err := b.series(app, x, min(end-1, s.until))
				if err != nil {
					return fmt.Errorf("block: %s: %w", x.labels, err)
				}
				if n += k; n > 100_000 {
					if err := app.Commit(); err != nil {
						return err
					}
					app, n = w.Appender(context.Background()), 0
				}
			}
		}
	}
	return app.Commit()
}

func (b *blocks) series(app storage.Appender, x *series, until int64) (n int, err error) {
	it := &samples[int64]{runs: x.runs, until: until}
	var ref storage.SeriesRef
	for ok := it.Seek(b.done); ok != chunkenc.ValNone; ok = it.Next() {
		t, v := it.At()
		if ref, err = app.Append(ref, x.labels, t, v); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// remove removes the blocks that were written.
func (b *blocks) remove() error {
	var errs []error
	for _, dir := range b.made {
		errs = append(errs, os.RemoveAll(dir))
	}
	b.made = nil
	return errors.Join(errs...)
}
