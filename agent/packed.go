package agent

import (
	"bytes"
	"encoding/json"
	"fmt"
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

func (p packed) copyTo(w io.Writer) error {
	_, err := io.Copy(w, p.unpack())
	return err
}

// writeWith writes a struct as JSON, with one member more: a large one, which is written in pieces by last.
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
