package main

import (
	"bytes"
	"io"

	"github.com/golang/snappy"
)

// packed is a state as JSON, compressed: the server may ask for it as long as there is no newer one, and with thousands of objects it is large.
// Nobody writes to it once it is made.
type packed []byte

// pack compresses what write writes. Errors are those of write.
func pack(write func(io.Writer) error) (packed, error) {
	var b bytes.Buffer
	w := snappy.NewBufferedWriter(&b)
	if err := write(w); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// unpack gives the JSON.
func (p packed) unpack() io.Reader { return snappy.NewReader(bytes.NewReader(p)) }
