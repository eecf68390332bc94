// Package scrape asks a controller, kube-state-metrics or the Flux Operator once what its metrics
// say of Flux's objects, and how its process is.
//
// In goes the address of the metrics; out come observations of that moment. The callers are replay,
// once, and the agent, again and again. It starts nothing, keeps nothing between two calls, and
// knows no time but the caller's.
package scrape

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fluxtrail/conditions"
	"fluxtrail/conditions/files"
	"fluxtrail/sinks"
)

// Config says what is asked, and when that is.
type Config struct {
	URL    string
	Name   string // of the source in what it tells; default: URL
	At     int64  // Unix nanoseconds
	HTTP   sinks.HTTP
	Policy sinks.Policy        // of failed requests; Tries is bounded where it is not set
	Redact func(string) string // takes the secrets out of a text
	Most   int                 // objects that are told of at most; 0 for no limit
}

// Agent says whether an agent asks the controllers on its node, again and again.
type Agent struct {
	Enabled bool
	Every   time.Duration
}

// DefaultEvery is how often an agent asks.
const DefaultEvery = 30 * time.Second

// Validate reports settings that make no sense.
func (a Agent) Validate() error {
	if a.Every < time.Second {
		return fmt.Errorf("every: %s is too short: use 1s or more", a.Every)
	}
	return nil
}

const (
	defaultTries = 3
	// maxAnswer bounds what is kept of an answer, in bytes.
	maxAnswer = 64 << 20
	// maxPart is it for each object, where their number is limited: one has half a dozen samples.
	maxPart = 1 << 10
)

// IsMetrics reports whether an address is that of an exposition, by its path.
func IsMetrics(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/metrics")
}

// Validate returns all that is wrong.
func (c Config) Validate() error {
	err := c.HTTP.Validate()
	if bad := sinks.CheckURL(c.URL); bad != nil {
		err = errors.Join(fmt.Errorf("the address: %w", bad), err)
	}
	return err
}

// Read is a [conditions.Source]. It asks once, whatever the span.
func (c Config) Read(ctx context.Context, _, _ int64) (*conditions.Evidence, error) {
	client, err := c.HTTP.Client("metrics")
	if err != nil {
		return nil, err
	}
	c.Name = cmp.Or(c.Name, c.URL)
	c.Policy.Tries = cmp.Or(c.Policy.Tries, defaultTries)
	client.Transport = narrow{client.Transport}
	var text bytes.Buffer
	err = sinks.Ask(ctx, client, c.Policy, c.limit(), &text, func() (*http.Request, error) {
		req, err := http.NewRequest(http.MethodGet, c.URL, nil)
		if err == nil {
			req.Close = true // nobody would use the connection again
		}
		return req, err
	})
	if err != nil {
		return &conditions.Evidence{Inputs: []conditions.Input{{Name: c.Name, Err: err}}}, context.Cause(ctx)
	}
	return files.ReadMetrics(c.Name, text.Bytes(), c.Most, files.Options{At: c.At, Redact: c.Redact}), nil
}

// limit is how many bytes are kept of an answer.
func (c Config) limit() int64 {
	if c.Most == 0 {
		return maxAnswer
	}
	return min(maxAnswer, int64(c.Most)*maxPart)
}
