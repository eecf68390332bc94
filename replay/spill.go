package replay

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"fluxtrail/tail/merge"
)

// spill keeps values sorted by a key, in memory up to a limit and beyond that in sorted parts of
// one temporary file, so that a replay's memory does not grow with its input. Values with equal
// keys keep the order in which they were added.
type spill[T any] struct {
	added int64
	limit int // values kept in memory
	items []keyed[T]
	file  *os.File
	size  int64
	parts []part
	err   error // the first error of reading the file
}

// keyed is a value with its key, as it is written to the file.
type keyed[T any] struct {
	Key, Seq int64 // Seq orders equal keys
	Val      T
}

// packed is what the pointer to a small value implements so that the file has it as a few bytes,
// always as many. Others are written with gob.
type packed interface {
	pack([]byte) []byte
	unpack([]byte)
	packedSize() int
}

const keySize = 2 * 8

// writeAll writes values, the packed ones behind their keys.
func writeAll[T any](w *bufio.Writer, items []keyed[T]) error {
	if _, ok := any(new(T)).(packed); !ok {
		enc := gob.NewEncoder(w)
		for i := range items {
			if err := enc.Encode(&items[i]); err != nil {
				return err
			}
		}
		return w.Flush()
	}
	for i := range items {
		b := binary.LittleEndian.AppendUint64(w.AvailableBuffer(), uint64(items[i].Key))
		b = binary.LittleEndian.AppendUint64(b, uint64(items[i].Seq))
		if _, err := w.Write(any(&items[i].Val).(packed).pack(b)); err != nil {
			return err
		}
	}
	return w.Flush()
}

// reader reads what writeAll wrote, one value with each call. At the end the error is io.EOF.
func reader[T any](r *bufio.Reader) func(*keyed[T]) error {
	size := 0
	if p, ok := any(new(T)).(packed); ok {
		size = keySize + p.packedSize()
	} else {
		dec := gob.NewDecoder(r)
		return func(to *keyed[T]) error {
			*to = keyed[T]{}
			return dec.Decode(to)
		}
	}
	return func(to *keyed[T]) error {
		b, err := r.Peek(size)
		if err != nil {
			if len(b) > 0 {
				err = io.ErrUnexpectedEOF
			}
			return err
		}
		to.Key, to.Seq = int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint64(b[8:]))
		any(&to.Val).(packed).unpack(b[keySize:])
		_, err = r.Discard(size)
		return err
	}
}

func (k *keyed[T]) compare(o *keyed[T]) int {
	return cmp.Or(cmp.Compare(k.Key, o.Key), cmp.Compare(k.Seq, o.Seq))
}

// part is a part of the file, with one gob stream or packed values.
type part struct{ from, to int64 }

func (s *spill[T]) add(key int64, val T) error {
	s.added++
	return s.addAt(key, s.added, val)
}

// addAt adds a value that seq puts in order among those with its key.
func (s *spill[T]) addAt(key, seq int64, val T) error {
	if len(s.items) == cap(s.items) {
		s.items = slices.Grow(s.items, max(len(s.items), 64)) // append takes four steps to double a long list
	}
	s.items = append(s.items, keyed[T]{key, seq, val})
	if len(s.items) < s.limit {
		return nil
	}
	if err := s.flush(); err != nil {
		return fmt.Errorf("temporary file for a long report: %w (set TMPDIR to a directory with space)", err)
	}
	return nil
}

func (s *spill[T]) sort() {
	slices.SortFunc(s.items, func(x, y keyed[T]) int { return x.compare(&y) })
}

// flush writes what is in memory to the file, as a sorted part.
func (s *spill[T]) flush() error {
	if s.file == nil {
		f, err := os.CreateTemp("", "fluxtrail-replay-*")
		if err != nil {
			return err
		}
		s.file = f
		os.Remove(f.Name()) // the open file is all that is needed, and nothing is left behind
	}
	s.sort()
	w := bufio.NewWriterSize(s.file, 256<<10)
	if err := writeAll(w, s.items); err != nil {
		return err
	}
	to, err := s.file.Seek(0, io.SeekCurrent)
	s.parts = append(s.parts, part{s.size, to})
	s.size = to
	clear(s.items)
	s.items = s.items[:0]
	return err
}

func (s *spill[T]) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// all yields keys and values in the order of the keys. It may be called again. What cannot be read
// is left out, for which err stands.
func (s *spill[T]) all() iter.Seq2[int64, T] {
	return func(yield func(int64, T) bool) {
		s.sort()
		q := merge.New(func(a, b *cursor[T]) bool { return a.cur.compare(&b.cur) < 0 })
		for _, p := range s.parts {
			r := bufio.NewReaderSize(io.NewSectionReader(s.file, p.from, p.to-p.from), 64<<10)
			if c := (&cursor[T]{read: reader[T](r)}); s.next(c) {
				q.Push(c)
			}
		}
		if c := (&cursor[T]{rest: s.items}); s.next(c) {
			q.Push(c)
		}
		for q.Len() > 0 {
			c := q.First()
			if !yield(c.cur.Key, c.cur.Val) {
				return
			}
			if s.next(c) {
				q.Fix()
			} else {
				q.Drop()
			}
		}
	}
}

// cursor walks over one part of the file, or over what is in memory.
type cursor[T any] struct {
	cur  keyed[T]
	read func(*keyed[T]) error // nil where all is in memory
	rest []keyed[T]
}

// next moves the cursor on. A part that cannot be read ends there, and err says so.
func (s *spill[T]) next(c *cursor[T]) bool {
	if c.read != nil {
		err := c.read(&c.cur)
		if err != nil && err != io.EOF && s.err == nil {
			s.err = fmt.Errorf("read the temporary file for a long report: %w", err)
		}
		return err == nil
	}
	if len(c.rest) == 0 {
		return false
	}
	c.cur, c.rest = c.rest[0], c.rest[1:]
	return true
}
