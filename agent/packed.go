package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// packed is a state as JSON, compressed: it is most of what is written to the disk, and is kept in
// memory as long as there is no newer one. It is not written to once it is made.
type packed []byte

// packWindow is how far back repetitions are found. A larger one takes memory and gains little.
const packWindow = 256 << 10

// pack compresses what write writes, to about so many bytes. Errors are those of write.
func pack(write func(io.Writer) error, size int) (packed, error) {
	var b bytes.Buffer
	b.Grow(size + size/8)
	w, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithWindowSize(packWindow), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	if err := write(w); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// unpack gives the JSON until it is closed.
func (p packed) unpack() (io.ReadCloser, error) {
	r, err := zstd.NewReader(bytes.NewReader(p), zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(packWindow))
	if err != nil {
		return nil, err
	}
	return r.IOReadCloser(), nil
}

// decode reads the JSON into v. It fails when ctx is done.
func (p packed) decode(ctx context.Context, v any) error {
	r, err := p.unpack()
	if err != nil {
		return err
	}
	defer r.Close()
	return json.NewDecoder(untilDone{ctx, r}).Decode(v)
}

func (p packed) copyTo(w io.Writer) error {
	r, err := p.unpack()
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

// writeWith writes a struct as JSON with one member more: a large one, which last writes in pieces.
func writeWith(w io.Writer, members any, name string, last func(io.Writer) error) error {
	object, err := json.Marshal(members)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "%s,%q:", object[:len(object)-1], name); err != nil {
		return err
	}
	if err := last(w); err != nil {
		return err
	}
	_, err = io.WriteString(w, "}")
	return err
}
