package report

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"fluxtrail/api"
)

// LastLine is one of the latest lines, as a screen shows it.
type LastLine struct {
	At   api.Time
	Bad  bool // it tells of an error
	Text string
}

// WriteScreen writes what fits on a terminal of so many rows: the text report from its top, and
// below it the latest lines, the newest last. The error is the writer's.
func WriteScreen(w io.Writer, r *api.Report, lines []LastLine, note string, rows int, look Look) error {
	var text bytes.Buffer
	if err := writeText(&text, r, look); err != nil {
		return err
	}
	width := max(60, cmp.Or(look.Width, 100))
	p := &printer{color: look.Color, clock: newClock(r.Window, look.Zone)}
	lines = lines[max(0, len(lines)-rows/3):]
	top := strings.Split(strings.TrimRight(text.String(), "\n"), "\n")
	if room := max(1, rows-len(lines)-3); len(top) > room {
		left := len(top) - room + 1
		top = append(top[:room-1], p.paint(dim, fmt.Sprintf("… %s more; all of it is shown at the end", many(int64(left), "row", "rows"))))
	}
	bottom := []string{p.paint(dim, strings.Repeat("─", width))}
	for _, l := range lines {
		at := l.At.In(p.clock.zone).Format(timeLayout)
		line := cutTo(at+" "+oneLine(l.Text), width)
		if l.Bad {
			line = p.paint(bad, line)
		}
		bottom = append(bottom, line)
	}
	bottom = append(bottom, p.paint(dim, cutTo(oneLine(note), width)))
	_, err := io.WriteString(w, strings.Join(append(top, bottom...), "\n")+"\n")
	return err
}

// cutTo cuts text to n characters.
func cutTo(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
