package loki_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/s2"

	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/sinktest"
)

// counted is what Counters told.
type counted struct {
	Sent, Late, Cut int
	Dropped         map[string]int
	Retried         map[sinks.Class]int
	log             bytes.Buffer
}

func newSink(t testing.TB, cfg loki.Config, rt http.RoundTripper) (*loki.Sink, *counted) {
	t.Helper()
	c := &counted{Dropped: map[string]int{}, Retried: map[sinks.Class]int{}}
	if cfg.URL == "" {
		cfg.URL = "http://loki:3100"
	}
	log := slog.New(slog.NewTextHandler(&c.log, &slog.HandlerOptions{Level: slog.LevelError}))
	s, err := loki.New(cfg, &http.Client{Transport: rt, Timeout: 10 * time.Second}, log, loki.Counters{
		Sent:    func(n, _ int) { c.Sent += n },
		Late:    func(n int) { c.Late += n },
		Cut:     func(n int) { c.Cut += n },
		Dropped: func(reason string, n, _ int) { c.Dropped[reason] += n },
		Retried: func(class sinks.Class) { c.Retried[class]++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// transportFunc is a transport that is a function.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// lines returns n entries of a stream, a second apart, the last at the given time.
func lines(s *loki.Stream, n int, last time.Time) []loki.Entry {
	batch := make([]loki.Entry, n)
	for i := range batch {
		at := last.Add(time.Duration(i-n+1) * time.Second)
		batch[i] = loki.Entry{
			Stream: s, Time: s.Stamp(at.UnixNano()),
			Line: fmt.Appendf(nil, `{"msg":"line %d of %s"}`, i, at.Format(time.TimeOnly)),
			Meta: []loki.Meta{{Name: "pod", Value: "p-1"}},
		}
	}
	return batch
}

func appStream(app string) *loki.Stream {
	labels, err := loki.Labels([]loki.Label{{"namespace", "flux-system"}, {"app", app}, {"stream", "stderr"}})
	if err != nil {
		panic(err)
	}
	return &loki.Stream{Labels: labels}
}

func TestConformance(t *testing.T) {
	sinktest.Run(t, func(t *testing.T, client *http.Client) sinks.Sink[loki.Entry] {
		s, _ := newSink(t, loki.Config{}, client.Transport)
		return s
	}, lines(appStream("a"), 5, epoch))
}

func TestRequest(t *testing.T) {
	f := newFake(t)
	s, c := newSink(t, loki.Config{URL: "http://loki:3100/", Tenant: "1"}, f)
	a, b := appStream("a"), appStream("b")
	batch := slices.Concat(lines(a, 2, epoch), lines(b, 1, epoch), lines(a, 1, epoch.Add(-time.Minute)))
	if err := s.Send(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	if f.url != "http://loki:3100/loki/api/v1/push" || f.header.Get("X-Scope-OrgID") != "1" || f.header.Get("Content-Type") != "application/x-protobuf" {
		t.Error(f.url, f.header)
	}
	want := map[string][]string{
		`{app="a", namespace="flux-system", stream="stderr"}`: {
			`{"msg":"line 0 of 11:59:00"}`, `{"msg":"line 0 of 11:59:59"}`, `{"msg":"line 1 of 12:00:00"}`,
		},
		`{app="b", namespace="flux-system", stream="stderr"}`: {`{"msg":"line 0 of 12:00:00"}`},
	}
	if diff := cmp.Diff(want, f.order); diff != "" {
		t.Error(diff)
	}
	if len(f.requests) != 2 || c.Sent != 4 {
		t.Errorf("%d requests, %d sent", len(f.requests), c.Sent)
	}
	if got := f.requests[0].Streams[0].Entries[0].StructuredMetadata; len(got) != 1 || got[0].Name != "pod" {
		t.Error(got)
	}
}

func TestRequestsAreLimited(t *testing.T) {
	f := newFake(t)
	s, _ := newSink(t, loki.Config{BatchBytes: 1000, BatchEntries: 7}, f)
	batch := lines(appStream("a"), 20, epoch)
	batch[3].Line = bytes.Repeat([]byte("x"), 5000)
	batch[12].Line = bytes.Repeat([]byte("x"), 800)
	if err := s.Send(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, r := range f.requests {
		sizes = append(sizes, len(r.Streams[0].Entries))
	}
	if diff := cmp.Diff([]int{3, 1, 7, 4, 5}, sizes); diff != "" {
		t.Error(diff)
	}
}

// TestPoisonStandsAlone wants the one entry that Loki refuses to be given up, and no other.
func TestPoisonStandsAlone(t *testing.T) {
	f := newFake(t)
	f.maxLine = 2000
	s, c := newSink(t, loki.Config{}, f)
	batch := lines(appStream("a"), 1000, epoch)
	batch[700].Line = bytes.Repeat([]byte(`token=hunter2 `), 200)
	err := s.Send(t.Context(), batch)
	if !sinks.IsPermanent(err) || err.Error() != "push to loki: 1 of 1000 entries given up, the last as line_too_long" {
		t.Error(err)
	}
	if c.Sent != 999 || c.Dropped["line_too_long"] != 1 || len(f.stored) != 999 || len(f.requests) > 30 {
		t.Errorf("%+v, %d stored in %d requests", c, len(f.stored), len(f.requests))
	}
	log := c.log.String()
	if !strings.Contains(log, "reason=line_too_long") || strings.Contains(log, "hunter2") || len(log) > 2000 {
		t.Error(log)
	}
}

// TestTooOld wants entries over Loki's age limit to be given up at once, and what Loki has
// stored beside them not to be sent again.
func TestTooOld(t *testing.T) {
	f := newFake(t)
	s, c := newSink(t, loki.Config{}, f)
	stream := appStream("a")
	batch := append(lines(stream, 30, epoch.Add(-8*24*time.Hour)), lines(stream, 70, epoch)...)
	if err := s.Send(t.Context(), batch); !sinks.IsPermanent(err) {
		t.Error(err)
	}
	if c.Dropped["greater_than_max_sample_age"] != 30 || c.Sent != 70 || len(f.stored) != 70 || len(f.requests) != 2 {
		t.Errorf("%+v, %d stored in %d requests", c, len(f.stored), len(f.requests))
	}
}

// TestTooNew wants the same of entries that a clock wrote which is ahead: neither a request nor a
// line of the log for each.
func TestTooNew(t *testing.T) {
	for name, c := range map[string]struct {
		ahead   []loki.Entry
		long    int // lines that are too long for Loki
		most    int // requests
		logged  int
		doubles bool // what Loki has is sent again
	}{
		"of one second":       {ahead: together(300, epoch.Add(2*time.Hour)), most: 1, logged: 1},
		"of a few seconds":    {ahead: lines(appStream("a"), 30, epoch.Add(2*time.Hour)), most: 1, logged: 1},
		"of many seconds":     {ahead: lines(appStream("a"), 3000, epoch.Add(2*time.Hour)), most: 20, logged: 20, doubles: true},
		"with a longer line":  {ahead: together(300, epoch.Add(2*time.Hour)), long: 1, most: 20, logged: 3, doubles: true},
		"one, not counted":    {ahead: together(1, epoch.Add(2*time.Hour)), most: 20, logged: 1, doubles: true},
		"with nothing before": {ahead: together(300, epoch.Add(2*time.Hour)), long: -1, most: 1, logged: 1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.maxLine = 2000
			s, got := newSink(t, loki.Config{}, f)
			batch := lines(c.ahead[0].Stream, 70, epoch)
			switch c.long {
			case -1:
				batch = nil
			case 1:
				batch[3].Line = bytes.Repeat([]byte("x"), 3000)
			}
			good := len(batch) - max(0, c.long)
			if err := s.Send(t.Context(), append(batch, c.ahead...)); !sinks.IsPermanent(err) {
				t.Error(err)
			}
			if got.Dropped["too_far_in_future"] != len(c.ahead) || got.Sent != good || len(f.stored) != good {
				t.Errorf("%+v, %d stored", got, len(f.stored))
			}
			if logged := strings.Count(got.log.String(), "\n"); len(f.requests) > c.most || logged > c.logged {
				t.Errorf("%d requests, %d lines in the log", len(f.requests), logged)
			}
			for entry, n := range f.stored {
				if n > 1 && !c.doubles {
					t.Errorf("%d times: %s", n, entry)
				}
			}
		})
	}
}

// together returns n entries of one second.
func together(n int, at time.Time) []loki.Entry {
	batch := lines(appStream("a"), n, at)
	for i := range batch {
		batch[i].Time = at.Add(time.Duration(i) * time.Millisecond).UnixNano()
	}
	return batch
}

// TestLateEntries wants entries of a file that is read hours late to reach Loki all the same,
// although another source of the stream is up to date.
func TestLateEntries(t *testing.T) {
	f := newFake(t)
	s, c := newSink(t, loki.Config{}, f)
	live, behind := appStream("a"), appStream("a")
	if err := s.Send(t.Context(), lines(live, 10, epoch)); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		last := epoch.Add(time.Duration(i-4) * 40 * time.Minute)
		if err := s.Send(t.Context(), slices.Concat(lines(behind, 2400, last), lines(live, 1, epoch.Add(time.Duration(i)*time.Second)))); err != nil {
			t.Fatal(err)
		}
	}
	if c.Sent != 10+5*2401 || len(c.Dropped) > 0 || len(f.stored) != c.Sent {
		t.Errorf("%+v, %d stored", c, len(f.stored))
	}
	for key, n := range f.stored {
		if n > 1 {
			t.Errorf("stored %d times: %s", n, key)
		}
	}
	var labels []string
	for l := range f.order {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	want := []string{
		`{app="a", namespace="flux-system", stream="stderr", late="2026-05-01T08:00"}`,
		`{app="a", namespace="flux-system", stream="stderr", late="2026-05-01T09:00"}`,
		`{app="a", namespace="flux-system", stream="stderr", late="2026-05-01T10:00"}`,
		`{app="a", namespace="flux-system", stream="stderr", late="2026-05-01T11:00"}`,
		`{app="a", namespace="flux-system", stream="stderr"}`,
	}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Error(diff)
	}
}

// TestServerThatRefusesEverything wants at most a few entries to be lost when a gateway
// answers 400 to everything for an hour.
func TestServerThatRefusesEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, start := newFake(t), time.Now()
		f.fault = func(int, int) (before, after fault) {
			if time.Since(start) < time.Hour {
				before = fault{status: 400, body: "<html>Bad Request</html>"}
			}
			return before, after
		}
		s, c := newSink(t, loki.Config{}, f)
		stream := appStream("a")
		for i := range 100 {
			_ = s.Send(t.Context(), lines(stream, 5, epoch.Add(time.Duration(i)*5*time.Second)))
		}
		if c.Dropped["other"] != 3 || c.Sent != 497 || c.Retried[sinks.Held] == 0 {
			t.Errorf("%+v", c)
		}
	})
}

// TestStreamsWaitAlone has Loki not take one stream for minutes, in each way that it has. The
// others go on, the one is tried again, and each entry is stored once, nothing dropped but what is
// refused for no known reason, which stands alone.
func TestStreamsWaitAlone(t *testing.T) {
	for name, says := range map[string]fault{
		"rate":        {status: 429, body: "Per stream rate limit exceeded (limit: 3MB/sec)"},
		"streams":     {status: 429, body: "Maximum active stream limit exceeded"},
		"broken":      {status: 500, body: "ingester is shutting down"},
		"unavailable": {status: 503},
		"unknown":     {status: 400, body: "computer says no"},
		"gone":        {status: 404},
		"connection":  {err: errors.New("connection reset by peer")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, start := newFake(t), time.Now()
				s, c := newSink(t, loki.Config{RetryMax: 5 * time.Second}, transportFunc(func(req *http.Request) (*http.Response, error) {
					body, _ := io.ReadAll(req.Body)
					raw, _ := s2.Decode(nil, body)
					if bytes.Contains(raw, []byte(`app="a"`)) && time.Since(start) < 10*time.Minute {
						return says.play(req)
					}
					req.Body = io.NopCloser(bytes.NewReader(body))
					return f.RoundTrip(req)
				}))
				a, b := appStream("a"), appStream("b")
				waiting, err := s.Push(t.Context(), slices.Concat(lines(a, 20, epoch), lines(b, 20, epoch.Add(-2000*time.Second))))
				for i := 1; i < 100; i++ {
					if err != nil && !sinks.IsPermanent(err) || !waiting.Streams[a.Labels] || len(waiting.Streams) != 1 {
						t.Fatalf("after %d: %v %v", i, waiting.Streams, err)
					}
					if c.Sent != 20*i {
						t.Fatalf("%d of %d lines of the other stream were sent", c.Sent, 20*i)
					}
					time.Sleep(time.Second)
					waiting, err = s.Push(t.Context(), lines(b, 20, epoch.Add(time.Duration(20*i-2000)*time.Second)))
				}
				if waiting.Bytes == 0 {
					t.Error("nothing waits")
				}
				time.Sleep(10 * time.Minute)
				if waiting, err = s.Push(t.Context(), nil); err != nil || len(waiting.Streams) != 0 {
					t.Error("at the end:", waiting.Streams, err)
				}
				lost := 0
				if name == "unknown" {
					lost = 3
				}
				if got := len(f.order[a.Labels]); got != 20-lost || c.Dropped["other"] != lost || len(f.order[b.Labels]) != 2000 {
					t.Errorf("stored %d and %d, %+v", got, len(f.order[b.Labels]), c)
				}
				for entry, n := range f.stored {
					if n != 1 {
						t.Errorf("stored %d times: %s", n, entry)
					}
				}
			})
		})
	}
}

