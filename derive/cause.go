package derive

import (
	"cmp"
	"slices"
	"strings"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

const (
	// maxChain bounds how far a chain of causes is followed; real ones have three or four links
	// (release, chart, repository).
	maxChain = 16
	// maxSuspects bounds inference: where more objects fail at once, a cause that no line names
	// stays unknown.
	maxSuspects = 1024
	// maxCleared bounds what an object learns about its dependencies from one line.
	maxCleared = 64
)

// bad reports whether an object is in a state that can hold others up.
func (o *Object) bad() bool {
	switch o.Status {
	case Failing, Stalled, Waiting:
		return true
	}
	return o.Incident != nil && o.Incident.Healing == 0
}

// block notes that an object is held up by another, or, when the line names none, by one that the
// meaning of the line lets find.
func (e *Engine) block(o *Object, by Ref, meaning parse.Meaning) {
	guessed, was := by == (Ref{}), e.objects[o.Block]
	o.Suspects = o.Suspects[:0]
	if guessed {
		sure := false
		if by, sure = e.observedBlock(o, meaning); !sure {
			by = e.infer(o, meaning)
		}
		guessed = !sure
	}
	if guessed && by == (Ref{}) && was != nil && was.bad() {
		by, o.Suspects = o.Block, o.Suspects[:0] // what failed later is not what the wait began with
	}
	if by == o.Ref {
		by = Ref{}
	}
	if !e.present(by) {
		by = cmp.Or(e.supplier(by), by)
	}
	o.Block = by
	root := e.noteRoot(o)
	if root == (Ref{}) {
		return
	}
	if o.Guess != (Ref{}) && o.Guess != root {
		e.takeBack(o)
	}
	o.Guess = Ref{}
	if guessed {
		o.Guess = root
	}
}

// takeBack takes an object off those that the incident of a wrong guess affects.
func (e *Engine) takeBack(o *Object) {
	if r := e.objects[o.Guess]; r != nil && r.Incident != nil {
		r.Incident.spare(o.Ref)
	}
	if i := o.Incident; i != nil && i.Root == o.Guess {
		i.Root = Ref{}
	}
}

// noteRoot follows the chain of causes to its end, and notes it on both ends. It is done at each
// line of the object, and once more at the end of a replay: what the object waits for may begin to
// fail only after the object began to wait.
func (e *Engine) noteRoot(o *Object) Ref {
	root := e.root(o)
	if root == (Ref{}) {
		return root
	}
	if i := o.Incident; i != nil && (i.WaitOnly || o.Status != Waiting) {
		i.Root = root // an incident that is no wait keeps its root while its object waits for something else
	}
	if r := e.objects[root]; r != nil && r.Incident != nil {
		r.Incident.affect(o.Ref)
	}
	return root
}

// root is the object at the end of the chain of causes that holds o up, zero when nothing does or
// the chain is a ring. An object of which no log speaks, because its controller's log is not there,
// can be the end of a chain.
func (e *Engine) root(o *Object) Ref {
	cur := o
	for range maxChain {
		next := e.objects[cur.Block]
		switch {
		case cur.Block != (Ref{}) && (next == nil || next.Status == Unknown):
			return cur.Block
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

// chain is the way from an object to its root cause, both what holds it up and the root included.
func (e *Engine) chain(o *Object, root Ref) (way []Ref) {
	if root == (Ref{}) {
		return nil
	}
	for range maxChain {
		way = append(way, o.Block)
		next := e.objects[o.Block]
		if o.Block == root || next == nil {
			break
		}
		o = next
	}
	return way
}

// blame finds what a failure says about its cause: another Flux object that its text names, or a
// chart's repository that fails too.
func (e *Engine) blame(o *Object, t *failure.Text) {
	by := t.Blocker
	if by == (Ref{}) && parse.Kind(t.Culprit.Kind) != "" && e.objects[t.Culprit] != nil {
		by = t.Culprit
	}
	if by == (Ref{}) && o.Kind == "HelmChart" {
		by = o.Source
	}
	cause := e.objects[by]
	if by == (Ref{}) || cause == o || (cause != nil && !cause.bad()) || (cause == nil && t.Blocker == (Ref{})) {
		o.Block, o.Incident.Root = Ref{}, Ref{}
		return
	}
	e.block(o, by, parse.Failed)
}

// link reads helm-controller's "HelmChart/ns/name with SourceRef 'Kind/ns/name' is in-sync": which
// chart a release uses, and where the chart comes from. It is written in each attempt, so that
// mostly everything is known already.
func (e *Engine) link(o *Object, msg string) {
	const before, between = "HelmChart/", " with SourceRef '"
	if o.Source.Kind == "HelmChart" && beginsWithRef(msg, before, o.Source) {
		return
	}
	i, j := strings.Index(msg, before), strings.Index(msg, between)
	if i < 0 || j < i {
		return
	}
	ns, name, _ := strings.Cut(msg[i+len(before):j], "/")
	ref, chart := e.lookUp(Ref{Kind: "HelmChart", Namespace: ns, Name: name})
	if !ref.Valid() {
		return
	}
	o.Source = joined(ref)
	from, _, _ := strings.Cut(msg[j+len(between):], "'")
	kind, of, _ := strings.Cut(from, "/")
	in, called, ok := strings.Cut(of, "/")
	if !ok || strings.Contains(called, "/") {
		return
	}
	if chart == nil {
		chart = e.newObject(o.Source, parse.ControllerOf("HelmChart"))
	}
	source := Ref{Kind: kind, Namespace: in, Name: called}
	if chart == nil || !source.Valid() {
		return
	}
	if chart.User = o.Ref; chart.Source != source {
		source, _ = e.lookUp(source)
		chart.Source = joined(source)
	}
}

// beginsWithRef reports whether s begins with a text, "ns/name" of ref, and a space.
func beginsWithRef(s, text string, ref Ref) bool {
	ns, n := len(text), len(text)+len(ref.Namespace)+1
	end := n + len(ref.Name)
	return len(s) > end && s[end] == ' ' && s[n-1] == '/' &&
		s[n:end] == ref.Name && s[ns:n-1] == ref.Namespace && s[:ns] == text
}

// depsReady learns from "all dependencies are ready" that what fails at this moment is none of the
// object's dependencies. A later wait of kustomize-controller, whose line names nothing, can so be
// traced when only one suspect is left.
func (e *Engine) depsReady(o *Object) {
	if len(e.failing) > maxCleared {
		return
	}
	for _, f := range e.failing {
		if f.Kind == o.Kind && f != o && f.bad() && len(o.NotDeps) < maxNotDeps && !slices.Contains(o.NotDeps, f.Ref) {
			o.NotDeps = append(o.NotDeps, f.Ref)
		}
	}
}

// infer finds the cause of a wait whose line names none: the only failing object that it can be,
// else zero.
func (e *Engine) infer(o *Object, meaning parse.Meaning) Ref {
	if meaning == parse.WaitSource && o.Source != (Ref{}) {
		return o.Source
	}
	if o.Kind != "Kustomization" || len(e.failing) > maxSuspects {
		return Ref{} // the lines of other kinds name what they wait for
	}
	if meaning == parse.WaitDependency {
		return e.onlyDependency(o)
	}
	return e.onlySource(o)
}

// onlySource is the one failing source that a Kustomization can wait for: one that was at its
// revision lately, or else of its namespace, or else any. Its own may still be about to fail, so
// one of another namespace is not guessed at once.
func (e *Engine) onlySource(o *Object) Ref {
	isSource := func(f *Object) bool {
		return f.Controller == "source-controller" && f.Kind != "HelmChart" && f.Kind != "HelmRepository"
	}
	for _, fits := range []func(*Object) bool{
		func(f *Object) bool { return isSource(f) && f.wasAt(o.Revision) },
		func(f *Object) bool { return isSource(f) && f.Namespace == o.Namespace },
		func(f *Object) bool { return isSource(f) && e.now-o.Since >= int64(shortWait) },
	} {
		if ref := e.oneOf(o, fits); ref != (Ref{}) || len(o.Suspects) > 0 {
			return ref
		}
	}
	return Ref{}
}

// maxSuspected is how many suspects are named. More tell nothing.
const maxSuspected = 5

// oneOf is the one failing object that fits. Where there are a few, they are the object's suspects.
func (e *Engine) oneOf(o *Object, fits func(*Object) bool) Ref {
	o.Suspects = o.Suspects[:0]
	for _, f := range e.failing {
		if f == o || !f.bad() || !fits(f) {
			continue
		}
		o.Suspects = append(o.Suspects, f.Ref)
		if len(o.Suspects) > maxSuspected {
			o.Suspects = o.Suspects[:0]
			return Ref{}
		}
	}
	if len(o.Suspects) != 1 {
		return Ref{}
	}
	ref := o.Suspects[0]
	o.Suspects = o.Suspects[:0]
	return ref
}

// onlyDependency is the one failing object that a Kustomization can wait for. It is zero when one
// that was in progress as the wait began can be it as well: that one is not ready either, and may
// still fail. The first line of an attempt comes a moment after its beginning.
func (e *Engine) onlyDependency(o *Object) Ref {
	ref := e.oneOf(o, func(f *Object) bool {
		return f.Kind == o.Kind && f.Incident.Root == (Ref{}) && !slices.Contains(o.NotDeps, f.Ref)
	})
	if ref == (Ref{}) && len(o.Suspects) == 0 {
		return ref
	}
	e.running = slices.DeleteFunc(e.running, func(f *Object) bool {
		f.listed = f.running()
		return !f.listed
	})
	for _, f := range e.running {
		if f == o || f.bad() || f.Current.Begun > o.Since+int64(settleAfter) || slices.Contains(o.NotDeps, f.Ref) {
			continue
		}
		if ref != (Ref{}) {
			o.Suspects, ref = append(o.Suspects, ref), Ref{}
		}
		if o.Suspects = append(o.Suspects, f.Ref); len(o.Suspects) > maxSuspected {
			o.Suspects = o.Suspects[:0]
			break
		}
	}
	return ref
}

// running reports a Kustomization in the middle of an attempt, as far as its lines show.
func (o *Object) running() bool {
	return o.Kind == "Kustomization" && o.Current.Begun != 0 && o.Current.Outcome == none &&
		(o.Status == Progressing || o.Pending.Status == Progressing)
}

// listRunning makes a running object one of those that a wait may be for.
func (e *Engine) listRunning(o *Object) {
	if !o.listed && o.running() {
		o.listed = true
		e.running = append(e.running, o)
	}
}

// onlyFailing is the one failing object that fits; zero when there is none or more than one.
func (e *Engine) onlyFailing(fits func(*Object) bool) Ref {
	var found Ref
	for _, o := range e.failing {
		if !o.bad() || !fits(o) {
			continue
		}
		if found != (Ref{}) {
			return Ref{}
		}
		found = o.Ref
	}
	return found
}
