// Package conditionstest tests that a source of observations keeps what all of them promise. The
// tests of every source call it.
package conditionstest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/derive"
	"fluxtrail/derive/failure"
)

// Secret is a text that must not be in any observation. A test puts it where its source reads
// messages, as a password in a URL.
const Secret = "hunter2hunter2"

// Check fails the test when observations break a promise: they are in the order of time, say of
// which object and where from, have no secrets and no endless texts, and at most one condition of
// a type.
func Check(t testing.TB, all []derive.Observation) {
	t.Helper()
	for i := range all {
		o := &all[i]
		if i > 0 && all[i-1].At > o.At {
			t.Errorf("%s comes after %s", Describe(o), Describe(&all[i-1]))
		}
		if o.At <= 0 || !o.Valid() || o.Source == "" {
			t.Errorf("lacks time, object or source: %s", Describe(o))
		}
		if text := Describe(o); strings.Contains(text, Secret) {
			t.Errorf("has the secret: %s", text)
		}
		checkConditions(t, o)
	}
}

func checkConditions(t testing.TB, o *derive.Observation) {
	t.Helper()
	var types []string
	for _, c := range o.Conditions {
		if slices.Contains(types, c.Type) {
			t.Errorf("twice the condition %s: %s", c.Type, Describe(o))
		}
		types = append(types, c.Type)
		if !slices.Contains([]string{"True", "False", "Unknown"}, c.Status) {
			t.Errorf("status %q: %s", c.Status, Describe(o))
		}
		if len(c.Message) > failure.MaxText+len("…") {
			t.Errorf("a message of %d bytes: %s", len(c.Message), o.Ref)
		}
	}
}

// Describe writes what an observation says on one line, and a line more for each condition.
func Describe(o *derive.Observation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s from %s", clock(o.At), o.Ref, o.Source)
	for _, p := range []struct {
		name  string
		value any
	}{
		{"deleted", o.Deleted}, {"deleting", clock(o.Deleting)}, {"static", o.Static},
		{"suspended", [...]string{"", "no", "yes"}[o.Suspended]},
		{"generation", o.Generation}, {"observed", o.Observed},
		{"applied", o.Applied}, {"attempted", o.Attempted}, {"artifact", o.Artifact},
		{"interval", o.Interval}, {"retry", o.Retry}, {"timeout", o.Timeout},
		{"written", clock(o.Written)}, {"applied-by", refs(o.AppliedBy)},
		{"depends-on", refs(o.DependsOn...)}, {"sources", refs(o.Sources...)}, {"applies", refs(o.Applies...)},
	} {
		if text := fmt.Sprint(p.value); text != "" && text != "false" && text != "0" && text != "0s" {
			fmt.Fprintf(&b, " %s=%s", p.name, text)
		}
	}
	for _, c := range o.Conditions {
		fmt.Fprintf(&b, "\n  %s %s %s %q since %s generation %d",
			c.Type, c.Status, c.Reason, c.Message, clock(c.Since), c.Generation)
	}
	for _, h := range o.History {
		fmt.Fprintf(&b, "\n  history %s %s %s – %s, %d runs", h.Status, h.Revision, clock(h.First), clock(h.Last), h.Runs)
	}
	if e := o.Event; e != nil {
		fmt.Fprintf(&b, "\n  event warning=%v %s %q since %s, %d times",
			e.Warning, e.Reason, e.Message, clock(e.First), e.Runs)
	}
	return b.String()
}

func clock(at int64) string {
	if at == 0 {
		return ""
	}
	return time.Unix(0, at).UTC().Format("2006-01-02T15:04:05.999Z")
}

func refs(all ...derive.Ref) string {
	var texts []string
	for _, r := range all {
		if r != (derive.Ref{}) {
			texts = append(texts, r.String())
		}
	}
	return strings.Join(texts, ",")
}
