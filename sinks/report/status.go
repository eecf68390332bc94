package report

import "fluxtrail/api"

// kind of status in order of urgency: what on-call has to look at first stands first. The position is also the code
// that the HTML page's timeline uses.
type statusInfo struct {
	Name string // as in Object.Status
	Mark string // one column wide, told apart without colour
	Tone tone
	Now  bool // listed under "Now"
}

var statuses = []statusInfo{
	{"failing", "✗", bad, true},
	{"stalled", "■", bad, true},
	{"silent", "?", warn, true},
	{"waiting", "◷", warn, true},
	{"progressing", "↻", info, false},
	{"unknown", "·", dim, false},
	{"suspended", "‖", dim, false},
	{"deleted", "–", dim, false},
	{"ready", "✓", good, false},
}

// statusIndex returns the position in statuses; a status we do not know counts as "unknown".
func statusIndex(name string) int {
	unknown := 0
	for i, s := range statuses {
		if s.Name == name {
			return i
		}
		if s.Name == "unknown" {
			unknown = i
		}
	}
	return unknown
}

func statusOf(name string) statusInfo { return statuses[statusIndex(name)] }

// incidentStates is the order in which counts of incidents by state are told.
var incidentStates = []struct {
	Name string
	Mark string
	Tone tone
	Open bool
}{
	{"firing", "✗", bad, true},
	{"pending", "◷", warn, true},
	{"resolved", "✓", good, false},
	{"closed", "–", dim, false},
}

func isOpen(i *api.Incident) bool { return i.State == "firing" || i.State == "pending" }

func incidentMark(state string) (string, tone) {
	for _, s := range incidentStates {
		if s.Name == state {
			return s.Mark, s.Tone
		}
	}
	return "·", dim
}

// tone says how urgent a piece of text is; each writer has its own way to show it.
type tone string

const (
	plain  tone = ""
	good   tone = "good"
	info   tone = "info"
	warn   tone = "warn"
	bad    tone = "bad"
	dim    tone = "dim"
	strong tone = "strong"
)
