package prom

import "fluxtrail/derive"

// object is what is counted for one object.
type object struct {
	derive.Ref
	Since     int64      `json:"since"` // when its counters began
	Last      int64      `json:"last"`  // its latest sign of life: a run, a change of status, or when its next run is due
	Deleted   bool       `json:"deleted,omitempty"`
	Failures  int64      `json:"failures,omitempty"`
	Failure   exemplar   `json:"failure,omitzero"` // of the latest failure
	Opened    int64      `json:"opened,omitempty"` // incidents
	Took      *histogram `json:"took,omitempty"`
	Recovered *histogram `json:"recovered,omitempty"`
	Gauges    gauges     `json:"gauges,omitzero"`
}

var overflowRef = derive.Ref{Kind: overflow, Namespace: overflow, Name: overflow}

// cleanRef is a Ref whose parts are label values.
func cleanRef(r derive.Ref) derive.Ref {
	return derive.Ref{Kind: clean(r.Kind), Namespace: clean(r.Namespace), Name: clean(r.Name)}
}

// begin notes that something is counted for the first time.
func (o *object) begin(at int64) {
	if o.Since == 0 {
		o.Since = at
	}
}

// gauges are what is so now, of one object or of all that share the overflow series: there, numbers add up and the oldest time counts.
type gauges struct {
	Shown     int64                     `json:"shown"`    // how many objects these are
	Statuses  [derive.Deleted + 1]int64 `json:"statuses"` // of them, by derive.Status
	Ready     int64                     `json:"ready,omitempty"`
	NotReady  int64                     `json:"not_ready,omitempty"`
	Incidents int64                     `json:"incidents,omitempty"`
	OpenedAt  int64                     `json:"opened_at,omitempty"`
	SilentAt  int64                     `json:"silent_at,omitempty"`
}

func (g *gauges) fold(seen *derive.Seen, incident bool) {
	g.Shown++
	g.Statuses[seen.Status]++
	switch seen.Ready {
	case "True":
		g.Ready++
	case "False":
		g.NotReady++
	}
	if incident && seen.Incident != nil {
		g.Incidents++
		g.OpenedAt = earliest(g.OpenedAt, seen.Incident.OpenedAt)
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
