package report

import (
	"cmp"
	"fmt"
	"strings"

	"fluxtrail/api"
)

// fact is one thing that is known of an entry of "Now" or of an incident. Each writer shows all
// facts in their order, so that a new one is added here and nowhere else.
type fact struct {
	Label  string
	Kind   factKind
	Reason string // goes before the text of an error
	Ago    string // likewise: how long ago it was, "" for the current error
	Text   phrase
	Lines  []string // commands
}

// factKind is how a fact is to be shown.
type factKind string

const (
	inWords   factKind = "words"   // a text of ours
	asError   factKind = "error"   // a text of the log, as long as it may be
	asName    factKind = "name"    // a name from the log
	asPlace   factKind = "place"   // likewise, and not to be broken, because it is to be copied
	asCommand factKind = "command" // lines for a shell
)

// factList collects facts. What is empty is left out.
type factList struct {
	clock clock
	list  []fact
}

func (l *factList) add(f fact) {
	if len(f.Text) > 0 || f.Reason != "" || len(f.Lines) > 0 {
		l.list = append(l.list, f)
	}
}

func (l *factList) name(label, s string) {
	l.add(fact{Label: label, Kind: asName, Text: plainly(oneLine(s))})
}

func (l *factList) say(label string, p phrase) {
	l.add(fact{Label: label, Kind: inWords, Text: p})
}

// entryFacts answer the questions about an entry in the order in which they are asked: what is
// wrong, what began it, where it comes from, whether it goes on, and where to look next.
func entryFacts(c clock, e *entry) []fact {
	o := e.Object
	if o == nil {
		return nil
	}
	l := factList{clock: c}
	if o.Kind == controllerKind {
		l.say("silent", plainly(fmt.Sprintf("it wrote nothing more, and %s due", many(len(e.Held), "promised attempt was", "promised attempts were"))))
		l.add(fact{Label: "next", Kind: asCommand, Lines: controllerCommands(o.Name)})
		return l.list
	}
	if o.Incident != nil {
		l.errors(o.Incident)
		l.culprit(o.Incident)
	} else {
		l.why(o)
	}
	l.suspects(o)
	l.revisions(o)
	l.tries(o)
	l.next(o)
	l.trail(latestLine(o))
	l.judged(o)
	l.add(fact{Label: "next", Kind: asCommand, Lines: commands(o.Ref)})
	return l.list
}

// incidentFacts are those of an incident in the list of incidents.
func incidentFacts(c clock, i *api.Incident) []fact {
	l := factList{clock: c}
	l.errors(i)
	l.culprit(i)
	l.name("broke at", shortRevision(deref(i.FirstRevision)))
	l.name("last good", shortRevision(deref(i.LastGoodRevision)))
	l.say("tries", plainly(tried(i)))
	l.trail(lastOf(i.Evidence))
	l.name("fingerprint", i.Fingerprint)
	return l.list
}

// errors are the current error with its own reason, and the one that the incident began with where
// that says something else.
func (l *factList) errors(i *api.Incident) {
	last := cmp.Or(visible(i.ErrorLast), visible(i.ErrorFirst))
	l.add(fact{Label: "error", Kind: asError, Reason: oneLine(i.Reason), Text: plainly(last)})
	first, reason := visible(i.ErrorFirst), oneLine(cmp.Or(i.ReasonFirst, i.Reason))
	if api.Alike(first, last) && reason == oneLine(i.Reason) {
		return
	}
	began := fact{Label: "began as", Kind: asError, Reason: reason, Text: plainly(first)}
	if age := l.clock.age(i.OpenedAt); age != "" {
		began.Ago = age + " ago"
	}
	l.add(began)
}

// head is what goes before the text of an error: its reason, and how long ago it was.
func (f fact) head() string {
	if f.Reason == "" || f.Ago == "" {
		return f.Reason + f.Ago
	}
	return f.Reason + ", " + f.Ago
}

// why tells the state of an object that has no incident. A silent object has no error: what is
// wrong is told by its promise.
func (l *factList) why(o *api.Object) {
	if o.Status != "silent" {
		l.add(fact{Label: "why", Kind: asError, Reason: oneLine(deref(o.Reason)), Text: plainly(visible(o.MessageLatest))})
	}
}

