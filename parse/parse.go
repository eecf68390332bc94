// Package parse turns one line of a Flux controller's log into a Record: when, at which level,
// which controller says it about which object, and what the message means.
//
// In: the text of one line, without the framing of the container runtime, which package tail takes
// off. Out: a Record. Replay and both lanes of the agent call it once for each line. The result
// depends on the bytes alone. Parsing keeps no state, starts no goroutine, logs nothing and never
// fails: what is in no known form comes back as FormText with a reason, for the caller to count.
// Nothing is lost here. Parse writes one byte of the text while it reads, and puts it back.
//
// What the controllers write in each era was read in their own sources. The tables in kinds.go and
// catalogue.go have one row for each fact, and each row of the catalogue carries the line that
// tests it.
package parse

import (
	"strings"

	"github.com/cespare/xxhash/v2"
)

// Form says how a line is written.
type Form uint8

// The forms of a line. FormTrace is a continuation of a FormPanic line: a frame of its stack trace.
const (
	FormText    Form = iota // in no known form; Record.Bad says why
	FormJSON                // zap's JSON encoder
	FormConsole             // zap's console encoder
	FormKlog                // klog text of client-go
	FormPanic               // the first line of a Go panic or of a fatal runtime error
	FormTrace               // a line of its stack trace
	FormFlux                // what flux logs prints of a line
	FormLibrary             // what a library writes with Go's package log
)

// Level is the level of a line. Flux has no warning level: its warnings are info or error lines.
type Level uint8

// The levels, the most detailed first. LevelNone is a line that has none.
const (
	LevelNone Level = iota
	LevelTrace
	LevelDebug
	LevelInfo
	LevelError
)

func (l Level) String() string {
	return [...]string{"none", "trace", "debug", "info", "error"}[l]
}

// Record is what one line says. Its strings point into the text that was parsed, or, with JSON
// escapes, into memory of the Record. They are valid as long as the text is and until the Record is
// used again: Parse overwrites all fields.
type Record struct {
	Form    Form
	Level   Level
	Meaning Meaning
	Bad     Bad   // why the line was not understood, BadNone if it was
	Time    int64 // the record's own time in Unix nanoseconds, 0 when it has none

	Logger     string
	Msg        string
	Controller string // controller-runtime's name: "kustomization", "helmrelease"
	Kind       string // canonical: "Kustomization", even where the line spells it "kustomization"
	Namespace  string // the object's, never the pod's
	Name       string
	ID         string // reconcileID, eras C and later
	Revision   string // as written
	Error      string
	Reason     string // value of the key "reason" (waiting lines, mirrored events)
	Message    string // value of the key "message": the text of a dispatched event
	Involved   string // raw JSON of the object that a mirrored or dispatched event is about
	About      string // kind of the object that a recorded event is about, or Alert where one passes it on

	Hash   uint64 // of kind, namespace and name, for look-up; 0 when the line is about no object
	IDHash uint64 // of the reconcileID, likewise

	Took int64 // how long the attempt took, in nanoseconds, 0 when the line does not say
	Next int64 // time until the promised next attempt, in nanoseconds, 0 when the line does not say

	spare []byte // for values with JSON escapes; used again by the next Parse
}

// Object reports whether the line speaks of a Flux object as its controller: whether it can belong
// to a reconcile run.
func (r *Record) Object() bool { return Ref{r.Kind, r.Namespace, r.Name}.Valid() }

// Bad is why a line was not understood. The set is closed: it is used as a metric label.
type Bad uint8

// The reasons.
const (
	BadNone      Bad = iota
	BadText          // not JSON, console, klog, nor a panic
	BadTruncated     // JSON that ends early
	BadNoMessage     // JSON without level and msg
)

func (b Bad) String() string {
	return [...]string{"", "text", "truncated_json", "no_message"}[b]
}

// hash is fast, and may collide: it is for look-up, where the names are compared afterwards.
func hash(kind, namespace, name string) uint64 {
	return xxhash.Sum64String(name) + 3*xxhash.Sum64String(namespace) + uint64(kind[0])<<32 + uint64(len(kind))
}

// Parse fills rec from the text of one line. The text is the same again when Parse returns, but
// must not be read by others meanwhile. near is a time close to the line's own, in Unix nanoseconds
// (the framing's, or the record's before): klog text has no year and takes it from there.
func Parse(text []byte, near int64, rec *Record) {
	*rec = Record{spare: rec.spare[:0]}
	switch s := str(text); {
	case strings.HasPrefix(s, "{"):
		if !rec.fixedLayout(text) {
			rec.parseJSON(s)
		}
	case strings.HasPrefix(strings.TrimLeft(s, " "), "{"):
		rec.parseJSON(strings.TrimLeft(s, " "))
	default:
		rec.parseText(s, near)
	}
	if rec.Bad == BadNone && rec.Form != FormTrace {
		rec.read()
	}
	if rec.Object() {
		rec.Hash = hash(rec.Kind, rec.Namespace, rec.Name)
		if rec.ID != "" {
			rec.IDHash = xxhash.Sum64String(rec.ID)
		}
	}
}
