package derive

import "strconv"

// appendTo appends the object as encoding/json would write it without escapes for HTML, which takes
// five times as long: with thousands of objects that is most of what it costs to save.
func (o savedObject) appendTo(b []byte) []byte {
	m := object(b)
	m.ref("ref", o.Ref)
	m.number("status", int64(o.Status))
	m.textAlways("ready", o.Ready)
	m.text("reason", o.Reason)
	m.number("since", o.Since)
	if o.Incident != nil {
		m.b = o.Incident.appendTo(m.key("incident"))
	}
	if o.Promise != (Promise{}) {
		m.b = o.Promise.appendTo(m.key("promise"))
	}
	if o.Counts != (Counts{}) {
		m.b = o.Counts.appendTo(m.key("counts"))
	}
	m.text("revision", o.Revision)
	m.text("last_good", o.LastGood)
	m.text("message", o.Message)
	m.text("pod", o.Pod)
	if o.Shown != (OutcomeLine{}) {
		m.b = o.Shown.appendTo(m.key("shown"))
	}
	o.objectState.appendMembers(&m)
	m.text("controller", o.Controller)
	m.refs("suspects", o.Suspects)
	if o.Known != nil {
		m.other("known", o.Known)
	}
	return m.end()
}

func (o *objectState) appendMembers(m *members) {
	if o.Current != (attempt{}) {
		m.b = o.Current.appendTo(m.key("current"))
	}
	if o.Previous != (attempt{}) {
		m.b = o.Previous.appendTo(m.key("previous"))
	}
	m.number("ended", o.Ended)
	m.flag("interrupted", o.Interrupted)
	m.flag("by_event", o.ByEvent)
	m.number("retry_by", o.RetryBy)
	m.number("span", o.Span)
	m.number("silent_at", o.SilentAt)
	m.pair("cuts", "first", o.Cuts.First, "n", o.Cuts.N)
	m.text("raw", o.Raw)
	m.text("good", o.Good)
	if o.Cadence != (cadence{}) {
		m.b = o.Cadence.appendTo(m.key("cadence"))
	}
	m.optional("block", o.Block)
	m.deadline("settle", o.Settle)
	m.pair("pending", "status", int64(o.Pending.Status), "at", o.Pending.At)
	m.deadline("heal", o.Heal)
	m.deadline("over", o.Over)
	if o.Latest != nil {
		m.b = o.Latest.appendTo(m.key("latest"))
	}
	if o.Silence != (Silence{}) {
		m.b = o.Silence.appendTo(m.key("silence"))
	}
	m.number("broken", o.Broken)
	if o.Explanation != (explanation{}) {
		m.other("explanation", o.Explanation)
	}
	if o.Unexplained != (unexplainedError{}) {
		m.other("unexplained", o.Unexplained)
	}
	m.optional("guess", o.Guess)
	m.optional("source", o.Source)
	m.pair("past", "opened", o.Past.Opened, "resolved", o.Past.Resolved)
	m.optional("user", o.User)
	m.refs("not_deps", o.NotDeps)
	if o.Revisions != [len(o.Revisions)]string{} {
		m.b = appendList(m.key("revisions"), o.Revisions[:], func(s *string, b []byte) []byte { return appendText(b, *s) })
	}
	m.number("next_rev", int64(o.NextRev))
}

func (a *attempt) appendTo(b []byte) []byte {
	m := object(b)
	if a.ID != 0 {
		m.b = strconv.AppendUint(m.key("id"), a.ID, 10)
	}
	m.number("begun", a.Begun)
	m.number("end", a.End)
	m.flag("open", a.Open)
	m.flag("revised", a.Revised)
	m.flag("found", a.Found)
	m.flag("kept", a.Kept)
	m.flag("over", a.Over)
	m.number("outcome", int64(a.Outcome))
	m.number("meaning", int64(a.Meaning))
	m.number("action", int64(a.Action))
	return m.end()
}

func (a *Attempt) appendTo(b []byte) []byte {
	m := object(b)
	m.numberAlways("at", a.At)
	m.ref("object", a.Object)
	m.text("controller", a.Controller)
	m.textAlways("outcome", a.Outcome)
	m.text("reason", a.Reason)
	m.number("took", a.Took)
	m.id("id", &a.ID)
	return m.end()
}

