package agent

import (
	"bytes"
	"encoding/json"
	"io"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

// newEvent is an announcement as the agent prints it. path names a file of evidence.
func newEvent(a *derive.Announcement, path func(int32) string) api.Event {
	what, level := string(a.State), "info"
	switch a.State {
	case derive.Pending:
		what = "opened"
	case derive.Firing:
		level = "error"
	}
	return api.Event{
		Time: export.Time(a.At), Level: level, Msg: "incident " + what,
		Incident: export.Incident(&a.Incident, string(a.State), path),
	}
}

// newSilenceEvent is a step in an object's silence as the agent prints it.
func newSilenceEvent(s *derive.SilenceStep) api.SilenceEvent {
	event := api.SilenceEvent{
		Time: export.Time(s.At), Level: "info", Msg: "object heard again", Ref: export.Ref(s.Object),
		Said: export.Time(s.Promise.Made), Due: export.Time(s.Promise.Due), Basis: "cadence",
	}
	if s.Promise.Stated {
		event.Basis = "stated"
	}
	if s.Silent {
		event.Level, event.Msg = "error", "object silent"
	}
	return event
}

// jsonAppender is an event that writes itself.
type jsonAppender interface{ AppendJSON([]byte) []byte }

// printed is an event as an earlier process wrote it.
type printed json.RawMessage

// AppendJSON appends it as one line.
func (p printed) AppendJSON(b []byte) []byte {
	w := bytes.NewBuffer(b)
	if err := json.Compact(w, p); err != nil {
		return append(b, "null"...)
	}
	return w.Bytes()
}

// printer prints events, each as a line, many at a time.
type printer struct {
	out     io.Writer
	refused func(events int, err error) // takes that events could not be printed
	text    []byte                      // not printed yet
}

// printBytes is how much is printed at a time, or somewhat more.
const printBytes = 32 << 10

// print prints an event with the next flush at the latest.
func (p *printer) print(event jsonAppender) {
	from := len(p.text)
	p.text = event.AppendJSON(p.text)
	if clean := api.Escape(p.text[from:]); len(clean) > len(p.text)-from {
		p.text = append(p.text[:from], clean...)
	}
	if p.text = append(p.text, '\n'); len(p.text) >= printBytes {
		p.flush()
	}
}

// flush prints what is not printed yet.
func (p *printer) flush() {
	if len(p.text) == 0 {
		return
	}
	if n, err := p.out.Write(p.text); err != nil {
		p.refused(bytes.Count(p.text[n:], newline), err)
	}
	if p.text = p.text[:0]; cap(p.text) > 4*printBytes {
		p.text = nil
	}
}

var newline = []byte{'\n'}
