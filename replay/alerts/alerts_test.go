package alerts

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/parse"
)

// impatient is a context that is done when it was asked so often.
type impatient struct {
	context.Context
	left *int
}

func (c impatient) Err() error {
	if *c.left--; *c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestLongDowntime has alerts say after a downtime what they say of one without its middle, and
// looks at the rules no more often than for some hours where there are a hundred years.
func TestLongDowntime(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		gap   time.Duration
		blind bool // nothing is left out
	}{
		{"whole", 12 * time.Hour, true},
		{"without its middle", 12 * time.Hour, false},
		{"endless", 100 * 365 * 24 * time.Hour, false},
	} {
		t.Run(test.name, func(t *testing.T) { testLongDowntime(t, test.gap, test.blind) })
	}
}

func testLongDowntime(t *testing.T, gap time.Duration, blind bool) {
	r := recorderOf(t, `
      - {record: "counted", expr: "count_over_time(up[1h])"}
      - {alert: Down, expr: "up == 0", for: 10m}
      - {alert: Counted, expr: "sum_over_time(counted[20m]) > 100", for: 5m, keep_firing_for: 3m}
      - {alert: Gone, expr: "absent_over_time(gone[30m])"}
      - {alert: Up, expr: "up == 1"}
`)
	if blind {
		r.settled = maxSettled
	}
	want := []string{"Down 0s 10m0s true", "Gone 0s 0s true", "Counted 10m0s 15m0s true"}
	if diff := cmp.Diff(want, afterDowntime(t, r, gap)); diff != "" {
		t.Error(diff)
	}
}

// TestDowntimeOfDays has an alert at the same hour of each day of a downtime.
func TestDowntimeOfDays(t *testing.T) {
	t.Parallel()
	r := recorderOf(t, `
      - {alert: Early, expr: "up == 0 and on () hour() == 4"}
`)
	want := []string{"Early 4h0m0s 4h0m0s false", "Early 28h0m0s 28h0m0s false", "Early 52h0m0s 52h0m0s false"}
	if diff := cmp.Diff(want, afterDowntime(t, r, 60*time.Hour)); diff != "" {
		t.Error(diff)
	}
}

// recorderOf holds a group of these rules against what is replayed.
func recorderOf(t *testing.T, rules string) *Recorder {
	t.Helper()
	set, err := readSet("rules.yaml", []byte("groups:\n  - name: g\n    rules:"+rules))
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{Rules: set, Blocks: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// afterDowntime are the alerts behind two lines that are so far apart, with the times since the
// first one at which they began and fired, and whether they still do.
func afterDowntime(t *testing.T, r *Recorder, gap time.Duration) (got []string) {
	t.Helper()
	left, begin := 20_000, time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	ctx, again := impatient{context.Background(), &left}, begin.Add(gap).UnixNano()
	r.Due(ctx, begin.UnixNano())
	r.Line(&parse.Record{Time: begin.UnixNano()})
	r.Due(ctx, again)
	r.evaluate(ctx, r.scraped, r.scraped/1e6+1)
	if r.err != nil || r.scraped != again {
		t.Fatalf("%v, the last scrape was at %v", r.err, time.Unix(0, r.scraped).UTC())
	}
	for _, l := range r.sets[0].alerts() {
		got = append(got, fmt.Sprint(l.rule, " ", l.active.Sub(begin), " ", l.fired.Sub(begin), " ", l.resolved.IsZero()))
	}
	return got
}
