package report

import "fluxtrail/api"

// statusInfo is how one status is shown.
type statusInfo struct {
	Name string // as in api.Object.Status
	Sign string // one column wide, told apart without colour
	Tone tone
	Now  bool   // listed under "Now"
	Fill string // colour where a page has no style sheet
}

// statuses are in the order of urgency: what has to be looked at first stands first. The position
// is also the code that the page's timeline uses.
var statuses = []statusInfo{
	{"failing", "✗", bad, true, "#cf222e"},
	{"stalled", "■", bad, true, "#8b1a5c"},
	{"silent", "?", warn, true, "#6b46c1"},
	{"waiting", "◷", warn, true, "#b97a0b"},
	{"progressing", "↻", info, false, "#1f6feb"},
	{"unknown", "·", dim, false, "#7a8594"},
	{"suspended", "‖", dim, false, "#66707f"},
	{"deleted", "–", dim, false, "#aab2bd"},
	{"ready", "✓", good, false, "#1a7f4b"},
}

// statusIndex returns the position in statuses. A status that is not there counts as "unknown".
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

// stateInfo is how one state of an incident is shown.
type stateInfo struct {
	Name string // as in api.Incident.State
	Sign string
	Tone tone
	Open bool
}

// incidentStates are in the order in which counts of incidents are told.
var incidentStates = []stateInfo{
	{"firing", "✗", bad, true},
	{"pending", "◷", warn, true},
	{"resolved", "✓", good, false},
	{"closed", "–", dim, false},
}

func stateOf(name string) stateInfo {
	for _, s := range incidentStates {
		if s.Name == name {
			return s
		}
	}
	return stateInfo{Name: name, Sign: "·", Tone: dim}
}

func isOpen(i *api.Incident) bool { return stateOf(i.State).Open }

// tone says how urgent a piece of text is. Each writer has its own way to show it.
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
