package api

// Alerts is what rules would have done with the metrics that the agent would have exported while
// the log was written.
type Alerts struct {
	Rules     []string    // the rule files
	Grid      AlertGrid   // when was scraped and evaluated
	Downtimes []Gap       // times without any line, in which the agent counts as down
	List      []Alert     // by active_at, then name and labels
	Omitted   int64       // alerts that are over and not in the list because there are too many
	Silent    []Unalerted // incidents without an alert, by opened_at, then object
	Failed    []RuleError // rules that could not be evaluated, by name
	Unsampled []string    // metrics that rules read and that a replay of logs does not have
	Changes   *AlertChanges
}

// AlertGrid says at which times metrics were sampled and rules evaluated, and why at these. Spans
// are in seconds.
type AlertGrid struct {
	Scrape     float64   `json:"scrape_seconds"`
	Evaluation []float64 `json:"evaluation_seconds"`
	Chosen     string    `json:"chosen"`
	From       Time      `json:"from"` // the first scrape
	To         Time      `json:"to"`   // the last one
}

// Alert is one alert from the evaluation at which its expression was first true, active_at, to the
// one at which it was no longer, resolved_at; keep_firing_for included. State is how it stood at
// the end: pending, firing, resolved, or canceled for one that went away before it fired. Value and
// annotations are those of the moment when it fired. InhibitedBy names alerts that kept it from
// being told; NotifiedAt is when it was told, zero where it was never.
type Alert struct {
	Name        string            `json:"name"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	State       string            `json:"state"`
	ActiveAt    Time              `json:"active_at"`
	FiredAt     Time              `json:"fired_at"`
	ResolvedAt  Time              `json:"resolved_at"`
	NotifiedAt  Time              `json:"notified_at"`
	Value       *float64          `json:"value"` // null for one that is no number
	Incident    *string           `json:"incident"`
	InhibitedBy []string          `json:"inhibited_by"`
}

// Unalerted is an incident that no alert told of. Root is its root cause where there was an alert
// about that.
type Unalerted struct {
	Incident string `json:"incident"`
	Ref
	OpenedAt   Time `json:"opened_at"`
	ResolvedAt Time `json:"resolved_at"`
	Root       *Ref `json:"told_by_root"`
}

// RuleError is a rule that could not be evaluated.
type RuleError struct {
	Rule  string `json:"rule"` // group/name
	Error string `json:"error"`
	First Time   `json:"first"`
	Times int64  `json:"times"`
}

// AlertChanges is what other rules would have done. Gone are alerts that fire only with the old
// rules, New those that fire only with the new ones, and Moved those that fire with both, but at
// other times.
type AlertChanges struct {
	Old   []string     `json:"old_rules"`
	Gone  []Alert      `json:"gone"`
	New   []Alert      `json:"new"`
	Moved []AlertMoved `json:"moved"`
	Same  int64        `json:"same"`
}

// AlertMoved is an alert at two times.
type AlertMoved struct {
	Old Alert `json:"old"`
	New Alert `json:"new"`
}

// Told counts the alerts of which somebody was told, and those that fired and were never told.
func (a *Alerts) Told() (told, inhibited int64) {
	for i := range a.List {
		switch x := &a.List[i]; {
		case !x.NotifiedAt.IsZero():
			told++
		case !x.FiredAt.IsZero():
			inhibited++
		}
	}
	return told, inhibited
}
