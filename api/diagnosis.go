package api

// Diagnosis is what a look at the monitoring of Flux found. Unreached is what was to be looked at,
// by its flag, and could not be at all.
type Diagnosis struct {
	Schema    string    `json:"schema"`
	At        Time      `json:"at"`
	Findings  []Finding `json:"findings"` // in the order of the checks
	Unreached []string  `json:"unreached,omitempty"`
}

// Finding is what one check says. Severity is error for what keeps evidence or alerts from
// somebody, warning for what may, skipped for what could not be looked at, and ok. Text says what
// was seen, Remedy what to do about it.
type Finding struct {
	Check    string `json:"check"`
	Severity string `json:"severity"`
	Object   string `json:"object"` // Kind/namespace/name, or an address; "" where there is none
	Text     string `json:"text"`
	Remedy   string `json:"remedy"`
}
