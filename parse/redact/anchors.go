package redact

import (
	"encoding/binary"
	"slices"
)

// anchor is a few bytes, in lower case, that stand in or before a secret.
type anchor struct {
	text string
	size int // how much of text belongs to the secret's name; the rest limits it
	rule int // index into the table of rules
	off  int // how far into the text the four bytes are that were chosen
}

// prefilter finds the anchors in a text without looking at each byte, because nearly
// every line has none. Four bytes in a row are chosen from each anchor. It looks up the three
// bytes at every second place: of the four these are the first three or the last three.
// Where they are some of an anchor, it looks whether all four are.
type prefilter struct {
	seen    [1 << codeBits]uint8   // by codes of three bytes: 1 where an anchor has these
	group   [1 << groupBits]uint16 // by hash of four bytes: number of its anchors, or 0
	anchors [][]anchor             // those that share a hash; none at 0
}

const (
	minAnchor = 4
	groupBits = 14

	// The code of three bytes are the lower five bits of each, which letters of both cases share, and
	// whether the third one is a letter. Other bytes have those of letters, too, which does no harm.
	codeBits = 16
	codes    = 1<<codeBits - 1

	golden = 0x9e3779b1 // of Fibonacci hashing

	// fold makes ASCII letters lower case. It maps other bytes too, which for a hash
	// is as good.
	fold = 0x20
	// fold8 folds eight bytes at once.
	fold8 = 0x2020202020202020
)

// codesAt returns the codes of the three bytes at i.
func codesAt(b []byte, i int) uint64 {
	return fourCodes(uint64(b[i])|uint64(b[i+1])<<8, uint64(b[i+2])) & codes
}

// fourCodes returns the codes of the three bytes at every second place of w, in 16 bits each. v
// are the eight bytes two further on.
func fourCodes(w, v uint64) uint64 {
	const lower, letter = 0x001f001f001f001f, 0x0040004000400040
	return w&lower | w>>3&(lower<<5) | v&lower<<10 | v&letter<<9
}

// hash is of four bytes that were folded.
func hash(w uint32) uint32 { return w * golden >> (32 - groupBits) }

// fourAt returns the four bytes at i, folded.
func fourAt(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[i:]) | fold8&0xffffffff }

// newPrefilter returns the prefilter of the rules' anchors. Of anchors that start alike the same
// four bytes are chosen, so that the first of their rules comes first.
func newPrefilter(rules []rule) *prefilter {
	p, usual, offs := &prefilter{anchors: make([][]anchor, 1)}, usualCodes(), map[string]int{}
	for _, text := range anchorsByLength(rules) {
		offs[text] = usual.rarest(text)
		for n := minAnchor; n < len(text); n++ {
			if off, ok := offs[text[:n]]; ok {
				offs[text] = off
				break
			}
		}
	}
	for i, r := range rules {
		for _, text := range r.anchors {
			p.add(anchor{text: text, size: len(text) - r.margin, rule: i, off: offs[text]})
		}
	}
	return p
}

// anchorsByLength returns the anchors of the rules, short ones first.
func anchorsByLength(rules []rule) (anchors []string) {
	for _, r := range rules {
		anchors = append(anchors, r.anchors...)
	}
	slices.SortStableFunc(anchors, func(a, b string) int { return len(a) - len(b) })
	return anchors
}

func (p *prefilter) add(a anchor) {
	b := []byte(a.text)
	p.seen[codesAt(b, a.off)], p.seen[codesAt(b, a.off+1)] = 1, 1
	g := &p.group[hash(fourAt(b, a.off))]
	if *g == 0 {
		*g = uint16(len(p.anchors))
		p.anchors = append(p.anchors, nil)
	}
	p.anchors[*g] = append(p.anchors[*g], a)
}

// ordinary is what lines without secrets consist of.
const ordinary = `{"level":"error","ts":"2023-12-27t20:51:35.810z","logger":"runtime","msg":"reconciliation finished in ` +
	`1.57s, next run in 10m0s","controller":"kustomization","controllergroup":"kustomize.toolkit.fluxcd.io",` +
	`"controllerkind":"kustomization","namespace":"flux-system","name":"apps","reconcileid":"c0f7d51b-5ba2-4e4c",` +
	`"revision":"main@sha1:dc744564","path":"/apis/apps/v1","output":{"configmap/a/b":"created","service/a/b":"configured",` +
	`"deployment/a/b":"unchanged"}} reconciliation failed after 2s: health check failed after 1m: timeout waiting for ` +
	`gitrepository helmrelease ocirepository helmchart imageupdateautomation no changes since last reconcilation: ` +
	`observed artifact up-to-date with remote stored for commit reconciler error dependencies do not meet ready ` +
	`condition, retrying in context deadline exceeded starting metadata invalid already "level":"info" server verified version ` +
	`default application internal interval webhook provider imageupdateautomation "reconcileid" organization install upgrade ` +
	`"github.com/fluxcd/pkg/runtime/controller.(*gitrepositoryreconciler).reconcile\n\tsigs.k8s.io/controller-runtime@v0.24.1/pkg/` +
	`internal/controller/controller.go:312" "infrastructure/configs" dispatching dry-run server-side applied "2026-11-20t10:29:30.284z" ` +
	`directory generated receiver release resolve shutdown signal completed private object events source.extensions.fluxcd.io/v1beta1 ` +
	`dial tcp 10.0.0.1:443: connect: connection refused "http://127.0.0.1:28288/index.yaml" worker found frontend backend monitoring ` +
	`'1.2.0' proceeding without cleanup, cannot be found in the chart values, changed: upgrade retries exhausted, rollback, uninstall`

