package kube

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const (
	// maxAnswer bounds one answer, in bytes: lists come in pages.
	maxAnswer = 128 << 20
	// maxEvent bounds one event of a watch. An object has 1.5 MiB at most in the API server's store.
	maxEvent = 16 << 20
)

// bounded ends answers that are longer than any of an API server. Client-go reads all of an answer
// into memory, whatever it is. Logs have bounds of their own.
type bounded struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	switch {
	case err != nil || strings.HasSuffix(r.URL.Path, "/log"):
	case r.URL.Query().Has("watch"):
		answer.Body = &boundedBody{ReadCloser: answer.Body, most: maxEvent, lines: true}
	default:
		answer.Body = &boundedBody{ReadCloser: answer.Body, most: maxAnswer}
	}
	return answer, err
}

// boundedBody is an answer of so many bytes at most, or of lines that are no longer.
type boundedBody struct {
	io.ReadCloser
	most  int
	lines bool
	read  int // of the line, where lines are bounded
}

// Read implements [io.Reader].
func (b *boundedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read += n
	if i := bytes.LastIndexByte(p[:n], '\n'); b.lines && i >= 0 {
		b.read = n - 1 - i
	}
	if b.read > b.most {
		return 0, fmt.Errorf("the answer is too long: it has more than %d MiB, and so is none of an API server", b.most>>20)
	}
	return n, err
}
