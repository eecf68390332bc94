package sinks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/sinks"
	"fluxtrail/sinks/sinktest"
)

func TestClassify(t *testing.T) {
	const grpc = "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5242942 vs. 4194304)"
	f := func(status int, body string, want sinks.Class) {
		t.Helper()
		if got := sinks.Classify(status, []byte(body)); got != want {
			t.Errorf("%d %s: got %s, want %s", status, body, got, want)
		}
	}
	f(200, "", sinks.Delivered)
	f(200, " \n", sinks.Delivered)
	f(200, "<html>Please log in</html>", sinks.Held)
	f(200, `{"status":"ok"}`, sinks.Held)
	f(201, "", sinks.Held)
	f(202, "", sinks.Held)
	f(203, "", sinks.Held)
	f(204, "", sinks.Delivered)
	f(206, "", sinks.Held)
	f(260, "ingestion blocked for user", sinks.Held)
	f(302, "", sinks.Held)
	f(400, "entry too far behind", sinks.Refused)
	f(401, "no org id", sinks.Held)
	f(403, "", sinks.Held)
	f(404, "404 page not found", sinks.Held)
	f(405, "", sinks.Held)
	f(408, "", sinks.Transient)
	f(409, "", sinks.Refused)
	f(413, "", sinks.TooLarge)
	f(415, "", sinks.Refused)
	f(422, "", sinks.Refused)
	f(425, "", sinks.Transient)
	f(429, "rate limit", sinks.Transient)
	f(499, "", sinks.Transient)
	f(500, "no quorum", sinks.Transient)
	f(500, grpc, sinks.TooLarge)
	f(503, grpc, sinks.Transient)
	f(504, "", sinks.Transient)
	f(599, "", sinks.Transient)
	f(999, "", sinks.Transient)
}

func TestPermanent(t *testing.T) {
	cause := errors.New("obsolete")
	err := fmt.Errorf("send: %w", sinks.Permanent(cause))
	if !sinks.IsPermanent(err) || !errors.Is(err, cause) || sinks.IsPermanent(cause) || sinks.Permanent(nil) != nil {
		t.Error("Permanent does not mark, or hides, its cause")
	}
	for class, want := range map[sinks.Class]bool{sinks.Refused: true, sinks.TooLarge: true, sinks.Held: false, sinks.Transient: false} {
		if got := sinks.IsPermanent(fmt.Errorf("x: %w", &sinks.Error{Class: class})); got != want {
			t.Errorf("%s: permanent %v", class, got)
		}
	}
	if got := sinks.ClassOf(err); got != sinks.Refused {
		t.Errorf("class of a permanent error: %s", got)
	}
}

// get asks a server of the script through Check.
func get(client *http.Client) error {
	resp, err := client.Post("http://loki/push", "", strings.NewReader(""))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	return sinks.Check(resp)
}

func TestCheck(t *testing.T) {
	client := &http.Client{Transport: &sinktest.Server{Script: []sinktest.Answer{
		{Status: 429, RetryAfter: "7", Body: " slow\n  down "}, {Status: 400, Body: strings.Repeat("x", 100000)}, {Status: 260}, {Status: 503, RetryAfter: "-1"},
	}}}
	err := get(client)
	var e *sinks.Error
	if !errors.As(err, &e) || e.RetryAfter != 7*time.Second || err.Error() != "answered 429 Too Many Requests: slow down" {
		t.Errorf("%#v %v", e, err)
	}
	if err = get(client); !errors.As(err, &e) || len(e.Body) != sinks.MaxBody || len(err.Error()) > 600 {
		t.Errorf("%d bytes of %d", len(err.Error()), len(e.Body))
	}
	if err = get(client); err.Error() != "answered 260 Ingestion Blocked" {
		t.Error(err)
	}
	if err = get(client); !errors.As(err, &e) || e.RetryAfter != 0 {
		t.Error(err)
	}
	if err = get(client); err != nil {
		t.Error(err)
	}
}

