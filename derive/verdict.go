package derive

import (
	"cmp"
	"fmt"
	"time"
)

// Verdict is what the log and the conditions say of an object, held against each other.
type Verdict string

// The verdicts.
const (
	VerdictHealthy       Verdict = "healthy"
	VerdictFailing       Verdict = "failing"
	VerdictConditionOnly Verdict = "condition-only" // the condition says that it fails, and no line does
	VerdictLogOnly       Verdict = "log-only"       // attempts fail, and the condition is still True
	VerdictRecovering    Verdict = "recovering"     // a success has still to hold
	VerdictWaiting       Verdict = "waiting"
	VerdictProgressing   Verdict = "progressing"
	VerdictStuck         Verdict = "stuck" // what should have ended by itself did not
	VerdictSilent        Verdict = "silent"
	VerdictSuspended     Verdict = "suspended"
	VerdictDeleted       Verdict = "deleted"
	VerdictUnknown       Verdict = "unknown"
)

// Judgement is the verdict on one object, and what it rests on.
type Judgement struct {
	Verdict     Verdict
	Condition   *Said  // nil without evidence beside the log
	Explanation string // one sentence
}

// Said is what the Ready condition of an object says. Reason and Message tell why it is not ready:
// after Helm's remediation that is not what Ready itself says. Since is when the object began to be
// so, 0 where nothing tells.
type Said struct {
	Ready, Reason, Message string
	Since, At              int64
	Source                 string
}

// Judge gives the verdict on the object at the View's instant.
func (s *Seen) Judge() Judgement {
	j := newJudging(s)
	for i := range verdicts {
		if r := &verdicts[i]; r.fits(j) {
			return Judgement{r.verdict, j.said(), j.complete(r.why(j))}
		}
	}
	return Judgement{VerdictUnknown, j.said(), j.complete("nothing tells how the object is")}
}

// Line is the line that the log's side of the verdict rests on: the latest of the open incident, or
// else the latest that showed a success or a wait; nil for none.
func (s *Seen) Line() *Evidence {
	if i := s.Incident; i != nil {
		for _, lines := range [2][]Evidence{i.Latest, i.First} {
			if n := len(lines); n > 0 {
				return &lines[n-1]
			}
		}
	}
	if s.Shown.Line == 0 {
		return nil
	}
	line := s.Shown.Evidence()
	return &line
}

// judging is one object with all that a verdict depends on.
type judging struct {
	*Seen
	known *known       // never nil
	ob    *Observation // the one that it is judged by, nil without evidence
	ready Condition    // its Ready condition
	cause Condition    // the condition that says why it is not ready

	failed bool  // the log says that it fails
	logAt  int64 // when the log spoke of the object last, 0 for never
	ended  int64 // when the log showed an outcome last, 0 for never
	end    int64 // up to when something is known: the end of the log, or the latest observation
}

// nothing is what is known of an object that nothing but logs tells of. It is only read.
var nothing known

func newJudging(s *Seen) *judging {
	j := &judging{Seen: s, known: s.known, logAt: s.HeardOf(), ended: s.Ended, end: s.at}
	if j.known == nil {
		j.known = &nothing
	}
	if j.ob = j.known.newest(); j.ob != nil {
		j.ready, _ = j.ob.condition("Ready")
		j.cause = j.ob.cause()
		j.end = max(j.end, j.ob.At)
	}
	i := s.Incident
	open := i != nil && i.Healing == 0 && !i.ByCondition && !(i.WaitOnly && s.Object.Status == Waiting)
	j.failed = s.logged() && (open || s.Object.Status == Failing || s.Object.Status == Stalled) && (i == nil || !i.ByCondition)
	return j
}

// said is the condition in the form of a judgement.
func (j *judging) said() *Said {
	if j.ob == nil {
		return nil
	}
	return &Said{
		Ready: cmp.Or(j.ready.Status, "Unknown"), Reason: j.cause.Reason, Message: j.cause.Message,
		Since: j.known.readySince(j.ob), At: j.ob.At, Source: j.ob.Source,
	}
}

