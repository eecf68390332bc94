//go:build !amd64 || purego

package redact

import "encoding/binary"

// Of what follows the loops that call it look at each place themselves.

func nextAnchor(_ *prefilter, _ []byte, i int) (at int, found bool) { return i, false }

func skipRandom([]byte) int { return 0 }

func skipSpelled([]byte) int { return 0 }

func skipUsual(b []byte) (n int) {
	for ; len(b) >= wordLen; b = b[wordLen:] {
		w := binary.LittleEndian.Uint64(b)
		if (w|(w-' '*ones))&highs != 0 {
			break
		}
		n += wordLen
	}
	return n
}
