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

// classesOf are the rules for each of Flux's kinds, and under "" those for other kinds.
var classesOf = func() map[string][]*class {
	rules := map[string][]*class{}
	for _, kind := range append(parse.Kinds(), "") {
		for i := range classes {
			if classes[i].isFor(kind, parse.ControllerOf(kind)) {
				rules[kind] = append(rules[kind], &classes[i])
			}
		}
	}
	return rules
}()

// classify finds the rule for an error text of a kind of object.
func classify(kind, text string) *class {
	text = strings.TrimPrefix(text, "terminal error: ")
	rules, ok := classesOf[kind]
	if !ok {
		rules = classesOf[""]
	}
	for _, c := range rules {
		if strings.HasPrefix(text, c.begins) && strings.Contains(text, c.contains) {
			return c
		}
	}
	return rules[len(rules)-1] // which fits all
}

func (c *class) isFor(kind, controller string) bool {
	return c.kinds == "" || hasWord(c.kinds, kind) || hasWord(c.kinds, controller)
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
