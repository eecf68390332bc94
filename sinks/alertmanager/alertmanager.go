// Package alertmanager sends alerts to Alertmanager, for clusters without a ruler.
//
// In go all alerts that hold, and those that ended a short while ago; out they go to each instance
// of Alertmanager by its API of version 2. The agent calls Send again and again with the whole
// state: nothing is queued, and what one call did not deliver the next one does. An alert is sent
// with the time when it is over if nothing is heard of it again, so that the alerts of an agent
// that is gone end by themselves.
//
// The package starts no goroutine and keeps no alert.
package alertmanager

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"fluxtrail/sinks"
)

// Alert is an alert as Alertmanager takes it.
type Alert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations,omitempty"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
}

// Config says where alerts go. The zero value of a field means its default.
type Config struct {
	URLs   []string      `mapstructure:"urls"` // of all instances of a cluster of Alertmanagers; none: nothing is sent
	Resend time.Duration // how often an alert that holds is sent again; default 1m
	HTTP   sinks.HTTP
}

// DefaultResend is what Prometheus does.
const DefaultResend = time.Minute

// Validate returns all that is wrong, each with the key that it stands under.
func (c Config) Validate() error {
	var errs []error
	for i, u := range c.URLs {
		if err := sinks.CheckURL(u); err != nil {
			errs = append(errs, fmt.Errorf("urls: number %d: %w", i+1, err))
		}
	}
	if c.Resend != 0 && c.Resend < time.Second {
		errs = append(errs, fmt.Errorf("resend: %s is too short: use 1s or more", c.Resend))
	}
	if err := c.HTTP.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("http: %w", err))
	}
	return errors.Join(errs...)
}

// Sink is a sinks.Sink for alerts. It belongs to one goroutine.
type Sink struct {
	instances []instance // those that answered last come first: the others may take their time
	client    *http.Client
	changed   func(address string, err error)
}

// instance is one of several Alertmanagers.
type instance struct {
	url  string
	down bool // it did not answer last
}

// New makes a sink. An address is that of the server, with the prefix of its routes if it has one.
// changed is told of each instance that does not take requests any more, and, without an error, of
// one that does again.
func New(c Config, client *http.Client, changed func(address string, err error)) *Sink {
	s := &Sink{client: client, changed: changed}
	for _, u := range c.URLs {
		u = strings.TrimSuffix(strings.TrimSuffix(u, "/"), "/api/v2/alerts")
		s.instances = append(s.instances, instance{url: u + "/api/v2/alerts"})
	}
	return s
}

// each asks each instance once, and returns the errors of those that failed.
func (s *Sink) each(ctx context.Context, ask func(address string) error) (errs []error) {
	defer s.answeringFirst()
	for n := range s.instances {
		err := ask(s.instances[n].url)
		if ctx.Err() != nil {
			return append(errs, ctx.Err())
		}
		if s.note(ctx, n, err); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// note takes what came of asking an instance. With the end of ctx that says nothing of it.
func (s *Sink) note(ctx context.Context, n int, err error) {
	to := &s.instances[n]
	if down := err != nil; down != to.down && ctx.Err() == nil {
		to.down = down
		s.changed(to.url, err)
	}
}

// answeringFirst puts the instances that answered before the others.
func (s *Sink) answeringFirst() {
	slices.SortStableFunc(s.instances, func(a, b instance) int {
		switch {
		case a.down == b.down:
			return 0
		case b.down:
			return -1
		}
		return 1
	})
}

// maxBatch is how many alerts go in one request, as Prometheus sends them.
const maxBatch = 256

// Send sends the alerts to each instance once: instances tell each other of notifications and not
// of alerts. It is delivered when one instance has all of them. A failure is permanent, because the
// next batch holds all that this one did.
func (s *Sink) Send(ctx context.Context, batch []Alert) error {
	if len(batch) == 0 {
		return nil
	}
	errs := s.each(ctx, func(to string) error { return s.sendTo(ctx, to, batch) })
	if ctx.Err() == nil && len(errs) < len(s.instances) {
		return nil
	}
	return sinks.Once(ctx, errors.Join(errs...))
}

func (s *Sink) sendTo(ctx context.Context, to string, batch []Alert) error {
	for part := range slices.Chunk(batch, maxBatch) {
		body, err := json.Marshal(part)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("User-Agent", "fluxtrail")
		resp, err := s.client.Do(req)
		if err != nil {
			return err
		}
		err = sinks.Check(resp)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// Reach asks whether an instance takes requests. The error is of all, where none does.
func (s *Sink) Reach(ctx context.Context) error {
	query := url.Values{"filter": {`alertname="none"`}}
	errs := s.each(ctx, func(to string) error { return s.get(ctx, to+"?"+query.Encode()) })
	if len(errs) < len(s.instances) {
		return nil
	}
	return errors.Join(errs...)
}

func (s *Sink) get(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return sinks.Check(resp)
	}
	return nil
}

// What is read of the alerts that an instance has: so many bytes, and so many alerts.
const (
	maxAnswer = 16 << 20
	maxAlerts = 50_000
)

// Ruler is the address of a ruler that has told of an alert of the given name, "" for none. Rulers
// say where an alert comes from, and this sink does not.
func (s *Sink) Ruler(ctx context.Context, alertname string) (string, error) {
	if len(s.instances) == 0 {
		return "", nil
	}
	query := url.Values{"filter": {fmt.Sprintf("alertname=%q", alertname)}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.instances[0].url+"?"+query.Encode(), nil)
	if err != nil {
		return "", err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		s.note(ctx, 0, err) // the alert shall not wait for it once more
		s.answeringFirst()
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", sinks.Check(resp)
	}
	return ruler(json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)))
}

// ruler is that of the first alert of a list that has one. Alerts are read one by one: a short text
// may hold more of them than there is memory for.
func ruler(list *json.Decoder) (string, error) {
	if begin, err := list.Token(); err != nil {
		return "", err
	} else if begin != json.Delim('[') {
		return "", errors.New("the answer is no list of alerts")
	}
	for n := 0; n < maxAlerts && list.More(); n++ {
		var a struct {
			Generator string `json:"generatorURL"`
		}
		if err := list.Decode(&a); err != nil {
			return "", err
		}
		if u, err := url.Parse(a.Generator); err == nil && u.Host != "" {
			return u.Scheme + "://" + u.Host, nil
		}
	}
	return "", nil
}
