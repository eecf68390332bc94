package derive

import (
	"slices"
	"strings"

	"fluxtrail/parse"
)

// generated takes a line of a generator that names the object that it made or found as it should
// be. Nobody else writes about such an object: it is ready from then on, and stays so while its
// generator fails.
func (e *Engine) generated(o *Object, r *parse.Record, at *Place) {
	ref, rest := generatedRef(r.Msg)
	ref, made := e.lookUp(ref)
	if !ref.Valid() || !o.makes(ref) {
		return
	}
	if made == nil {
		if made = e.newObject(ref, o.Controller); made == nil {
			return
		}
	}
	made.Source = o.Ref
	if _, rev, ok := strings.Cut(rest, "with revision "); ok {
		made.setRevision(e.texts, rev)
		made.LastGood = made.Revision
	}
	made.Ended = r.Time
	made.Shown.set(r, at, e.pod(r, at).Name)
	if made.Status != Ready {
		e.set(made, Ready, r.Time, "True", succeededReason(made.Kind))
	}
}

// removed takes a line of a generator that names an object that it deleted.
func (e *Engine) removed(o *Object, r *parse.Record) {
	ref, _ := generatedRef(r.Msg)
	if ref, made := e.lookUp(ref); made != nil && o.makes(ref) && made.Status != Deleted {
		e.delete(made, r.Time)
	}
}

// makes reports whether an object may be what made another: a generator's artifacts are of its own
// controller and lie in its own namespace. Others have nothing to say of them.
func (o *Object) makes(ref Ref) bool {
	return ref.Namespace == o.Namespace && parse.ControllerOf(ref.Kind) == o.Controller
}

// generatedRef reads "Kind/ns/name" at the beginning of a message, and what stands behind it.
func generatedRef(msg string) (ref Ref, rest string) {
	word, rest, _ := strings.Cut(msg, " ")
	if p := strings.SplitN(word, "/", 4); len(p) == 3 {
		ref = Ref{Kind: p[0], Namespace: p[1], Name: p[2]}
	}
	return ref, rest
}

// present reports an object that some line shows to be there.
func (e *Engine) present(ref Ref) bool {
	o := e.objects[ref]
	return o != nil && o.Status != Unknown && o.Status != Deleted
}

// supplier is where an object that no line speaks of comes from: what is known to make it, or else
// the only failing object of its namespace that can, which is where it always is. It is zero for
// kinds that come from nowhere.
func (e *Engine) supplier(of Ref) Ref {
	var kinds []string
	switch of.Kind {
	case "ExternalArtifact":
		kinds = []string{"ArtifactGenerator"}
	case "HelmChart":
		kinds = []string{"HelmRepository", "GitRepository", "Bucket"}
	default:
		return Ref{}
	}
	if o := e.objects[of]; o != nil && o.Source != (Ref{}) {
		if s := e.objects[o.Source]; s != nil && s.bad() {
			return o.Source
		}
		return Ref{}
	}
	return e.onlyFailing(func(f *Object) bool {
		return f.Namespace == of.Namespace && slices.Contains(kinds, f.Kind)
	})
}
