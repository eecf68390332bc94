package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

func TestSpan(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		0: "0s", 999 * time.Millisecond: "1s", 59 * time.Second: "59s", time.Minute: "1m", 61 * time.Second: "1m01s",
		46*time.Minute + 58*time.Second: "46m58s", time.Hour: "1h", 25 * time.Hour: "1d01h", 48 * time.Hour: "2d", -90 * time.Second: "-1m30s",
	} {
		if got := span(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

func TestSeconds(t *testing.T) {
	t.Parallel()
	for s, want := range map[float64]string{0: "–", -1: "–", math.NaN(): "–", .0001: "1ms", .284: "284ms", 1.25: "1.2s", 30.2: "30s",
		301.2: "5m01s", math.Inf(1): "∞"} {
		if got := seconds(s); got != want {
			t.Errorf("%v: %s, want %s", s, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		count(0): "0", count(999): "999", count(1000): "1,000", count(-1234567): "-1,234,567", count(int64(math.MaxInt64)): "9,223,372,036,854,775,807",
		many(1, "file", "files"): "1 file", many(0, "file", "files"): "0 files", many(int64(2000), "file", "files"): "2,000 files",
		bytesSize(0): "0 B", bytesSize(999): "999 B", bytesSize(374_600): "375 kB", bytesSize(6_914_442): "6.9 MB", bytesSize(-5): "0 B",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestShortRevision(t *testing.T) {
	t.Parallel()
	const sha = "65e39316d654e0a2a8b8a1d0c0c7f6b4f2f8a111"
	for in, want := range map[string]string{
		"": "", "6.5.1": "6.5.1", "main@sha1:" + sha: "main@65e3931", "main/" + sha: "main@65e3931", sha: "65e3931", "sha256:" + sha: "65e3931",
		"v1.0.0@sha256:" + sha + sha[:24]: "v1.0.0@65e3931", "feature/x@sha1:" + sha: "feature/x@65e3931", "main@sha1:short": "main@sha1:short",
		"main@sha1:" + strings.ToUpper(sha): "main@sha1:" + strings.ToUpper(sha), "a\nb": "a ⏎ b",
	} {
		if got := shortRevision(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	tokyo := time.FixedZone("JST", 9*3600)
	day := api.Window{From: at("10:00:00"), To: at("16:00:00")}
	night := api.Time{Time: at("10:00:00").Add(-12 * time.Hour)}
	for _, c := range []struct {
		name      string
		zone      *time.Location
		w         api.Window
		at        api.Time
		want, age string
	}{
		{"within one day", nil, day, at("10:13:02"), "10:13:02", "5h46m"},
		{"before that day", nil, day, night, "2026-10-06 22:00:00", "18h"},
		{"never", nil, day, api.Time{}, "–", ""},
		{"after the end", nil, day, at("17:00:00"), "17:00:00", ""},
		{"a window over midnight", nil, api.Window{From: night, To: at("10:00:00")}, at("09:00:00"), "2026-10-07 09:00:00", "1h"},
		{"which it is only there", tokyo, day, at("10:13:02"), "2026-10-07 19:13:02", "5h46m"},
	} {
		k := newClock(c.w, c.zone)
		if got := k.at(c.at); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if got := k.age(c.at); got != c.age {
			t.Errorf("%s: age %q, want %q", c.name, got, c.age)
		}
	}
}

func TestClockPhrases(t *testing.T) {
	t.Parallel()
	c := newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil)
	for got, want := range map[string]string{
		c.due(api.Time{}).String():                         "",
		c.due(at("10:58:00")).String():                     "was due 10:58:00 (2m before the log ends)",
		c.due(at("11:00:12")).String():                     "11:00:12 (in 12s)",
		c.between(at("10:01:00"), at("10:01:00")).String(): "10:01:00",
		c.between(at("10:01:00"), at("10:02:00")).String(): "10:01:00 – 10:02:00",
		plainly("").String():                               "",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if p := c.due(at("10:58:00")); p[1].At != at("10:58:00") || !p[0].At.IsZero() {
		t.Errorf("the instant is not marked: %+v", p)
	}
}

// TestZone shows all times of the text and Markdown reports in the zone that is asked for.
func TestZone(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("NPT", 5*3600+45*60)
	for name, write := range map[string]string{
		"text":     string(written(t, textOf(sample(), Look{Sections: SectionNames(), Zone: zone}))),
		"markdown": string(written(t, markdownOf(sample(), Look{Zone: zone}))),
	} {
		for _, want := range []string{"2026-10-07 15:45:00 – 16:45:00 NPT (1h)", "since 15:58:02", "16:45:12 (in 12s)"} {
			if !strings.Contains(write, want) {
				t.Errorf("%s: no %s", name, want)
			}
		}
		if strings.Contains(write, "10:13:02") || strings.Contains(write, "UTC") {
			t.Errorf("%s: a time is in UTC", name)
		}
	}
}
