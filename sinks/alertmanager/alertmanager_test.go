package alertmanager

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/sinks"
	"fluxtrail/sinks/sinktest"
)

func quiet(string, error) {}

func batch(n int) []Alert {
	var out []Alert
	for i := range n {
		out = append(out, Alert{
			Labels:   map[string]string{"alertname": "A", "name": fmt.Sprint(i)},
			StartsAt: time.Unix(1000, 0).UTC(), EndsAt: time.Unix(2000, 0).UTC(),
		})
	}
	return out
}

// TestReach asks each instance; one that answers is enough.
func TestReach(t *testing.T) {
	t.Parallel()
	good := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/am/api/v2/alerts" || r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		_, _ = w.Write([]byte("[]"))
	}))
	defer good.Close()
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer bad.Close()
	for _, c := range []struct {
		urls []string
		want bool
	}{
		{[]string{good.URL + "/am/"}, true}, {[]string{bad.URL, good.URL + "/am"}, true}, {[]string{bad.URL, "http://127.0.0.1:1"}, false},
	} {
		s := New(Config{URLs: c.urls}, http.DefaultClient, func(string, error) {})
		if err := s.Reach(t.Context()); (err == nil) != c.want {
			t.Errorf("%v: %v", c.urls, err)
		}
	}
}

func TestContract(t *testing.T) {
	sinktest.RunOnce(t, func(_ *testing.T, client *http.Client) sinks.Sink[Alert] {
		return New(Config{URLs: []string{"http://am"}}, client, quiet)
	}, batch(3))
}

// Every instance gets every alert, and one that is away does not keep the others from it: it comes
// last, as it may take long to say so. What changes is told once.
func TestInstances(t *testing.T) {
	t.Parallel()
	server := &sinktest.Server{Script: []sinktest.Answer{
		{Status: 503}, {Status: 200},
		{Status: 200}, {Status: 503},
		{Status: 200},
		{Status: 503}, {Status: 400},
		{Status: 200}, {Status: 200},
	}}
	var changes []string
	s := New(Config{URLs: []string{"http://one/", "http://two/prefix/api/v2/alerts"}}, &http.Client{Transport: server},
		func(url string, err error) { changes = append(changes, fmt.Sprint(url, " ", err == nil)) })
	if err := s.Send(t.Context(), batch(2)); err != nil {
		t.Error(err)
	}
	if err := s.Reach(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := s.Ruler(t.Context(), "A"); err == nil {
		t.Error("an answer without a list")
	}
	if err := s.Send(t.Context(), batch(2)); !sinks.IsPermanent(err) {
		t.Error(err)
	}
	if err := s.Send(t.Context(), batch(2)); err != nil {
		t.Error(err)
	}
	var hosts []string
	for _, r := range server.Got {
		host, _, _ := strings.Cut(strings.TrimPrefix(r.URL, "http://"), "/")
		hosts = append(hosts, host)
	}
	const one, two = "http://one/api/v2/alerts", "http://two/prefix/api/v2/alerts"
	if got := strings.Join(hosts, " "); got != "one two two one two two one two one" {
		t.Error(got)
	}
	if want := []string{one + " false", two + " false", two + " true", one + " true"}; !slices.Equal(changes, want) {
		t.Error(changes)
	}
}

// TestRulerOfOneThatIsAway has the first instance be away when it is asked for a ruler: the alert
// goes to the other one first.
func TestRulerOfOneThatIsAway(t *testing.T) {
	t.Parallel()
	var asked []string
	s := New(Config{URLs: []string{"http://one", "http://two"}}, &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.Method+" "+r.URL.Host)
		if r.URL.Host == "one" {
			return nil, errors.New("away")
		}
		return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
	})}, quiet)
	if _, err := s.Ruler(t.Context(), "A"); err == nil {
		t.Error("it answered")
	}
	if err := s.Send(t.Context(), batch(1)); err != nil {
		t.Error(err)
	}
	if got := strings.Join(asked, ", "); got != "GET one, POST two, POST one" {
		t.Error(got)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestInstancesAtAnEnd has the process end while an instance is asked: that says nothing of it.
func TestInstancesAtAnEnd(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	s := New(Config{URLs: []string{"http://one", "http://two"}}, http.DefaultClient, func(url string, err error) { t.Error(url, err) })
	errs := s.each(ctx, func(string) error {
		stop()
		return ctx.Err()
	})
	if len(errs) != 1 || s.instances[0].down {
		t.Error(errs, s.instances)
	}
}

// A request has as many alerts as Prometheus puts into one, and times that say when they end.
func TestBatches(t *testing.T) {
	t.Parallel()
	server := &sinktest.Server{}
	s := New(Config{URLs: []string{"http://am"}}, &http.Client{Transport: server}, quiet)
	if err := s.Send(t.Context(), batch(600)); err != nil || len(server.Got) != 3 {
		t.Fatal(err, len(server.Got))
	}
	n := 0
	for _, r := range server.Got {
		var got []Alert
		if err := json.Unmarshal(r.Body, &got); err != nil || len(got) > maxBatch || r.Header.Get("Content-Type") != "application/json" {
			t.Error(err, len(got))
		}
		n += len(got)
	}
	if first := string(server.Got[0].Body); n != 600 || !strings.Contains(first, `"endsAt":"1970-01-01T00:33:20Z"`) {
		t.Error(n, first[:200])
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cfg  Config
		want string
	}{
		{Config{}, ""},
		{Config{URLs: []string{"http://am:9093"}, Resend: time.Minute}, ""},
		{Config{URLs: []string{"am:9093"}}, "urls: number 1"},
		{Config{URLs: []string{"http://u:p@am"}}, "basic"},
		{Config{Resend: time.Millisecond}, "resend"},
	} {
		if err := c.cfg.Validate(); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.cfg, err, c.want)
		}
	}
}