// is reports whether there is a condition with this status.
func (j *judging) is(status string) bool { return j.ob != nil && j.ready.Status == status }

// patched is how long after a line of its controller a condition may be written.
const patched = int64(2 * time.Second)

// newer reports whether the condition was certainly observed after the log's last outcome.
func (j *judging) newer() bool { return j.ob != nil && j.ob.reaches() > j.ended+patched }

// overtaken reports whether the log has gone on since the condition was observed.
func (j *judging) overtaken() bool { return j.ob != nil && j.ended != 0 && j.ob.reaches() < j.ended }

// changed reports whether the condition was written after a time, by the clock of its controller.
func (j *judging) changed(after int64) bool { return j.ready.Since > after }

// waits reports whether the condition says that the object waits for another one.
func (j *judging) waits() bool {
	return j.is("False") && (j.ready.Reason == "DependencyNotReady" || waitsForSource(j.Object, j.ready))
}

// unready is since when Ready is Unknown without an end.
func (j *judging) unready() int64 { return or(j.ready.Since, j.known.unknown) }

// tried is since when the attempt runs that holds Ready at Unknown: a later one of which the log
// tells may leave the condition as it was.
func (j *judging) tried() int64 {
	if a := &j.Current; a.Outcome == none && a.Begun > j.unready() && a.Begun <= j.end {
		return a.Begun
	}
	return j.unready()
}

// Patience where no timeout is known: the default of helm-controller, and what is enough for nearly
// all. A controller that is alive ends each attempt itself.
const (
	usualPatience = 5 * time.Minute
	longPatience  = 15 * time.Minute
)

// patience is how long an attempt may take: what its message says, what its spec says, or the
// default of its controller.
func (j *judging) patience() time.Duration {
	for _, kind := range []string{"Ready", "Reconciling"} {
		if c, ok := j.ob.condition(kind); ok {
			if d := timeoutIn(c.Message); d > 0 {
				return d
			}
		}
	}
	spec := j.known.spec
	switch {
	case spec != nil && spec.Timeout > 0:
		return spec.Timeout
	case spec != nil && spec.Interval > 0 && j.Kind == "Kustomization": // as kustomize-controller has it
		return max(spec.Interval-30*time.Second, 30*time.Second)
	case spec == nil && j.spoke > j.tried()+int64(usualPatience):
		return longPatience
	}
	return usualPatience
}

// reaction is how long a controller may take to take up what was asked of it.
func (j *judging) reaction() time.Duration {
	if spec := j.known.spec; spec != nil && spec.Timeout > 0 {
		return spec.Timeout
	}
	return usualPatience
}

// hangs reports whether Ready is Unknown for longer than an attempt may take, and no line shows a
// later one.
func (j *judging) hangs() bool {
	if !j.is("Unknown") {
		return false
	}
	from := j.tried()
	limit := later(from, j.patience(), j.grace)
	return from != 0 && j.end > limit && j.logAt <= limit && j.ended <= from+patched
}

// ring says that what the object waits for goes round in a ring, "" when it does not.
func (j *judging) ring() string {
	seen := map[*Object]bool{}
	for b := j.blocker(); b != nil && b.Block != (Ref{}); b = j.other(b.Block) {
		switch {
		case b.Block == j.Ref:
			return ", which waits for it in turn"
		case seen[b]:
			return ", which waits in a ring"
		}
		seen[b] = true
	}
	return ""
}

// blocker is what the object waits for, as it was judged by others: nil when nothing is known.
func (j *judging) blocker() *Object {
	if j.Block == (Ref{}) {
		return nil
	}
	return j.other(j.Block)
}

