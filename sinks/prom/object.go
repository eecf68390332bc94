package prom

import (
	dto "github.com/prometheus/client_model/go"

	"fluxtrail/derive"
	"fluxtrail/derive/failure"
)

// object is what is counted for one object, or for all that share the overflow series.
type object struct {
	derive.Ref
	Since     int64            `json:"since"` // when its counters began
	Last      int64            `json:"last"`  // latest attempt or change of status, or when its next attempt is due
	Deleted   bool             `json:"deleted,omitempty"`
	Failures  int64            `json:"failures,omitempty"`
	Failure   exemplar         `json:"failure,omitzero"` // of the latest failure
	Opened    map[string]int64 `json:"opened,omitempty"` // incidents by reason
	Took      *histogram       `json:"took,omitempty"`
	Recovered *histogram       `json:"recovered,omitempty"`
	Gauges    gauges           `json:"gauges,omitzero"`

	labels []*dto.LabelPair // of its series, once they are scraped
}

var overflowRef = derive.Ref{Kind: overflowLabel, Namespace: overflowLabel, Name: overflowLabel}

// cleanRef is a Ref whose parts are label values.
func cleanRef(r derive.Ref) derive.Ref {
	return derive.Ref{Kind: clean(r.Kind), Namespace: clean(r.Namespace), Name: clean(r.Name)}
}

// begin sets when the counters began, at the first update.
func (o *object) begin(at int64) {
	if o.Since == 0 {
		o.Since = at
	}
}

// gauges hold the present state of one object, or of all that share the overflow series: there,
// numbers add up and the oldest time counts.
type gauges struct {
	Shown     int64                     `json:"shown"`    // how many objects these are
	Statuses  [derive.Deleted + 1]int64 `json:"statuses"` // of them, by derive.Status
	Ready     int64                     `json:"ready,omitempty"`
	NotReady  int64                     `json:"not_ready,omitempty"`
	Incidents int64                     `json:"incidents,omitempty"`
	OpenedAt  int64                     `json:"opened_at,omitempty"`
	SilentAt  int64                     `json:"silent_at,omitempty"`

	Incident incident `json:"incident,omitzero"` // of one object
}

// incident is what the open incident of an object is about.
type incident struct {
	Reason string     `json:"reason,omitempty"`
	Access string     `json:"access,omitempty"`
	Root   derive.Ref `json:"root,omitzero"`
}

func newIncident(i *derive.Incident) incident {
	return incident{clean(i.Reason), failure.Access(i.Reason, i.ErrorLast), cleanRef(i.Root)}
}

func (g *gauges) add(seen *derive.Seen) {
	g.Shown++
	g.Statuses[seen.Status]++
	switch seen.Ready {
	case "True":
		g.Ready++
	case "False":
		g.NotReady++
	}
	if seen.Incident != nil {
		g.Incidents++
		g.OpenedAt = earliest(g.OpenedAt, seen.Incident.OpenedAt)
		g.Incident = newIncident(seen.Incident)
	}
	g.SilentAt = earliest(g.SilentAt, seen.SilentSince)
}

// earliest is the lower of two times, 0 being none.
func earliest(a, b int64) int64 {
	if a == 0 || (b != 0 && b < a) {
		return b
	}
	return a
}

// recover counts an incident that was resolved after a time in nanoseconds.
func (o *object) recover(after int64) {
	if o.Recovered == nil {
		o.Recovered = &histogram{}
	}
	o.Recovered.observe(after, exemplar{}, 0)
}

// maxReasons bounds the reasons by which the incidents of one object are counted. Reasons may come
// from logs.
const maxReasons = 16

// open counts an incident that opened.
func (o *object) open(reason string) {
	if o.Opened == nil {
		o.Opened = map[string]int64{}
	}
	reason = clean(reason)
	if _, known := o.Opened[reason]; !known && len(o.Opened) >= maxReasons {
		reason = overflowLabel
	}
	o.Opened[reason]++
}
