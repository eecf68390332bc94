package derive

import (
	"slices"
	"time"
)

// known is what sources other than the log told of one object.
type known struct {
	by     []Observation // the latest of each family, in the order in which families came
	spec   *Observation  // the latest that told what the object depends on, nil for none
	event  *Observation  // the latest warning, nil for none
	gone   *Observation  // that the object is not there any more, nil while it is
	paused *Observation  // the latest that told whether the object is suspended, nil for none

	definite  string    // the latest Ready that was True or False
	since     int64     // when that was observed first, 0 when it was so from the first observation on
	at        int64     // when it was observed last
	other     int64     // when the other of both was observed last before since, 0 for never
	unknown   int64     // since when Ready is Unknown without a break, 0 when it is not
	outdated  int64     // since when the status is about an older generation, 0 when it is not
	failure   Condition // the latest that says why it fails; one that says that it waits is none
	failureAt int64     // when that was observed first
	told      string    // the text of it that its incident got

	differs int64 // since when it tells what the log does not show, 0 when it does not
}

// families by which evidence is late: how old what they say may be at the time of the observation.
// An object of the API is as it was read.
var lateness = map[string]time.Duration{
	"controller":         time.Minute,
	"kube-state-metrics": time.Minute,
	"flux-operator":      6 * time.Minute, // it looks around every five minutes unless told otherwise
}

// late is how old the state may have been when it was observed.
func (o *Observation) late() int64 { return int64(lateness[o.Family]) }

// says reports whether the observation tells of the object's state, and not only of an event.
func (o *Observation) says() bool {
	return o.Event == nil && (len(o.Conditions) > 0 || o.Static || o.Suspended != Unsaid)
}

// take keeps an observation.
func (k *known) take(o *Observation) {
	switch {
	case o.Event != nil:
		if o.Event.Warning {
			k.event = o
		}
		return
	case o.Deleted:
		k.gone = o
		return
	}
	k.gone = nil
	if o.Suspended != Unsaid {
		k.paused = o
	}
	if o.DependsOn != nil || o.Sources != nil || o.Applies != nil || o.Interval != 0 || k.spec == nil && o.Generation != 0 {
		k.spec = o
	}
	k.noteReady(o)
	if c := o.cause(); c.Status == "False" && c.Message != "" && c.Reason != "DependencyNotReady" && c.Reason != "SourceNotReady" {
		if c.Message != k.failure.Message || c.Since != k.failure.Since {
			k.failureAt = o.At
		}
		k.failure = c
	}
	if i := slices.IndexFunc(k.by, func(b Observation) bool { return b.Family == o.Family }); i >= 0 {
		k.by[i] = *o
	} else {
		k.by = append(k.by, *o)
	}
}

// noteReady follows since when the object is what it is. Unknown in between is part of an attempt
// and ends nothing. A late family does not date what another one has told.
func (k *known) noteReady(o *Observation) {
	ready := o.Ready()
	if c, _ := o.condition("Ready"); ready == "True" && (0 < o.Observed && o.Observed < o.Generation || 0 < c.Generation && c.Generation < o.Generation) {
		k.outdated = min(or(k.outdated, o.At), o.At)
	} else if o.Generation != 0 {
		k.outdated = 0
	}
	if ready != "Unknown" {
		k.unknown = 0
	} else if k.unknown == 0 {
		k.unknown = o.At
	}
	if ready == "Unknown" || ready == "" || o.late() > 0 && k.exact() {
		return
	}
	if k.definite != "" && k.definite != ready {
		k.since, k.other = o.At, k.at
	}
	k.definite, k.at = ready, o.At
}

// exact reports whether a family told of the object that is not late.
func (k *known) exact() bool {
	return slices.ContainsFunc(k.by, func(o Observation) bool { return o.late() == 0 && o.Ready() != "" })
}

func or(a, b int64) int64 {
	if a != 0 {
		return a
	}
	return b
}

// sameTime is how far two observations may lie apart and still be of one moment.
const sameTime = int64(time.Minute)

// newest is the observation that the object is judged by: the newest that has a Ready condition, or
// of those of about one moment the one that says most. It is nil when none tells of the state.
func (k *known) newest() (best *Observation) {
	for i := range k.by {
		o := &k.by[i]
		switch {
		case !o.says():
		case best == nil, o.reaches() > best.reaches()+sameTime, o.reaches() >= best.reaches()-sameTime && o.detail() > best.detail():
			best = o
		case o.reaches() > best.reaches() && o.detail() == best.detail():
			best = o
		}
	}
	return best
}

// reaches is the time up to which the observation certainly tells the state.
func (o *Observation) reaches() int64 { return o.At - o.late() }

// detail orders observations by how much they tell.
func (o *Observation) detail() (n int) {
	c, ok := o.condition("Ready")
	switch {
	case !ok:
	case c.Since != 0:
		n = 4
	case c.Message != "":
		n = 3
	case c.Reason != "":
		n = 2
	default:
		n = 1
	}
	return n
}

// against is an observation that says another Ready than the best one of about the same moment,
// nil for none. One that may be older than the best one's latest change contradicts nothing.
func (k *known) against(best *Observation) *Observation {
	c, _ := best.condition("Ready")
	for i := range k.by {
		o := &k.by[i]
		ready := o.Ready()
		if o == best || ready == "" || ready == c.Status || ready == "Unknown" || c.Status == "Unknown" || c.Status == "" {
			continue
		}
		apart := o.At - best.At
		if apart < 0 {
			apart = -apart
		}
		if apart <= sameTime && c.Since < o.reaches() {
			return o
		}
	}
	return nil
}

// lasting are the conditions that keep their transition over retries, by what they are when the
// object fails. Ready does not.
var lasting = []struct{ kind, status string }{
	{"Released", "False"}, {"FetchFailed", "True"}, {"StorageOperationFailed", "True"}, {"BuildFailed", "True"},
	{"IncludeUnavailable", "True"},
}

// readySince is since when an observation's Ready is what it is, as far as the object keeps that
// or it was seen to change; 0 where neither is so. It is never the transition of Ready, which each
// attempt renews.
func (k *known) readySince(o *Observation) int64 {
	c, _ := o.condition("Ready")
	switch {
	case c.Status == "Unknown" || c.Status == "":
		return k.unknown
	case k.definite != c.Status:
		return 0
	}
	kept := int64(0)
	if o.Kind == "Kustomization" && len(o.History) > 0 && o.History[0].Status == c.Reason {
		kept = o.History[0].First // may be of an earlier time at which the same was applied
	}
	for _, l := range lasting {
		if r, ok := o.condition(l.kind); ok && r.Status == l.status && c.Status == "False" {
			kept = r.Since
		}
	}
	if kept > k.other && (k.since == 0 || kept < k.since) {
		return kept
	}
	return k.since
}

// cause is the condition that says why an object is not ready. After Helm's remediation Ready tells
// of the remedy only, and Released of what it was for.
func (o *Observation) cause() Condition {
	c, _ := o.condition("Ready")
	if c.Status != "False" || o.Kind != "HelmRelease" {
		return c
	}
	if c.Reason == "RollbackSucceeded" || c.Reason == "UninstallSucceeded" {
		for _, kind := range []string{"Released", "TestSuccess"} {
			if r, ok := o.condition(kind); ok && r.Status == "False" {
				return r
			}
		}
	}
	return c
}

// Knows reports whether there is an object of that name.
func (e *Engine) Knows(ref Ref) bool { return e.objects[ref] != nil }