// TestNothingWasSent has a push fail before a byte of it can have been read. Loki is not asked what
// it has, and nobody is told that lines may be there twice.
func TestNothingWasSent(t *testing.T) {
	for name, err := range map[string]error{
		"certificate": &tls.CertificateVerificationError{Err: errors.New("signed by unknown authority")},
		"no TLS":      tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
		"scheme":      http.ErrSchemeMismatch,
		"token":       &fs.PathError{Op: "open", Path: "/token", Err: fs.ErrNotExist},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, fails := newFake(t), 0
				s, c := newSink(t, loki.Config{Verify: true}, transportFunc(func(req *http.Request) (*http.Response, error) {
					if fails > 0 && req.Method == http.MethodPost {
						fails--
						return nil, fmt.Errorf("send: %w", err)
					}
					return f.RoundTrip(req)
				}))
				a := appStream("a")
				if err := s.Send(t.Context(), lines(a, 2, epoch.Add(-time.Minute))); err != nil {
					t.Fatal(err)
				}
				asked := f.asked
				fails = 3
				if err := s.Send(t.Context(), lines(a, 2, epoch)); err != nil || f.asked != asked || c.Sent != 4 {
					t.Errorf("%v, asked %d times, sent %d", err, f.asked-asked, c.Sent)
				}
			})
		})
	}
}

