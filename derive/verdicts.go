package derive

import (
	"fmt"
	"strings"
	"time"
)

// rule is a row of the table of verdicts.
type rule struct {
	name    string // for its test
	verdict Verdict
	fits    func(*judging) bool
	why     func(*judging) string
}

// verdicts are in the order of precedence: the first that fits gives the verdict. What is gone or
// stopped on purpose comes first, then what does not go on, then what fails, then what is well.
var verdicts = []rule{
	{
		"gone from the API", VerdictDeleted,
		func(j *judging) bool { return j.known.gone != nil && j.known.gone.At >= j.logAt-patched },
		func(j *judging) string {
			return fmt.Sprintf("%s does not have it any more at %s", j.known.gone.Source, j.clock(j.known.gone.At))
		},
	},
	{
		"deleted in the log", VerdictDeleted,
		func(j *judging) bool {
			return j.Object.Status == Deleted && (j.ob == nil || j.ob.At <= j.Object.Since+patched || j.known.gone != nil)
		},
		func(j *judging) string { return "the log tells of its deletion at " + j.clock(j.Object.Since) },
	},
	{
		"deletion hangs", VerdictStuck,
		func(j *judging) bool {
			return j.ob != nil && j.ob.Deleting != 0 && j.end > later(j.ob.Deleting, j.reaction(), j.grace)
		},
		func(j *judging) string {
			return fmt.Sprintf("its deletion was asked for at %s and it is still there at %s: a finalizer holds it",
				j.clock(j.ob.Deleting), j.clock(j.ob.At))
		},
	},
	{
		"being deleted", VerdictProgressing,
		func(j *judging) bool { return j.ob != nil && j.ob.Deleting != 0 },
		func(j *judging) string { return "its deletion was asked for at " + j.clock(j.ob.Deleting) },
	},
	{
		"suspended by its spec", VerdictSuspended,
		func(j *judging) bool {
			p := j.known.paused
			return p != nil && p.Suspended == Yes && (j.Current.Begun <= p.reaches() || j.Object.Status == Suspended)
		},
		func(j *judging) string {
			text := fmt.Sprintf("%s says at %s that it is suspended", j.known.paused.Source, j.clock(j.known.paused.At))
			if j.is("False") || j.is("Unknown") {
				text += "; its condition stays " + j.ready.Status + "/" + j.ready.Reason + " until it is resumed"
			}
			return text
		},
	},
	{
		"suspended in the log", VerdictSuspended,
		func(j *judging) bool {
			p := j.known.paused
			return j.Object.Status == Suspended && (p == nil || p.Suspended != No || p.reaches() <= j.Object.Since+patched || !j.resumed(p))
		},
		func(j *judging) string { return "the log tells of its suspension at " + j.clock(j.Object.Since) },
	},
	{
		"Unknown for too long", VerdictStuck,
		(*judging).hangs,
		func(j *judging) string {
			return fmt.Sprintf("Ready is Unknown since %s (%s), longer than the %s that an attempt may take, and no line shows "+
				"a later one: its controller died in the attempt or hangs",
				j.clock(j.tried()), brief(j.ready.Message), j.patience())
		},
	},
	{
		"waits for what is ready, too long", VerdictStuck,
		func(j *judging) bool {
			from := j.supplied()
			return from != 0 && j.end > later(from, 2*time.Minute, j.grace)
		},
		func(j *judging) string {
			return fmt.Sprintf("it waits for %s since %s, which is ready since %s", j.Block, j.clock(j.Object.Since), j.clock(j.supplied()))
		},
	},
	{
		"silent, and the condition is as it was", VerdictSilent,
		func(j *judging) bool { return (j.SilentSince != 0 || j.missed()) && !j.changed(j.Promise.Due) },
		func(j *judging) string {
			text := fmt.Sprintf("%s, and the next one, due at %s, did not come", j.attempt(), j.clock(j.Promise.Due))
			if j.ob != nil {
				text += "; " + j.condition() + " all the same"
			}
			return text
		},
	},
	{
		"overdue by its interval", VerdictSilent,
		func(j *judging) bool { at := j.deadline(); return at != 0 && j.end > at },
		func(j *judging) string {
			return fmt.Sprintf("%s, but its last attempt ended at %s and it has an interval of %s",
				j.condition(), j.clock(j.ready.Since), j.known.spec.Interval)
		},
	},
	{
		"the condition is still True", VerdictLogOnly,
		func(j *judging) bool {
			return j.failed && j.is("True") && j.newer() && !j.changed(j.ended) && (j.ready.Since != 0 || j.ob.At <= j.at)
		},
		func(j *judging) string { return j.attempt() + ", but " + j.condition() },
	},
	{
		"True after the log's end", VerdictRecovering,
		func(j *judging) bool { return j.failed && j.is("True") && j.newer() },
		func(j *judging) string {
			return j.condition() + "; " + j.attempt() + ", and the log does not show the success"
		},
	},
	{
		"a success that has to hold", VerdictRecovering,
		func(j *judging) bool {
			p := j.healing()
			return p.Resolved != 0 && j.end-p.Resolved < int64(j.keep) && !(j.is("False") && j.newer() && !j.waits())
		},
		func(j *judging) string {
			text := fmt.Sprintf("it failed from %s, and succeeded at %s, which has still to hold",
				j.clock(j.healing().Opened), j.clock(j.healing().Resolved))
			if j.ob != nil {
				text += "; " + j.condition()
			}
			return text
		},
	},
	{
		"the log has overtaken the condition, failing", VerdictFailing,
		func(j *judging) bool { return j.failed && j.is("True") },
		func(j *judging) string { return j.attempt() + "; " + j.condition() + ", which is from before" },
	},
	{
		"both say that it fails", VerdictFailing,
		func(j *judging) bool { return j.failed && j.ob != nil },
		func(j *judging) string {
			text := j.attempt() + ", and " + j.condition()
			if j.is("Unknown") {
				text += ", as it does while the next attempt runs"
			}
			return text
		},
	},
	{
		"the log says that it fails", VerdictFailing,
		func(j *judging) bool { return j.failed },
		func(j *judging) string { return j.attempt() },
	},
	{
		"it waits for a dependency or source", VerdictWaiting,
		func(j *judging) bool {
			if j.Object.Status == Waiting {
				return !(j.is("True") && j.newer() && j.changed(j.ended))
			}
			return j.waits() && !j.overtaken()
		},
		func(j *judging) string {
			text := "it waits for something that is not ready"
			if j.Block != (Ref{}) {
				text = "it waits for " + j.Block.String() + j.ring()
			}
			if j.Root != (Ref{}) && j.Root != j.Block {
				text += ", because of " + j.Root.String()
			}
			if j.supplied() != 0 {
				text += ", which is ready by now"
			}
			if j.ob != nil {
				text += "; " + j.condition()
			}
			return text
		},
	},
	{
		"the condition says that it fails", VerdictConditionOnly,
		func(j *judging) bool { return j.is("False") && !j.overtaken() },
		func(j *judging) string {
			text := j.condition() + " and " + j.attempt()
			if m := brief(j.cause.Message); m != "" {
				text += ": " + m
			}
			return text
		},
	},
	{
		"the log has overtaken the condition, ready", VerdictHealthy,
		func(j *judging) bool { return j.is("False") && j.Object.Status == Ready },
		func(j *judging) string { return j.attempt() + "; " + j.condition() + ", which is from before" },
	},
	{
		"stale generation, too long", VerdictStuck,
		func(j *judging) bool {
			return j.is("True") && j.known.outdated != 0 && j.logAt < j.known.outdated && j.end > later(j.known.outdated, j.reaction(), j.grace)
		},
		func(j *judging) string {
			return fmt.Sprintf("the condition is about generation %d, the spec is at %d since %s or longer, and no attempt of it shows",
				j.ob.Observed, j.ob.Generation, j.clock(j.known.outdated))
		},
	},
	{
		"stale generation", VerdictProgressing,
		func(j *judging) bool { return j.is("True") && j.known.outdated != 0 && j.logAt < j.known.outdated },
		func(j *judging) string {
			return fmt.Sprintf("the condition is about generation %d, the spec is at %d: its controller has still to take it up",
				j.ob.Observed, j.ob.Generation)
		},
	},
	{
		"an attempt is under way", VerdictProgressing,
		func(j *judging) bool { return j.is("Unknown") && !j.overtaken() },
		func(j *judging) string {
			return fmt.Sprintf("an attempt is under way since %s, which may take %s: %s",
				j.clock(j.tried()), j.patience(), brief(j.ready.Message))
		},
	},
	{
		"the log shows an attempt under way", VerdictProgressing,
		func(j *judging) bool {
			return j.Object.Status == Progressing && !(j.is("True") && j.ob.reaches() > j.logAt)
		},
		func(j *judging) string { return "the log shows an attempt under way since " + j.clock(j.Object.Since) },
	},
	{
		"both say that it is well", VerdictHealthy,
		func(j *judging) bool { return j.is("True") && j.Object.Status == Ready && j.logged() },
		func(j *judging) string { return j.attempt() + ", and " + j.condition() },
	},
	{
		"the log says that it is well", VerdictHealthy,
		func(j *judging) bool { return j.Object.Status == Ready && j.ended != 0 },
		func(j *judging) string { return j.attempt() },
	},
	{
		"the condition says that it is well", VerdictHealthy,
		func(j *judging) bool { return j.is("True") },
		func(j *judging) string { return j.condition() + ", and " + j.attempt() },
	},
	{
		"nothing to say", VerdictHealthy,
		func(j *judging) bool { return j.ob != nil && j.ob.Static },
		func(j *judging) string { return "an object of this kind has no condition; " + j.attempt() },
	},
	{
		"never reconciled", VerdictUnknown,
		func(j *judging) bool { return j.ob != nil && j.ready.Status == "" },
		func(j *judging) string {
			return fmt.Sprintf("%s shows no condition of it at %s, and %s", j.ob.Source, j.clock(j.ob.At), j.attempt())
		},
	},
}

// timeoutIn reads how long an attempt may take from what its condition says.
func timeoutIn(message string) time.Duration {
	const before = "with a timeout of "
	i := strings.LastIndex(message, before)
	if i < 0 {
		i = strings.LastIndex(message, "with timeout of ")
		if i < 0 {
			return 0
		}
		i -= len("a ")
	}
	text, _, _ := strings.Cut(message[i+len(before):], " ")
	d, err := time.ParseDuration(strings.TrimRight(text, ".,"))
	if err != nil {
		return 0
	}
	return d
}

// brief is the beginning of a message, on one line.
func brief(message string) string {
	text, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200]) + "…"
	}
	return text
}
