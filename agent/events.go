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

// printEvent writes an event as one line.
func printEvent(w io.Writer, event any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(event); err != nil {
		return err
	}
	_, err := w.Write(api.Escape(b.Bytes()))
	return err
}
