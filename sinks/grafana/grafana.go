// Package grafana marks incidents on Grafana's dashboards, as annotations with a beginning and an
// end.
//
// In go all incidents that are open, and those that ended a short while ago; out comes one
// annotation for each, which gets its end when the incident does. The agent calls Send again and
// again with the whole state: nothing is queued. Before an annotation is made Grafana is asked for
// one with the incident's tag, so that neither a restart nor a second agent makes two of one.
//
// The package starts no goroutine. It remembers which annotation is whose, and asks where it does
// not.
package grafana

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"fluxtrail/sinks"
)

// Region is an incident as Grafana shows it.
type Region struct {
	ID         string    // of the incident; it is one annotation for ever
	Start, End time.Time // End is zero while it lasts
	Title      string
	Text       string
	Tags       []string // the most useful first
}

// Config says where annotations go. The zero value of a field means its default.
type Config struct {
	URL       string // of Grafana; none: nothing is marked
	Dashboard string // UID of the only dashboard that shows them; default: all
	HTTP      sinks.HTTP
}

// Validate returns all that is wrong, each with the key that it stands under.
func (c Config) Validate() error { return sinks.CheckServer(c.URL, c.HTTP) }

// Sink is a sinks.Sink for regions.
type Sink struct {
	cfg    Config
	api    string
	client *http.Client
	known  map[string]mark
}

// mark is what is known of an incident's annotation.
type mark struct {
	id    int64
	ended bool
}

// New makes a sink.
func New(c Config, client *http.Client) *Sink {
	return &Sink{cfg: c, api: strings.TrimSuffix(c.URL, "/") + "/api/annotations", client: client, known: map[string]mark{}}
}

// Send makes the annotations that are missing, and ends those whose incident is over. A failure is
// permanent, because the next batch holds all that this one did.
func (s *Sink) Send(ctx context.Context, batch []Region) error {
	now := map[string]bool{}
	for _, r := range batch {
		now[r.ID] = true
		if err := s.show(ctx, r); err != nil {
			return sinks.Once(ctx, err)
		}
	}
	maps.DeleteFunc(s.known, func(id string, _ mark) bool { return len(batch) > 0 && !now[id] })
	return nil
}

// show makes or ends the annotation of one incident.
func (s *Sink) show(ctx context.Context, r Region) error {
	m, ok := s.known[r.ID]
	if !ok {
		var err error
		if m, ok, err = s.find(ctx, r); err != nil {
			return err
		}
	}
	if !ok {
		id, err := s.create(ctx, r)
		if err != nil {
			return err
		}
		m = mark{id, !r.End.IsZero()}
	}
	if !r.End.IsZero() && !m.ended {
		if err := s.end(ctx, m.id, r.End); err != nil {
			return err
		}
		m.ended = true
	}
	s.known[r.ID] = m
	return nil
}

// annotation is what Grafana says of one.
type annotation struct {
	ID      int64    `json:"id"`
	Time    int64    `json:"time"`
	TimeEnd int64    `json:"timeEnd"`
	Tags    []string `json:"tags"`
}

// find asks for the annotation with the incident's tag.
func (s *Sink) find(ctx context.Context, r Region) (mark, bool, error) {
	query := url.Values{
		"tags": {idTag(r.ID)}, "type": {"annotation"}, "limit": {"10"},
		"from": {strconv.FormatInt(r.Start.Add(-time.Hour).UnixMilli(), 10)}, "to": {strconv.FormatInt(r.Start.Add(time.Hour).UnixMilli(), 10)},
	}
	var found []annotation
	if err := s.call(ctx, http.MethodGet, s.api+"?"+query.Encode(), nil, &found); err != nil {
		return mark{}, false, err
	}
	for _, a := range found {
		if slices.Contains(a.Tags, idTag(r.ID)) {
			return mark{a.ID, a.TimeEnd > a.Time}, true, nil
		}
	}
	return mark{}, false, nil
}

func (s *Sink) create(ctx context.Context, r Region) (int64, error) {
	body := map[string]any{
		"time": r.Start.UnixMilli(), "tags": tags(r),
		"text": "<b>" + html.EscapeString(short(r.Title, maxTitle)) + "</b><br>" + html.EscapeString(short(r.Text, maxText)),
	}
	if !r.End.IsZero() {
		body["timeEnd"] = r.End.UnixMilli()
	}
	if s.cfg.Dashboard != "" {
		body["dashboardUID"] = s.cfg.Dashboard
	}
	var made annotation
	err := s.call(ctx, http.MethodPost, s.api, body, &made)
	return made.ID, err
}

func (s *Sink) end(ctx context.Context, id int64, at time.Time) error {
	return s.call(ctx, http.MethodPatch, fmt.Sprintf("%s/%d", s.api, id), map[string]any{"timeEnd": at.UnixMilli()}, nil)
}

// call makes one request. Grafana answers all that it accepts with 200 and JSON; a page of a proxy
// with a login is neither.
func (s *Sink) call(ctx context.Context, method, address string, body, into any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "fluxtrail")
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		if err := sinks.Check(resp); err != nil {
			return err
		}
		return &sinks.Error{Class: sinks.Held, Status: resp.StatusCode}
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if into == nil {
		into = &map[string]any{}
	}
	if json.Unmarshal(answer, into) != nil {
		return &sinks.Error{Class: sinks.Held, Status: resp.StatusCode, Body: string(answer[:min(len(answer), sinks.MaxBody)])}
	}
	return nil
}

// Bounds in bytes. Grafana refuses an annotation whose tags are longer than its tags_length, 500 by
// default, as JSON, and cuts nothing itself.
const (
	maxAnswer = 256 << 10
	maxTags   = 480
	maxTag    = 100
	maxTitle  = 300
	maxText   = 2000
)

// idTag is the tag by which an incident's annotation is found again.
func idTag(id string) string { return "fluxtrail: " + id }

// tags are as many of a region's tags as Grafana takes, the one to find it by first. The tag flux
// is that of the official dashboards.
func tags(r Region) []string {
	out := []string{idTag(r.ID), "flux"}
	size := 2
	for _, t := range out {
		size += len(t) + 3
	}
	for _, t := range r.Tags {
		name, value, ok := strings.Cut(t, ": ")
		if ok { // Grafana parts a tag at each colon
			t = name + ": " + strings.ReplaceAll(value, ":", "|")
		}
		if t = short(t, maxTag); size+len(t)+3 <= maxTags {
			out, size = append(out, t), size+len(t)+3
		}
	}
	return out
}

// short cuts a text.
func short(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit-len(" …")], "") + " …"
}
