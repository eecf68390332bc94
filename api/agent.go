package api

// Answer is what the agent's HTTP API says of incidents and objects. Schema is the report's, because the elements have
// the form that they have there.
type Answer struct {
	Schema    string     `json:"schema"`
	At        Time       `json:"at"`
	Incidents []Incident `json:"incidents,omitzero"` // by opened_at
	Objects   []Object   `json:"objects,omitzero"`   // by kind, namespace, name
}

// Status is the agent's answer about itself.
type Status struct {
	Schema  string   `json:"schema"`
	Version string   `json:"version"`
	Ready   bool     `json:"ready"`
	Why     []string `json:"why"` // what keeps the agent from being ready
	Lanes   []Lane   `json:"lanes"`
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

// Event is one change of an incident's state as the agent prints it: one JSON object on a line of standard output.
// Msg is "incident " and one of opened, firing, resolved, closed and withdrawn. Level is error for a firing incident,
// else info. EndedAt is null while the incident is open.
type Event struct {
	Time         Time   `json:"ts"`
	Level        string `json:"level"`
	Msg          string `json:"msg"`
	ID           string `json:"incident"`
	State        string `json:"state"`
	Kind         string `json:"object_kind"`
	Namespace    string `json:"object_namespace"`
	Name         string `json:"object_name"`
	OpenedAt     Time   `json:"opened_at"`
	EndedAt      Time   `json:"ended_at"`
	ClosedReason string `json:"closed_reason,omitempty"`
	Reason       string `json:"reason_class"`
	Fingerprint  string `json:"fingerprint"`
	Revision     string `json:"revision,omitempty"`
	LastGood     string `json:"last_good_revision,omitempty"`
	Attempts     int64  `json:"attempts"`
	Flaps        int64  `json:"flaps"`
	RootCause    string `json:"root_cause,omitempty"`
	Culprit      string `json:"culprit,omitempty"`
	ErrorFirst   string `json:"error_first"`
	ErrorLast    string `json:"error_last"`
}