// healing is the incident that ended by the latest success, whether that has held or not. The end
// of a replay takes it for one that has.
func (j *judging) healing() past {
	if i := j.Incident; i != nil {
		return past{i.OpenedAt, i.Healing}
	}
	if j.Object.Status != Ready && j.Object.Status != Progressing {
		return past{}
	}
	return j.Past
}

// supplied is since when the object waits for something that is ready, 0 when that is not so.
func (j *judging) supplied() int64 {
	b := j.blocker()
	if b == nil || b.bad() || b.known == nil || !(j.Object.Status == Waiting || j.waits()) || j.Object.Status == Ready && j.overtaken() {
		return 0
	}
	ob := b.known.newest()
	if ob == nil || ob.Ready() != "True" || ob.At < j.ended-int64(5*time.Minute) {
		return 0
	}
	c, _ := ob.condition("Ready")
	return max(c.Since, j.Object.Since, 1)
}

// deadline is when a Kustomization without a log should have been reconciled again, 0 where that
// cannot be told: each attempt renews its Ready condition, which no other kind does.
func (j *judging) deadline() int64 {
	spec := j.known.spec
	if j.logged() || j.Kind != "Kustomization" || spec == nil || spec.Interval == 0 || j.ready.Since == 0 || !j.is("True") {
		return 0
	}
	return later(j.ready.Since, spec.Interval, max(spec.Interval/2, j.grace))
}

// missed reports whether a promise is broken that was not at the log's end: a later look at the
// object has the condition of the attempt before. Each attempt of a Kustomization renews it. When a
// snapshot was saved is often known to the minute only.
func (j *judging) missed() bool {
	return j.Kind == "Kustomization" && j.is("True") && j.ob.late() == 0 && j.ready.Since != 0 && !j.changed(j.ended+patched) &&
		j.Object.Status == Ready && j.Promise.broken(j.end-sameTime, j.grace)
}

// clock writes a time in a sentence.
func (j *judging) clock(at int64) string {
	if at <= atSomeTime {
		return "an unknown time"
	}
	return Instant(at).Format("2006-01-02T15:04:05Z")
}

// condition is what the condition says, in a few words.
func (j *judging) condition() string {
	if j.ob == nil {
		return "there is no condition"
	}
	text := j.cause.Status
	if j.cause.Reason != "" {
		text += "/" + j.cause.Reason
	}
	if j.cause.Type != j.ready.Type {
		text = j.ready.Status + "/" + j.ready.Reason + ", after " + j.cause.Type + " " + text
	}
	return fmt.Sprintf("the condition says %s at %s", text, j.clock(j.ob.At))
}

// attempt is what the log's last outcome was, in a few words.
func (j *judging) attempt() string {
	switch {
	case j.ended == 0:
		return "the log shows no attempt of it"
	case j.failed && j.reason() != "":
		return fmt.Sprintf("the attempt that ended at %s failed with %s", j.clock(j.ended), j.reason())
	case j.failed:
		return "the attempt that ended at " + j.clock(j.ended) + " failed"
	}
	last := &j.Current
	if last.End != j.ended {
		last = &j.Previous
	}
	how := map[outcome]string{
		succeeded: "succeeded", failed: "failed", stalled: "failed for good", waiting: "waited", suspended: "found it suspended",
		deleted: "deleted it", canceled: "was broken off",
	}[last.Outcome]
	return "the attempt that ended at " + j.clock(j.ended) + " " + cmp.Or(how, "was the last one")
}

// reason is why the object fails, also while its next attempt runs.
func (j *judging) reason() string {
	if i := j.Incident; i != nil && i.Reason != "" {
		return i.Reason
	}
	return j.Object.Reason
}

// complete adds to a sentence what else there is to know: who contradicts.
func (j *judging) complete(sentence string) string {
	if j.ob == nil {
		return sentence
	}
	if o := j.known.against(j.ob); o != nil {
		sentence += fmt.Sprintf("; %s contradicts: %s at %s", o.Source, o.Ready(), j.clock(o.At))
	}
	return sentence
}