// usual tells how often three bytes of these codes stand in ordinary.
type usual [codes + 1]uint8

func usualCodes() *usual {
	var u usual
	for b := []byte(ordinary); len(b) >= 3; b = b[1:] {
		u[codesAt(b, 0)]++
	}
	for n := range 1000 { // lines have all numbers
		u[codesAt([]byte{'0' + byte(n/100), '0' + byte(n/10%10), '0' + byte(n%10)}, 0)]++
	}
	return &u
}

// rarest returns the place in text of the four bytes whose two windows of three are
// rarest in ordinary lines, so that the prefilter seldom stops in vain.
func (u *usual) rarest(text string) int {
	b := []byte(text)
	best, least := 0, len(ordinary)
	for i := range len(text) - minAnchor + 1 {
		n := int(u[codesAt(b, i)]) + int(u[codesAt(b, i+1)])
		if n < least {
			best, least = i, n
		}
	}
	return best
}

// next returns the first place at or after i, and an even number of bytes from it, at which
// the four bytes of an anchor may start, or one after it. At the end it returns the length of b.
func (p *prefilter) next(b []byte, i int) int {
	i, found := nextAnchor(p, b, i)
	if found {
		return i
	}
	rest := b[min(i, len(b)):]
	for ; len(rest) >= 10; rest = rest[8:] {
		z := fourCodes(binary.LittleEndian.Uint64(rest), binary.LittleEndian.Uint64(rest[2:]))
		s0, s1 := p.seen[z&codes], p.seen[z>>16&codes]
		s2, s3 := p.seen[z>>32&codes], p.seen[z>>48&codes]
		if s0|s1|s2|s3 == 0 {
			continue
		}
		i := len(b) - len(rest)
		for j, s := range [...]uint8{s0, s1, s2, s3} {
			if s != 0 && p.near(b, i+2*j) {
				return i + 2*j
			}
		}
	}
	for i := len(b) - len(rest); i+3 <= len(b); i += 2 {
		if p.seen[codesAt(b, i)] != 0 && p.near(b, i) {
			return i
		}
	}
	return len(b)
}

// near reports whether the four bytes of an anchor may start at i, or one before it.
func (p *prefilter) near(b []byte, i int) bool {
	return i > 0 && i+3 <= len(b) && p.group[hash(fourAt(b, i-1))] != 0 || i+4 <= len(b) && p.group[hash(fourAt(b, i))] != 0
}

// at returns the anchors whose four bytes may be those at i.
func (p *prefilter) at(b []byte, i int) []anchor {
	if i < 0 || i+minAnchor > len(b) {
		return nil
	}
	return p.anchors[p.group[hash(fourAt(b, i))]]
}

// followAnchors adds to spans what the rules find at their anchors, from left to right.
func (r *Redactor) followAnchors(t *text) {
	for i := r.filter.next(t.b, 0); i < len(t.b); i = r.filter.next(t.b, i+2) {
		if s := r.follow(t, i); s.to > 0 {
			r.spans = append(r.spans, s)
			r.masksIn(t, i+2, min(s.to+minAnchor, len(t.b)))
			t.done = max(t.done, s.to)
			i = max(i, (s.to-2)&^1)
		}
	}
}

// follow returns what the first rule finds that has an anchor whose four bytes are at i, or one
// before it.
func (r *Redactor) follow(t *text, i int) span {
	before, here := r.filter.at(t.b, i-1), r.filter.at(t.b, i)
	for len(before)+len(here) > 0 {
		var a *anchor
		at := i
		if len(here) == 0 || len(before) > 0 && before[0].rule <= here[0].rule {
			a, at, before = &before[0], i-1, before[1:]
		} else {
			a, here = &here[0], here[1:]
		}
		if at -= a.off; at < t.done || !t.hasFold(at, a.text) {
			continue
		}
		t.steps += len(a.text)
		s := r.rules[a.rule].find(t, at, at+a.size)
		if len(t.more) > 0 {
			r.keepMore(t)
		}
		if s.from < s.to && !placeholder(t.b[s.from:s.to]) {
			if s.kind == "" {
				s.kind = r.rules[a.rule].kind
			}
			return s
		}
	}
	return span{}
}

// masksIn looks for masks from from to to, where no other anchors are looked for.
func (r *Redactor) masksIn(t *text, from, to int) {
	b := t.b[:to]
	if from > to || t.masked {
		return
	}
	for i := r.filter.next(b, from); i < len(b) && !t.masked; i = r.filter.next(b, i+2) {
		t.masked = r.maskAt(b, i-1) || r.maskAt(b, i)
	}
}

// maskAt reports whether the anchor of a mask has its four bytes at i.
func (r *Redactor) maskAt(b []byte, i int) bool {
	for _, a := range r.filter.at(b, i) {
		if i >= a.off && r.rules[a.rule].kind == mask && hasFold(b[i-a.off:], a.text) {
			return true
		}
	}
	return false
}

// keepMore adds to spans what a rule found beside what it returned.
func (r *Redactor) keepMore(t *text) {
	for _, s := range t.more {
		r.keep(t.b, s)
	}
	t.more = t.more[:0]
}
