package look

import (
	"testing"
	"time"

	"fluxtrail/cmd/cli"
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
