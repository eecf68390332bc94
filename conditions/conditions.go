// Package conditions turns what the API server, metrics and files say of Flux's objects into
// observations: the tables that the sources in the packages below it have in common.
//
// In goes an object of the API as decoded JSON, or the labels of one sample; out comes a
// derive.Observation with redacted, bounded texts. Callers are the packages below conditions.
// Nothing here reads a file, asks a server, or knows the time. What has an unexpected type counts
// as not said; beyond that nothing is lost but the tail of very long texts.
package conditions

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Reader makes observations. It belongs to one goroutine.
type Reader struct {
	// Most is of how many objects its scrapes tell at most; 0 for no limit.
	Most int

	redact func(string) string
	texts  map[string]string // the few that most objects have in common, each kept once
	told   int               // objects of scrapes
	left   bool              // objects were left out
}

// NewReader returns a Reader that passes every text through redact.
func NewReader(redact func(string) string) *Reader {
	return &Reader{redact: redact, texts: map[string]string{}}
}

// room makes room for one more object of a scrape, and reports whether there is any.
func (r *Reader) room() bool {
	if r.Most > 0 && r.told == r.Most {
		r.left = true
		return false
	}
	r.told++
	return true
}

// LeftOut reports whether scrapes had more objects than are told of.
func (r *Reader) LeftOut() bool { return r.left }

// hook finds the path that a Receiver listens on. Who knows it can trigger it.
var hook = regexp.MustCompile(`/hook/[0-9a-f]{16,}`)

// text is a message without secrets, and of bounded length.
func (r *Reader) text(s string) string {
	s = r.redact(s)
	if strings.Contains(s, "/hook/") {
		s = hook.ReplaceAllString(s, "/hook/<redacted:webhook-path>")
	}
	if len(s) <= failure.MaxText {
		return strings.Clone(s)
	}
	end := failure.MaxText
	for !utf8.RuneStart(s[end]) {
		end--
	}
	return strings.Clone(s[:end]) + "…"
}

// maxWords bounds the words that are kept once.
const maxWords = 1 << 16

// word is a short text such as a reason or a namespace. Equal ones share their memory.
func (r *Reader) word(s string) string {
	if kept, ok := r.texts[s]; ok {
		return kept
	}
	if len(r.texts) >= maxWords {
		clear(r.texts)
	}
	kept := r.text(s)
	if kept == s {
		r.texts[kept] = kept
	} else {
		r.texts[strings.Clone(s)] = kept
	}
	return kept
}

// IsFlux reports whether an object of the API is one of Flux's or of the Flux Operator's, and has
// the names that an object can have. A kind that is newer than the table of kinds counts by its
// group.
func IsFlux(o map[string]any) bool {
	return isGroup(groupOf(Text(o, "apiVersion"))) && refTo(o).Valid()
}

// refTo is the object that o is.
func refTo(o map[string]any) parse.Ref {
	return parse.Ref{Kind: Text(o, "kind"), Namespace: Text(o, "metadata", "namespace"), Name: Text(o, "metadata", "name")}
}

func isGroup(group string) bool { return slices.Contains(parse.Groups(), group) }

// groupOf is the group of an apiVersion, "" for the core one.
func groupOf(apiVersion string) string {
	group, _, ok := strings.Cut(apiVersion, "/")
	if !ok {
		return ""
	}
	return group
}
