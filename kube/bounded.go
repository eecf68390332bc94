package kube

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
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
	// maxInOne bounds them where there is one object: it has 1.5 MiB at most in the API server's
	// store. Whoever may make one must not keep us from all others.
	maxInOne = 1_200_000
	// maxEvent bounds one event of a watch, in bytes.
	maxEvent = 16 << 20
)

// bounded ends answers that are longer than any of an API server. Client-go reads all of an answer
// into memory, whatever it is. Logs have bounds of their own.
type bounded struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	r = inJSON(r)
	answer, err := b.RoundTripper.RoundTrip(r)
	if err != nil || strings.HasSuffix(r.URL.Path, "/log") {
		return answer, err
	}
	if form := answer.Header.Get("Content-Type"); strings.Contains(form, "protobuf") || strings.Contains(form, "cbor") {
		answer.Body.Close()
		return nil, fmt.Errorf("the API server answers in %s, which nobody asked for", form)
	}
	query := r.URL.Query()
	switch {
	case query.Has("watch"):
		answer.Body = &eventBody{ReadCloser: answer.Body}
	case query.Get("limit") == "1":
		answer.Body = sinks.BoundValues(sinks.Bound(answer.Body, maxAnswer), maxInOne)
	default:
		answer.Body = sinks.BoundValues(sinks.Bound(answer.Body, maxAnswer), maxParts)
	}
	return answer, nil
}

// inJSON is a request for an answer in JSON: values in other forms cannot be counted as they come.
func inJSON(r *http.Request) *http.Request {
	accept := r.Header.Get("Accept")
	if !strings.Contains(accept, "protobuf") {
		return r
	}
	forms := slices.DeleteFunc(strings.Split(accept, ","), func(s string) bool {
		return !strings.HasPrefix(strings.TrimSpace(s), "application/json")
	})
	r = r.Clone(r.Context())
	r.Header.Set("Accept", strings.Join(forms, ","))
	return r
}

// eventBody is the answer to a watch: one event after the other.
type eventBody struct {
	io.ReadCloser
	event sinks.Values
}

// Read implements [io.Reader].
func (e *eventBody) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	if e.event.Add(p[:n]); e.event.Bytes > maxEvent || e.event.Count > maxInOne {
		return 0, fmt.Errorf("%w: an event of a watch has more than %d MiB, or %d values", sinks.ErrLong, maxEvent>>20, maxInOne)
	}
	return n, err
}

// asked asks for a page of a list, and for a smaller one where that is too long. Behind some that
// were not, as after one very large object, pages grow again.
func asked[T any](p *paging, ask func(limit int64) (T, error)) (T, error) {
	for {
		page, err := ask(p.size)
		switch {
		case err == nil:
			if p.went++; p.went == growAfter {
				p.size, p.went = min(2*p.size, p.most), 0
			}
			return page, nil
		case p.size <= 1 || !errors.Is(err, sinks.ErrLong):
			return page, err
		}
		p.size, p.went = max(1, p.size/8), 0
	}
}

// growAfter is how many pages that were not too long are followed by larger ones.
const growAfter = 4