// TestSettings wants refusals that a setting causes to wait for the setting.
func TestSettings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.fault = func(n, _ int) (before, after fault) {
			if n < 10 {
				before = fault{status: 400, body: "missing required labels 'team' for user 'fake' for stream '{}' (policy: '')"}
			}
			return before, after
		}
		s, c := newSink(t, loki.Config{}, f)
		if err := s.Send(t.Context(), lines(appStream("a"), 10, epoch)); err != nil || c.Sent != 10 || c.Retried[sinks.Held] != 10 {
			t.Error(err, c)
		}
	})
}

// TestStreamThatIsRefused wants a stream with labels that Loki does not take not to stop the
// others.
func TestStreamThatIsRefused(t *testing.T) {
	f := newFake(t)
	f.fault = func(n, _ int) (before, after fault) {
		if n == 0 {
			before = fault{status: 400, body: "stream '{}' has label value too long: 'x'"}
		}
		return before, after
	}
	s, c := newSink(t, loki.Config{}, f)
	err := s.Send(t.Context(), slices.Concat(lines(appStream("a"), 10, epoch), lines(appStream("b"), 10, epoch)))
	if !sinks.IsPermanent(err) || c.Sent != 10 || c.Dropped["label_value_too_long"] != 10 {
		t.Error(err, c)
	}
}

