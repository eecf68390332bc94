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
	set, err := readSet("rules.yaml", []byte(`
groups:
  - name: g
    rules:
      - {record: "counted", expr: "count_over_time(up[1h])"}
      - {alert: Down, expr: "up == 0", for: 10m}
      - {alert: Counted, expr: "sum_over_time(counted[20m]) > 100", for: 5m, keep_firing_for: 3m}
      - {alert: Gone, expr: "absent_over_time(gone[30m])"}
      - {alert: Up, expr: "up == 1"}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(Options{Rules: set, Blocks: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if blind {
		r.settled = maxSettled
	}
	left, begin := 20_000, time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	ctx, again := impatient{context.Background(), &left}, begin.Add(gap).UnixNano()
	r.Due(ctx, begin.UnixNano())
	r.Line(&parse.Record{Time: begin.UnixNano()})
	r.Due(ctx, again)
	r.evaluate(ctx, r.scraped, r.scraped/1e6+1)
	if r.err != nil || r.scraped != again {
		t.Fatalf("%v, the last scrape was at %v", r.err, time.Unix(0, r.scraped).UTC())
	}
	var got []string
	for _, l := range r.sets[0].alerts() {
		got = append(got, fmt.Sprint(l.rule, " ", l.active.Sub(begin), " ", l.fired.Sub(begin), " ", l.resolved.IsZero()))
	}
	want := []string{"Down 0s 10m0s true", "Gone 0s 0s true", "Counted 10m0s 15m0s true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
