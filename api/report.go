// Package api holds every JSON shape that fluxtrail promises to its readers: the report of a replay, the answers of the
// agent's HTTP API, and the incident events on the agent's standard output.
//
// In: values that agent and replay fill from the state of package derive. Out: the same values, which sinks/report and
// encoding/json write. The package has no logic beyond the form of a time and of a name, imports nothing of ours and
// starts no goroutine. Every text in these values was redacted before it gets here.
package api

import (
	"iter"
	"time"
)

// Schema names the version of the report's JSON contract; docs/replay.schema.json describes it.
const Schema = "fluxtrail/replay/v1"

// AgentSchema names the version of the answers about the agent itself: /api/v1/status and /api/v1/targets.
const AgentSchema = "fluxtrail/agent/v1"

// Report is everything one replay found. Slices and sequences are in a fixed order (documented at each field), so
// that the same input gives byte-identical output. Transitions and Incidents are sequences because their number
// grows with the input: they may come from a temporary file and can be ranged over more than once.
type Report struct {
	Window      Window
	Input       Input
	Objects     []Object             // by kind, namespace, name
	Transitions iter.Seq[Transition] // by time, then object
	Incidents   iter.Seq[Incident]   // by opened_at, then object
	Errors      []ErrorGroup         // by count descending, then first seen, then fingerprint
	Controllers []Controller         // by name, then pod
	Durations   []KindDuration       // by kind
	Silences    []Silence            // by due time, then object
	Totals      Totals               // counts over the sequences, so that no writer has to walk them twice
	Settings    Settings             // the rules that the figures depend on
}

// Window is the time that the input covers: the times of its first and last record. Both are zero for empty input.
type Window struct {
	From Time `json:"from"`
	To   Time `json:"to"`
}

// Input says what was read and how much of it was understood.
type Input struct {
	Files    []File `json:"files"` // in reading order
	Lines    int64  `json:"lines"`
	Bytes    int64  `json:"bytes"`
	Records  int64  `json:"records"`
	Unparsed int64  `json:"unparsed"`
}

// File is one input file. Format is "cri", "docker", "raw", "prefixed" or "logcli", with ".gz" or ".zst" behind it
// when compressed. Unparsed lines were kept and counted, but are in no known form; Truncated lines were cut at the
// length limit. Error says why the file could not be read (to its end); it names what to do where we know it.
type File struct {
	Path      string  `json:"path"`
	Format    string  `json:"format"`
	Lines     int64   `json:"lines"`
	Bytes     int64   `json:"bytes"`
	Records   int64   `json:"records"`
	Unparsed  int64   `json:"unparsed"`
	Truncated int64   `json:"truncated"`
	First     Time    `json:"first"`
	Last      Time    `json:"last"`
	Error     *string `json:"error"`

	// FirstUnparsed is the line number (from 1) of the first line that was not understood; 0 for none.
	FirstUnparsed int64 `json:"first_unparsed,omitempty"`
}

// Ref names a Flux object, or any Kubernetes object as a culprit. Namespace is empty for cluster-scoped kinds.
type Ref struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + "/" + r.Name
	}
	return r.Kind + "/" + r.Namespace + "/" + r.Name
}

// Object is one Flux object at the end of the window.
// Status is ready, failing, waiting, progressing, stalled, silent, suspended, deleted or unknown; Ready is what the
// Ready condition would say: True, False or Unknown.
type Object struct {
	Ref
	Controller       string    `json:"controller"`
	Status           string    `json:"status"`
	Ready            string    `json:"ready"`
	Since            Time      `json:"since"` // when Status began
	Reason           *string   `json:"reason"`
	Revision         *string   `json:"revision"`
	LastGoodRevision *string   `json:"last_good_revision"`
	Attempts         Attempts  `json:"attempts"`
	Duration         *Duration `json:"duration_seconds"`
	NextRun          Time      `json:"next_run"`     // the promise: when the controller said that it would be back
	SilentSince      Time      `json:"silent_since"` // when a promise was broken and not made good
	RootCause        *Ref      `json:"root_cause"`

	// What follows is for people; programs find it in the object's open incident.
	Incident      *Incident `json:"-"` // the open incident, nil for none
	MessageLatest string    `json:"-"` // the latest text that explains Status, redacted
}

// Attempts counts reconcile runs by outcome. Counts are lower bounds: the controllers' logger samples bursts.
type Attempts struct {
	Succeeded int64 `json:"succeeded"`
	Failed    int64 `json:"failed"`
	Waiting   int64 `json:"waiting"`
	Stalled   int64 `json:"stalled"`
	Other     int64 `json:"other"`
}

// Duration sums up how long runs took, in seconds. Measured is "logged" where the controller says how long a run took,
// "between" where only the time between runs is known. P50First and P50Second are the medians of the first and
// second half of the window (0 when a half has none): their ratio is the trend.
type Duration struct {
	Count int64   `json:"count"`
	P50   float64 `json:"p50"`
	P95   float64 `json:"p95"`
	Max   float64 `json:"max"`

	Measured  string  `json:"measured"`
	P50First  float64 `json:"p50_first_half"`
	P50Second float64 `json:"p50_second_half"`
}

// KindDuration is a Duration over all objects of a kind with the same measure.
type KindDuration struct {
	Kind string `json:"kind"`
	Duration
}

