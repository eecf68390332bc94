package derive

import (
	"maps"
	"slices"
)

// Forget removes objects, kinds of errors and pods of which nothing was read since the first time,
// and objects that were deleted before the second. Times are Unix nanoseconds. What has an open
// incident stays. It is for a process that runs for months: a replay forgets nothing.
func (e *Engine) Forget(unread, deleted int64) {
	all := len(e.objects)
	maps.DeleteFunc(e.objects, func(_ Ref, o *Object) bool { return o.idle(unread, deleted) })
	if len(e.objects) < all {
		e.forgetGone()
	}
	maps.DeleteFunc(e.errors, func(_ string, g *ErrorGroup) bool { return g.Last < unread })
	maps.DeleteFunc(e.pods, func(_ podKey, p *Pod) bool { return p.Last < unread && !slices.Contains(e.sources, p) })
}

// idle reports whether an object can be forgotten. An object that others still wait for is read of.
func (o *Object) idle(unread, deleted int64) bool {
	if o.Incident != nil || o.Settle.At != 0 || o.Heal.At != 0 || o.Over.At != 0 || o.silence.At != 0 {
		return false
	}
	if o.known != nil && o.known.gone == nil && len(o.known.by) > 0 {
		return false // it is there, and its source tells only changes
	}
	if o.Status == Deleted {
		unread = max(unread, deleted)
	}
	return max(o.Since, o.Ended, o.Current.End, o.Promise.Due) < unread
}
