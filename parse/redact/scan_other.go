//go:build !amd64 || purego

package redact

import "encoding/binary"

// Of what follows the loops that call it look at each place themselves.

func nextAnchor(_ *prefilter, _ []byte, i int) (at int, found bool) { return i, false }

func skipRandom([]byte) int { return 0 }

func skipSpelled([]byte) int { return 0 }

func skipUsual(b []byte) (n int) {
	const four = 4 * wordLen
	for ; n+four <= len(b); n += four {
		x := b[n : n+four]
		v, w := binary.LittleEndian.Uint64(x), binary.LittleEndian.Uint64(x[8:])
		y, z := binary.LittleEndian.Uint64(x[16:]), binary.LittleEndian.Uint64(x[24:])
		if (v|(v-spaces)|w|(w-spaces)|y|(y-spaces)|z|(z-spaces))&highs != 0 {
			break
		}
	}
	for ; n+wordLen <= len(b); n += wordLen {
		if w := binary.LittleEndian.Uint64(b[n:]); (w|(w-spaces))&highs != 0 {
			break
		}
	}
	return n
}

// spaces are those from which on the bytes of a word are to be seen.
const spaces = ' ' * ones
