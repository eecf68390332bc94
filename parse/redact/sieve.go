package redact

import (
	"encoding/binary"
	"strings"
)

// sieve finds cues in a line without looking at each of its bytes, because nearly
// every line has none and has to be paid for all the same. It hashes the three bytes
// at every second place. Of four bytes in a row it thus hashes the first three or the
// last three; four such bytes are chosen from each cue.
type sieve struct {
	group [1 << sieveBits]uint8 // hash of three bytes -> index into cues; 0: none
	cues  [][]cue               // cues that share a hash; the first group is empty
}

// cue is a few bytes, in lower case, that stand in or near a secret of a rule.
type cue struct {
	text string
	rule int // index into the table
	off  int // how far into the cue the three bytes are
}

const (
	minCue    = 4
	sieveBits = 13 // 8 KiB, a sixth of the first-level cache

	// fold makes ASCII letters lower case. It maps other bytes too, which for a hash
	// is as good.
	fold = 0x20
	// fold8 folds eight bytes at once.
	fold8 = 0x2020202020202020
)

// hash is of the upper three bytes of w, which were folded.
func hash(w uint32) uint32 { return (w & 0xffffff00) * 0x9e3779b1 >> (32 - sieveBits) }

func hashAt(text []byte, i int) uint32 {
	return hash(uint32(text[i]|fold)<<8 | uint32(text[i+1]|fold)<<16 | uint32(text[i+2]|fold)<<24)
}

func (s *sieve) init(rules []rule) {
	s.cues = make([][]cue, 1)
	for i, r := range rules {
		for _, text := range r.cues {
			off := rarest(text)
			s.add(cue{text: text, rule: i, off: off})
			s.add(cue{text: text, rule: i, off: off + 1})
		}
	}
}

func (s *sieve) add(c cue) {
	h := hashAt([]byte(c.text), c.off)
	if s.group[h] == 0 {
		s.group[h] = uint8(len(s.cues))
		s.cues = append(s.cues, nil)
	}
	s.cues[s.group[h]] = append(s.cues[s.group[h]], c)
}

// ordinary is what lines without secrets consist of.
const ordinary = `{"level":"error","ts":"2023-12-27t20:51:35.810z","logger":"runtime","msg":"reconciliation finished in ` +
	`1.57s, next run in 10m0s","controller":"kustomization","controllergroup":"kustomize.toolkit.fluxcd.io",` +
	`"controllerkind":"kustomization","namespace":"flux-system","name":"apps","reconcileid":"c0f7d51b-5ba2-4e4c",` +
	`"revision":"main@sha1:dc744564","path":"/apis/apps/v1","output":{"configmap/a/b":"created","service/a/b":"configured",` +
	`"deployment/a/b":"unchanged"}} reconciliation failed after 2s: health check failed after 1m: timeout waiting for ` +
	`gitrepository helmrelease ocirepository helmchart imageupdateautomation no changes since last reconcilation: ` +
	`observed artifact up-to-date with remote stored for commit reconciler error dependencies do not meet ready ` +
	`condition, retrying in context deadline exceeded starting metadata invalid already`

// rarest returns the place in cue of the four bytes whose two windows of three are
// rarest in ordinary lines, so that the sieve seldom stops in vain.
func rarest(cue string) int {
	best, least := 0, len(ordinary)
	for i := range len(cue) - minCue + 1 {
		n := strings.Count(ordinary, cue[i:i+3]) + strings.Count(ordinary, cue[i+1:i+4])
		if n < least {
			best, least = i, n
		}
	}
	return best
}

// next returns the first place at or after i, and an even number of bytes from it, at
// which a cue may stand, and the cues that may. At the end it returns no cues.
func (s *sieve) next(text []byte, i int) (int, []cue) {
	for ; i+10 <= len(text); i += 8 {
		b := text[i : i+10]
		w := binary.LittleEndian.Uint64(b) | fold8
		v := binary.LittleEndian.Uint32(b[6:]) | fold8&0xffffffff
		if s.group[hash(uint32(w)<<8)]|s.group[hash(uint32(w>>8))]|
			s.group[hash(uint32(w>>24))]|s.group[hash(v<<8)] != 0 {
			break
		}
	}
	for ; i+3 <= len(text); i += 2 {
		if g := s.group[hashAt(text, i)]; g != 0 {
			return i, s.cues[g]
		}
	}
	return len(text), nil
}

// followCues adds to spans what the rules find at their cues, from left to right.
func (r *Redactor) followCues(l *line) {
	for i, cues := r.sieve.next(l.text, 0); cues != nil; i, cues = r.sieve.next(l.text, i+2) {
		for _, c := range cues {
			at := i - c.off
			if at < l.done || !hasFold(l.text[at:], c.text) {
				continue
			}
			rule := &r.rules[c.rule]
			s := rule.find(l, at, at+len(c.text))
			if s.from < s.to && !redacted(l.text[s.from:s.to]) {
				s.kind = rule.kind
				r.spans = append(r.spans, s)
				l.done = s.to
				i = max(i, (s.to-2)&^1)
				break
			}
		}
	}
}

// hasFold reports whether text starts with cue, which is in lower case.
func hasFold(text []byte, cue string) bool {
	if len(text) < len(cue) {
		return false
	}
	for i := range len(cue) {
		if text[i] != cue[i] && (text[i]|fold != cue[i] || class[cue[i]] != lower) {
			return false
		}
	}
	return true
}
