package agent

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/derive/rules"
	"fluxtrail/sinks/alertmanager"
)

// told is a sink that notes what it gets.
type told struct {
	got  []string
	fail bool
}

func (s *told) Send(_ context.Context, batch []alertmanager.Alert) error {
	if s.fail {
		return errors.New("away")
	}
	var names []string
	for _, a := range batch {
		names = append(names, fmt.Sprintf("%s until %s", a.Labels["name"], a.EndsAt.Format("15:04:05")))
	}
	s.got = append(s.got, strings.Join(names, ", "))
	return nil
}

func lively(name string, since, fires, ended time.Time) rules.Live {
	return rules.Live{Labels: map[string]string{"alertname": "A", "name": name}, Since: since, Fires: fires, Ended: ended}
}

func TestNotifier(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return start.Add(time.Duration(s) * time.Second) }
	never := time.Time{}
	sink, st, failures := &told{}, &status{}, 0
	newOne := func() *notifier {
		return &notifier{
			sink: sink, list: st.episodes.Load, resend: time.Minute, log: slog.New(slog.DiscardHandler), tried: counting(&failures),
			ruler:  func(context.Context, string) (string, error) { return "", nil },
			firing: map[string]rules.Live{}, gone: map[string]rules.Live{},
		}
	}
	n := newOne()
	for _, step := range []struct {
		at, state int // seconds after the start, of the round and of the state
		list      []rules.Live
		fail      bool
		restart   bool
		want      string
	}{
		{at: 0, state: -600, list: []rules.Live{lively("history", at(-900), at(-800), never)}, want: ""},
		{at: 1, state: 0, list: []rules.Live{lively("a", at(-9), at(10), never)}, want: ""},
		{at: 10, state: 9, list: []rules.Live{lively("a", at(-9), at(10), never)}, want: "a until 12:04:10"},
		{at: 20, state: 19, list: []rules.Live{lively("a", at(-9), at(10), never)}, want: ""},
		{at: 70, state: 69, list: []rules.Live{lively("a", at(-9), at(10), never)}, want: "a until 12:05:10"},
		// One begins: all is sent at once. Alertmanager is away: tried again after a while.
		{at: 80, state: 79, list: []rules.Live{lively("a", at(-9), at(10), never), lively("b", at(70), at(75), never)}, fail: true, want: ""},
		{at: 82, state: 79, list: []rules.Live{lively("a", at(-9), at(10), never), lively("b", at(70), at(75), never)}, want: ""},
		{at: 86, state: 79, list: []rules.Live{lively("a", at(-9), at(10), never), lively("b", at(70), at(75), never)}, want: "a until 12:05:26, b until 12:05:26"},
		// A restart knows nothing and says the same.
		{at: 90, state: 89, restart: true, list: []rules.Live{lively("a", at(-9), at(10), never), lively("b", at(70), at(75), never)}, want: "a until 12:05:30, b until 12:05:30"},
		// One ends with its time, the other without one; both are told for a while.
		{at: 100, state: 99, list: []rules.Live{lively("a", at(-9), at(10), at(95))}, want: "a until 12:01:35, b until 12:01:40"},
		{at: 160, state: 159, list: []rules.Live{lively("a", at(-9), at(10), at(95))}, want: "a until 12:01:35, b until 12:01:40"},
		// What ended before it fired is nobody's business.
		{at: 1100, state: 1099, list: []rules.Live{lively("c", at(1000), at(1090), at(1050))}, want: ""},
		// A restart in between: the end is told although nobody remembers the beginning.
		{at: 1110, state: 1109, restart: true, list: []rules.Live{lively("a", at(900), at(1000), at(1105))}, want: "a until 12:18:25"},
	} {
		if step.restart {
			n = newOne()
		}
		sink.fail, sink.got = step.fail, nil
		st.episodes.Store(&episodes{at: at(step.state), list: step.list})
		n.round(t.Context(), at(step.at))
		if got := strings.Join(sink.got, "; "); got != step.want {
			t.Errorf("second %d: sent %q, want %q", step.at, got, step.want)
		}
	}
	if failures != 1 || !slices.Equal(sink.got, []string{"a until 12:18:25"}) {
		t.Error(failures, sink.got)
	}
}

// While there is nothing to send, it is looked whether anybody would take it.
func TestNotifierLooksForAlertmanager(t *testing.T) {
	t.Parallel()
	start, st := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), &status{}
	st.episodes.Store(&episodes{at: start})
	a := &assembly{status: st, now: func() time.Time { return start }}
	var log strings.Builder
	asked, away := 0, true
	n := &notifier{
		list: st.episodes.Load, log: slog.New(slog.NewTextHandler(&log, nil)), answers: a.answers("alertmanager"), gone: map[string]rules.Live{},
		reach: func(context.Context) error {
			if asked++; away {
				return errors.New("connection refused")
			}
			return nil
		},
	}
	n.round(t.Context(), start)
	n.round(t.Context(), start.Add(time.Minute))
	if got := st.Sinks(); asked != 1 || len(got) != 1 || got[0].Error != "connection refused" || got[0].FailedAt.IsZero() {
		t.Errorf("asked %d times: %+v", asked, got)
	}
	away = false
	n.round(t.Context(), start.Add(6*time.Minute))
	if got := st.Sinks(); asked != 2 || got[0].Error != "" || strings.Count(log.String(), "level=") != 2 {
		t.Errorf("asked %d times: %+v\n%s", asked, got, log.String())
	}
}

// A ruler that tells of the same is said once.
func TestNotifierSaysThatARulerDoesTheSame(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	asked := 0
	n := &notifier{warn: func(string) {}, log: slog.New(slog.NewTextHandler(&log, nil)), ruler: func(context.Context, string) (string, error) {
		asked++
		return []string{"", "", "http://prometheus:9090"}[min(asked-1, 2)], []error{nil, errors.New("away"), nil}[min(asked-1, 2)]
	}}
	for range 5 {
		n.lookForRuler(t.Context(), "A")
	}
	if asked != 3 || strings.Count(log.String(), "ruler=http://prometheus:9090") != 1 {
		t.Errorf("asked %d times: %s", asked, log.String())
	}
}

// TestOneOfTwoAlertmanagers has one of two instances not answer: the log says so once, and when it
// is the only one the notifier does.
func TestOneOfTwoAlertmanagers(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("[]")) }))
	defer server.Close()
	for urls, want := range map[string]string{
		"http://127.0.0.1:1 " + server.URL: "an instance of Alertmanager does not take alerts",
		"http://127.0.0.1:1":               "Alertmanager does not answer",
		server.URL:                         "",
	} {
		own := &bytes.Buffer{}
		opt := testOptions(t.TempDir())
		opt.Once, opt.Log, opt.Alertmanager.URLs = false, slog.New(slog.NewTextHandler(own, nil)), strings.Fields(urls)
		a := newAssembly(opt, nil, nil, time.Now)
		n, err := a.newNotifier(func() *episodes { return &episodes{at: time.Now()} })
		if err != nil {
			t.Fatal(err)
		}
		n.round(t.Context(), time.Now())
		n.round(t.Context(), time.Now().Add(reachEvery))
		if lines := strings.Count(own.String(), "\n"); !strings.Contains(own.String(), want) || lines != min(len(want), 1) {
			t.Errorf("%s: %s", urls, own)
		}
	}
}