// TestCheckBrokenOff has servers that begin an answer: without its body, 200 may be a login page,
// and 204 is all that Loki says.
func TestCheckBrokenOff(t *testing.T) {
	t.Parallel()
	for head, ok := range map[string]bool{
		"200 OK\r\nContent-Length: 100": false, "200 OK\r\nTransfer-Encoding: chunked": false, "204 No Content": true,
		"200 OK\r\nContent-Length: 0": true, "200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip": false,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, buffer, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = buffer.WriteString("HTTP/1.1 " + head + "\r\n\r\n")
			_ = buffer.Flush()
			_ = conn.Close()
		}))
		client := server.Client()
		address, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		client.Transport.(*http.Transport).Proxy = http.ProxyURL(address) // whatever get asks
		err = get(client)
		if (err == nil) != ok || err != nil && (sinks.IsPermanent(err) || sinks.ClassOf(err) != sinks.Transient) {
			t.Errorf("%q: %v", head, err)
		}
		server.Close()
	}
}

// TestRetryLogs wants one line for the first failure, one for each other kind, and one for
// the recovery.
func TestRetryLogs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
		failures := []error{
			errors.New("dial 10.0.0.1:3100: refused"), errors.New("dial 10.0.0.1:3101: refused"), &sinks.Error{Class: sinks.Held, Status: 401}, nil,
		}
		failed := 0
		p := sinks.Policy{What: "push to loki", Log: log, Failed: func(error) { failed++ }}
		err := sinks.Retry(t.Context(), p, func() error {
			err := failures[0]
			failures = failures[1:]
			return err
		})
		if err != nil || failed != 3 {
			t.Error(err, failed)
		}
		want := `level=WARN msg="cannot deliver, trying again" what="push to loki" class=transient err="dial 10.0.0.1:3100: refused"
level=WARN msg="cannot deliver, trying again" what="push to loki" class=held err="answered 401 Unauthorized"
level=INFO msg="delivered again" what="push to loki" tries=4
`
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Error(diff)
		}
	})
}

// withoutTime leaves out what is random.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey || a.Key == "after" {
		return slog.Attr{}
	}
	return a
}

// TestRetryWaits bounds the waits: they are random, up to a limit that doubles.
func TestRetryWaits(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			var at []time.Time
			limits := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second, 5 * time.Second}
			_ = sinks.Retry(t.Context(), sinks.Policy{Min: time.Second, Max: 5 * time.Second}, func() error {
				at = append(at, time.Now())
				if len(at) > len(limits) {
					return nil
				}
				return errors.New("no")
			})
			for i, limit := range limits {
				if wait := at[i+1].Sub(at[i]); wait <= 0 || wait > limit {
					t.Errorf("wait %d is %s, limit %s", i, wait, limit)
				}
			}
		})
	}
}

func TestRetryEndsWithContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason, last := errors.New("shutting down"), errors.New("still down")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Hour, func() { cancel(reason) })
		err := sinks.Retry(ctx, sinks.Policy{}, func() error { return last })
		if !errors.Is(err, reason) || !errors.Is(err, last) || sinks.IsPermanent(err) {
			t.Error(err)
		}
	})
}

func TestRetryStopsAtPermanent(t *testing.T) {
	n := 0
	err := sinks.Retry(t.Context(), sinks.Policy{}, func() error { n++; return sinks.Permanent(errors.New("no")) })
	if n != 1 || !sinks.IsPermanent(err) {
		t.Error(n, err)
	}
}

// TestRetryAfterIsBounded wants a server not to be able to stop us for ever.
func TestRetryAfterIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		client := &http.Client{Transport: &sinktest.Server{Script: []sinktest.Answer{{Status: 503, RetryAfter: "999999999999"}, {Status: 503, RetryAfter: "86400"}}}}
		err := sinks.Retry(t.Context(), sinks.Policy{}, func() error { return get(client) })
		if took := time.Since(start); err != nil || took > 11*time.Minute {
			t.Error(err, took)
		}
	})
}

// TestRetryForLong fails often, with waits that would double beyond all numbers.
func TestRetryForLong(t *testing.T) {
	for _, first := range []time.Duration{time.Nanosecond, 20 * time.Second, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			tries, start := 0, time.Now()
			err := sinks.Retry(t.Context(), sinks.Policy{Min: first, Max: time.Minute}, func() error {
				if tries++; tries < 100 {
					return errors.New("not now")
				}
				return nil
			})
			if took := time.Since(start); err != nil || took > 100*time.Minute || took < 10*time.Minute {
				t.Errorf("first wait %v: %d tries in %v: %v", first, tries, took, err)
			}
		})
	}
}
