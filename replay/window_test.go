package replay

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

func TestInstantAbsolute(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skip("no time zones here")
	}
	end := time.Date(2026, 3, 29, 10, 30, 0, 0, time.UTC) // the day on which clocks in Berlin go forward
	clock := func(text string, zone *time.Location) time.Time {
		at, err := time.ParseInLocation(time.TimeOnly, text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		name string
		at   Instant
		want time.Time
	}{
		{"a time", Instant{At: end.UnixNano() - 5}, end.Add(-5)},
		{"a span", Instant{Before: 48 * time.Hour}, end.Add(-48 * time.Hour)},
		{"earlier that day", Instant{Clock: clock("10:20:00", time.UTC)}, end.Add(-10 * time.Minute)},
		{"the end", Instant{Clock: clock("10:30:00", time.UTC)}, end},
		{"later: the day before", Instant{Clock: clock("10:31:00", time.UTC)}, end.Add(time.Minute - 24*time.Hour)},
		{"midnight", Instant{Clock: clock("00:00:00", time.UTC)}, end.Truncate(24 * time.Hour)},
		{"in a zone", Instant{Clock: clock("12:20:00", berlin)}, end.Add(-10 * time.Minute)},
		{"in a zone, before clocks changed", Instant{Clock: clock("13:00:00", berlin)}, end.Add(-22*time.Hour - 30*time.Minute)},
	} {
		if got := time.Unix(0, c.at.absolute(end.UnixNano()).At).UTC(); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
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
		err := Run(t.Context(), opt, func(context.Context, *api.Report) error { t.Error(name, "has a report"); return nil })
		if bad := (*PathError)(nil); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRunGivesTheCallersError holds that the error of the report's user comes back.
func TestRunGivesTheCallersError(t *testing.T) {
	t.Parallel()
	mine := errors.New("mine")
	err := Run(t.Context(), Options{Paths: []string{"../fixtures/demo/pods"}}, func(context.Context, *api.Report) error { return mine })
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
	if err := Run(t.Context(), opt, func(context.Context, *api.Report) error { return nil }); err != nil {
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
