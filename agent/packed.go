package agent

import (
	"bytes"
	"context"
	"encoding/base64"
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

// copyPacked writes the compressed state as a string of JSON, as encoding/json would.
func (p packed) copyPacked(w io.Writer) error {
	if _, err := io.WriteString(w, `"`); err != nil {
		return err
	}
	text := base64.NewEncoder(base64.StdEncoding, w)
	if _, err := text.Write(p); err != nil {
		return err
	}
	if err := text.Close(); err != nil {
		return err
	}
	_, err := io.WriteString(w, `"`)
	return err
}

// member is a large member of a JSON object, which write writes in pieces.
type member struct {
	name  string
	write func(io.Writer) error
}

// writeWith writes a struct as JSON with more members.
func writeWith(w io.Writer, members any, more ...member) error {
	object, err := json.Marshal(members)
	if err != nil {
		return err
	}
	if _, err := w.Write(object[:len(object)-1]); err != nil {
		return err
	}
	for _, m := range more {
		if _, err := fmt.Fprintf(w, ",%q:", m.name); err != nil {
			return err
		}
		if err := m.write(w); err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "}")
	return err
}

// writeList writes a list as JSON, one element after the other: all of them in one piece would take
// several times their size in memory.
func writeList[T any](w io.Writer, list []T) error {
	before, enc := "[", json.NewEncoder(w)
	for i := range list {
		if _, err := io.WriteString(w, before); err != nil {
			return err
		}
		if err := enc.Encode(&list[i]); err != nil {
			return err
		}
		before = ","
	}
	if len(list) == 0 {
		_, err := io.WriteString(w, "[]")
		return err
	}
	_, err := io.WriteString(w, "]")
	return err
}
