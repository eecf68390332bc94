package derive

import (
	"slices"
	"strings"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// observeBlock takes what the condition says the object waits for. It names it where the line of
// kustomize-controller does not.
func (e *Engine) observeBlock(o *Object, ob *Observation) {
	c, _ := ob.condition("Ready")
	if c.Status != "False" || !o.bad() && o.Status != Waiting {
		return
	}
	if by := e.namedBy(o, c); by != (Ref{}) {
		if o.Status == Waiting {
			o.Message = e.conditionText(o, c).Text
		}
		o.Block = by
		e.noteRoot(o)
	}
}

// namedBy is the object that a condition holds responsible, zero when it names none.
func (e *Engine) namedBy(o *Object, c Condition) Ref {
	by := failure.WaitsFor(o.Ref, c.Message)
	if by == (Ref{}) {
		by = e.conditionText(o, c).Blocker
	}
	if by == o.Ref || parse.Kind(by.Kind) == "" {
		return Ref{}
	}
	return by
}

// observedBlock is what is known beside the log of what holds an object up that waits: what its
// condition names, or the only one of what its spec names that can be it. It is asked where a line
// names nothing. Sure reports that guessing further would be wrong.
func (e *Engine) observedBlock(o *Object, meaning parse.Meaning) (by Ref, sure bool) {
	k := o.known
	if k == nil {
		return Ref{}, false
	}
	if ob := k.newest(); ob != nil && ob.Ready() == "False" && ob.At >= o.Since-int64(settleAfter) {
		c, _ := ob.condition("Ready")
		if by := e.namedBy(o, c); by != (Ref{}) {
			return by, true
		}
	}
	if k.spec == nil {
		return Ref{}, false
	}
	switch meaning {
	case parse.WaitDependency:
		return e.onlyOne(k.spec.DependsOn), len(k.spec.DependsOn) > 0
	case parse.WaitSource:
		if len(k.spec.Sources) > 0 {
			return k.spec.Sources[0], true
		}
	}
	return Ref{}, false
}

// onlyOne is the one of some objects that can hold another one up: the only one that there is, or
// that is known not to be ready.
func (e *Engine) onlyOne(refs []Ref) (found Ref) {
	if len(refs) == 1 {
		return refs[0]
	}
	for _, ref := range refs {
		o := e.objects[ref]
		if o == nil || !o.bad() && o.Ready == "True" {
			continue
		}
		if found != (Ref{}) {
			return Ref{}
		}
		found = ref
	}
	return found
}

// needs are the reasons for which an object fails because of what it is made from.
var needs = []string{
	"ArtifactFailed", "SourceNotReady", "NoSourceArtifact", "SourceFetchFailed", "DependencyNotReady", "GetDependencyFailed",
	"ChartPullError", "ChartNotReady", "Failed",
}

// settleCauses finds the causes that only evidence beside the log tells: the source of what cannot
// get it, and what a failing Kustomization applied and waits for.
func (e *Engine) settleCauses() {
	if !e.observed {
		return
	}
	for _, o := range e.inOrder() {
		k := o.known
		if k == nil {
			continue
		}
		e.explainByCondition(o)
		e.explainByLatestEvent(o)
		if ob := k.newest(); ob != nil && ob.At >= o.Since-int64(settleAfter) {
			e.observeBlock(o, ob)
		}
		if o.Block == (Ref{}) && o.Status == Waiting {
			o.Block = k.source()
		}
		if o.Block != (Ref{}) || !o.bad() || k.spec == nil {
			continue
		}
		var from []Ref
		switch {
		case slices.Contains(needs, o.Reason):
			from = slices.Concat(k.spec.Sources, k.spec.DependsOn)
		case o.Reason == "HealthCheckFailed":
			from = k.spec.Applies
		}
		if i := slices.IndexFunc(from, func(r Ref) bool { return e.holdsUp(r, o) }); i >= 0 {
			o.Block = from[i]
		}
	}
}

// source is the nearest source of an object whose condition says that its source is not ready, zero
// where it does not.
func (k *known) source() Ref {
	ob := k.newest()
	if ob == nil || k.spec == nil || len(k.spec.Sources) == 0 {
		return Ref{}
	}
	if c, _ := ob.condition("Ready"); c.Status == "False" && c.Reason == "ArtifactFailed" && strings.HasPrefix(c.Message, "Source artifact not found") {
		return k.spec.Sources[0]
	}
	return Ref{}
}

// holdsUp reports whether an object is in a state that can hold another one up.
func (e *Engine) holdsUp(r Ref, other *Object) bool {
	o := e.objects[r]
	return o != nil && o != other && o.Status != Deleted && o.bad()
}
