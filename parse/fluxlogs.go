package parse

import (
	"html"
	"strings"

	"fluxtrail/tail/frame"
)

// fluxLogs reads a line as the command flux logs prints it. Until Flux 0.2x the command escaped
// message and error as for HTML.
func (r *Record) fluxLogs(s string) bool {
	e, ok := frame.ReadFluxEntry(s)
	if !ok {
		return false
	}
	r.Time, r.Level, r.Kind = e.Time, level(e.Level), canonical(e.Kind)
	r.Name, r.Namespace, r.Msg = e.Name, e.Namespace, e.Said
	if escapedHTML(r.Msg) {
		r.Msg = html.UnescapeString(r.Msg)
	}
	r.splitError()
	return true
}

// escapedHTML reports whether a text has what HTML's escapes look like.
func escapedHTML(s string) bool {
	_, rest, ok := strings.Cut(s, "&")
	return ok && (strings.HasPrefix(rest, "#") || startsAny(rest, []string{"amp;", "lt;", "gt;"}) || escapedHTML(rest))
}

// splitError takes message and error apart, which only a blank separates: at the end of a message
// that is known, in the middle where an error is said twice, or before a reason at the end.
func (r *Record) splitError() {
	said := strings.TrimRight(r.Msg, " ")
	r.Msg = said
	if r.Level != LevelError {
		return
	}
	half := len(said) / 2
	if len(said) > 2 && said[half] == ' ' && said[:half] == said[half+1:] {
		r.Msg, r.Error = said[:half], said[:half]
		return
	}
	if end := messageEnd(r, said); end > 0 {
		r.Msg, r.Error = said[:end], strings.TrimLeft(said[end:], " ")
		return
	}
	if last := strings.LastIndexByte(said, ' '); last > 0 && IsReason(said[last+1:]) {
		r.Msg, r.Error = said[:last], said[last+1:]
	}
}

// messageEnd is where the message ends that said begins with, 0 when it is not known.
func messageEnd(r *Record, said string) int {
	if said == "" {
		return 0
	}
	for _, row := range rows[said[0]] {
		if !row.fits(r) || row.level == noErrors {
			continue
		}
		if end := row.end(said); end > 0 {
			return end
		}
	}
	return 0
}

// end is where the row's message ends in said, 0 when the row tells only how the message begins.
func (w *row) end(said string) int {
	switch {
	case strings.HasPrefix(said, w.line):
		return len(w.line)
	case w.next != "":
		return endOfWord(said, w.next)
	case w.also != "":
		return strings.Index(said, w.also) + len(w.also)
	}
	return 0
}

// endOfWord is the end of the word that follows before, 0 when there is none.
func endOfWord(said, before string) int {
	i := strings.Index(said, before)
	if i < 0 {
		return 0
	}
	i += len(before)
	if n := strings.IndexByte(said[i:], ' '); n >= 0 {
		return i + n
	}
	return len(said)
}

// eventServer are the beginnings of what notification-controller's event server writes. Its lines
// have the name and the kind of the object that the event is about.
var eventServer = []string{"Dispatching event", "dispatching event", "Discarding event", "discarding event",
	"failed to send notification", "failed to dispatch notification"}

// disown takes the object off a line that is not its controller's.
func (r *Record) disown() {
	if r.Form == FormFlux && startsAny(r.Msg, eventServer) {
		r.Kind = ""
	}
}