// Transition is one change of an object's Ready value or Status.
type Transition struct {
	At Time `json:"at"`
	Ref
	Ready    string  `json:"ready"`
	Status   string  `json:"status"`
	Reason   *string `json:"reason"`
	Revision *string `json:"revision"`
}

// Incident is one episode of failing of one object.
// ErrorLast is the current error, as of the latest attempt that said why it failed, with its Reason and Fingerprint;
// ErrorFirst is the one that the incident began with, with its ReasonFirst.
// State is pending, firing, resolved or closed; ClosedReason is suspended or deleted for closed ones.
// Attempts counts failed attempts; Flaps counts returns to failing after a success that did not hold. Affected lists the
// objects that waited for, or failed because of, this one; an incident with a RootCause stands among the affected of
// that object's incident.
type Incident struct {
	ID string `json:"id"`
	Ref
	State            string     `json:"state"`
	OpenedAt         Time       `json:"opened_at"`
	ResolvedAt       Time       `json:"resolved_at"`
	ClosedReason     *string    `json:"closed_reason"`
	FirstRevision    *string    `json:"first_revision"`
	LastRevision     *string    `json:"last_revision"`
	LastGoodRevision *string    `json:"last_good_revision"`
	Reason           string     `json:"reason"`       // of ErrorLast
	ReasonFirst      string     `json:"reason_first"` // of ErrorFirst
	ErrorFirst       string     `json:"error_first"`
	ErrorLast        string     `json:"error_last"`
	Culprit          *Ref       `json:"culprit"`
	Fingerprint      string     `json:"fingerprint"`
	Attempts         int64      `json:"attempts"`
	Flaps            int64      `json:"flaps"`
	RootCause        *Ref       `json:"root_cause"`
	Affected         []Ref      `json:"affected"`
	Evidence         []Evidence `json:"evidence"`
}

// Evidence is a line that an incident rests on: the first ones and the latest ones, never all. Line counts from 1,
// Offset is the byte in the (decompressed) file where the line begins. Pod is the pod that wrote the line, and
// ReconcileID the attempt that it belongs to; both are empty where the log does not tell.
type Evidence struct {
	File        string `json:"file"`
	Line        int64  `json:"line"`
	Offset      int64  `json:"offset"`
	At          Time   `json:"at"`
	Pod         string `json:"pod"`
	ReconcileID string `json:"reconcile_id"`

	Text string `json:"-"` // the redacted line, cut to a readable length; for the HTML page only
}

// ErrorGroup is one kind of error: all texts with the same fingerprint. New is true when a baseline was given and does
// not know the fingerprint.
type ErrorGroup struct {
	Fingerprint string `json:"fingerprint"`
	Reason      string `json:"reason"`
	Example     string `json:"example"`
	Count       int64  `json:"count"`
	Objects     []Ref  `json:"objects"`
	First       Time   `json:"first"`
	Last        Time   `json:"last"`
	New         bool   `json:"new"`
}

// Controller is one controller pod.
type Controller struct {
	Name          string `json:"name"`
	Pod           string `json:"pod"`
	Restarts      int64  `json:"restarts"`
	Panics        int64  `json:"panics"`
	Throttled     int64  `json:"throttled"`
	LeaderChanges int64  `json:"leader_changes"`
	Lines         Lines  `json:"lines"`
	Gaps          []Gap  `json:"gaps"`
}

// Lines counts a controller's lines by level; Other is what has no level (klog text, traces, garbage).
type Lines struct {
	Info  int64 `json:"info"`
	Error int64 `json:"error"`
	Debug int64 `json:"debug"`
	Other int64 `json:"other"`
}

// Gap is a time in which a controller wrote nothing although it usually does.
type Gap struct {
	From Time `json:"from"`
	To   Time `json:"to"`
}

// Silence is an object's promise that was not kept in time — the one that is broken at the end of the window, or else the one that was kept
// latest after it was due — and how many of its promises were broken. At Said the object's controller announced a next run for Due. Came is
// when the object was heard of again, zero for never (within the window).
type Silence struct {
	Ref
	Said Time `json:"said"`
	Due  Time `json:"due"`
	Came Time `json:"came"`
	// Basis is "stated" when a log line named the next run, "cadence" when it follows from the object's own rhythm.
	Basis string `json:"basis"`
	Times int64  `json:"times"`
}

// Totals counts over the whole report.
type Totals struct {
	Transitions int64
	Incidents   int64
	ByState     map[string]int64 // incidents by state
}

// Settings are the rules in force, printed so that a figure can be understood and repeated.
type Settings struct {
	Hold     time.Duration // pending becomes firing after this long
	Keep     time.Duration // a success must hold this long to resolve
	Grace    time.Duration // a promise may be late by this long
	Baseline string        // file name of the baseline, empty for none
}

// Time is an instant that prints as RFC 3339 UTC with milliseconds, and as null when zero.
type Time struct{ time.Time }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) { return t.AppendJSON(make([]byte, 0, 32)), nil }

// AppendJSON appends what MarshalJSON returns.
func (t Time) AppendJSON(b []byte) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	return t.UTC().AppendFormat(b, `"2006-01-02T15:04:05.000Z"`)
}
