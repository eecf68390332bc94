package agent

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/klauspost/compress/s2"
)

// packed is a state as JSON, compressed: the server may ask for it as long as there is no newer
// one, and with thousands of objects it is large. It is not written to once it is made.
type packed []byte

// packBlock is how much is compressed at a time. More would take memory and gain little.
const packBlock = 64 << 10

// pack compresses what write writes. Errors are those of write.
func pack(write func(io.Writer) error) (packed, error) {
	var b bytes.Buffer
	w := s2.NewWriter(&b, s2.WriterConcurrency(1), s2.WriterBlockSize(packBlock))
	if err := write(w); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// unpack gives the JSON.
func (p packed) unpack() io.Reader {
	return s2.NewReader(bytes.NewReader(p), s2.ReaderMaxBlockSize(packBlock))
}

func (p packed) copyTo(w io.Writer) error {
	_, err := io.Copy(w, p.unpack())
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
