package redact

import (
	"slices"
	"strings"
	"testing"
)

// TestPrefilterFindsEachAnchor puts each anchor, in small letters and in capitals, at each place to
// which the steps of the prefilter may stand.
func TestPrefilterFindsEachAnchor(t *testing.T) {
	t.Parallel()
	table := rules()
	p := newPrefilter(table)
	for _, text := range anchorsByLength(table) {
		for _, text := range []string{text, strings.ToUpper(text)} {
			if len(text) != len(strings.ToLower(text)) || !hasFold([]byte(text), strings.ToLower(text)) {
				continue // not ASCII
			}
			for before := range 40 {
				for _, after := range []int{0, 20} {
					b := []byte(strings.Repeat(".", before) + text + strings.Repeat(".", after))
					if !stopsFor(p, b, before, strings.ToLower(text)) {
						t.Errorf("%q is not found behind %d bytes", text, before)
					}
				}
			}
		}
	}
}

// stopsFor reports whether the prefilter stops for text at i.
func stopsFor(p *prefilter, b []byte, i int, text string) bool {
	for j := p.next(b, 0); j < len(b); j = p.next(b, j+2) {
		for k := j - 1; k <= j; k++ {
			if slices.ContainsFunc(p.at(b, k), func(a anchor) bool { return a.text == text && k-a.off == i }) {
				return true
			}
		}
	}
	return false
}

// TestPrefilterPassesOrdinaryText wants that few words of eight bytes of ordinary lines are looked
// at more closely.
func TestPrefilterPassesOrdinaryText(t *testing.T) {
	t.Parallel()
	p, b, stops := newPrefilter(rules()), []byte(ordinary), 0
	for i := 0; i+3 <= len(b); i++ {
		stops += int(p.seen[codesAt(b, i)])
	}
	if limit := len(b) / 20; stops > limit {
		t.Errorf("%d of %d places look like anchors, want %d at most", stops, len(b), limit)
	}
}
