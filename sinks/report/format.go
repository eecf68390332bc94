package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/width"

	"fluxtrail/api"
)

// clock prints instants, all in UTC: without the date when the whole window lies within one day.
type clock struct {
	from, to api.Time
	short    bool
}

func newClock(w api.Window) clock {
	const day = "2006-01-02"
	return clock{w.From, w.To, w.From.UTC().Format(day) == w.To.UTC().Format(day)}
}

func (c clock) at(t api.Time) string {
	switch {
	case t.IsZero():
		return "–"
	case c.short && !t.Before(c.from.Time) && t.UTC().YearDay() == c.to.UTC().YearDay() && t.Year() == c.to.Year():
		return t.UTC().Format("15:04:05")
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// age is how long before the end of the window t was.
func (c clock) age(t api.Time) string {
	if t.IsZero() || t.After(c.to.Time) {
		return ""
	}
	return span(c.to.Sub(t.Time))
}

// due tells a promised time relative to the end of the window.
func (c clock) due(t api.Time) string {
	switch {
	case t.IsZero():
		return ""
	case t.Before(c.to.Time):
		return fmt.Sprintf("was due %s (%s before the log ends)", c.at(t), c.age(t))
	}
	return fmt.Sprintf("%s (in %s)", c.at(t), span(t.Sub(c.to.Time)))
}

// span prints a duration with at most two units, which is as exact as a reader can use.
func span(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s < 0:
		return "-" + span(-d)
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
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// many prints a number with its noun: 1 file, 2 files.
func many(n int64, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + more
}

func bytesSize(n int64) string {
	f, unit := float64(n), 0
	for f >= 1000 && unit < 4 {
		f /= 1000
		unit++
	}
	name := [...]string{"B", "kB", "MB", "GB", "TB"}[unit]
	if unit == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", f, name)
}

// shortRevision keeps what people compare: main@sha1:65e39316d654… becomes main@65e3931, the older main/65e3931… too.
// Chart versions and tags stay as they are.
func shortRevision(rev string) string {
	cut := strings.LastIndexAny(rev, ":/")
	head, digest := rev[:max(cut, 0)], rev[cut+1:]
	if len(digest) < 32 || !isHex(digest) {
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

func isHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// visible makes log text safe to show: control characters could move a terminal's cursor or fake output, and
// direction overrides could make text read other than it is. Line breaks and tabs stay.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return -1
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar:
			return '\uFFFD'
		}
		return r
	}, strings.TrimSpace(s))
}

// oneLine is visible text with its line breaks shown as a sign.
func oneLine(s string) string {
	s = visible(s)
	if !strings.ContainsAny(s, "\n\t") {
		return s
	}
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' })
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return strings.Join(lines, " ⏎ ")
}

// shorten cuts text to n characters and says how much is missing.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return fmt.Sprintf("%s… (%s more characters)", string(runes[:n]), count(int64(len(runes)-n)))
}

// columns is how many terminal cells s takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += cells(r)
	}
	return n
}

func cells(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// clip cuts s to n terminal cells.
func clip(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	used := 1 // the ellipsis
	for i, r := range s {
		if used += cells(r); used > n {
			return s[:i] + "…"
		}
	}
	return s
}

// wrap breaks s into lines of at most n cells, at spaces where there are any.
func wrap(s string, n int) []string {
	var lines []string
	line, used := "", 0
	flush := func() { lines, line, used = append(lines, line), "", 0 }
	for _, word := range strings.Fields(s) {
		if w := columns(word); used > 0 && used+1+w <= n {
			line, used = line+" "+word, used+1+w
			continue
		}
		if used > 0 {
			flush()
		}
		for columns(word) > n {
			head := strings.TrimSuffix(clip(word, n+1), "…")
			if head == "" {
				break
			}
			lines, word = append(lines, head), word[len(head):]
		}
		line, used = word, columns(word)
	}
	if used > 0 {
		flush()
	}
	return lines
}
