// Package webhook posts incidents as events in the format of Flux's notification-controller, so
// that every Provider of Flux can pass them on, and any server that reads such events.
//
// In go events, each said once; out they go, one request for each. What an answer refuses is the
// caller's to send again. The package starts no goroutine and keeps no event.
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fluxtrail/sinks"
)

// Event is an event as notification-controller takes it.
type Event struct {
	Object     Object            `json:"involvedObject"`
	Severity   string            `json:"severity"` // info or error
	Time       time.Time         `json:"timestamp"`
	Message    string            `json:"message"`
	Reason     string            `json:"reason"`
	Metadata   map[string]string `json:"metadata,omitempty"`
	Controller string            `json:"reportingController"`
	Instance   string            `json:"reportingInstance,omitempty"`
}

// Object is what an event is about.
type Object struct {
	APIVersion string `json:"apiVersion,omitempty"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

// Config says where events go. The zero value of a field means its default.
type Config struct {
	URL  string `shown:"origin"` // none: nothing is posted. The path of such addresses is often a credential
	HTTP sinks.HTTP
}

// Validate returns all that is wrong, each with the key that it stands under.
func (c Config) Validate() error { return sinks.CheckServer(c.URL, c.HTTP) }

// Sink is a sinks.Sink for events.
type Sink struct {
	url    string
	client *http.Client
}

// New makes a sink.
func New(c Config, client *http.Client) *Sink { return &Sink{c.URL, client} }

// Send posts the events once each, and stops at the first that is not taken: it and those behind it
// are the caller's. A failure is permanent, because the caller decides when to try again.
func (s *Sink) Send(ctx context.Context, batch []Event) error {
	for _, e := range batch {
		if err := s.post(ctx, e); err != nil {
			return sinks.Once(ctx, err)
		}
	}
	return nil
}

// post sends one event. No error has the path of the address.
func (s *Sink) post(ctx context.Context, e Event) error {
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "fluxtrail")
	resp, err := s.client.Do(req)
	var failed *url.Error
	if errors.As(err, &failed) {
		failed.URL = sinks.Origin(s.url)
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return taken(resp, sinks.Check(resp))
}

// taken is nil where an answer that others may not count as a success says that the event was
// taken. notification-controller answers 202, many servers 200 with a word, where a page of HTML is
// a login. 429 with a limit of one is how notification-controller says that it had the same event a
// moment ago; any other 429 asks to come back.
func taken(resp *http.Response, err error) error {
	var answer *sinks.Error
	if !errors.As(err, &answer) {
		return err
	}
	switch answer.Status {
	case http.StatusCreated, http.StatusAccepted:
		return nil
	case http.StatusOK:
		if !page(resp.Header.Get("Content-Type")) && !page(http.DetectContentType([]byte(answer.Body))) {
			return nil
		}
	case http.StatusTooManyRequests:
		if resp.Header.Get("X-Ratelimit-Limit") == "1" {
			return nil
		}
	}
	return err
}

// page reports whether a media type is that of something for people to see in a browser.
func page(media string) bool {
	return strings.Contains(media, "html") || strings.Contains(media, "xml")
}
