// Package loki reads the lines that a Loki keeps, as one log.
//
// In go the address, a query and a span of time; out comes a source whose file is what Loki
// answers, page by page, as kubectl logs --prefix --timestamps writes it. The caller is a program
// that has an end, such as replay: the source may be read again, which asks Loki again.
//
// Nothing is sent to Loki but queries. A page holds no part of an instant: what Loki has of one
// time is asked for as a whole, so no line is lost or doubled where pages meet, unless Loki has
// more lines of one instant than it gives in one answer; that is told. One page is in memory at
// once. What Loki itself refused or dropped is not known here.
package loki

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"fluxtrail/sinks"
	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// Config says where Loki is, and what of it is read.
type Config struct {
	URL      string // with the prefix of its API; /loki/api/v1/… may be left out or not
	Query    string // LogQL that selects lines; "" finds the streams of Flux' controllers
	From, To int64  // Unix nanoseconds, both included
	HTTP     sinks.HTTP
	Policy   sinks.Policy // of failed requests; Tries is bounded where it is not set
}

const (
	defaultTimeout = 2 * time.Minute
	// defaultTries take about two minutes.
	defaultTries = 9
	// maxAnswer bounds one answer, in bytes.
	maxAnswer = 64 << 20
)

// Validate returns all that is wrong.
func (c Config) Validate() error {
	err := c.HTTP.Validate()
	if bad := sinks.CheckURL(c.URL); bad != nil {
		err = errors.Join(fmt.Errorf("the address: %w", bad), err)
	}
	if c.Query != "" && !strings.HasPrefix(strings.TrimSpace(c.Query), "{") {
		err = errors.Join(err, fmt.Errorf("the query %s: want one that selects lines, such as {namespace=\"flux-system\"}", c.Query))
	}
	return err
}

// Source is the log of a valid configuration. The problem says what of it cannot be read; the error
// is one that leaves nothing to read.
func (c Config) Source(ctx context.Context) (discover.Source, error) {
	s, err := c.server()
	if err != nil {
		return discover.Source{}, err
	}
	if c.Query == "" {
		if c.Query, err = s.find(ctx, c); err != nil {
			return discover.Source{}, fmt.Errorf("%s: %w", s.name, explain(err))
		}
	}
	name := s.name + " " + c.Query
	open := func(ctx context.Context) (io.ReadCloser, error) { return newReader(ctx, s, c), nil }
	return discover.Source{Name: name, Files: []discover.File{{Path: name, Open: open, Size: s.size(ctx, c)}}}, nil
}

// server is how Loki is asked. It may be used by several goroutines.
type server struct {
	name   string // the address without the path of its API
	client *http.Client
	policy sinks.Policy
}

func (c Config) server() (*server, error) {
	c.HTTP.Timeout = cmp.Or(c.HTTP.Timeout, defaultTimeout)
	c.Policy.Tries = cmp.Or(c.Policy.Tries, defaultTries)
	c.Policy.What = "query loki"
	c.Policy.Final = late
	client, err := c.HTTP.Client("loki")
	if err != nil {
		return nil, err
	}
	name, _, _ := strings.Cut(c.URL, "/loki/api/v1")
	return &server{strings.TrimRight(name, "/"), client, c.Policy}, nil
}

// get asks for a path of the API about a span of time, and puts the answer into the buffer.
func (s *server) get(ctx context.Context, path string, from, to int64, query url.Values, into *bytes.Buffer) error {
	query.Set("start", strconv.FormatInt(from, 10))
	query.Set("end", strconv.FormatInt(to, 10))
	address := s.name + "/loki/api/v1/" + path + "?" + query.Encode()
	err := sinks.Ask(ctx, s.client, s.policy, maxAnswer, into, func() (*http.Request, error) {
		return http.NewRequest(http.MethodGet, address, nil)
	})
	if bad := (*url.Error)(nil); errors.As(err, &bad) { // it would show the whole query
		err = fmt.Errorf("%s: %w", path, bad.Err)
	}
	if err == nil && !frame.Valid(into.Bytes()) {
		err = fmt.Errorf("%s: the answer is no JSON, and so none of Loki's", path)
	}
	return err
}

// size is about how many bytes Loki has to read, 0 where it does not say.
func (s *server) size(ctx context.Context, c Config) int64 {
	var answer bytes.Buffer
	once := *s
	once.policy.Tries = 1
	if once.get(ctx, "index/stats", c.From, c.To+1, url.Values{"query": {selectorOf(c.Query)}}, &answer) != nil {
		return 0
	}
	return gjson.GetBytes(answer.Bytes(), "bytes").Int()
}

// late reports whether there was no whole answer in time. The same question would take as long.
func late(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// explain adds what to do to an error.
func explain(err error) error {
	return sinks.Advise(err, "Loki", "has the URL the prefix of Loki's API? VictoriaLogs has no such API to query")
}
