package kube

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"

	"fluxtrail/sinks"
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
		answer.Body = &eventBody{ReadCloser: answer.Body}
	default:
		answer.Body = sinks.Bound(answer.Body, maxAnswer)
	}
	return answer, err
}

// eventBody is the answer to a watch: a line for each event, none longer than maxEvent.
type eventBody struct {
	io.ReadCloser
	read int // of the line
}

// Read implements [io.Reader].
func (e *eventBody) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	e.read += n
	if i := bytes.LastIndexByte(p[:n], '\n'); i >= 0 {
		e.read = n - 1 - i
	}
	if e.read > maxEvent {
		return 0, fmt.Errorf("%w: an event of a watch has more than %d MiB", sinks.ErrLong, maxEvent>>20)
	}
	return n, err
}