// suspects names the objects of which one is the cause, where the log leaves open which.
func (l *factList) suspects(o *api.Object) {
	names := make([]string, len(o.Suspects))
	for i, r := range o.Suspects {
		names[i] = r.String()
	}
	l.name("one of", strings.Join(names, ", "))
}

func (l *factList) culprit(i *api.Incident) {
	if i.Culprit != nil {
		l.name("culprit", i.Culprit.String())
	}
}

// judged tells what the condition says beside the log.
func (l *factList) judged(o *api.Object) {
	if o.Condition == nil {
		return
	}
	l.add(fact{Label: "verdict", Kind: asError, Reason: oneLine(o.Verdict), Text: plainly(visible(o.Explanation))})
	l.add(fact{Label: "condition", Kind: asPlace, Text: plainly(oneLine(o.Condition.Source))})
}

// revisions tells where it broke, and what was good before.
func (l *factList) revisions(o *api.Object) {
	broke, lastGood := "", deref(o.LastGoodRevision)
	if i := o.Incident; i != nil {
		broke, lastGood = shortRevision(deref(i.FirstRevision)), cmp.Or(deref(i.LastGoodRevision), lastGood)
	}
	l.name("broke at", broke)
	if lastGood == "" && broke != "" {
		l.say("last good", plainly("none in this log"))
	}
	l.name("last good", shortRevision(lastGood))
}

// tries counts the failed attempts of the open incident. Of an object without one they are over.
func (l *factList) tries(o *api.Object) {
	if o.Incident != nil {
		l.say("tries", plainly(tried(o.Incident)))
	}
}

func tried(i *api.Incident) string {
	text := ""
	if i.Attempts > 0 {
		text = many(i.Attempts, "failed attempt", "failed attempts")
	}
	if i.Flaps > 0 {
		if text != "" {
			text += ", "
		}
		text += many(i.Flaps, "flap", "flaps")
	}
	return text
}

// next tells when the next attempt is due, or was.
func (l *factList) next(o *api.Object) {
	switch {
	case o.Status == "stalled":
		l.say("next try", plainly("none: it waits until the object or its source is changed"))
	case o.Status == "silent":
		l.say("silent", l.silence(o))
	case o.Interrupted:
		l.say("next try", phrase{words("interrupted: the controller stopped in the middle of it; begun "), l.clock.when(o.RetryingSince)})
	case !o.RetryingSince.IsZero():
		l.say("next try", phrase{words("under way since "), l.clock.when(o.RetryingSince)})
	default:
		l.say("next try", l.clock.due(o.NextRun))
	}
}

// silence tells the promise that was broken.
func (l *factList) silence(o *api.Object) phrase {
	due := o.NextRun
	if due.IsZero() || due.After(l.clock.to.Time) {
		due = o.SilentSince
	}
	said := "nothing was heard of it; "
	switch {
	case o.Incident == nil && o.Ready == "True":
		said = "the last attempt succeeded, "
	case o.Incident != nil || o.Ready == "False":
		said = "the last attempt failed, "
	}
	if due.IsZero() {
		return phrase{words(said + "no other one came")}
	}
	return phrase{words(said + "the next one was due "), l.clock.when(due),
		words(", " + l.clock.age(due) + " before the log ends")}
}

// latestLine is the latest line that tells of what is wrong with an object, nil for none.
func latestLine(o *api.Object) *api.Evidence {
	if o.Incident != nil {
		return lastOf(o.Incident.Evidence)
	}
	return o.Line
}

func lastOf(lines []api.Evidence) *api.Evidence {
	if len(lines) == 0 {
		return nil
	}
	return &lines[len(lines)-1]
}

// trail leads to a line.
func (l *factList) trail(line *api.Evidence) {
	if line == nil {
		return
	}
	l.add(fact{Label: "log", Kind: asPlace, Text: plainly(place(line))})
	if line.ReconcileID != "" {
		l.add(fact{Label: "attempt", Kind: asPlace, Text: plainly("reconcileID " + oneLine(line.ReconcileID))})
	}
}