// TestFaults sends through a network and a server that fail half of the time, in every way,
// before or after they have stored: each entry is there in the end, and once to a server
// that knows an entry again.
func TestFaults(t *testing.T) {
	faults := []fault{
		{status: 429, body: "ingestion rate limit exceeded"}, {status: 500, body: "no quorum"}, {status: 503}, {status: 502}, {status: 404}, {status: 401},
		{status: 260, body: "blocked"}, {status: 413}, {status: 500, body: "larger than max"}, {status: 400, body: "who knows"}, {err: errReset}, {hang: true},
	}
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 0))
			f := newFake(t)
			f.fault = func(_, entries int) (before, after fault) {
				switch rnd.IntN(4) {
				case 0:
					before = faults[rnd.IntN(len(faults))]
				case 1:
					after = faults[rnd.IntN(len(faults))]
				}
				if entries == 1 { // alone it would be given up when it is too large
					return fault{}, fault{}
				}
				return before, after
			}
			s, c := newSink(t, loki.Config{BatchEntries: 50}, f)
			streams, total := []*loki.Stream{appStream("a"), appStream("b")}, 0
			for i := range 20 {
				n := 1 + rnd.IntN(200)
				total += n
				if err := s.Send(t.Context(), lines(streams[i%2], n, epoch.Add(time.Duration(i-20)*5*time.Minute))); err != nil {
					t.Fatal(err)
				}
			}
			if c.Sent != total || len(f.stored) != total || len(c.Dropped) > 0 {
				t.Errorf("seed %d: %d entries, %d stored, %+v", seed, total, len(f.stored), c)
			}
		})
	}
}

// TestLostAnswers loses the answers to requests that were stored. Loki is asked, and no entry is
// sent twice, however many of them it took.
func TestLostAnswers(t *testing.T) {
	lost := []fault{{status: 502}, {status: 500, body: "no quorum"}, {err: errReset}, {hang: true}}
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 0))
			f := newFake(t)
			f.fault = func(int, int) (before, after fault) {
				switch rnd.IntN(4) {
				case 0:
					before = lost[rnd.IntN(len(lost))]
				case 1:
					after = lost[rnd.IntN(len(lost))]
				}
				return before, after
			}
			s, c := newSink(t, loki.Config{BatchEntries: 1500, Verify: true}, f)
			streams, total := []*loki.Stream{appStream("a"), appStream("b")}, 0
			for i := range 10 {
				n := 1 + rnd.IntN(3000)
				total += n
				if err := s.Send(t.Context(), lines(streams[i%2], n, epoch.Add(time.Duration(i-20)*time.Hour))); err != nil {
					t.Fatal(err)
				}
			}
			for key, n := range f.stored {
				if n != 1 {
					t.Fatalf("seed %d: stored %d times: %s", seed, n, key)
				}
			}
			if c.Sent != total || len(f.stored) != total || len(c.Dropped) > 0 {
				t.Errorf("seed %d: %d entries, %d stored, %+v", seed, total, len(f.stored), c)
			}
		})
	}
}

