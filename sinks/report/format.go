package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"fluxtrail/api"
)

// clock formats instants in one zone: without the date when the whole window lies within one day.
type clock struct {
	from, to api.Time
	zone     *time.Location
	short    bool
}

const (
	dayLayout  = "2006-01-02"
	timeLayout = "15:04:05"
	fullLayout = dayLayout + " " + timeLayout
)

// newClock makes a clock for a window. A nil zone is UTC.
func newClock(w api.Window, zone *time.Location) clock {
	if zone == nil {
		zone = time.UTC
	}
	c := clock{from: w.From, to: w.To, zone: zone}
	c.short = c.day(w.From) == c.day(w.To)
	return c
}

func (c clock) day(t api.Time) string { return t.In(c.zone).Format(dayLayout) }

func (c clock) at(t api.Time) string {
	switch {
	case t.IsZero():
		return "–"
	case c.short && c.day(t) == c.day(c.to):
		return t.In(c.zone).Format(timeLayout)
	}
	return t.In(c.zone).Format(fullLayout)
}

// when is an instant as a part of a phrase.
func (c clock) when(t api.Time) part { return part{Text: c.at(t), At: t} }

// between is two instants, or one where they are the same.
func (c clock) between(from, to api.Time) phrase {
	if from.Equal(to.Time) {
		return phrase{c.when(from)}
	}
	return phrase{c.when(from), words(" – "), c.when(to)}
}

// age is how long before the end of the window t was, "" for a time after it.
func (c clock) age(t api.Time) string {
	if t.IsZero() || t.After(c.to.Time) {
		return ""
	}
	return span(c.to.Sub(t.Time))
}

// due tells a promised time relative to the end of the window.
func (c clock) due(t api.Time) phrase {
	switch {
	case t.IsZero():
		return nil
	case t.Before(c.to.Time):
		return phrase{words("was due "), c.when(t), words(" (" + c.age(t) + " before the log ends)")}
	}
	return phrase{c.when(t), words(" (in " + span(t.Sub(c.to.Time)) + ")")}
}

// phrase is a text of ours in which instants are marked, so that the page can show them in the
// reader's own zone.
type phrase []part

// part is some words, or an instant with its text.
type part struct {
	Text string
	At   api.Time
}

func words(s string) part { return part{Text: s} }

// plainly is a phrase without instants, none for an empty text.
func plainly(s string) phrase {
	if s == "" {
		return nil
	}
	return phrase{words(s)}
}

func (p phrase) String() string {
	var b strings.Builder
	for _, x := range p {
		b.WriteString(x.Text)
	}
	return b.String()
}

// span prints a duration with its two largest units. The common libraries drop the second one
// (46m58s becomes 46m), which is too coarse to compare incidents by.
func span(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s < 0:
		return "-" + span(-max(d, -math.MaxInt64))
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return strings.TrimSuffix(fmt.Sprintf("%dm%02ds", s/60, s%60), "00s")
	case s < 86400:
		return strings.TrimSuffix(fmt.Sprintf("%dh%02dm", s/3600, s/60%60), "00m")
	}
	return strings.TrimSuffix(fmt.Sprintf("%dd%02dh", s/86400, s/3600%24), "00h")
}

// seconds prints a measured duration with about two significant digits.
func seconds(s float64) string {
	switch {
	case s <= 0 || math.IsNaN(s):
		return "–"
	case s < 1:
		return fmt.Sprintf("%.0fms", math.Max(1, s*1000))
	case s < 10:
		return fmt.Sprintf("%.1fs", s)
	case s > math.MaxInt32:
		return "∞"
	}
	return span(time.Duration(s * float64(time.Second)))
}

// count prints a number with thousands separators.
func count[T ~int | ~int64](n T) string { return humanize.Comma(int64(n)) }

// many prints a number with its noun: 1 file, 2 files.
func many[T ~int | ~int64](n T, one, more string) string {
	return count(n) + " " + noun(n, one, more)
}

// noun is the form of a noun that goes with a number.
func noun[T ~int | ~int64](n T, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func bytesSize(n int64) string { return humanize.Bytes(uint64(max(0, n))) }

// shortRevision keeps what people compare: main@sha1:65e39316d654… becomes main@65e3931, the older
// main/65e3931… too. Chart versions and tags stay as they are.
func shortRevision(rev string) string {
	cut := strings.LastIndexAny(rev, ":/")
	head, digest := rev[:max(cut, 0)], rev[cut+1:]
	if len(digest) < 32 || strings.Trim(digest, "0123456789abcdef") != "" {
		return oneLine(rev)
	}
	ref, algo, found := cutLast(head, "@")
	switch {
	case cut < 0:
		return digest[:7]
	case !found && strings.HasPrefix(head, "sha"):
		return digest[:7]
	case found && strings.HasPrefix(algo, "sha"):
		head = ref
	}
	return oneLine(head) + "@" + digest[:7]
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
