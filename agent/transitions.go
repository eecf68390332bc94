package agent

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

// withdrawn is the state of an incident that turned out to be a short wait.
const withdrawn = "withdrawn"

// tolds are the open incidents that were printed, by their IDs. They are saved, so that a restart repeats nothing.
type tolds map[string]toldIncident

type toldIncident struct {
	Object   derive.Ref `json:"object"`
	OpenedAt int64      `json:"opened_at"`
	Firing   bool       `json:"firing"`
}

// ended gives what is new of incidents that are over, in the order of time. However late it is called, each opens, fires if it lasted long
// enough, and ends.
func (t tolds) ended(ended []*derive.Incident, hold time.Duration, path func(int32) string) []api.Event {
	var out []api.Event
	for _, i := range ended {
		out = t.upTo(out, i, i.ResolvedAt, hold, path)
		out = append(out, newEvent(i, i.State(i.ResolvedAt, hold), i.ResolvedAt, path))
		delete(t, i.ID)
	}
	return inTime(out)
}

// open compares those that are open with what was told, and gives what is new in the order of time.
func (t tolds) open(v derive.View, hold time.Duration, path func(int32) string) []api.Event {
	var out []api.Event
	here := map[string]bool{}
	for _, i := range v.Open {
		here[i.ID] = true
		out = t.upTo(out, i, v.At, hold, path)
	}
	for id, was := range t {
		if !here[id] {
			delete(t, id)
			out = append(out, newEvent(&derive.Incident{ID: id, Object: was.Object, OpenedAt: was.OpenedAt, ResolvedAt: v.At}, withdrawn, v.At, path))
		}
	}
	return inTime(out)
}

func inTime(events []api.Event) []api.Event {
	slices.SortStableFunc(events, func(a, b api.Event) int { return cmp.Or(a.Time.Compare(b.Time.Time), cmp.Compare(a.ID, b.ID)) })
	return events
}

// upTo tells an incident's opening and firing, as far as they were by the time.
func (t tolds) upTo(out []api.Event, i *derive.Incident, at int64, hold time.Duration, path func(int32) string) []api.Event {
	was, known := t[i.ID]
	if !known {
		out = append(out, newEvent(i, "opened", i.OpenedAt, path))
	}
	firing := at-i.OpenedAt >= int64(hold)
	if firing && !was.Firing {
		out = append(out, newEvent(i, derive.Firing, i.OpenedAt+int64(hold), path))
	}
	t[i.ID] = toldIncident{i.Object, i.OpenedAt, firing || was.Firing}
	return out
}

func newEvent(i *derive.Incident, what string, at int64, path func(int32) string) api.Event {
	state, level := what, "info"
	switch what {
	case "opened":
		state = derive.Pending
	case derive.Firing:
		level = "error"
	}
	return api.Event{Time: export.Time(at), Level: level, Msg: "incident " + what, Incident: export.Incident(i, state, path)}
}

func printEvents(w io.Writer, events []api.Event) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range events {
		if err := enc.Encode(&events[i]); err != nil {
			return err
		}
	}
	return nil
}