func (p *Promise) appendMembers(m *members) {
	m.number("made", p.Made)
	m.number("due", p.Due)
	m.flag("stated", p.Stated)
}

func (p *Promise) appendTo(b []byte) []byte {
	m := object(b)
	p.appendMembers(&m)
	return m.end()
}

func (s *Silence) appendTo(b []byte) []byte {
	m := object(b)
	m.optional("object", s.Object)
	s.Promise.appendMembers(&m)
	m.number("kept", s.Kept)
	m.number("times", s.Times)
	return m.end()
}

func (c *Counts) appendTo(b []byte) []byte {
	m := object(b)
	m.number("succeeded", c.Succeeded)
	m.number("failed", c.Failed)
	m.number("waiting", c.Waiting)
	m.number("stalled", c.Stalled)
	m.number("other", c.Other)
	return m.end()
}

func (c *cadence) appendTo(b []byte) []byte {
	m := object(b)
	if c.Spans != [len(c.Spans)]uint32{} {
		m.b = appendList(m.key("spans"), c.Spans[:], func(n *uint32, b []byte) []byte {
			return strconv.AppendUint(b, uint64(*n), 10)
		})
	}
	m.number("n", int64(c.N))
	return m.end()
}

func (l *OutcomeLine) appendTo(b []byte) []byte {
	m := object(b)
	m.numberAlways("line", l.Line)
	m.numberAlways("offset", l.Offset)
	m.numberAlways("at", l.At)
	m.text("pod", l.Pod)
	m.numberAlways("file", int64(l.File))
	m.id("id", &l.ID)
	return m.end()
}

func (i *Incident) appendTo(b []byte) []byte {
	m := object(b)
	m.text("id", i.ID)
	m.ref("object", i.Object)
	m.numberAlways("opened_at", i.OpenedAt)
	m.number("healing", i.Healing)
	m.flag("by_condition", i.ByCondition)
	m.flag("wait_only", i.WaitOnly)
	m.number("wait_end", i.WaitEnd)
	m.number("relapse", i.Relapse)
	m.number("fired_at", i.FiredAt)
	m.number("resolved_at", i.ResolvedAt)
	m.text("closed_reason", i.ClosedReason)
	m.text("first_revision", i.FirstRevision)
	m.text("last_revision", i.LastRevision)
	m.text("last_good", i.LastGood)
	m.text("reason", i.Reason)
	m.text("reason_first", i.ReasonFirst)
	m.text("error_first", i.ErrorFirst)
	m.text("error_last", i.ErrorLast)
	m.optional("culprit", i.Culprit)
	m.text("fingerprint", i.Fingerprint)
	m.number("attempts", i.Attempts)
	m.number("flaps", i.Flaps)
	m.optional("root", i.Root)
	m.refs("affected", i.Affected)
	if i.First != nil {
		m.b = appendList(m.key("first"), i.First, (*Evidence).appendTo)
	}
	if i.Latest != nil {
		m.b = appendList(m.key("latest"), i.Latest, (*Evidence).appendTo)
	}
	m.text("announced", string(i.Announced))
	m.number("announced_at", i.AnnouncedAt)
	return m.end()
}

func (e *Evidence) appendTo(b []byte) []byte {
	m := object(b)
	m.numberAlways("line", e.Line)
	m.numberAlways("offset", e.Offset)
	m.numberAlways("at", e.At)
	m.text("pod", e.Pod)
	m.text("text", e.Text)
	m.id("reconcile_id", &e.ReconcileID)
	m.numberAlways("file", int64(e.File))
	return m.end()
}

func (g *ErrorGroup) appendTo(b []byte) []byte {
	m := object(b)
	m.textAlways("fingerprint", g.Fingerprint)
	m.text("reason", g.Reason)
	m.text("example", g.Example)
	m.numberAlways("count", g.Count)
	m.numberAlways("first", g.First)
	m.numberAlways("last", g.Last)
	if g.Objects != nil {
		m.refs("objects", g.Objects.sorted())
	}
	return m.end()
}
