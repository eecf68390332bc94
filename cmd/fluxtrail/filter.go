package main

import (
	"slices"
	"strings"
	"time"

	"fluxtrail/derive"
	"fluxtrail/parse"
)

// filter says what of a replay is reported. It never hides a line from the derivation: causes lie outside what one asks for.
type filter struct {
	kinds, namespaces, names, controllers words
	since, until                          int64 // Unix nanoseconds; 0 for none
	onlyFailing                           bool
}

// words is a flag that may be given several times, or with a list separated by commas.
type words []string

func (w *words) String() string { return strings.Join(*w, ",") }

func (w *words) Set(s string) error {
	for _, v := range strings.Split(s, ",") {
		if v = strings.TrimSpace(v); v != "" {
			*w = append(*w, v)
		}
	}
	return nil
}

func (w words) has(s string) bool {
	return len(w) == 0 || slices.ContainsFunc(w, func(v string) bool { return strings.EqualFold(v, s) })
}

func (f *filter) object(r derive.Ref) bool {
	if len(f.kinds)+len(f.namespaces)+len(f.names)+len(f.controllers) == 0 {
		return true
	}
	return f.kinds.has(r.Kind) && f.namespaces.has(r.Namespace) && f.names.has(r.Name) && f.controllers.has(parse.ControllerOf(r.Kind))
}

// incident keeps an incident also for those whom it hits: who asks for a failing object wants to see its cause.
func (f *filter) incident(i *derive.Incident) bool {
	return f.object(i.Object) || slices.ContainsFunc(i.Affected, f.object)
}

// status reports whether an object in this state is listed.
func (f *filter) status(s derive.Status) bool {
	switch s {
	case derive.Failing, derive.Stalled, derive.Silent, derive.Waiting:
		return true
	}
	return !f.onlyFailing
}

// instant reads a point in time: RFC 3339, a date, a date with time, or a span before now.
func instant(s string, now time.Time) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return t, true
		}
	}
	if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return now.Add(-d), true
	}
	return time.Time{}, false
}