// resume has a process send the first of some entries, and gives the entries to the next, as if it
// had not come to save that.
func resume(t *testing.T, f *fakeLoki, cfg loki.Config, entries, sent int) []loki.Entry {
	t.Helper()
	before, _ := newSink(t, cfg, f)
	all := lines(appStream("a"), entries, epoch)
	if err := before.Send(t.Context(), all[:sent]); err != nil {
		t.Fatal(err)
	}
	f.requests = nil
	again := appStream("a")
	for i := range all {
		all[i].Stream = again
	}
	return all
}

// TestResumed sends again what a process before sent and did not save, over several requests.
func TestResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		all := resume(t, f, loki.Config{BatchEntries: 20}, 100, 50)
		s, c := newSink(t, loki.Config{BatchEntries: 20, Verify: true}, f)
		if err := s.Send(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		sent := 0
		for _, r := range f.requests {
			sent += len(r.Streams[0].Entries)
		}
		if sent != 50 || c.Sent != 100 || len(f.stored) != 100 || f.asked != 5 {
			t.Errorf("sent %d of 50, counted %d of 100, %d stored; asked %d times", sent, c.Sent, len(f.stored), f.asked)
		}
	})
}

// TestResumedWhileLokiIsDown wants the doubt to outlast the time in which nobody answers.
func TestResumedWhileLokiIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		all := resume(t, f, loki.Config{}, 10, 10)
		f.down = 5
		s, c := newSink(t, loki.Config{Verify: true}, f)
		if err := s.Send(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		if c.Sent != 10 || len(f.requests) != 0 || f.asked != 1 {
			t.Errorf("counted %d of 10, sent %d requests, asked %d times", c.Sent, len(f.requests), f.asked)
		}
	})
}

// TestNobodyToAsk sends again what it cannot ask for, and does not ask for ever where it may not.
func TestNobodyToAsk(t *testing.T) {
	for status, asked := range map[int]int{403: 1, 404: 1, 405: 1, 400: 4, 401: 32, 204: 4, 500: 32} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.closed = status
			f.fault = func(n, _ int) (before, after fault) {
				if n < 3 {
					after = fault{status: 502}
				}
				return before, after
			}
			s, c := newSink(t, loki.Config{Verify: true, RetryMax: 2 * time.Second}, f)
			if err := s.Send(t.Context(), lines(appStream("a"), 10, epoch)); err != nil {
				t.Fatal(err)
			}
			if c.Sent != 10 || len(f.stored) != 10 || len(f.requests) != 4 || f.asked != asked {
				t.Errorf("%d: sent %d, %d requests, asked %d times, want %d", status, c.Sent, len(f.requests), f.asked, asked)
			}
		})
	}
}

// TestAskingEnds has Loki take lines and answer no query: the doubt about the first request does
// not follow all others.
func TestAskingEnds(t *testing.T) {
	for status, asked := range map[int]int{204: 1, 400: 1, 500: 8} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.closed = status
			s, c := newSink(t, loki.Config{Verify: true, BatchEntries: 1}, f)
			stream := appStream("a")
			for i := range 30 {
				if err := s.Send(t.Context(), lines(stream, 1, epoch.Add(time.Duration(i)*time.Second))); err != nil {
					t.Fatal(err)
				}
			}
			if c.Sent != 30 || len(f.requests) != 30 || f.asked != asked {
				t.Errorf("%d: sent %d in %d requests, asked %d times", status, c.Sent, len(f.requests), f.asked)
			}
		})
	}
}

// TestAnswersLate has Loki fail to answer a few queries, and then tell that it has everything:
// nothing is sent twice.
func TestAnswersLate(t *testing.T) {
	for _, closed := range []int{0, 429, 500, 503} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			all := resume(t, f, loki.Config{}, 10, 10)
			f.mute, f.closed, f.wakes = closed == 0, closed, 4
			s, c := newSink(t, loki.Config{Verify: true}, f)
			if err := s.Send(t.Context(), all); err != nil {
				t.Fatal(err)
			}
			if c.Sent != 10 || len(f.requests) != 0 || f.asked != 5 {
				t.Errorf("%d: counted %d of 10, sent %d requests, asked %d times", closed, c.Sent, len(f.requests), f.asked)
			}
		})
	}
}

// TestDownInAllParts has Loki take nothing and answer nothing for longer than anybody asks, after it
// stored lines whose answer got lost. When it is back it is asked, and gets nothing twice.
func TestDownInAllParts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.fault = func(n, _ int) (before, after fault) {
			switch {
			case n == 0:
				after = fault{status: 502}
			case n < 4:
				before = fault{status: 503}
			}
			return before, after
		}
		f.closed, f.wakes = 503, 3*8+4
		s, c := newSink(t, loki.Config{Verify: true}, f)
		stream := appStream("a")
		if err := s.Send(t.Context(), lines(stream, 10, epoch)); err != nil {
			t.Fatal(err)
		}
		if stored := slices.Max(slices.Collect(maps.Values(f.stored))); c.Sent != 10 || stored != 1 {
			t.Errorf("counted %d of 10, stored up to %d times, in %d requests", c.Sent, stored, len(f.requests))
		}
	})
}

