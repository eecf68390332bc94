package sinks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Class says what the answer to a request means for what was sent.
type Class string

// The classes. Their text is used as a label value.
const (
	Delivered Class = "delivered" // accepted
	Transient Class = "transient" // not now; the same request may pass later
	Held      Class = "held"      // not before somebody mends something: credentials, address, a blocked tenant
	TooLarge  Class = "too_large" // not in one piece
	Refused   Class = "refused"   // never
)

// An answer is a row of the table: answers with a status in the range, and with the text
// somewhere in the body, are of the class. The text noBody asks for an empty body. The first
// row that matches counts.
type answer struct {
	from, to int
	text     string
	class    Class
}

const noBody = "\x00"

// answers is the table. Its peculiar rows:
//   - 204 is how Loki says that it has stored a request. 200 with a body is a login page or
//     the default page of a proxy, and 201 and 202 promise nothing: lines are held back.
//   - 260 is how Loki answers for a tenant whose ingestion is blocked: the number looks like
//     success and nothing is stored.
//   - 3xx is never followed, because a POST would turn into a GET.
//   - 500 with "larger than max" is the limit of gRPC messages inside Loki, 4 MiB by default.
//   - 401, 403 and 404 are mended by rotating a token or a route; what is behind them is too
//     good to be dropped.
var answers = []answer{
	{200, 200, noBody, Delivered},
	{204, 204, "", Delivered},
	{200, 399, "", Held},
	{401, 401, "", Held},
	{403, 404, "", Held},
	{405, 405, "", Held},
	{407, 407, "", Held},
	{408, 408, "", Transient},
	{413, 413, "", TooLarge},
	{421, 421, "", Transient},
	{425, 425, "", Transient},
	{429, 429, "", Transient},
	{499, 499, "", Transient},
	{400, 499, "", Refused},
	{500, 500, "larger than max", TooLarge},
	{500, 599, "", Transient},
}

// classify returns the class of an answer with the status and body.
func classify(status int, body []byte) Class {
	for _, a := range answers {
		matches := bytes.Contains(body, []byte(a.text))
		if a.text == noBody {
			matches = len(bytes.TrimSpace(body)) == 0
		}
		if a.from <= status && status <= a.to && matches {
			return a.class
		}
	}
	return Transient
}

const (
	// MaxBody is how much of the body of an answer is looked at. The reasons that Loki gives
	// for a refusal come first.
	MaxBody = 16 << 10
	// maxText is how much of it goes into messages.
	maxText = 512
	// maxDrain is how much is read to be able to use the connection again.
	maxDrain = 64 << 10
)

// Error is an answer that did not accept the request.
type Error struct {
	Class      Class
	Status     int
	RetryAfter time.Duration // what the server asked for; 0: nothing
	Body       string        // its beginning, at most MaxBody bytes
}

// Error returns the status and the beginning of the body in one line.
func (e *Error) Error() string {
	text := e.Body
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + " …"
	}
	text = strings.Join(strings.Fields(text), " ")
	return strings.TrimSuffix(fmt.Sprintf("answered %d %s: %s", e.Status, statusText(e.Status), text), ": ")
}

func statusText(status int) string {
	if status == 260 {
		return "Ingestion Blocked"
	}
	return http.StatusText(status)
}

// Check returns nil if the answer says that the request was accepted, else an *Error, or that
// of reading a body that could have said otherwise. It reads the body, so that the connection
// can be used again, and leaves closing it to the caller.
func Check(resp *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBody))
	_, _ = io.CopyN(io.Discard, resp.Body, maxDrain)
	class := classify(resp.StatusCode, body)
	switch {
	case class == Delivered && resp.StatusCode == http.StatusOK && err != nil:
		return fmt.Errorf("answered %d %s, and the rest is missing: %w", resp.StatusCode, statusText(resp.StatusCode), err)
	case class == Delivered:
		return nil
	}
	return &Error{
		Class:      class,
		Status:     resp.StatusCode,
		RetryAfter: retryAfter(resp.Header.Get("Retry-After")),
		Body:       string(body),
	}
}

// retryAfter reads the header in both of its forms: seconds and a date.
func retryAfter(h string) time.Duration {
	if s, err := strconv.Atoi(h); err == nil {
		return max(0, time.Duration(min(s, 1<<20))*time.Second)
	}
	if t, err := http.ParseTime(h); err == nil {
		return max(0, time.Until(t))
	}
	return 0
}

// ClassOf returns the class of err: Delivered for nil, and Transient for errors that are no
// answer, such as those of the network.
func ClassOf(err error) Class {
	var e *Error
	switch {
	case err == nil:
		return Delivered
	case errors.As(err, &e):
		return e.Class
	case IsPermanent(err):
		return Refused
	}
	return Transient
}
