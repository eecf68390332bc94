package config

import (
	"math"
	"strings"
	"testing"
	"time"
)

const day = 24 * time.Hour

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]time.Duration{
		"250ms": 250 * time.Millisecond, "1h30m": 90 * time.Minute, "1.5h": 90 * time.Minute,
		"7d": 7 * day, "1d": day, "1w": 7 * day, "1d12h": 36 * time.Hour, "1y": 365 * day,
		"-5s": -5 * time.Second, "0": 0, "0s": 0,
	} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "5", "d", "7 d", "1.5d", "5 seconds", "1d1d", "999999999999d", "ever"} {
		if got, err := ParseDuration(s); err == nil {
			t.Errorf("%q is %v", s, got)
		}
	}
}

func TestParseSize(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{
		"0B": 0, "1B": 1, "64KiB": 64 << 10, "10MiB": 10 << 20, "1GiB": 1 << 30, "2 MiB": 2 << 20,
		"1kB": 1000, "1KB": 1000, "3MB": 3e6, "1GB": 1e9, "1.5MiB": 3 << 19, "-1B": -1, "-2KiB": -2 << 10,
		"1TiB": 1 << 40,
	} {
		if got, err := parseSize(s); err != nil || got != want {
			t.Errorf("%s: %d, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "10", "B", "-", "10M", "10 megabytes", "1XB", "--1B", "99999999999GiB", "MiB1"} {
		if got, err := parseSize(s); err == nil {
			t.Errorf("%q is %d", s, got)
		}
	}
}

// TestFormats holds that what is printed is read as the same.
func TestFormats(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		0: "0B", 1: "1B", 1000: "1kB", 1024: "1KiB", 1 << 20: "1MiB", 2_500_000: "2500kB", 1 << 30: "1GiB",
		5e9: "5GB", 1234567: "1234567B", -1: "-1B", math.MaxInt32: "2147483647B",
	} {
		got := formatSize(n)
		back, err := parseSize(got)
		if got != want || err != nil || back != n {
			t.Errorf("%d: %s, read as %d, %v", n, got, back, err)
		}
	}
	for d, want := range map[time.Duration]string{
		0: "0s", time.Second: "1s", time.Minute: "1m", 90 * time.Second: "1m30s", time.Hour: "1h",
		90 * time.Minute: "1h30m", 7 * day: "168h", time.Hour + time.Second: "1h0m1s", time.Millisecond: "1ms",
	} {
		got := formatDuration(d)
		back, err := ParseDuration(got)
		if got != want || err != nil || back != d {
			t.Errorf("%v: %s, read as %v, %v", d, got, back, err)
		}
	}
}

func TestClosest(t *testing.T) {
	t.Parallel()
	names := []string{"output", "out-dir", "only", "kind", "namespace", "since", "until"}
	for wrong, want := range map[string]string{
		"outptu": "output", "Output": "output", "outputs": "output", "namespaces": "namespace",
		"kinds": "kind", "onyl": "only", "sicne": "since", "kidn": "kind", "x": "", "": "", "something-else": "", strings.Repeat("output", 1<<20): "",
	} {
		if got := Closest(wrong, names); got != want {
			t.Errorf("Closest(%q) = %q, want %q", wrong, got, want)
		}
	}
}