// A ruler that tells of the same alert is known by what it says of where that comes from.
func TestRuler(t *testing.T) {
	t.Parallel()
	server := &sinktest.Server{Script: []sinktest.Answer{
		{Status: 200, Body: `[{"labels":{"alertname":"A"},"startsAt":"2026-11-26T12:00:00Z"}]`},
		{Status: 200, Body: `[{"labels":{"alertname":"A"},"generatorURL":"http://prometheus:9090/graph?g0.expr=x"}]`},
		{Status: 500}, {Status: 200, Body: "<html>"}, {Status: 200, Body: `{"status":"success"}`},
	}}
	s := New(Config{URLs: []string{"http://am"}}, &http.Client{Transport: server}, quiet)
	for _, want := range []string{"", "http://prometheus:9090", "error", "error", "error"} {
		got, err := s.Ruler(t.Context(), "A")
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q %v, want %q", got, err, want)
		}
	}
	if got := server.Got[0].URL; got != "http://am/api/v2/alerts?filter=alertname%3D%22A%22" {
		t.Error(got)
	}
}

// Of an answer no more is held, or looked at, than it takes to find a ruler.
func TestRulerOfVeryManyAlerts(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(`{"labels":{}},`, 20_000)
	for _, c := range []struct {
		head, want string
		most       int // bytes that are read
	}{
		{`[{"generatorURL":"http://ruler/x"},`, "http://ruler", 64 << 10},
		{`[`, "", maxAlerts*14 + 64<<10},
	} {
		body := &endless{head: c.head, again: many}
		s := New(Config{URLs: []string{"http://am"}}, &http.Client{Transport: body}, quiet)
		if got, err := s.Ruler(t.Context(), "A"); err != nil || got != c.want || body.read > c.most {
			t.Errorf("%q: %q, %v, and %d bytes were read", c.head, got, err, body.read)
		}
	}
}

// endless is a transport whose one answer has no end.
type endless struct {
	head, again string
	read        int
}

func (e *endless) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(e)}, nil
}

func (e *endless) Read(p []byte) (n int, err error) {
	if e.head == "" {
		e.head = e.again
	}
	n = copy(p, e.head)
	e.head, e.read = e.head[n:], e.read+n
	return n, nil
}
