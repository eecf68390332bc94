package files

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/tsdb/record"
	"github.com/prometheus/prometheus/tsdb/wlog"

	"fluxtrail/conditions"
)

// database is a data directory or a snapshot of Prometheus, or one block of it, that is read as it
// lies there. Blocks are opened one piece of time after another. Of the write-ahead log only the
// metrics about Flux's objects are kept. Nothing is opened for writing, and no lock is taken.
type database struct {
	dir    string
	blocks []*tsdb.Block
	head   []headSample // of the write-ahead log, in the order of time

	until     int64 // of what counts of processes, in milliseconds
	processes conditions.Processes
}

// headSample is a sample of the write-ahead log.
type headSample struct {
	at     int64 // milliseconds
	series labels.Labels
	value  float64
}

// blockName is the name of a block's directory, a ULID; segment is that of a file of the log.
var (
	blockName = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	segment   = regexp.MustCompile(`^\d{8,}$`)
)

func exists(path ...string) bool {
	_, err := os.Stat(filepath.Join(path...))
	return err == nil
}

func isBlock(dir string) bool {
	return exists(dir, "meta.json") && exists(dir, "index") && exists(dir, "chunks")
}

// IsDatabase reports whether a path is a data directory of Prometheus, a snapshot, or a block.
func IsDatabase(dir string) bool {
	if isBlock(dir) {
		return true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return e.IsDir() && blockName.MatchString(e.Name()) && isBlock(filepath.Join(dir, e.Name()))
	}) || hasSegments(filepath.Join(dir, "wal"))
}

func hasSegments(dir string) bool {
	entries, _ := os.ReadDir(dir) // one that is not there has none
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return segment.MatchString(e.Name()) || strings.HasPrefix(e.Name(), "checkpoint.")
	})
}

// readDatabase reads what a database has of a span of time, in nanoseconds; 0 leaves an end open.
func readDatabase(dir string, reader *conditions.Reader, from, to int64) *conditions.Evidence {
	d := &database{dir: dir, until: cmp.Or(to/1e6, math.MaxInt64)}
	err := errors.Join(d.open(), d.readLog())
	defer d.close()
	first, last := d.bounds(from, to)
	samples := reader.Samples(dir, time.Duration(last-first)*time.Millisecond)
	told := &conditions.Evidence{}
	for at := first; at <= last; at += piece {
		if at = d.next(at); at > last {
			break
		}
		err = errors.Join(err, d.take(samples, at, min(at+piece-1, last)))
	}
	told.Observations, told.Listings = samples.Observations()
	err = errors.Join(err, samples.Contradiction(), d.ofProcesses(last))
	told.Health = d.processes.Health(dir)
	if len(told.Observations) == 0 && err == nil {
		err = fmt.Errorf("has no samples in this time of any of %s", strings.Join(conditions.Metrics(), ", "))
	}
	told.Inputs = []conditions.Input{{
		Name: dir, Form: "Prometheus TSDB", Objects: len(told.Observations), Err: err,
	}}
	return told
}

const (
	// minTime of a sample in milliseconds: the year 2015, in which no Prometheus kept its data so yet.
	minTime = 1_420_070_400_000
	// maxBlock is how much time a block may have: a tenth of a retention of 50 years.
	maxBlock = int64(5 * 366 * 24 * time.Hour / time.Millisecond)
)

// piece of time that is read at once, in milliseconds.
const piece = int64(2 * time.Hour / time.Millisecond)

// open opens the blocks. One that cannot be opened is reported, and the others are read.
func (d *database) open() (errs error) {
	dirs := []string{d.dir}
	if !isBlock(d.dir) {
		entries, err := os.ReadDir(d.dir)
		if err != nil {
			return err
		}
		dirs = nil
		for _, e := range entries {
			if e.IsDir() && blockName.MatchString(e.Name()) {
				dirs = append(dirs, filepath.Join(d.dir, e.Name()))
			}
		}
	}
	for _, dir := range dirs {
		block, err := tsdb.OpenBlock(nil, dir, chunkenc.NewPool(), tsdb.DefaultPostingsDecoderFactory)
		if err != nil {
			errs = errors.Join(errs, fmt.Errorf("block %s: %w", filepath.Base(dir), err))
			continue
		}
		if m := block.Meta(); m.MinTime < minTime || m.MaxTime > maxTime || m.MaxTime-m.MinTime > maxBlock {
			errs = errors.Join(errs, fmt.Errorf("block %s: its meta.json says times that no block has, %d to %d", filepath.Base(dir), m.MinTime, m.MaxTime), block.Close())
			continue
		}
		d.blocks = append(d.blocks, block)
	}
	return errs
}

func (d *database) close() {
	for _, b := range d.blocks {
		_ = b.Close() // nothing was written
	}
}

// bounds are the first and the last time of what is there and was asked for, in milliseconds.
func (d *database) bounds(from, to int64) (first, last int64) {
	first, last = math.MaxInt64, math.MinInt64
	for _, b := range d.blocks {
		first, last = min(first, b.Meta().MinTime), max(last, b.Meta().MaxTime)
	}
	if n := len(d.head); n > 0 {
		first, last = min(first, d.head[0].at), max(last, d.head[n-1].at)
	}
	if from != 0 {
		first = max(first, (from-int64(conditions.Lookback))/1e6)
	}
	if to != 0 {
		last = min(last, to/1e6)
	}
	return first, last
}

