package kube

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"fluxtrail/sinks"
)

const (
	// maxAnswer bounds one answer, in bytes: lists come in pages, and in smaller ones where those of
	// the usual size are longer.
	maxAnswer = 16 << 20
	// maxParts bounds the values in it, each of which takes some hundred bytes when it is read,
	// however short it is. A page of 500 pods has 250,000.
	maxParts = 400_000
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
		answer.Body = &listBody{ReadCloser: sinks.Bound(answer.Body, maxAnswer)}
	}
	return answer, err
}

// listBody is an answer in one piece, with no more than maxParts objects, lists and members.
type listBody struct {
	io.ReadCloser
	parts int
}

// Read implements [io.Reader].
func (l *listBody) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	for _, begin := range []byte("{[,") {
		l.parts += bytes.Count(p[:n], []byte{begin})
	}
	if l.parts > maxParts {
		return 0, fmt.Errorf("%w: it has more than %d values", sinks.ErrLong, maxParts)
	}
	return n, err
}

// asked asks for a page of a list, and for a smaller one where that is too long. The limit stays as
// low for the pages behind it.
func asked[T any](limit *int64, ask func(limit int64) (T, error)) (T, error) {
	for {
		page, err := ask(*limit)
		if *limit <= 1 || !errors.Is(err, sinks.ErrLong) {
			return page, err
		}
		*limit = max(1, *limit/8)
	}
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
