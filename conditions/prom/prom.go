// Package prom asks a Prometheus, or what answers like one (Mimir, Thanos, VictoriaMetrics), what
// the metrics about Flux's objects said in a span of time.
//
// In goes the address and a span; out come observations in the order of time, at the times of the
// scrapes. The caller is a program that has an end, such as replay. Of one object there is an
// observation from each exporter that knows it. One that says the same as before is told again
// only now and then, and at the end, so memory grows with changes and not with scrapes.
//
// Nothing is written. The raw samples are asked for, in pieces that the server's limits allow:
// a query at fixed steps would give samples times that they do not have. What was true between
// two scrapes only is not known here.
package prom

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"fluxtrail/conditions"
	"fluxtrail/parse"
	"fluxtrail/sinks"
)

// Config says where Prometheus is, and which of its series are meant.
type Config struct {
	URL    string // with the prefix of its API, as http://mimir/prometheus; /api/v1 may be left out
	Match  string // label matchers that narrow the series, such as cluster="a",region="b"
	HTTP   sinks.HTTP
	Redact func(string) string // takes the secrets out of a text
	Policy sinks.Policy        // of failed requests; Tries is bounded where it is not set
}

// clusterLabel tells the clusters of one Prometheus apart, by the custom of most.
const clusterLabel = "cluster"

// defaultTimeout of a query. It is that of Prometheus itself.
const defaultTimeout = 2 * time.Minute

// defaultTries take about a minute.
const defaultTries = 7

// maxAnswer bounds one answer, in bytes. Of what is longer less is asked for.
const maxAnswer = 64 << 20

// Source answers for one Prometheus. It belongs to one goroutine.
type Source struct {
	name   string
	api    v1.API
	match  string
	redact func(string) string
}

// Validate returns all that is wrong.
func (c Config) Validate() error {
	err := c.HTTP.Validate()
	if bad := sinks.CheckURL(c.URL); bad != nil {
		err = errors.Join(fmt.Errorf("the address: %w", bad), err)
	}
	if _, bad := parser.NewParser(parser.Options{}).ParseMetricSelector("{" + c.Match + "}"); c.Match != "" && bad != nil {
		err = errors.Join(err, fmt.Errorf("the matchers %s: %w", c.Match, bad))
	}
	return err
}

// New makes a Source of a valid configuration. It asks for nothing yet.
func New(c Config) (*Source, error) {
	c.HTTP.Timeout = cmp.Or(c.HTTP.Timeout, defaultTimeout)
	c.Policy.Tries = cmp.Or(c.Policy.Tries, defaultTries)
	c.Policy.What = "query prometheus"
	c.Policy.Final = late
	client, err := c.HTTP.Client("prometheus")
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(strings.TrimRight(c.URL, "/"), "/api/v1")
	address, err := api.NewClient(api.Config{Address: name, Client: client})
	if err != nil {
		return nil, fmt.Errorf("prometheus: %w", err)
	}
	patient := asker{address, client, c.Policy, &bytes.Buffer{}}
	return &Source{name: name, api: v1.NewAPI(patient), match: c.Match, redact: c.Redact}, nil
}

// asker is an [api.Client] that tries again where the server cannot answer now. An answer is valid
// until the next one.
type asker struct {
	address api.Client
	client  *http.Client
	policy  sinks.Policy
	body    *bytes.Buffer // of the last answer
}

// URL implements [api.Client].
func (a asker) URL(path string, args map[string]string) *url.URL { return a.address.URL(path, args) }

// Do implements [api.Client]. A server that takes no POST gets what the library asks it then.
func (a asker) Do(ctx context.Context, req *http.Request) (*http.Response, []byte, error) {
	a.body.Reset()
	err := sinks.Ask(ctx, a.client, a.policy, maxAnswer, a.body, func() (*http.Request, error) {
		again := req.Clone(ctx)
		if req.GetBody == nil {
			return again, nil
		}
		var err error
		again.Body, err = req.GetBody()
		return again, err
	})
	resp := &http.Response{StatusCode: http.StatusOK}
	if answer := (*sinks.Error)(nil); errors.As(err, &answer) {
		resp.StatusCode = answer.Status
	}
	return resp, a.body.Bytes(), err
}

// selector picks the series of all metrics that say something of Flux's objects.
func (s *Source) selector() string {
	text := `__name__=~"` + strings.Join(conditions.Metrics(), "|") + `"`
	if s.match != "" {
		text += "," + s.match
	}
	return "{" + text + "}"
}

// processes picks the series that tell how processes are, of those that reconcile a kind of Flux's:
// other programs have metrics of the same names.
func (s *Source) processes() string {
	var workers []string
	for _, kind := range parse.Kinds() {
		workers = append(workers, strings.ToLower(kind))
	}
	match := ""
	if s.match != "" {
		match = "," + s.match
	}
	return fmt.Sprintf(`{__name__=~"%s"%s} and on(job,instance) controller_runtime_reconcile_total{controller=~"%s"%[2]s}`,
		strings.Join(conditions.GaugeNames(), "|"), match, strings.Join(workers, "|"))
}

// ask gets the raw samples after one time and up to another.
func (s *Source) ask(ctx context.Context, after, until time.Time) (model.Matrix, []string, error) {
	query := fmt.Sprintf("%s[%dms]", s.selector(), until.Sub(after).Milliseconds())
	value, warnings, _, err := s.api.Query(ctx, query, until)
	if err != nil {
		return nil, warnings, explain(err)
	}
	matrix, ok := value.(model.Matrix)
	if !ok && value != nil {
		return nil, warnings, fmt.Errorf("query: the answer is a %s where samples were asked for", value.Type())
	}
	return matrix, warnings, nil
}

// late reports whether there was no whole answer in time. The same question would take as long.
func late(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// explain adds what to do to an error.
func explain(err error) error {
	var foreign *v1.Error
	if !late(err) && errors.As(err, &foreign) && foreign.Type == v1.ErrBadResponse {
		return fmt.Errorf("the answer is none of Prometheus': %w", err)
	}
	return sinks.Advise(err, "Prometheus", "has the URL the prefix of the API, as in https://mimir/prometheus?")
}

// tooMuch are texts of errors that a query over less time does not have.
var tooMuch = []string{"too many samples", "timed out", "timeout", "too much", "limit", "exceed", "too long", "too large"}

// tooLong reports whether a shorter span may be answered.
func tooLong(err error) bool {
	text := strings.ToLower(err.Error())
	return errors.Is(err, sinks.ErrLong) || errors.Is(err, context.DeadlineExceeded) ||
		slices.ContainsFunc(tooMuch, func(s string) bool { return strings.Contains(text, s) })
}