// next is the first time from at on of which something may be there.
func (d *database) next(at int64) int64 {
	found := int64(math.MaxInt64)
	for _, b := range d.blocks {
		if b.Meta().MaxTime >= at {
			found = min(found, max(at, b.Meta().MinTime))
		}
	}
	if i, _ := slices.BinarySearchFunc(d.head, at, func(s headSample, at int64) int { return cmp.Compare(s.at, at) }); i < len(d.head) {
		found = min(found, d.head[i].at)
	}
	return found
}

// take adds the samples of a span, both ends included. Where blocks overlap, and the log has what
// the newest of them has, a sample counts once.
func (d *database) take(samples *conditions.Samples, from, to int64) error {
	err := d.each(from, to, conditions.Metrics(), func(series labels.Labels, at int64, v float64) {
		put(samples, series, at, v)
	})
	i, _ := slices.BinarySearchFunc(d.head, from, func(s headSample, at int64) int { return cmp.Compare(s.at, at) })
	for ; i < len(d.head) && d.head[i].at <= to; i++ {
		put(samples, d.head[i].series, d.head[i].at, d.head[i].value)
	}
	samples.Flush()
	return err
}

// ofProcesses takes the latest that the blocks have of the controllers' processes. Of the log it
// was taken before.
func (d *database) ofProcesses(last int64) error {
	if len(d.blocks) == 0 {
		return nil
	}
	return d.each(last-conditions.Lookback.Milliseconds(), last, conditions.GaugeNames(), d.process)
}

func (d *database) process(series labels.Labels, at int64, v float64) {
	if at <= d.until && !value.IsStaleNaN(v) {
		d.processes.Add(series.Get(model.MetricNameLabel), series.Get, at*1e6, v)
	}
}

// each calls take for each sample of some metrics that the blocks have of a span.
func (d *database) each(from, to int64, names []string, take func(labels.Labels, int64, float64)) error {
	var parts []storage.Querier
	for _, b := range d.blocks {
		if !b.OverlapsClosedInterval(from, to) {
			continue
		}
		q, err := tsdb.NewBlockQuerier(b, from, to)
		if err != nil {
			return fmt.Errorf("block %s: %w", b.Meta().ULID, err)
		}
		parts = append(parts, q)
	}
	all := storage.NewMergeQuerier(parts, nil, storage.ChainedSeriesMerge)
	defer all.Close()
	byName := labels.MustNewMatcher(labels.MatchRegexp, model.MetricNameLabel, strings.Join(names, "|"))
	set := all.Select(context.Background(), false, nil, byName)
	var it chunkenc.Iterator
	for set.Next() {
		series := set.At()
		it = series.Iterator(it)
		for it.Next() == chunkenc.ValFloat {
			at, v := it.At()
			take(series.Labels(), at, v)
		}
	}
	return set.Err()
}

func put(samples *conditions.Samples, series labels.Labels, at int64, v float64) {
	if !value.IsStaleNaN(v) {
		samples.Add(series.Get(model.MetricNameLabel), series.Get, at*1e6, v)
	}
}

// readLog reads the write-ahead log, which has what is in no block yet. A copy of a running
// Prometheus breaks off somewhere: it is read up to there.
func (d *database) readLog() error {
	dir := filepath.Join(d.dir, "wal")
	if !hasSegments(dir) {
		return nil
	}
	var parts []wlog.SegmentRange
	checkpoint, last, err := wlog.LastCheckpoint(dir)
	switch {
	case err == nil:
		parts = append(parts, wlog.SegmentRange{Dir: checkpoint, First: -1, Last: -1})
		last++
	case errors.Is(err, record.ErrNotFound):
		last = -1
	default:
		return fmt.Errorf("wal: %w", err)
	}
	segments, err := wlog.NewSegmentsRangeReader(append(parts, wlog.SegmentRange{Dir: dir, First: last, Last: -1})...)
	if err != nil {
		return fmt.Errorf("wal: %w", err)
	}
	defer segments.Close()
	err = d.records(segments)
	slices.SortStableFunc(d.head, func(a, b headSample) int { return cmp.Compare(a.at, b.at) })
	if err != nil {
		return fmt.Errorf("wal: read only in part: %w", err)
	}
	return nil
}

// records keeps the samples of the series that say something of objects, and the latest of those
// that say something of processes.
func (d *database) records(segments io.Reader) error {
	known := map[chunks.HeadSeriesRef]labels.Labels{}
	gauges, latest := conditions.GaugeNames(), map[chunks.HeadSeriesRef]headSample{}
	decoder := record.NewDecoder(nil, nil)
	var series []record.RefSeries
	var samples []record.RefSample
	r := wlog.NewReader(segments)
	for r.Next() {
		var err error
		switch decoder.Type(r.Record()) {
		case record.Series:
			series, err = decoder.Series(r.Record(), series[:0])
			for _, s := range series {
				name := s.Labels.Get(model.MetricNameLabel)
				if conditions.Exporter(name) != "" || slices.Contains(gauges, name) {
					known[s.Ref] = s.Labels
				}
			}
		case record.Samples, record.SamplesV2:
			samples, err = decoder.Samples(r.Record(), samples[:0])
			for _, s := range samples {
				l, ok := known[s.Ref]
				switch {
				case !ok || s.T < minTime || s.T > maxTime:
				case conditions.Exporter(l.Get(model.MetricNameLabel)) != "":
					d.head = append(d.head, headSample{s.T, l, s.V})
				case s.T <= d.until:
					latest[s.Ref] = headSample{s.T, l, s.V}
				}
			}
		}
		if err != nil {
			return err
		}
	}
	for _, s := range latest {
		d.process(s.series, s.at, s.value)
	}
	return r.Err()
}
