package kube

import (
	"net/http"
	"sync/atomic"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"

	"fluxtrail/sinks"
)

// serverClock is what the API server's clock is ahead of ours, by the dates of its answers. A
// laptop may be wrong by minutes, and what the server tells is compared with times of the cluster.
type serverClock struct{ ahead atomic.Int64 }

// tolerance is what a date, which is in whole seconds and some time under way, cannot tell.
const tolerance = 2 * time.Second

// seen takes note of the date of an answer that came at a time.
func (c *serverClock) seen(date string, at time.Time) {
	t, err := http.ParseTime(date)
	if err != nil {
		return
	}
	ahead := t.Add(time.Second / 2).Sub(at)
	if ahead.Abs() <= tolerance {
		ahead = 0
	}
	c.ahead.Store(int64(ahead))
}

// Now is the time by the API server's clock, as far as its answers told it.
func (c *Client) Now() time.Time { return time.Now().Add(time.Duration(c.clock.ahead.Load())) }

// limitHeaders bounds the headers of what a transport of client-go is answered, before it is used.
func limitHeaders(to http.RoundTripper) {
	for wrapped, ok := to.(utilnet.RoundTripperWrapper); ok; wrapped, ok = to.(utilnet.RoundTripperWrapper) {
		to = wrapped.WrappedRoundTripper()
	}
	if t, ok := to.(*http.Transport); ok {
		t.MaxResponseHeaderBytes = sinks.MaxHeaders
	}
}

// dated looks at the dates of answers.
type dated struct {
	http.RoundTripper
	clock *serverClock
}

// RoundTrip implements [http.RoundTripper].
func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := d.RoundTripper.RoundTrip(r)
	if err == nil {
		d.clock.seen(answer.Header.Get("Date"), time.Now())
	}
	return answer, err
}
