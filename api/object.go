package api

// Ref names a Flux object, or any Kubernetes object as a culprit. Namespace is empty for
// cluster-scoped kinds. As the cause of silence, one of kind Controller names a controller that
// went quiet as a whole.
type Ref struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// String returns Kind/namespace/name, or Kind/name without a namespace.
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + "/" + r.Name
	}
	return r.Kind + "/" + r.Namespace + "/" + r.Name
}

// Object is one Flux object at the end of the window. Status is ready, failing, waiting,
// progressing, stalled, silent, suspended, deleted or unknown. Ready is what the Ready condition
// would say: True, False or Unknown.
type Object struct {
	Ref
	Controller       string    `json:"controller"`
	Status           string    `json:"status"`
	Ready            string    `json:"ready"`
	Since            Time      `json:"since"` // of the open incident, or else of Status
	Reason           *string   `json:"reason"`
	Revision         *string   `json:"revision"`
	LastGoodRevision *string   `json:"last_good_revision"`
	Attempts         Attempts  `json:"attempts"`
	Duration         *Duration `json:"duration_seconds"`
	NextRun          Time      `json:"next_run"`     // when the controller promised the next attempt
	SilentSince      Time      `json:"silent_since"` // since when a promise is broken
	RootCause        *Ref      `json:"root_cause"`
	RetryingSince    Time      `json:"retrying_since,omitzero"` // when a failing object began the attempt that it is in
	Suspects         []Ref     `json:"suspects,omitempty"`      // where the cause of a wait is one of several

	// What the log and the conditions say, held against each other: healthy, failing,
	// condition-only, log-only, recovering, waiting, progressing, stuck, silent, suspended, deleted
	// or unknown. Condition is nil without evidence beside the log. Line is the line that the log's
	// side rests on, nil for none. Explanation is a sentence.
	Verdict     string     `json:"verdict"`
	Condition   *Condition `json:"condition"`
	Line        *Evidence  `json:"line"`
	Explanation string     `json:"explanation"`

	// What follows is for people. Programs find it in the object's open incident.
	Incident      *Incident `json:"-"` // the open incident, nil for none
	Interrupted   bool      `json:"-"` // RetryingSince, but its controller stopped
	MessageLatest string    `json:"-"` // the latest text that explains Status, redacted
	Chain         []Ref     `json:"-"` // what holds it up, and what holds that up, to the root cause
}

// Condition is what an object's Ready condition says. Reason and Message tell why it is not ready,
// which after a rollback or uninstall is not what Ready itself says. Since is when it began to be
// so, null where nothing tells; it is never the transition of Ready, which each attempt renews. At
// is when it was observed, and Source where: a file with the line, or kube.
type Condition struct {
	Ready   string `json:"ready"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
	Since   Time   `json:"since"`
	At      Time   `json:"at"`
	Source  string `json:"source"`
}

// Attempts counts attempts by outcome. Counts are lower bounds: the controllers' logger samples
// bursts.
type Attempts struct {
	Succeeded int64 `json:"succeeded"`
	Failed    int64 `json:"failed"`
	Waiting   int64 `json:"waiting"`
	Stalled   int64 `json:"stalled"`
	Other     int64 `json:"other"`
}

// Duration sums up how long attempts took, in seconds. Measured is "logged" where the controller
// logs that, "between" where only the time between attempts is known. P50First and P50Second are
// the medians of the two halves of the window (0 when a half has none): their ratio is the trend.
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
//
// State is pending, firing, resolved or closed; ClosedReason is suspended, deleted or gone for a
// closed one. ErrorLast is the current error: what the latest attempt said that told why it
// failed, with its Reason and Fingerprint. ErrorFirst is the one that the incident began with, with
// its ReasonFirst. Attempts counts failed attempts; Flaps counts returns to failing after a success
// that did not hold. Affected lists the objects that waited for this one, or failed because of it.
// An incident with a RootCause stands among the affected of that object's incident.
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
	Reason           string     `json:"reason"`
	ReasonFirst      string     `json:"reason_first"`
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

// Evidence is a line that an incident rests on: the first ones and the latest ones, never all.
// Line counts from 1. Offset is the byte in the unpacked file where the line begins. Pod is the
// pod that wrote the line, and ReconcileID the attempt that it belongs to; both are empty where
// the log does not tell.
type Evidence struct {
	File        string `json:"file"`
	Line        int64  `json:"line"`
	Offset      int64  `json:"offset"`
	At          Time   `json:"at"`
	Pod         string `json:"pod"`
	ReconcileID string `json:"reconcile_id"`

	Text string `json:"-"` // the redacted line, cut to a readable length; for the HTML page only
}
