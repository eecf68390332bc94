package derive

import (
	"maps"
	"slices"
)

// Forget lets go of objects, kinds of errors and pods of which nothing was heard since then, and of objects that were deleted before deleted; times
// are Unix nanoseconds. What has an open incident stays. It is for a process that runs for months: a replay forgets nothing.
func (e *Engine) Forget(heard, deleted int64) {
	all := len(e.objects)
	maps.DeleteFunc(e.objects, func(_ Ref, o *Object) bool { return o.idle(heard, deleted) })
	if len(e.objects) < all {
		e.sorted = nil
		gone := func(o *Object) bool { return e.objects[o.Ref] != o }
		maps.DeleteFunc(e.hashed, func(_ uint64, o *Object) bool { return gone(o) })
		for _, o := range e.objects {
			maps.DeleteFunc(o.notDeps, func(d *Object, _ bool) bool { return gone(d) })
		}
	}
	maps.DeleteFunc(e.errors, func(_ string, g *ErrorGroup) bool { return g.Last < heard })
	maps.DeleteFunc(e.pods, func(_ podKey, p *Pod) bool { return p.Last < heard && !slices.Contains(e.sources, p) })
}

// idle reports whether an object can be forgotten. What it still waits for is heard of.
func (o *Object) idle(heard, deleted int64) bool {
	if o.Incident != nil || o.settle.at != 0 || o.keep.at != 0 || o.over.at != 0 {
		return false
	}
	if o.Status == Deleted {
		heard = max(heard, deleted)
	}
	return max(o.Since, o.ended, o.run.end, o.Promise.Due) < heard
}
