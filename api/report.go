// Package api holds every JSON shape that fluxtrail promises to its readers: the report of a
// replay, the answers of the agent's HTTP API, and the events on the agent's standard output.
//
// In: values that agent and replay fill from the state of package derive. Out: the same values,
// which sinks/report and encoding/json write. The package has no logic beyond the form of a time
// and of a name, imports nothing of ours and starts no goroutine. Every text in these values was
// redacted before it gets here.
package api

import (
	"iter"
	"time"
)

// Schema names the version of the report's JSON contract; docs/replay.schema.json describes it.
const Schema = "fluxtrail/replay/v1"

// Report is everything that one replay found. Slices and sequences are in the order that is given
// at each field, so that the same input gives the same bytes. Transitions and Incidents are
// sequences because their number grows with the input: they may come from a temporary file, and
// can be ranged over more than once.
type Report struct {
	Window      Window
	Input       Input
	Objects     []Object             // by kind, namespace, name
	Transitions iter.Seq[Transition] // by time, then object
	Incidents   iter.Seq[Incident]   // by opened_at, then object
	Causes      []Cause              // by number of objects descending, then cause
	Errors      []ErrorGroup         // by count descending, then first seen, then fingerprint
	Controllers []Controller         // by name, then pod
	Durations   []KindDuration       // by kind
	Silences    []Silence            // by due time, then object
	Totals      Totals               // counts over the sequences, so that no writer walks them twice
	Alerts      *Alerts              // nil unless rules were asked for
	Settings    Settings             // the rules that the figures depend on
}

// Window is the time that the input covers: the times of its first and last record. Both are zero
// for an empty input.
type Window struct {
	From Time `json:"from"`
	To   Time `json:"to"`
}

// Input tells what was read and how much of it was understood.
type Input struct {
	Files    []File `json:"files"` // in reading order
	Lines    int64  `json:"lines"`
	Bytes    int64  `json:"bytes"`
	Records  int64  `json:"records"`
	Unparsed int64  `json:"unparsed"`
	// LooksLike is a guess at what was read when nothing of it was understood.
	LooksLike string `json:"looks_like,omitempty"`
	// WithoutRecords are the paths that were named and gave no record.
	WithoutRecords []string `json:"without_records,omitempty"`
	// Believed says whose lines counted.
	Believed Believed `json:"believed"`
	// Conditions are the sources of what is known of the objects beside the logs.
	Conditions []ConditionInput `json:"conditions,omitempty"`
	// ConditionNotes tell what else there is to know of these sources, such as that they have another
	// clock than the log.
	ConditionNotes []string `json:"condition_notes,omitempty"`
}

// Believed says whose lines count: those of pods in these namespaces, each controller's about
// objects of its own kinds; with no namespaces those of every log, because no path names one.
// Refused are the pods with lines about Flux's objects that did not count.
type Believed struct {
	Namespaces []string  `json:"namespaces"`
	Refused    []Refused `json:"refused"`
}

// Refused is a pod that spoke of what is not its own. Reason is namespace, for a pod that is none
// of Flux's, or kind, for a controller that spoke of the objects of another.
type Refused struct {
	Namespace string `json:"namespace"`
	Pod       string `json:"pod"`
	Reason    string `json:"reason"`
	Lines     int64  `json:"lines"`
}

// ConditionInput is one file or server that told of the objects' conditions. Form says what it is,
// such as "metrics (exposition)". At is the time of a snapshot, null where entries have times of
// their own; Guessed says that it is the newest time within the snapshot, and so too early. Objects
// counts what was told of Flux's objects, Others what is about anything else. Error tells why not
// all of it could be read.
type ConditionInput struct {
	Source  string  `json:"source"`
	Form    string  `json:"form"`
	At      Time    `json:"at"`
	Guessed bool    `json:"at_guessed"`
	Objects int64   `json:"objects"`
	Others  int64   `json:"others"`
	Error   *string `json:"error"`
}

// File is one input file. Format is the name of its framing, such as cri, docker, raw, prefixed
// or logcli, with .gz or .zst behind it when the file is compressed. Unparsed lines were kept and
// counted, but are in no known form. Truncated lines were cut at the length limit. Error tells why
// the file could not be read to its end, and what to do about it where that is known.
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

	// FirstUnparsed is the number (from 1) of the first line that was not understood; 0 for none.
	FirstUnparsed int64 `json:"first_unparsed,omitempty"`
	// Order tells how the lines were put in order where the file was not in the order of time.
	Order string `json:"order,omitempty"`
}

// ErrorGroup is one kind of error: all texts with one fingerprint. New is true when a baseline was
// given and does not have the fingerprint.
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

// Cause is something outside of Flux's objects, such as a host that cannot be reached, of which
// several objects fail that have no other root cause.
type Cause struct {
	Cause   string `json:"cause"`
	Objects []Ref  `json:"objects"` // by kind, namespace, name
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

	Health *Health `json:"health,omitempty"` // by its own metrics, nil without evidence of them
}

// Health is what a controller's metrics say of its process: at which time, where that stands, and
// what is wrong, nothing where all is well. Counts are since the process started.
type Health struct {
	At       Time     `json:"at"`
	Source   string   `json:"source"`
	Troubles []string `json:"troubles"`
}

// Lines counts a controller's lines by level. Other is what has no level: klog text, traces,
// garbage.
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

// Silence is a promise of an object that was not kept in time: the one that is broken at the end
// of the window, or else the latest one that was kept too late. At Said the object's controller
// announced an attempt for Due. Came is when the object was heard of again, zero for never within
// the window. Times counts the object's broken promises.
type Silence struct {
	Ref
	Said Time `json:"said"`
	Due  Time `json:"due"`
	Came Time `json:"came"`
	// Basis is "stated" when a line named the time, "cadence" when it follows from the object's
	// own rhythm.
	Basis string `json:"basis"`
	Times int64  `json:"times"`
}

// Totals counts over the whole report, and what a filter left out of it.
type Totals struct {
	Seen        int64 // objects in the log
	Matched     int64 // objects that the filter asks for, listed or not
	Transitions int64
	Incidents   int64
	ByState     map[string]int64 // incidents by state
}

// Settings are the rules in force. They are printed, so that a figure can be understood and
// repeated.
type Settings struct {
	Hold     time.Duration // an incident that lasted this long is firing
	Keep     time.Duration // no failure may follow a success within this time for it to resolve
	Grace    time.Duration // a promised attempt may be late by this long
	Baseline string        // file name of the baseline, empty for none
}
