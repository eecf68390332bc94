package sinks_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fluxtrail/sinks"
)

// TestAsk: a question is asked as often as the policy says, and no more where asking again is of no
// use.
func TestAsk(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statuses []int // of one answer after the other; the last one stays
		policy   sinks.Policy
		asked    int
		want     string // of the error, or the answer
	}{
		"once":        {[]int{200}, sinks.Policy{Tries: 3}, 1, "body 200"},
		"again":       {[]int{503, 429, 200}, sinks.Policy{Tries: 3}, 3, "body 200"},
		"no more":     {[]int{503}, sinks.Policy{Tries: 3}, 3, "answered 503 Service Unavailable: body 503"},
		"final":       {[]int{504}, sinks.Policy{Tries: 9, Final: func(err error) bool { return strings.Contains(err.Error(), "504") }}, 1, "answered 504"},
		"not allowed": {[]int{403}, sinks.Policy{Tries: 9}, 1, "answered 403"},
		"no answer":   {[]int{204}, sinks.Policy{Tries: 9}, 1, "answered 204 without what was asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				status := c.statuses[min(asked, len(c.statuses)-1)]
				asked++
				w.WriteHeader(status)
				if status != http.StatusNoContent {
					fmt.Fprintf(w, "body %d", status)
				}
			}))
			defer s.Close()
			c.policy.Min, c.policy.Max = time.Millisecond, time.Millisecond
			var body bytes.Buffer
			err := sinks.Ask(t.Context(), s.Client(), c.policy, 100, &body, func() (*http.Request, error) {
				return http.NewRequest(http.MethodGet, s.URL, nil)
			})
			got := body.String()
			if err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, c.want) || asked != c.asked {
				t.Errorf("got %q after %d requests, want %q after %d", got, asked, c.want, c.asked)
			}
		})
	}
}