// TestStoresLate has Loki store a request when its sender is gone already: until then the answer is
// that it has nothing.
func TestStoresLate(t *testing.T) {
	for _, c := range []struct {
		restarts bool
		takes    time.Duration // until the connection breaks
		late     time.Duration
	}{{late: 800 * time.Millisecond}, {restarts: true, late: 200 * time.Millisecond}, {takes: 20 * time.Second, late: 19 * time.Second}} {
		restarts := c.restarts
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.late = c.late
			f.fault = func(n, _ int) (before, after fault) {
				if n == 0 {
					time.Sleep(c.takes)
					before = fault{err: errReset}
				}
				return before, after
			}
			s, c := newSink(t, loki.Config{Verify: true, RetryMin: time.Millisecond}, f)
			batch := lines(appStream("a"), 10, epoch)
			if restarts {
				if _, err := s.Push(t.Context(), batch); err != nil {
					t.Fatal(err)
				}
				s, c = newSink(t, loki.Config{Verify: true}, f)
				batch = lines(appStream("a"), 10, epoch)
			}
			if err := s.Send(t.Context(), batch); err != nil {
				t.Fatal(err)
			}
			if c.Sent != 10 || len(f.requests) != 1 {
				t.Errorf("another process %v: counted %d of 10, sent %d requests", restarts, c.Sent, len(f.requests))
			}
		})
	}
}

// TestAsksAboutTimesFarApart has one clock that is years ahead: Loki answers no query of more than a
// month.
func TestAsksAboutTimesFarApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		all := resume(t, f, loki.Config{}, 10, 10)
		all = append(all, all[9])
		all[10].Time += int64(10 * 365 * 24 * time.Hour)
		s, c := newSink(t, loki.Config{Verify: true}, f)
		if err := s.Send(t.Context(), all); !sinks.IsPermanent(err) {
			t.Fatal(err)
		}
		if c.Sent != 10 || len(f.requests) != 1 || len(f.requests[0].Streams[0].Entries) != 1 {
			t.Errorf("counted %d of 10, sent %d requests again", c.Sent, len(f.requests))
		}
	})
}

// TestAsksAmongMany asks about a few lines of a stream that has many of other pods between them.
func TestAsksAmongMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		others, few := lines(appStream("a"), 12_000, epoch), lines(appStream("a"), 12, epoch)
		for i := range others {
			others[i].Time = epoch.Add(time.Duration(i) * time.Millisecond).UnixNano()
		}
		for i := range few {
			few[i].Time = others[1000*i].Time + 1
		}
		before, _ := newSink(t, loki.Config{}, f)
		if err := before.Send(t.Context(), slices.Concat(others, few)); err != nil {
			t.Fatal(err)
		}
		f.requests = nil
		again := appStream("a")
		for i := range few {
			few[i].Stream = again
		}
		s, c := newSink(t, loki.Config{Verify: true}, f)
		if err := s.Send(t.Context(), few); err != nil {
			t.Fatal(err)
		}
		if c.Sent != 12 || len(f.requests) != 0 {
			t.Errorf("counted %d of 12, sent %d requests again, asked %d times", c.Sent, len(f.requests), f.asked)
		}
	})
}

// TestSlowToAnswer has Loki take lines and answer no query in time, as one that is short of CPU
// does. Six streams whose beginning is in doubt do not wait one after the other.
func TestSlowToAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.mute = true
		s, c := newSink(t, loki.Config{Verify: true, BatchEntries: 1}, f)
		var batch []loki.Entry
		for i := range 6 {
			batch = append(batch, lines(appStream(fmt.Sprint("app-", i)), 10, epoch)...)
		}
		begun := time.Now()
		if err := s.Send(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); c.Sent != 60 || took > 45*time.Second {
			t.Errorf("sent %d after %s, asked %d times", c.Sent, took, f.asked)
		}
		f.mute = false
		asked := f.asked
		time.Sleep(2 * time.Minute)
		if err := s.Send(t.Context(), lines(appStream("new"), 10, epoch)); err != nil || f.asked != asked+10 {
			t.Errorf("%v: asked %d times more; Loki answers again", err, f.asked-asked)
		}
	})
}

// TestRate wants a stream never to be sent more than its rate and burst allow.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, start, sent, most := newFake(t), time.Now(), 0, 0.0
		f.fault = func(int, int) (before, after fault) {
			n := len(f.requests)
			if n > 0 {
				for _, e := range f.requests[n-1].Streams[0].Entries {
					sent += len(e.Line)
				}
			}
			most = max(most, float64(sent)-time.Since(start).Seconds()*100_000)
			return before, after
		}
		s, _ := newSink(t, loki.Config{StreamRate: 100_000, StreamBurst: 50_000, BatchBytes: 20_000}, f)
		batch := lines(appStream("a"), 2000, epoch)
		for i := range batch {
			batch[i].Line = append(batch[i].Line, bytes.Repeat([]byte("x"), 450)...)
		}
		if err := s.Send(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 9*time.Second || took > 11*time.Second || most > 50_000 {
			t.Errorf("1 MB at 100 kB/s took %s, at most %v bytes ahead", took, most)
		}
	})
}

