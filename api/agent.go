package api

// AgentSchema names the version of the answers about the agent itself, /api/v1/status and
// /api/v1/targets.
const AgentSchema = "fluxtrail/agent/v1"

// Answer is what the agent's HTTP API says of incidents and objects. Schema is the report's,
// because the elements have the form that they have there.
type Answer struct {
	Schema    string     `json:"schema"`
	At        Time       `json:"at"`
	Next      string     `json:"next,omitempty"`     // the cursor of what follows, if something does
	Incidents []Incident `json:"incidents,omitzero"` // by opened_at
	Objects   []Object   `json:"objects,omitzero"`   // by kind, namespace, name
}

// Problem is the agent's answer to a request that it cannot answer.
type Problem struct {
	Error string `json:"error"`
}

// Status is the agent's answer about itself.
type Status struct {
	Schema  string   `json:"schema"`
	Version string   `json:"version"`
	Cluster string   `json:"cluster"` // as configured
	Node    string   `json:"node"`
	Ready   bool     `json:"ready"`
	Why     []string `json:"why"` // what keeps the agent from being ready
	Lanes   []Lane   `json:"lanes"`

	Leader *Leader `json:"leader,omitempty"` // nil where the agents do not agree on one
	Sinks  []Sink  `json:"sinks"`            // Loki, and those that are told of alerts
}

// Leader says who tells others of alerts. Standing is leads, follows, alone (it tells of its own
// node, because it cannot know what the others do) or unsettled; Node is the node of the agent that
// leads, "" where that is not known.
type Leader struct {
	Standing string `json:"standing"`
	Node     string `json:"node"`
}

// Sink is what became of the latest deliveries to a sink. Error is why the last one failed, "" if
// it did not. Warning is something that is wrong with it although deliveries work.
type Sink struct {
	Name        string `json:"name"`
	DeliveredAt Time   `json:"delivered_at"`
	FailedAt    Time   `json:"failed_at"`
	Error       string `json:"error,omitempty"`
	Warning     string `json:"warning,omitempty"`
}

// Lane is the state of one lane of the agent.
type Lane struct {
	Name     string           `json:"name"`
	Running  bool             `json:"running"`
	At       Time             `json:"at"`
	SavedAt  Time             `json:"saved_at"`
	Trouble  string           `json:"trouble,omitempty"`
	Targets  int              `json:"targets"`
	LagBytes int64            `json:"lag_bytes"`
	Dropped  map[string]int64 `json:"dropped_lines"` // by reason
	Unread   []Unread         `json:"unreadable"`
}

// Unread is a path that cannot be read.
type Unread struct {
	Path  string `json:"path"`
	Error string `json:"error"`
}

// SilenceEvent is an event beside those of incidents, in the same form. Msg is "object silent" when
// the attempt did not come that was promised, or "object heard again"; Level is error for the
// former, else info. Said is when the promise was made, Due when it was due, and Basis is stated
// or cadence, as in Silence; all three are of the promise that was broken.
type SilenceEvent struct {
	Time  Time   `json:"ts"`
	Level string `json:"level"`
	Msg   string `json:"msg"`
	Ref
	Said  Time   `json:"said"`
	Due   Time   `json:"due"`
	Basis string `json:"basis"`
}

// Event is one change of an incident's state as the agent prints it: one JSON object on a line of
// standard output, in the form of a Flux log line, with the members of an Incident beside it.
//
// Msg is "incident " and one of opened, firing, resolved, closed, handed_over and withdrawn; State
// is what the incident came to by that. One that was handed over goes on at another node, under its
// ID. Level is error for a firing incident, else info. A withdrawn incident was a short wait after
// all, or opened by a clock that was ahead; of it only the object and the times are told.
type Event struct {
	Time  Time   `json:"ts"`
	Level string `json:"level"`
	Msg   string `json:"msg"`
	Incident
}
