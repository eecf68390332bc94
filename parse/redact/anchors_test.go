package redact

import "testing"

// TestFactor wants a factor by which the prefilter stops in vain hardly more often than with the
// best of some. It names that one.
func TestFactor(t *testing.T) {
	t.Parallel()
	windows := windowsOf(rules())
	hits := func(factor uint32) int { return prefilterOf(windows, factor).hits(ordinary) }
	best, least := uint32(0), len(ordinary)
	for i := range uint32(64) {
		f := 0x9e3779b1 + i*0x3c6ef372
		if n := hits(f); n < least {
			best, least = f, n
		}
	}
	if n := hits(factor); 2*n > 3*least {
		t.Errorf("%d stops with %#x, %d with %#x", n, uint32(factor), least, best)
	}
}
