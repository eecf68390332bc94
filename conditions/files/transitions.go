package files

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"fluxtrail/conditions"
	"fluxtrail/parse"
)

// transition is a line of a file that a recorder of conditions wrote: what an object's Ready
// condition changed to, and when. Null stands for what the object did not have.
type transition struct {
	T           moment
	Kind        string
	Namespace   string
	Name        string
	Deleted     bool
	Suspended   bool
	Ready       string
	Reason      string
	Message     string
	Since       string
	Reconciling string // status and reason
	Applied     string
	Attempted   string
	Artifact    string
	Generation  int64
	Observed    int64
}

// named reports whether an object can have the names.
func (t *transition) named() bool {
	return parse.Ref{Kind: t.Kind, Namespace: t.Namespace, Name: t.Name}.Valid()
}

// maxSeconds since 1970 fit into nanoseconds.
const maxSeconds = 9e9

// moment is a time as seconds since 1970 or as RFC 3339 has it.
type moment int64

// UnmarshalJSON implements [json.Unmarshaler].
func (m *moment) UnmarshalJSON(b []byte) error {
	var seconds float64
	if json.Unmarshal(b, &seconds) == nil {
		*m = moment(conditions.Nanoseconds(time.Unix(0, 0).Add(time.Duration(min(max(seconds, 0), maxSeconds) * 1e9))))
		return nil
	}
	var t time.Time
	if err := json.Unmarshal(b, &t); err != nil {
		return errors.New("t: want seconds since 1970, or a time as in 2026-01-02T03:04:05Z")
	}
	*m = moment(conditions.Nanoseconds(t))
	return nil
}

// maxLine bounds a line that is read as a whole.
const maxLine = 16 << 20

// transitions reads JSON lines. A line that is none is reported, and the others are read.
func (in *input) transitions() error {
	lines := bufio.NewScanner(in.text)
	lines.Buffer(make([]byte, headSize), maxLine)
	var errs error
	bad := 0
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var t transition
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil || !t.named() || t.T == 0 {
			if bad++; bad <= 3 {
				errs = errors.Join(errs, fmt.Errorf("line %d: is no transition: %w", n, whyNot(err)))
			}
			continue
		}
		o := in.reader.Object(t.object(), in.place(n), int64(t.T))
		o.Deleted = t.Deleted
		conditions.Unpaused(&o)
		in.add(o, 0)
	}
	if bad > 3 {
		errs = errors.Join(errs, fmt.Errorf("%d more lines are no transitions", bad-3))
	}
	return errors.Join(errs, lines.Err())
}

func whyNot(err error) error {
	if err != nil {
		return err
	}
	return errors.New("it has no kind, name or t")
}

// object is the object of the API that the line is about, as far as it says.
func (t *transition) object() map[string]any {
	ready := map[string]any{
		"type": "Ready", "status": t.Ready, "reason": t.Reason, "message": t.Message, "lastTransitionTime": t.Since,
	}
	status, reason, _ := strings.Cut(t.Reconciling, " ")
	reconciling := map[string]any{"type": "Reconciling", "status": status, "reason": reason}
	seen := map[string]any{
		"conditions": []any{ready, reconciling}, "observedGeneration": t.Observed,
		"lastAppliedRevision": t.Applied, "lastAttemptedRevision": t.Attempted,
		"artifact": map[string]any{"revision": t.Artifact},
	}
	o := map[string]any{
		"kind":     t.Kind,
		"metadata": map[string]any{"namespace": t.Namespace, "name": t.Name, "generation": t.Generation},
		"spec":     map[string]any{"suspend": t.Suspended},
	}
	if t.Ready != "" || t.Reconciling != "" || t.Observed != 0 {
		o["status"] = seen
	}
	return o
}