func TestLongLineIsCut(t *testing.T) {
	f := newFake(t)
	s, c := newSink(t, loki.Config{MaxLine: 1024}, f)
	batch := lines(appStream("a"), 2, epoch)
	batch[0].Line = []byte(strings.Repeat("äö", 500))
	if err := s.Send(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	got := f.requests[0].Streams[0].Entries[0].Line
	if len(got) > 1024 || len(got) < 1020 || !strings.HasPrefix(got, "äöä") || !strings.Contains(got, " [cut: 2000 bytes in all, sha256 ") || c.Cut != 976 {
		t.Errorf("%d bytes: %s, %d cut", len(got), got, c.Cut)
	}
	if strings.ToValidUTF8(got, "?") != got {
		t.Error("a character was cut in two")
	}
	const before = "…[cut 976 bytes sha256:bd99e1d3]"
	batch[0].Line, f.requests = []byte(strings.Repeat("x", 2000)+before), nil
	if err := s.Send(t.Context(), batch[:1]); err != nil {
		t.Fatal(err)
	}
	if got := f.requests[0].Streams[0].Entries[0].Line; len(got) > 1024 || !strings.HasSuffix(got, before) {
		t.Errorf("%d bytes; the note of who cut the line before is gone: %s", len(got), got)
	}
}

func TestStamp(t *testing.T) {
	var s loki.Stream
	f := func(at, want time.Duration) {
		t.Helper()
		if got := time.Duration(s.Stamp(int64(at)+epoch.UnixNano()) - epoch.UnixNano()); got != want {
			t.Errorf("%s: got %s, want %s", at, got, want)
		}
	}
	f(0, 0)
	f(0, 1)
	f(0, 2)
	f(time.Millisecond, time.Millisecond)
	f(-time.Second, time.Millisecond+1)       // a step of NTP
	f(time.Hour, time.Hour)                   // a clock that is wrong
	f(2*time.Millisecond, 2*time.Millisecond) // is right again
	f(-59*time.Second, 2*time.Millisecond+1)
	f(-2*time.Minute, -2*time.Minute) // far enough
}

// TestStampAgain wants lines that are read again from a saved mark to get the same times.
func TestStampAgain(t *testing.T) {
	times := []int64{5, 5, 5, 6, 3, 9, 9}
	var all []int64
	s := loki.Stream{}
	saved := s
	for i, at := range times {
		if i == 3 {
			saved = s
		}
		all = append(all, s.Stamp(at))
	}
	for i, at := range times[3:] {
		if got := saved.Stamp(at); got != all[3+i] {
			t.Errorf("line %d: %d, was %d", 3+i, got, all[3+i])
		}
	}
}

func TestLabels(t *testing.T) {
	f := func(labels []loki.Label, want, wantErr string) {
		t.Helper()
		got, err := loki.Labels(labels)
		if err == nil && got != want || err != nil && err.Error() != wantErr || err == nil && wantErr != "" {
			t.Errorf("got %s %v, want %s %s", got, err, want, wantErr)
		}
	}
	f([]loki.Label{{"b", `x"y`}, {"a", "1"}, {"c", ""}}, `{a="1", b="x\"y"}`, "")
	f(nil, "", "0 labels: want 1 to 14")
	f([]loki.Label{{"a", "1"}, {"a", "2"}, {"level", "x"}, {"0", "x"}, {"__x", "x"}, {"b", "\xff"}, {"c", strings.Repeat("x", 2049)}}, "", `label "0": want letters, digits and _, and neither a digit nor __ first
label "__x": want letters, digits and _, and neither a digit nor __ first
label a: is there twice
label b: is no UTF-8
label c: is longer than Loki takes
label level: is taken: Flux's lines have a key of that name, or we use it`)
}

func TestValidate(t *testing.T) {
	_, err := loki.New(loki.Config{URL: "loki:3100", Tenant: "a/b", BatchBytes: -1, MaxLine: 10, RetryMin: time.Hour, HTTP: sinks.HTTP{Timeout: -1}}, nil, nil, loki.Counters{})
	want := `url: want http://host or https://host
tenant: Loki takes no slash, line break or mere dots
batch_bytes: is negative; leave it out for the default
max_line: want 1024 or more
retry_min: is more than retry_max
http: timeout: is negative; leave it out for the default`
	if diff := cmp.Diff(want, fmt.Sprint(err)); diff != "" {
		t.Error(diff)
	}
}

// slow answers before it has read: the rest of a request is read during the next.
type slow struct {
	t    *testing.T
	held io.ReadCloser
	want []byte
}

func (s *slow) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.held != nil {
		if got, _ := io.ReadAll(s.held); !bytes.Equal(got, s.want) {
			s.t.Error("a request was changed while the transport read it")
		}
		s.held.Close()
	}
	s.held = req.Body
	again, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	defer again.Close()
	s.want, err = io.ReadAll(again)
	return answer(204, ""), err
}

