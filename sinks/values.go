package sinks

import (
	"fmt"
	"io"
)

// Values counts objects, lists and their members in JSON that is read, but not what is in strings.
// Each takes some hundred bytes when it is parsed, however short it is. The zero value is ready. It
// belongs to one goroutine.
type Values struct {
	Count, Bytes int // of the value that is read

	depth           int
	quoted, escaped bool
}

// Add takes note of what was read. Behind a value that ends it begins anew.
func (v *Values) Add(p []byte) {
	for _, b := range p {
		v.Bytes++
		switch {
		case v.escaped:
			v.escaped = false
		case v.quoted:
			v.escaped, v.quoted = b == '\\', b != '"'
		case b == '"':
			v.quoted = true
		case b == ',':
			v.Count++
		case b == '{' || b == '[':
			v.Count++
			v.depth++
		case b == '}' || b == ']':
			if v.depth--; v.depth <= 0 {
				*v = Values{}
			}
		}
	}
}

// BoundValues returns the body of an answer in JSON that ends with ErrLong behind so many values.
func BoundValues(body io.ReadCloser, most int) io.ReadCloser {
	return &fewValues{ReadCloser: body, most: most}
}

type fewValues struct {
	io.ReadCloser
	most   int
	values Values
}

// Read implements [io.Reader].
func (f *fewValues) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if f.values.Add(p[:n]); f.values.Count > f.most {
		return 0, fmt.Errorf("%w: it has more than %d values", ErrLong, f.most)
	}
	return n, err
}
