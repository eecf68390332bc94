package api

// StorySchema names the version of the JSON of one object's story.
const StorySchema = "fluxtrail/explain/v1"

// Story is what is known of one object. Chain leads from what holds it up to the root cause, and is
// empty for one that fails for itself. Blocks are the objects that it holds up.
type Story struct {
	Schema   string     `json:"schema"`
	Window   Window     `json:"window"`
	Object   Object     `json:"object"`
	Incident *Incident  `json:"incident"` // the open one, null for none
	Chain    []Link     `json:"chain"`
	Blocks   []Link     `json:"blocks"`   // by kind, namespace, name
	Timeline []Moment   `json:"timeline"` // by time
	Commands []string   `json:"commands"` // that show the object in its cluster
	Input    StoryInput `json:"input"`
}

// StoryInput tells what the story rests on.
type StoryInput struct {
	Records    int64            `json:"records"`
	Conditions []ConditionInput `json:"conditions"`
}

// Link is another object in the story. Status and Verdict are "" for one that is only known from
// the texts of others.
type Link struct {
	Ref
	Status      string  `json:"status"`
	Verdict     string  `json:"verdict"`
	Since       Time    `json:"since"`
	Reason      *string `json:"reason"`
	Explanation string  `json:"explanation"`
	Message     string  `json:"message"` // its latest error, or why it waits
}

// Moment is an entry of the timeline: a change of the object's status, or the beginning or end of
// an incident.
type Moment struct {
	At     Time    `json:"at"`
	What   string  `json:"what"` // status, opened, resolved or closed
	Status string  `json:"status"`
	Ready  string  `json:"ready"`
	Reason *string `json:"reason"`
	Text   string  `json:"text"` // the error of an incident
}
