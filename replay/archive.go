package replay

import (
	"bufio"
	"cmp"
	"encoding/gob"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// archive keeps values sorted by a key, in memory up to a limit and beyond that in sorted runs in one temporary file: a replay's memory does
// not grow with its input. Values with equal keys keep the order in which they were added.
type archive[T any] struct {
	added int64
	limit int // values kept in memory
	items []keyed[T]
	file  *os.File
	size  int64
	runs  []run
}

// keyed is a value with its key, as it is written to the file.
type keyed[T any] struct {
	Key, Seq int64 // Seq orders equal keys
	Val      T
}

func (k *keyed[T]) compare(o *keyed[T]) int {
	return cmp.Or(cmp.Compare(k.Key, o.Key), cmp.Compare(k.Seq, o.Seq))
}

// run is a part of the file, with one gob stream.
type run struct{ from, to int64 }

func (a *archive[T]) add(key int64, val T) error {
	a.added++
	return a.addAt(key, a.added, val)
}

// addAt adds a value that seq puts in order among those with its key.
func (a *archive[T]) addAt(key, seq int64, val T) error {
	a.items = append(a.items, keyed[T]{key, seq, val})
	if len(a.items) < a.limit {
		return nil
	}
	if err := a.spill(); err != nil {
		return fmt.Errorf("temporary file for a long report: %w (set TMPDIR to a directory with space)", err)
	}
	return nil
}

func (a *archive[T]) sort() {
	slices.SortFunc(a.items, func(x, y keyed[T]) int { return x.compare(&y) })
}

// spill writes what is in memory to the file, as a sorted run.
func (a *archive[T]) spill() error {
	if a.file == nil {
		f, err := os.CreateTemp("", "fluxtrail-replay-*")
		if err != nil {
			return err
		}
		a.file = f
		os.Remove(f.Name()) // the open file is all that is needed, and nothing is left behind
	}
	a.sort()
	w := bufio.NewWriterSize(a.file, 256<<10)
	enc := gob.NewEncoder(w)
	for i := range a.items {
		if err := enc.Encode(&a.items[i]); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	to, err := a.file.Seek(0, io.SeekCurrent)
	a.runs = append(a.runs, run{a.size, to})
	a.size = to
	clear(a.items)
	a.items = a.items[:0]
	return err
}

func (a *archive[T]) close() {
	if a.file != nil {
		a.file.Close()
	}
}

// all yields keys and values in the order of the keys. It may be called again.
func (a *archive[T]) all() iter.Seq2[int64, T] {
	return func(yield func(int64, T) bool) {
		a.sort()
		var sources []*cursor[T]
		open := func(c *cursor[T]) {
			if c.next() {
				sources = append(sources, c)
			}
		}
		for _, r := range a.runs {
			open(&cursor[T]{dec: gob.NewDecoder(bufio.NewReaderSize(io.NewSectionReader(a.file, r.from, r.to-r.from), 64<<10))})
		}
		open(&cursor[T]{rest: a.items})
		for len(sources) > 0 {
			i := 0
			for j, c := range sources {
				if c.cur.compare(&sources[i].cur) < 0 {
					i = j
				}
			}
			if !yield(sources[i].cur.Key, sources[i].cur.Val) {
				return
			}
			if !sources[i].next() {
				sources = slices.Delete(sources, i, i+1)
			}
		}
	}
}

// cursor walks over one run, or over what is in memory.
type cursor[T any] struct {
	cur  keyed[T]
	dec  *gob.Decoder
	rest []keyed[T]
}

func (c *cursor[T]) next() bool {
	if c.dec != nil {
		c.cur = keyed[T]{}
		return c.dec.Decode(&c.cur) == nil
	}
	if len(c.rest) == 0 {
		return false
	}
	c.cur, c.rest = c.rest[0], c.rest[1:]
	return true
}
