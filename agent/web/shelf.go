package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/klauspost/compress/s2"

	"fluxtrail/api"
)

// Entry is what a request selects by.
type Entry struct {
	api.Ref
	Status   string // of an object, or the state of an incident
	From, To int64  // of an incident, in Unix nanoseconds; To is 0 while it is open
}

// Shelf is a list of answers' elements as JSON, compressed in blocks, with an entry for each. It is
// filled by one goroutine; once End was called it may be read by any number, and a request costs
// what it asks for.
type Shelf struct {
	entries []Entry
	blocks  [][]byte // of blockSize elements
	open    bytes.Buffer
	enc     *json.Encoder // into open
	scratch []byte        // a block before it is known how small it is
}

// blockSize is how many elements are compressed together.
const blockSize = 32

// Add appends an element with what people see of it beside the JSON, such as the text of evidence.
func (s *Shelf) Add(e Entry, element any, texts []string) error {
	if s.enc == nil {
		s.enc = json.NewEncoder(&s.open)
	}
	err := errors.Join(encode(s.enc, &s.open, element), encode(s.enc, &s.open, texts))
	if s.entries = append(s.entries, e); len(s.entries)%blockSize == 0 {
		s.close()
	}
	return err
}

// encode writes a line of JSON to b, which enc writes to, without what terminals would obey.
func encode(enc *json.Encoder, b *bytes.Buffer, v any) error {
	from := b.Len()
	err := enc.Encode(v)
	text := b.Bytes()[from:]
	if clean := api.Escape(text); len(clean) > len(text) {
		b.Truncate(from)
		b.Write(clean)
	}
	return err
}

// close compresses the open block. What is kept of it has no room beyond its end: the compressor
// asks for as much as the block had before.
func (s *Shelf) close() {
	s.scratch = s2.Encode(s.scratch[:cap(s.scratch)], s.open.Bytes())
	s.blocks = append(s.blocks, append(make([]byte, 0, len(s.scratch)), s.scratch...))
	s.open.Reset()
}

// End closes the last block, and lets go of what it takes to add more.
func (s *Shelf) End() {
	if s.open.Len() > 0 {
		s.close()
	}
	s.open, s.enc, s.scratch = bytes.Buffer{}, nil, nil
	s.entries = slices.Clip(s.entries)
}

// element is one of a Shelf, unpacked. It is valid until the next.
type element struct {
	*Entry
	doc, texts []byte // JSON
}

// each calls use with the elements of the given numbers, which go up, until it fails.
func (s *Shelf) each(numbers []int, use func(element) error) error {
	var rows [][]byte
	var block []byte
	at := -1
	for _, n := range numbers {
		if n/blockSize != at {
			at = n / blockSize
			var err error
			if block, err = s2.Decode(block[:cap(block)], s.blocks[at]); err != nil {
				return err
			}
			rows = bytes.Split(block, []byte("\n"))
		}
		i := 2 * (n % blockSize)
		if err := use(element{&s.entries[n], rows[i], rows[i+1]}); err != nil {
			return err
		}
	}
	return nil
}

// before orders objects by kind, namespace and name.
func before(a, b api.Ref) int {
	if c := strings.Compare(a.Kind, b.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(a.Namespace, b.Namespace); c != 0 {
		return c
	}
	return strings.Compare(a.Name, b.Name)
}
