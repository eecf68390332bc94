package derive

import (
	"strings"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// maxChain bounds how far a chain of causes is followed; real ones have three or four links (release, chart, repository).
const maxChain = 16

// maxSuspects bounds inference: where more objects fail at once, a cause that no line names stays unknown. maxCleared bounds what an object
// learns about its dependencies from one line.
const (
	maxSuspects = 1024
	maxCleared  = 64
)

// bad reports whether an object is in a state that can hold others up.
func (o *Object) bad() bool {
	return (o.Incident != nil && o.Incident.Healing == 0) || o.Status == Failing || o.Status == Stalled || o.Status == Waiting
}

// blockOn notes that the object is held up: by ref, or, when the line does not name it, by something of the kind that sign tells.
func (o *Object) blockOn(e *Engine, ref Ref, sign parse.Sign) {
	if ref == (Ref{}) {
		ref = e.infer(o, sign)
	}
	if ref == o.Ref {
		ref = Ref{}
	}
	o.block = ref
	o.accuse(e)
}

// accuse follows the chain of causes to its end, and notes it on both ends. It is done at each of the object's lines, and once more at the
// end: what it waits for may begin to fail only after it began to wait.
func (o *Object) accuse(e *Engine) {
	root := e.root(o)
	if root == (Ref{}) {
		return
	}
	if i := o.Incident; i != nil && (i.waitOnly || o.Status != Waiting) {
		i.Root = root // but not of an incident with a cause of its own, whose object only waits for something else meanwhile
	}
	if r := e.objects[root]; r != nil && r.Incident != nil {
		r.Incident.hurt(o.Ref)
	}
}

// root is the object at the end of the chain of causes that holds o up, zero when nothing does or the chain is a ring. An object of which no
// log speaks (its controller's log was not given) can be the end of a chain.
func (e *Engine) root(o *Object) Ref {
	cur := o
	for range maxChain {
		next := e.objects[cur.block]
		switch {
		case cur.block != (Ref{}) && (next == nil || next.Status == Unknown):
			return cur.block
		case next != nil && next.bad():
			cur = next
		case cur == o:
			return Ref{}
		default:
			return cur.Ref
		}
	}
	return Ref{}
}

// blame notes what a failure says about its cause: another Flux object that its text names, or a chart's repository that fails too.
func (o *Object) blame(e *Engine, t *failure.Text) {
	ref := t.Blocker
	if ref == (Ref{}) && parse.Kind(t.Culprit.Kind) != "" && e.objects[t.Culprit] != nil {
		ref = t.Culprit
	}
	if ref == (Ref{}) && o.Kind == "HelmChart" {
		ref = o.source
	}
	cause := e.objects[ref]
	if ref == (Ref{}) || cause == o || (cause != nil && !cause.bad()) || (cause == nil && t.Blocker == (Ref{})) {
		o.block, o.Incident.Root = Ref{}, Ref{}
		return
	}
	o.blockOn(e, ref, parse.Failed)
}

// link reads helm-controller's "HelmChart/ns/name with SourceRef 'Kind/ns/name' is in-sync": which chart a release uses, and where
// that comes from. It is written at each run, so the common case is to find everything known.
func (o *Object) link(e *Engine, msg string) {
	const head = "HelmChart/"
	if o.source.Kind == "HelmChart" && names(msg, head, o.source) {
		return
	}
	i := strings.Index(msg, head)
	j := strings.Index(msg, " with SourceRef '")
	if i < 0 || j < i {
		return
	}
	ns, name, _ := strings.Cut(msg[i+len(head):j], "/")
	o.source = Ref{Kind: "HelmChart", Namespace: strings.Clone(ns), Name: strings.Clone(name)}
	from, _, _ := strings.Cut(msg[j+len(" with SourceRef '"):], "'")
	chart := e.objects[o.source]
	if p := strings.Split(from, "/"); len(p) == 3 {
		if chart == nil {
			chart = &Object{Ref: o.source, Controller: parse.ControllerOf("HelmChart"), Status: Unknown, Ready: "Unknown"}
			e.objects[o.source] = chart
		}
		chart.user = o.Ref
		chart.source = Ref{Kind: strings.Clone(p[0]), Namespace: strings.Clone(p[1]), Name: strings.Clone(p[2])}
	}
}

// names reports whether s begins with head, "ns/name" of ref, and a space.
func names(s, head string, ref Ref) bool {
	ns, n := len(head), len(head)+len(ref.Namespace)+1
	end := n + len(ref.Name)
	return len(s) > end && s[end] == ' ' && s[n-1] == '/' && s[n:end] == ref.Name && s[ns:n-1] == ref.Namespace && s[:ns] == head
}

// depsReady learns from "all dependencies are ready": what fails at this moment is none of the object's dependencies. That is how a
// later wait, whose line names nothing (kustomize-controller), can be traced when only one suspect is left.
func (o *Object) depsReady(e *Engine) {
	if len(e.failing) == 0 || len(e.failing) > maxCleared {
		return
	}
	for _, f := range e.failing {
		if f.Kind == o.Kind && f != o && f.bad() && !o.notDeps[f] {
			if o.notDeps == nil {
				o.notDeps = map[*Object]bool{}
			}
			o.notDeps[f] = true
		}
	}
}

// infer finds the cause of a wait whose line names none: the only failing object that it can be, else zero.
func (e *Engine) infer(o *Object, sign parse.Sign) Ref {
	if sign == parse.WaitSource && o.source != (Ref{}) {
		return o.source
	}
	if o.Kind != "Kustomization" || len(e.failing) > maxSuspects {
		return Ref{} // others name what they wait for
	}
	if sign == parse.WaitDependency {
		return e.only(func(f *Object) bool { return f.Kind == o.Kind && f != o && !o.notDeps[f] && f.Incident.Root == (Ref{}) })
	}
	isSource := func(f *Object) bool {
		return f.Controller == "source-controller" && f.Kind != "HelmChart" && f.Kind != "HelmRepository"
	}
	if ref := e.only(func(f *Object) bool { return isSource(f) && f.had(o.Revision) }); ref != (Ref{}) {
		return ref
	}
	if ref := e.only(func(f *Object) bool { return isSource(f) && f.Namespace == o.Namespace }); ref != (Ref{}) {
		return ref
	}
	return e.only(isSource)
}

// only is the one failing object for which f holds; zero when there is none or more than one.
func (e *Engine) only(f func(*Object) bool) Ref {
	var found Ref
	for _, o := range e.failing {
		if !o.bad() || !f(o) {
			continue
		}
		if found != (Ref{}) {
			return Ref{}
		}
		found = o.Ref
	}
	return found
}
