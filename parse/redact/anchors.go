package redact

import (
	"encoding/binary"
	"strings"
)

// anchor is a few bytes, in lower case, that stand in or before a secret.
type anchor struct {
	text string
	size int    // how much of text belongs to the secret's name; the rest limits it
	rule int    // index into the table of rules
	off  int    // how far into the text the three bytes are that were hashed
	key  uint32 // these three bytes, folded
}

// prefilter finds the anchors in a text without looking at each byte, because nearly
// every line has none. It hashes the three bytes at every second place. Of four bytes
// in a row it thus hashes the first three or the last three; four such bytes are chosen
// from each anchor.
type prefilter struct {
	factor  uint32               // of the hash
	seen    [1 << hashBits]uint8 // by hash: 1 where an anchor has these three bytes
	group   []uint16             // by hash: number of its anchors, from 1
	anchors [][]anchor           // those that share a hash
}

const (
	minAnchor = 4
	hashBits  = 16 // of the table 64 KiB, of which a line touches little

	// fold makes ASCII letters lower case. It maps other bytes too, which for a hash
	// is as good.
	fold = 0x20
	// fold8 folds eight bytes at once.
	fold8 = 0x2020202020202020
)

// hash is of the upper three bytes of w, which were folded.
func (p *prefilter) hash(w uint32) uint32 { return (w & 0xffffff00) * p.factor >> (32 - hashBits) }

// keyAt returns the three bytes at i, folded, as hash takes them.
func keyAt(b []byte, i int) uint32 {
	return uint32(b[i]|fold)<<8 | uint32(b[i+1]|fold)<<16 | uint32(b[i+2]|fold)<<24
}

// factor is one of those by which ordinary text collides with the anchors least. It is found by a
// test: to try some at each start takes longer than all else there.
const factor = 0x99de0043

// newPrefilter returns the prefilter of the rules' anchors.
func newPrefilter(rules []rule) *prefilter { return prefilterOf(windowsOf(rules), factor) }

func prefilterOf(windows []anchor, factor uint32) *prefilter {
	p := &prefilter{factor: factor}
	p.group = make([]uint16, len(p.seen))
	for _, a := range windows {
		p.seen[p.hash(a.key)] = 1
		p.add(a)
	}
	return p
}

// hits counts the places of text at which the prefilter stops.
func (p *prefilter) hits(text string) (n int) {
	b := []byte(text)
	for i := 0; i+3 <= len(b); i++ {
		n += int(p.seen[p.hash(keyAt(b, i))])
	}
	return n
}

// windowsOf returns each anchor of the rules twice: with the first three and the last three of
// the four bytes that are chosen from it.
func windowsOf(rules []rule) (windows []anchor) {
	for i, r := range rules {
		for _, text := range r.anchors {
			off := rarest(text)
			for _, off := range [...]int{off, off + 1} {
				a := anchor{text: text, size: len(text) - r.margin, rule: i, off: off}
				a.key = keyAt([]byte(text), off)
				windows = append(windows, a)
			}
		}
	}
	return windows
}

func (p *prefilter) add(a anchor) {
	h := p.hash(a.key)
	if g := p.group[h]; g != 0 {
		p.anchors[g-1] = append(p.anchors[g-1], a)
		return
	}
	p.anchors = append(p.anchors, []anchor{a})
	p.group[h] = uint16(len(p.anchors))
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
	`default application internal interval webhook provider imageupdateautomation "reconcileid" organization install upgrade`

// rarest returns the place in text of the four bytes whose two windows of three are
// rarest in ordinary lines, so that the prefilter seldom stops in vain.
func rarest(text string) int {
	best, least := 0, len(ordinary)
	for i := range len(text) - minAnchor + 1 {
		n := strings.Count(ordinary, text[i:i+3]) + strings.Count(ordinary, text[i+1:i+4])
		if n < least {
			best, least = i, n
		}
	}
	return best
}

// next returns the first place at or after i, and an even number of bytes from it, at
// which an anchor may stand, and those that may. At the end it returns no anchors.
func (p *prefilter) next(b []byte, i int) (int, []anchor) {
	for ; i+10 <= len(b); i += 8 {
		x := b[i : i+10]
		w := binary.LittleEndian.Uint64(x) | fold8
		v := binary.LittleEndian.Uint32(x[6:]) | fold8&0xffffffff
		if p.seen[p.hash(uint32(w)<<8)]|p.seen[p.hash(uint32(w>>8))]|
			p.seen[p.hash(uint32(w>>24))]|p.seen[p.hash(v<<8)] != 0 {
			break
		}
	}
	for ; i+3 <= len(b); i += 2 {
		if h := p.hash(keyAt(b, i)); p.seen[h] != 0 {
			return i, p.anchors[p.group[h]-1]
		}
	}
	return len(b), nil
}

// followAnchors adds to spans what the rules find at their anchors, from left to right.
func (r *Redactor) followAnchors(t *text) {
	for i, anchors := r.filter.next(t.b, 0); anchors != nil; i, anchors = r.filter.next(t.b, i+2) {
		key := keyAt(t.b, i)
		for k := range anchors {
			a := &anchors[k]
			at := i - a.off
			if a.key != key || at < t.done || !t.hasFold(at, a.text) {
				continue
			}
			t.steps += len(a.text)
			s := r.rules[a.rule].find(t, at, at+a.size)
			if len(t.more) > 0 {
				r.keepMore(t)
			}
			if s.from >= s.to || placeholder(t.b[s.from:s.to]) {
				continue
			}
			if s.kind == "" {
				s.kind = r.rules[a.rule].kind
			}
			r.spans = append(r.spans, s)
			r.masksIn(t, i+2, min(s.to+minAnchor, len(t.b)))
			t.done = max(t.done, s.to)
			i = max(i, (s.to-2)&^1)
			break
		}
	}
}

// masksIn looks for masks from from to to, where no other anchors are looked for.
func (r *Redactor) masksIn(t *text, from, to int) {
	b := t.b[:to]
	if from > to || t.masked {
		return
	}
	for i, anchors := r.filter.next(b, from); anchors != nil && !t.masked; i, anchors = r.filter.next(b, i+2) {
		for _, a := range anchors {
			if r.rules[a.rule].kind == mask && hasFold(b[max(0, i-a.off):], a.text) {
				t.masked = true
			}
		}
	}
}

// keepMore adds to spans what a rule found beside what it returned.
func (r *Redactor) keepMore(t *text) {
	for _, s := range t.more {
		r.keep(t.b, s)
	}
	t.more = t.more[:0]
}
