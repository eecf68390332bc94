package scrape

import (
	"bufio"
	"bytes"
	"io"
	"net/http"

	"fluxtrail/conditions"
)

// narrow leaves of each answer the samples that say something of objects or of the process, and
// comments. The others, histograms above all, are most of it. Lines keep their numbers.
type narrow struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (n narrow) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := n.RoundTripper.RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK {
		answer.Body = narrowed(answer.Body)
		answer.ContentLength = -1
	}
	return answer, err
}

// narrowed is what is left of a body.
func narrowed(body io.ReadCloser) io.ReadCloser {
	b := &narrowBody{Closer: body, in: bufio.NewReaderSize(body, maxLine), names: map[string]bool{}}
	for _, name := range append(conditions.Metrics(), conditions.GaugeNames()...) {
		b.names[name] = true
	}
	return b
}

// maxLine is how long a line may be in bytes; longer ones are left out.
const maxLine = 64 << 10

type narrowBody struct {
	io.Closer
	in    *bufio.Reader
	names map[string]bool
	line  []byte // what is left of a line
	err   error
}

// Read implements [io.Reader].
func (b *narrowBody) Read(p []byte) (int, error) {
	for len(b.line) == 0 && b.err == nil {
		b.next()
	}
	n := copy(p, b.line)
	if b.line = b.line[n:]; n > 0 {
		return n, nil
	}
	return 0, b.err
}

// next reads a line. Of one that is left out the line break stays.
func (b *narrowBody) next() {
	b.line, b.err = b.in.ReadSlice('\n')
	keep := b.err != bufio.ErrBufferFull && b.keeps()
	for b.err == bufio.ErrBufferFull {
		_, b.err = b.in.ReadSlice('\n')
	}
	switch {
	case keep:
	case b.err == nil:
		b.line = []byte("\n")
	default:
		b.line = nil
	}
}

func (b *narrowBody) keeps() bool {
	name := b.line[:max(0, bytes.IndexAny(b.line, "{ \t"))]
	return bytes.HasPrefix(b.line, []byte("#")) || b.names[string(name)]
}