// TestBodyBelongsToTheTransport wants a request to stay as it is until the transport closes
// it, which may be after the answer.
func TestBodyBelongsToTheTransport(t *testing.T) {
	s, _ := newSink(t, loki.Config{}, &slow{t: t})
	stream := appStream("a")
	for i := range 5 {
		if err := s.Send(t.Context(), lines(stream, 20, epoch.Add(time.Duration(i)*time.Minute))); err != nil {
			t.Fatal(err)
		}
	}
}

// discard takes requests and does nothing else.
type discard struct{}

func (discard) RoundTrip(req *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, req.Body)
	req.Body.Close()
	return &http.Response{StatusCode: 204, Header: http.Header{}, Body: http.NoBody}, nil
}

// BenchmarkSend measures all that is done for an entry but the network. An operation is an
// entry of 430 bytes with eight names of metadata; batches have a thousand.
func BenchmarkSend(b *testing.B) {
	s, _ := newSink(b, loki.Config{StreamRate: -1}, discard{})
	batch := lines(appStream("a"), 1000, epoch)
	meta := []loki.Meta{
		{Name: "pod", Value: "kustomize-controller-6d4cf56db6-x2x20"}, {Name: "node", Value: "node-1"}, {Name: "container", Value: "manager"},
		{Name: "object_kind", Value: "Kustomization"}, {Name: "object_namespace", Value: "flux-system"}, {Name: "object_name", Value: "flux-system"},
		{Name: "revision", Value: "main@sha1:dc74456474966c5bc8d450eb3d7f381965b416bc"}, {Name: "reconcile_id", Value: "c0f7d51b-5ba2-4e4c-8d46-450e95c8343c"},
	}
	size := 0
	for i := range batch {
		batch[i].Line = fmt.Appendf(nil, `{"level":"info","ts":"2023-12-27T20:51:35.%03dZ","msg":"Reconciliation finished in 1.578240643s, next run in 10m0s","controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"flux-system","namespace":"flux-system"},"namespace":"flux-system","name":"flux-system","reconcileID":"%016x-4e4c-8d46-450e95c8343c","revision":"main@sha1:dc744564749"}`, i, i*7919)
		batch[i].Meta = meta
		size += len(batch[i].Line)
	}
	b.SetBytes(int64(size / len(batch)))
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += len(batch) {
		if err := s.Send(b.Context(), batch[:min(len(batch), b.N-n)]); err != nil {
			b.Fatal(err)
		}
	}
}

// TestEmptyAnswers has servers answer 200 without a text: one that is no Loki at all holds the
// lines back, one that stores them, and one that nobody may ask, are believed.
func TestEmptyAnswers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stores bool
		closed int // answer to queries
		wrong  int // so many pushes are answered by something that is no Loki
	}{
		"a receiver that stores":      {true, 0, 0},
		"a receiver without queries":  {true, http.StatusNotFound, 0},
		"a web server, then the Loki": {false, 0, 5},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.closed = c.closed
			f.fault = func(n, _ int) (before, after fault) {
				switch {
				case n < c.wrong:
					return fault{status: http.StatusOK}, fault{}
				case c.stores:
					return fault{}, fault{status: http.StatusOK}
				}
				return fault{}, fault{}
			}
			s, told := newSink(t, loki.Config{Verify: true}, f)
			stream := appStream("a")
			for i := range 3 {
				if err := s.Send(t.Context(), lines(stream, 10, epoch.Add(time.Duration(i)*time.Minute))); err != nil {
					t.Fatal(name, err)
				}
			}
			for entry, n := range f.stored {
				if n != 1 {
					t.Errorf("%s: %d times: %s", name, n, entry)
				}
			}
			if len(f.stored) != 30 || told.Sent != 30 || told.Retried[sinks.Held] != c.wrong {
				t.Errorf("%s: %d stored, %+v", name, len(f.stored), told)
			}
			if c.stores && f.asked > 2 { // about the first entries of the stream, and once about the answer
				t.Errorf("%s: asked %d times", name, f.asked)
			}
		})
	}
}

// TestEmptyPages has a web server answer everything with 200 and nothing.
func TestEmptyPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, told := newSink(t, loki.Config{Verify: true}, transportFunc(func(*http.Request) (*http.Response, error) { return answer(200, ""), nil }))
		waiting, err := s.Push(t.Context(), lines(appStream("a"), 10, epoch))
		if err != nil || told.Sent != 0 || !waiting.Streams[appStream("a").Labels] {
			t.Error(err, waiting, told)
		}
	})
}
