package discover

import (
	"bytes"
	"strings"
)

// Compression of a file.
type Compression uint8

// The compressions that are read.
const (
	None Compression = iota
	Gzip
	Zstd
)

// Suffix returns the end of the names of such files; it is also shown behind a framing.
func (c Compression) Suffix() string {
	return [...]string{"", ".gz", ".zst"}[c]
}

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

// CompressionOf goes by the first four bytes of a file.
func CompressionOf(head []byte) Compression {
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return Gzip
	case bytes.HasPrefix(head, zstdMagic):
		return Zstd
	}
	return None
}

// cutCompression goes by the name of a file.
func cutCompression(name string) (string, Compression) {
	for _, c := range [...]Compression{Gzip, Zstd} {
		if short, ok := strings.CutSuffix(name, c.Suffix()); ok {
			return short, c
		}
	}
	return name, None
}
