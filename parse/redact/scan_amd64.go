//go:build !purego

package redact

// nextAnchor is (*prefilter).next for what it comes to in steps of 16 bytes. Where it has
// found nothing there, next has to look on at what it returns.
//
//go:noescape
func nextAnchor(p *prefilter, b []byte, i int) (at int, found bool)

// skipUsual returns how many bytes at the start of b are no controls, and start no character
// that may be unusual. It may be fewer than there are.
//
//go:noescape
func skipUsual(b []byte) int

// skipRandom returns how many bytes at the start of b nextRandom passes over, a multiple of
// stride. It may be fewer than there are.
//
//go:noescape
func skipRandom(b []byte) int

// skipSpelled returns how many bytes at the start of b nextSpelled passes over, a multiple of
// spellStride. It may be fewer than there are.
//
//go:noescape
func skipSpelled(b []byte) int
