package main

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"

	"fluxtrail/derive"
	"fluxtrail/sinks/report"
)

// event is a transition of an incident as the agent prints it: one JSON object on a line of standard output. The keys are stable.
type event struct {
	Time         report.Time `json:"ts"`
	Level        string      `json:"level"`
	Msg          string      `json:"msg"` // incident opened, firing, resolved, closed or withdrawn
	ID           string      `json:"incident"`
	State        string      `json:"state"`
	Kind         string      `json:"object_kind"`
	Namespace    string      `json:"object_namespace"`
	Name         string      `json:"object_name"`
	OpenedAt     report.Time `json:"opened_at"`
	EndedAt      report.Time `json:"ended_at"`
	ClosedReason string      `json:"closed_reason,omitempty"`
	Reason       string      `json:"reason_class"`
	Fingerprint  string      `json:"fingerprint"`
	Revision     string      `json:"revision,omitempty"`
	LastGood     string      `json:"last_good_revision,omitempty"`
	Attempts     int64       `json:"attempts"`
	Flaps        int64       `json:"flaps"`
	RootCause    string      `json:"root_cause,omitempty"`
	Culprit      string      `json:"culprit,omitempty"`
	ErrorFirst   string      `json:"error_first"`
	ErrorLast    string      `json:"error_last"`
}

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
func (t tolds) ended(ended []*derive.Incident, hold time.Duration) []event {
	var out []event
	for _, i := range ended {
		out = t.upTo(out, i, i.ResolvedAt, hold)
		out = append(out, newEvent(i, i.State(i.ResolvedAt, hold), i.ResolvedAt))
		delete(t, i.ID)
	}
	return inTime(out)
}

// open compares those that are open with what was told, and gives what is new in the order of time.
func (t tolds) open(v derive.View, hold time.Duration) []event {
	var out []event
	here := map[string]bool{}
	for _, i := range v.Open {
		here[i.ID] = true
		out = t.upTo(out, i, v.At, hold)
	}
	for id, was := range t {
		if !here[id] {
			delete(t, id)
			out = append(out, newEvent(&derive.Incident{ID: id, Object: was.Object, OpenedAt: was.OpenedAt, ResolvedAt: v.At}, withdrawn, v.At))
		}
	}
	return inTime(out)
}

func inTime(events []event) []event {
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Or(a.Time.Compare(b.Time.Time), cmp.Compare(a.ID, b.ID)) })
	return events
}

// upTo tells an incident's opening and firing, as far as they were by the time.
func (t tolds) upTo(out []event, i *derive.Incident, at int64, hold time.Duration) []event {
	was, known := t[i.ID]
	if !known {
		out = append(out, newEvent(i, "opened", i.OpenedAt))
	}
	firing := at-i.OpenedAt >= int64(hold)
	if firing && !was.Firing {
		out = append(out, newEvent(i, derive.Firing, i.OpenedAt+int64(hold)))
	}
	t[i.ID] = toldIncident{i.Object, i.OpenedAt, firing || was.Firing}
	return out
}

func newEvent(i *derive.Incident, what string, at int64) event {
	state, level := what, "info"
	switch what {
	case "opened":
		state = derive.Pending
	case derive.Firing:
		level = "error"
	}
	return event{
		Time: reportTime(at), Level: level, Msg: "incident " + what, ID: i.ID, State: state,
		Kind: i.Object.Kind, Namespace: i.Object.Namespace, Name: i.Object.Name, OpenedAt: reportTime(i.OpenedAt), EndedAt: reportTime(i.ResolvedAt),
		ClosedReason: i.ClosedReason, Reason: i.Reason, Fingerprint: i.Fingerprint, Revision: i.FirstRevision, LastGood: i.LastGood,
		Attempts: i.Attempts, Flaps: i.Flaps, RootCause: named(i.Root), Culprit: named(i.Culprit), ErrorFirst: i.ErrorFirst, ErrorLast: i.ErrorLast,
	}
}

// named is an object's name, "" for none.
func named(r derive.Ref) string {
	if r == (derive.Ref{}) {
		return ""
	}
	return r.String()
}

func printEvents(w io.Writer, events []event) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for i := range events {
		if err := enc.Encode(&events[i]); err != nil {
			return err
		}
	}
	return nil
}
