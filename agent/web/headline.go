package web

import (
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"
)

// headline is the page's first line. That nothing fails is said only where an object was judged,
// none is stalled or silent, and every log can be read.
func (p *statusPage) headline() (text, class string) {
	if len(p.Unready) > 0 {
		return "Not ready", "bad"
	}
	if p.NoSnapshot != "" {
		return "No verdict", ""
	}
	var wrong []string
	if p.OpenAll > 0 {
		wrong = append(wrong, english.Plural(p.OpenAll, "open incident", ""))
	}
	for _, status := range [...]string{"failing", "stalled", "silent"} {
		if n := p.Statuses[status]; n > 0 && (status == "silent" || p.OpenAll == 0) {
			wrong = append(wrong, fmt.Sprintf("%d %s", n, status))
		}
	}
	unread := p.unread()
	switch {
	case len(wrong) > 0:
		return strings.Join(wrong, ", "), "bad"
	case unread > 0:
		return fmt.Sprintf("No verdict: %s cannot be read", english.Plural(unread, "log", "")), ""
	case p.Objects == 0:
		return "No objects were heard of", ""
	case p.Statuses["ready"] == 0:
		return "No verdict: no object was judged yet", ""
	}
	return "Nothing fails", "good"
}

// unread is the number of logs that cannot be read, by the lane that has most of them.
func (p *statusPage) unread() (n int) {
	for _, lane := range p.Lanes {
		n = max(n, len(lane.Unread))
	}
	return n
}
