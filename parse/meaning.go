package parse

// Meaning is what a line's message means for the attempt that it belongs to. The zero Meaning is a
// message that says nothing about an outcome: most lines.
type Meaning uint8

// The meanings.
const (
	None Meaning = iota

	// Outcomes of an attempt.

	Succeeded       // the attempt went well
	Generated       // the same, and the message names an object that the attempt made
	Finished        // it is over, and went well unless the same attempt also shows a failure
	Failed          // it failed and will be tried again
	ReconcilerError // controller-runtime's own word for an attempt that returned an error
	Stalled         // it failed and will not be tried again before something changes
	FailedState     // helm-controller: the release is in a failed state (at info; only the condition has the error)
	WaitDependency  // an object in dependsOn is not ready
	WaitSource      // the source, or its artifact, is not there yet
	Suspended       // the object is suspended
	Deleted         // the object is being deleted
	Canceled        // the attempt gave way to a newer one
	Created         // the controller puts its finalizer on the object: it is new

	// Progress within an attempt.

	Progress   // something was done: Ready is Unknown until the attempt is over
	DepsReady  // all dependencies are ready: the attempt goes on
	Action     // helm-controller runs an action
	Link       // the line names the object's source
	Warning    // an event recorded as a line: its reason and text describe the failure that follows
	FetchRetry // the artifact could not be fetched and is tried again within the attempt
	Removed    // the message names an object that the attempt deleted

	// The life of the controller itself. These come last: derive takes all from Start on for lines
	// that are about no object.

	Start        // a process starts
	Shutdown     // a process stops
	LeaseGot     // leadership won
	LeaseLost    // leadership lost; the process exits
	Throttled    // client-side throttling by client-go
	Panicked     // a panic that was recovered; an unrecovered one is FormPanic
	Event        // an event seen by notification-controller's event server
	MirrorEvent  // controller-runtime's copy of an event, at debug
	NotifyFailed // notification-controller could not deliver
)

var meanings = [...]string{
	"none", "succeeded", "generated", "finished", "failed", "reconciler-error", "stalled", "failed-state", "wait-dependency", "wait-source",
	"suspended", "deleted", "canceled", "created", "progress", "deps-ready", "action", "link", "warning", "fetch-retry", "removed",
	"start", "shutdown", "lease-got", "lease-lost", "throttled", "panicked", "event", "mirror-event", "notify-failed",
}

func (m Meaning) String() string { return meanings[m] }
