package parse

import "github.com/tidwall/gjson"

// eventsController passes on the events of all controllers.
const eventsController = "notification-controller"

// Speaks reports whether a controller may say what a record says: each speaks of the objects of its
// own kinds. One that is not known, given as "", may say anything.
func Speaks(controller string, r *Record) bool {
	owner := ControllerOf(r.SpeaksOf())
	passesOn := r.Meaning == Event && controller == eventsController
	return controller == "" || owner == "" || owner == controller || passesOn
}

// SpeaksOf is the kind of the object that a record can change, "" for none.
func (r *Record) SpeaksOf() string {
	switch {
	case r.Meaning == NotifyFailed:
		return r.About
	case r.Meaning != Event && r.Meaning != MirrorEvent:
		return r.Kind
	case r.Involved != "":
		return gjson.Get(r.Involved, "kind").String()
	}
	return r.About
}
