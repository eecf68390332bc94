// Package prom makes Prometheus metrics of what the trail lane finds out.
//
// In: attempts, counts, announcements and Views of package derive, and an Agent for the program's
// own numbers. Out: a prometheus.Collector, to be registered by the caller on a registry of
// its own; the families are the table in families.go.
//
// There are two sides. State belongs to the trail lane's goroutine, is saved as JSON together with
// the lane's marks, and counts exactly: what was counted before a restart or a crash is neither
// lost nor counted twice. Slot and Collector are the other side: the lane publishes an immutable
// copy, which scrapes read. The lane calls, once for each batch and in this order,
//
//	state.Add(engine.TakeAttempts())
//	state.Lines(engine.TakeCounts())
//	state.Incidents(engine.TakeAnnouncements())
//	state.Observe(engine.View())
//	                               // save marks, engine and state in one file
//	slot.Publish(state, agent)     // only then
//
// Because the state is saved before it is published, no counter goes back: after a crash the lane
// goes on from a state that is at least as new as any that was scraped.
//
// The package reads no clock but the one it is given, logs nothing, starts nothing and never fails
// on what logs contain: a label value that is not UTF-8 or is too long is mended, a series too many
// goes to the family's overflow series. What is lost: the names behind overflow series, and the
// series of objects of which no line came for Config.TTL.
package prom

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fluxtrail/api"
)

// Config bounds how many series there can be. The zero value of a field means its default.
type Config struct {
	Objects   int           // objects with series of their own in the families by object; default 2000
	Durations int           // objects with a duration histogram of their own, a dozen series each; default 500
	Series    int           // series of any other family, files of a lane included; default 1000
	TTL       time.Duration // an object without a line for this long loses its series; default 168h
}

// Defaults of Config. An object that falls silent on a Friday still has its series on Monday.
const (
	DefaultObjects   = 2000
	DefaultDurations = 500
	DefaultSeries    = 1000
	DefaultTTL       = 7 * 24 * time.Hour
)

// DeletedTTL is how long the counters of a deleted object stay, for the last scrapes to see them.
const DeletedTTL = time.Hour

// Validate reports settings that make no sense.
func (c Config) Validate() error {
	for _, n := range []struct {
		key string
		v   int64
	}{{"objects", int64(c.Objects)}, {"durations", int64(c.Durations)}, {"series", int64(c.Series)}, {"ttl", int64(c.TTL)}} {
		if n.v < 0 {
			return &configError{n.key}
		}
	}
	return nil
}

// configError is a setting that makes no sense.
type configError struct{ Key string }

func (e *configError) Error() string {
	return fmt.Sprintf("%s: is negative; leave it out for the default", e.Key)
}

func (c Config) withDefaults() Config {
	if c.Objects == 0 {
		c.Objects = DefaultObjects
	}
	if c.Durations == 0 {
		c.Durations = DefaultDurations
	}
	if c.Series == 0 {
		c.Series = DefaultSeries
	}
	if c.TTL == 0 {
		c.TTL = DefaultTTL
	}
	return c
}

// overflowLabel is the value of every label of an overflow series.
const overflowLabel = "overflow"

// maxLabel is how long a label value may be, in bytes: the names of Kubernetes objects end at 253.
const maxLabel = 256

// clean makes a label value of any text. Values come from logs; one that is not UTF-8 would fail
// the whole scrape, and a terminal would obey control characters.
func clean(s string) string {
	if len(s) <= maxLabel && (plain(s) || utf8.ValidString(s) && !strings.ContainsFunc(s, api.Obeyed)) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if api.Obeyed(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) > maxLabel {
		s = strings.ToValidUTF8(s[:maxLabel], "")
	}
	return strings.Clone(s)
}

// plain reports whether a text is of printable ASCII alone, as nearly all are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}
