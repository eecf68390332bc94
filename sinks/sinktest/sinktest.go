// Package sinktest tests that a sink keeps the contract of sinks.Sink. Every sink's own
// tests call it. Servers are in memory and time is that of testing/synctest, so that hours
// of waiting take no time.
package sinktest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fluxtrail/sinks"
)

// Answer is what a Server says to one request.
type Answer struct {
	Status     int
	Body       string
	RetryAfter string
	Hang       bool  // say nothing until the client gives up
	Err        error // break the connection
}

// Server answers one request after the other from its script, and 204 after its end. It is
// the transport of an http.Client and has no lock: requests come from one goroutine.
type Server struct {
	Script []Answer
	Got    []Request
}

// Request is what a Server was sent.
type Request struct {
	Header http.Header
	URL    string
	Body   []byte
	At     time.Time
}

// RoundTrip takes a request and answers it.
func (s *Server) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readAll(req)
	if err != nil {
		return nil, err
	}
	s.Got = append(s.Got, Request{Header: req.Header, URL: req.URL.String(), Body: body, At: time.Now()})
	a := Answer{Status: http.StatusNoContent}
	if n := len(s.Got) - 1; n < len(s.Script) {
		a = s.Script[n]
	}
	if a.Hang {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	if a.Err != nil {
		return nil, a.Err
	}
	resp := &http.Response{StatusCode: a.Status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.Body)), Request: req}
	if a.RetryAfter != "" {
		resp.Header.Set("Retry-After", a.RetryAfter)
	}
	return resp, nil
}

// readAll reads and closes the body of a request, as a transport must.
func readAll(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}

// A row is one behaviour that the contract asks for.
type row[T any] struct {
	name   string
	script []Answer
	size   int                                      // entries in the batch; -1: all
	cancel time.Duration                            // when to give up; 0: not at all
	check  func(t *testing.T, s *Server, err error) // in addition to what want says
	want   want
}

// want is the outcome of Send.
type want string

const (
	delivered want = "delivered"
	permanent want = "permanent"
	cancelled want = "cancelled"
)

// Run tests a sink that tries until a batch is delivered. New returns one that sends by the
// client; batch has two entries or more.
func Run[T any](t *testing.T, newSink func(t *testing.T, client *http.Client) sinks.Sink[T], batch []T) {
	run(t, newSink, batch, append(common[T](), retrying[T]()...))
}

// RunOnce tests a sink that makes one attempt, because its next batch has all that this one had.
func RunOnce[T any](t *testing.T, newSink func(t *testing.T, client *http.Client) sinks.Sink[T], batch []T) {
	once := func(name string, a Answer) row[T] {
		return row[T]{name: name, script: repeat(5, a), size: 1, want: permanent, check: requests[T](1)}
	}
	run(t, newSink, batch, append(common[T](),
		once("500", Answer{Status: 500, Body: "rpc error"}), once("503", Answer{Status: 503}), once("429", Answer{Status: 429, RetryAfter: "90"}),
		once("a broken connection", Answer{Err: errors.New("connection reset by peer")}), once("401", Answer{Status: 401}),
		once("404", Answer{Status: 404}), once("a redirect", Answer{Status: 302}), once("too large", Answer{Status: 413}),
		once("a login page", Answer{Status: 200, Body: "<html>"})))
}

func run[T any](t *testing.T, newSink func(t *testing.T, client *http.Client) sinks.Sink[T], batch []T, rows []row[T]) {
	if len(batch) < 2 {
		t.Fatal("sinktest needs a batch of two entries or more")
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &Server{Script: r.script}
				sink := newSink(t, &http.Client{Transport: s})
				size := r.size
				if size < 0 {
					size = len(batch)
				}
				ctx, cancel := context.WithCancel(t.Context())
				if r.cancel > 0 {
					defer time.AfterFunc(r.cancel, cancel).Stop()
				}
				err := sink.Send(ctx, slices.Clone(batch[:size]))
				cancel()
				r.want.check(t, err)
				if r.check != nil {
					r.check(t, s, err)
				}
			})
		})
	}
}

