package failure

import (
	"slices"
	"strings"

	"fluxtrail/parse"
)

// class is one rule that gives an error text its reason. Reasons are Flux's own constants where
// Flux has one for the text; the condition has the reason, the log does not. The first rule that
// fits decides. A rule without kinds fits all kinds.
type class struct {
	reason   string
	kinds    string // kinds or controllers, separated by spaces
	begins   string
	contains string
	detail   Detail
	line     string // the rule's test: a real text, or one composed as the controller composes it
}

const (
	kust    = "kustomize-controller flux-operator"
	helm    = "helm-controller"
	sources = "source-controller"
	images  = "image-reflector-controller image-automation-controller"
)

// Unclassified is the reason of an error that no rule fits. Flux uses it, too, when it has no
// better one.
const Unclassified = "ReconciliationFailed"

// classes are all rules in their order. They were read in the controllers' sources and in
// published logs.
var classes = slices.Concat(sharedClasses, kustomizeClasses, helmClasses, sourceClasses, imageClasses, watcherClasses,
	[]class{{reason: Unclassified, line: "anything else"}})

// classify finds the rule for an error text of a kind of object.
func classify(kind, text string) *class {
	text = strings.TrimPrefix(text, "terminal error: ")
	controller := parse.ControllerOf(kind)
	for i := range classes {
		if classes[i].fits(kind, controller, text) {
			return &classes[i]
		}
	}
	return &classes[len(classes)-1]
}

func (c *class) fits(kind, controller, text string) bool {
	if c.kinds != "" && !hasWord(c.kinds, kind) && (controller == "" || !hasWord(c.kinds, controller)) {
		return false
	}
	return strings.HasPrefix(text, c.begins) && strings.Contains(text, c.contains)
}

func hasWord(list, word string) bool {
	for list != "" {
		var first string
		first, list, _ = strings.Cut(list, " ")
		if first == word {
			return true
		}
	}
	return false
}
