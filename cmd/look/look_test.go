package look

import (
	"testing"
	"time"

	"fluxtrail/cmd/cli"
	"fluxtrail/replay"
)

func TestInstant(t *testing.T) {
	t.Parallel()
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	at := func(hour, minute int) int64 { return time.Date(2026, 11, 20, hour, minute, 0, 0, time.UTC).UnixNano() }
	for s, want := range map[string]int64{
		"2026-11-20T10:20:00Z":      at(10, 20),
		"2026-11-20T10:20:00+02:00": at(8, 20),
		"2026-11-20T10:20":          at(4, 50),
		"2026-11-20 10:20:00":       at(4, 50),
		"2026-11-20":                at(0, 0) - int64(5*time.Hour+30*time.Minute),
		"1795169400":                at(10, 10),
	} {
		var bad cli.Problems
		if got := Instant("since", s, kolkata, &bad); got.At != want || len(bad) > 0 {
			t.Errorf("%s: %v, want %v, %v", s, got, time.Unix(0, want), bad)
		}
	}
	var bad cli.Problems
	if got := Instant("since", "10:20", kolkata, &bad); got.Clock.Hour() != 10 || got.Clock.Location() != kolkata {
		t.Errorf("10:20: %v", got)
	}
	for s, want := range map[string]time.Duration{"90m": 90 * time.Minute, "7d": 7 * 24 * time.Hour, "1w": 7 * 24 * time.Hour} {
		if got := Instant("since", s, time.UTC, &bad); got.Before != want {
			t.Errorf("%s: %v", s, got)
		}
	}
	if len(bad) > 0 {
		t.Error(bad)
	}
	for _, s := range []string{"yesterday", "-5m", "0", "25:00", "2026-13-01", "5", "10:20:30:40"} {
		var bad cli.Problems
		if got := Instant("since", s, time.UTC, &bad); len(bad) != 1 {
			t.Errorf("%s: %+v, %v", s, got, bad)
		}
	}
}

// TestFarInstant takes times that nanoseconds since 1970 do not reach for the first or the last.
func TestFarInstant(t *testing.T) {
	t.Parallel()
	from, to := time.Unix(0, 1), time.Date(2262, 4, 10, 0, 0, 0, 0, time.UTC)
	for s, early := range map[string]bool{
		"9999-12-31": false, "2300-01-01T00:00:00Z": false, "9223372036854775807": false, "1795169400000": false,
		"0001-01-01": true, "1600-01-01": true, "1969-12-31T23:59:59Z": true, "1970-01-01": true,
	} {
		var bad cli.Problems
		got := Instant("since", s, time.UTC, &bad)
		if len(bad) > 0 || early != (got.At == from.UnixNano()) || !early && !time.Unix(0, got.At).After(to) {
			t.Errorf("%s: %v, %v", s, time.Unix(0, got.At).UTC(), bad)
		}
		if got := Until(s, time.UTC, &bad); early == (got == replay.Instant{}) {
			t.Errorf("until %s: %+v", s, got)
		}
	}
}