func (w want) check(t *testing.T, err error) {
	t.Helper()
	ok := false
	switch w {
	case delivered:
		ok = err == nil
	case permanent:
		ok = sinks.IsPermanent(err)
	case cancelled:
		ok = errors.Is(err, context.Canceled) && !sinks.IsPermanent(err)
	}
	if !ok {
		t.Errorf("Send returned %v, want %s", err, w)
	}
}

func common[T any]() []row[T] {
	return []row[T]{
		{name: "accepted", size: -1, want: delivered},
		{name: "empty batch", size: 0, want: delivered, check: requests[T](0)},
		{name: "refused", script: repeat(100, Answer{Status: 400, Body: "no"}), size: 1, want: permanent},
		{name: "hanging server", script: repeat(100, Answer{Hang: true}), size: -1, cancel: time.Second, want: cancelled},
		{
			name: "long refusal", script: repeat(100, Answer{Status: 400, Body: strings.Repeat("no ", 1<<20)}), size: 1, want: permanent,
			check: func(t *testing.T, _ *Server, err error) {
				if len(err.Error()) > 2048 {
					t.Errorf("the error has %d bytes", len(err.Error()))
				}
			},
		},
	}
}

func retrying[T any]() []row[T] {
	again := func(name string, a Answer) row[T] {
		return row[T]{name: name, script: repeat(5, a), size: 1, want: delivered, check: sameBody[T](6)}
	}
	return []row[T]{
		again("500 is tried again", Answer{Status: 500, Body: "rpc error"}),
		again("503 is tried again", Answer{Status: 503}),
		again("429 is tried again", Answer{Status: 429}),
		again("408 is tried again", Answer{Status: 408}),
		again("a broken connection is tried again", Answer{Err: errors.New("connection reset by peer")}),
		again("401 is held", Answer{Status: 401}),
		again("403 is held", Answer{Status: 403}),
		again("404 is held", Answer{Status: 404}),
		again("260 is held", Answer{Status: 260, Body: "ingestion blocked"}),
		again("a redirect is held", Answer{Status: 302}),
		{
			name: "the server says when", script: []Answer{{Status: 429, RetryAfter: "90"}}, size: 1, want: delivered,
			check: func(t *testing.T, s *Server, _ error) {
				if len(s.Got) == 2 && s.Got[1].At.Sub(s.Got[0].At) < 90*time.Second {
					t.Errorf("came back after %s", s.Got[1].At.Sub(s.Got[0].At))
				}
			},
		},
		{name: "down for ever", script: repeat(1000, Answer{Status: 503}), size: 1, cancel: time.Hour, want: cancelled},
		{name: "too large alone", script: repeat(100, Answer{Status: 413}), size: 1, want: permanent},
		{name: "too large together", script: []Answer{{Status: 413}}, size: -1, want: delivered, check: smaller[T]},
		{
			name: "too large for gRPC", size: -1, want: delivered, check: smaller[T],
			script: []Answer{{Status: 500, Body: "grpc: received message larger than max (5242880 vs. 4194304)"}},
		},
	}
}

func repeat(n int, a Answer) []Answer { return slices.Repeat([]Answer{a}, n) }

func requests[T any](n int) func(*testing.T, *Server, error) {
	return func(t *testing.T, s *Server, _ error) {
		if len(s.Got) != n {
			t.Errorf("%d requests, want %d", len(s.Got), n)
		}
	}
}

// sameBody wants n requests with the same bytes, so that the server can tell repetitions.
func sameBody[T any](n int) func(*testing.T, *Server, error) {
	return func(t *testing.T, s *Server, err error) {
		requests[T](n)(t, s, err)
		for _, r := range s.Got {
			if !bytes.Equal(r.Body, s.Got[0].Body) {
				t.Error("another attempt sent other bytes")
			}
		}
	}
}

// smaller wants the first request never to be repeated.
func smaller[T any](t *testing.T, s *Server, _ error) {
	if len(s.Got) < 2 {
		t.Fatalf("%d requests", len(s.Got))
	}
	for _, r := range s.Got[1:] {
		if bytes.Equal(r.Body, s.Got[0].Body) {
			t.Error("what was too large was sent again")
		}
	}
}
