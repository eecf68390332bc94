package replay

import (
	"errors"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

func TestInstant(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 3, 2, 10, 30, 0, 0, time.UTC)
	at := func(day, hour, minute int) int64 {
		return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC).UnixNano()
	}
	for name, c := range map[string]struct {
		in   Instant
		want int64
	}{
		"none":                {Instant{}, 0},
		"a time":              {Instant{At: 5}, 5},
		"a span":              {Instant{Before: time.Hour}, at(2, 9, 30)},
		"today":               {Instant{Clock: true, OfDay: 10*time.Hour + 20*time.Minute}, at(2, 10, 20)},
		"yesterday":           {Instant{Clock: true, OfDay: 23 * time.Hour}, at(1, 23, 0)},
		"midnight, the last":  {Instant{Clock: true}, at(2, 0, 0)},
		"the end of the log":  {Instant{Clock: true, OfDay: 10*time.Hour + 30*time.Minute}, at(2, 10, 30)},
		"more than all of it": {Instant{Before: 48 * time.Hour}, at(0, 10, 30)},
	} {
		if got := c.in.absolute(end.UnixNano()); got.At != c.want || got.relative() {
			t.Errorf("%s: %v, want %v", name, time.Unix(0, got.At).UTC(), time.Unix(0, c.want).UTC())
		}
	}
}

func TestCheckWindow(t *testing.T) {
	t.Parallel()
	stats := []fileStats{{}, {first: 100, last: 200}, {first: 50, last: 150}}
	for name, c := range map[string]struct {
		since, until int64
		want         string
	}{
		"all":             {0, 0, ""},
		"a part":          {60, 190, ""},
		"the last record": {200, 0, ""},
		"after the end":   {201, 0, "after the end of the log"},
		"before it began": {0, 49, "before the beginning of the log"},
		"turned around":   {120, 110, "--since is later than --until"},
	} {
		err := checkWindow(Filter{Since: Instant{At: c.since}, Until: Instant{At: c.until}}, stats)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := checkWindow(Filter{Since: Instant{At: 500}}, nil); err != nil {
		t.Error("a log without a record has no end:", err)
	}
}

// TestRunRefuses holds that what leaves nothing to report is an error of its own kind.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	const demo = "../fixtures/demo/pods"
	for name, opt := range map[string]Options{
		"no such path":      {Paths: []string{"no/such"}},
		"a window too late": {Paths: []string{demo}, Filter: Filter{Since: Instant{At: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()}}},
		"no such object":    {Paths: []string{demo}, Filter: Filter{Names: Patterns{"nobody"}}},
	} {
		err := Run(t.Context(), opt, func(*api.Report) error { t.Error(name, "has a report"); return nil })
		if bad := (*PathError)(nil); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRunGivesTheCallersError holds that the error of the report's user comes back.
func TestRunGivesTheCallersError(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	err := Run(t.Context(), Options{Paths: []string{"../fixtures/demo/pods"}}, func(*api.Report) error { return mine })
	if !errors.Is(err, mine) {
		t.Error(err)
	}
}

// TestRunTellsProgress holds that all bytes are told, and the end.
func TestRunTellsProgress(t *testing.T) {
	t.Parallel()
	var total, ended int64
	read := make(chan int64, 1<<16)
	opt := Options{Paths: []string{"../fixtures/demo/pods"}, Progress: func(n int64) (func(int64), func()) {
		total = n
		return func(n int64) { read <- n }, func() { ended++ }
	}}
	if err := Run(t.Context(), opt, func(*api.Report) error { return nil }); err != nil {
		t.Fatal(err)
	}
	close(read)
	var sum int64
	for n := range read {
		sum += n
	}
	if total == 0 || sum == 0 || ended != 1 {
		t.Error(total, sum, ended)
	}
}
