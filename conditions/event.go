package conditions

import (
	"cmp"

	"fluxtrail/derive"
)

// Event is the observation that a Kubernetes event makes, and false when it is about no object of
// Flux. It reads both APIs of events. Its time is that of the event's latest occurrence.
func (r *Reader) Event(o map[string]any, source string) (derive.Observation, bool) {
	about, _ := field(o, "involvedObject").(map[string]any)
	if about == nil {
		about, _ = field(o, "regarding").(map[string]any)
	}
	ref := derive.Ref{Kind: Text(about, "kind"), Namespace: Text(about, "namespace"), Name: Text(about, "name")}
	if !isGroup(groupOf(Text(about, "apiVersion"))) || !ref.Valid() {
		return derive.Observation{}, false
	}
	first := cmp.Or(instant(o, "firstTimestamp"), instant(o, "deprecatedFirstTimestamp"), instant(o, "eventTime"),
		instant(o, "metadata", "creationTimestamp"))
	last := max(first, instant(o, "lastTimestamp"), instant(o, "deprecatedLastTimestamp"),
		instant(o, "series", "lastObservedTime"))
	return derive.Observation{
		Ref: derive.Ref{Kind: r.word(ref.Kind), Namespace: r.word(ref.Namespace), Name: r.word(ref.Name)},
		UID: r.text(Text(about, "uid")), Source: source, Family: "event", At: last,
		Event: &derive.Event{
			Warning: Text(o, "type") == "Warning", Reason: r.word(Text(o, "reason")),
			Message: r.text(cmp.Or(Text(o, "message"), Text(o, "note"))), First: first,
			Runs: max(1, number(o, "count"), number(o, "deprecatedCount"), number(o, "series", "count")),
		},
	}, true
}
