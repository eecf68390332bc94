package discover

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// looksLikeLog goes by the name alone.
func looksLikeLog(name string) bool {
	switch filepath.Ext(name) {
	case "", ".log", ".txt", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".gz", ".zst", ".xz", ".bz2",
		".tar", ".tgz", ".tbz2", ".txz", ".zip":
		return true
	case ".tmp":
		return false
	}
	return strings.Contains(name, ".log.")
}

// temporary reports whether a name is that of a file that somebody is about to finish and rename.
func temporary(name string) bool { return strings.HasSuffix(name, ".tmp") }

// compressing reports whether path is the half-written output of the kubelet's compression.
func compressing(path string) bool {
	name, ok := strings.CutSuffix(path, ".tmp")
	_, pod := parsePodPath(name)
	return ok && pod
}

// textMagics are the first bytes of files that hold text although there may be NUL bytes among the
// first ones: compressed files, and the byte order marks of UTF-16.
var textMagics = [...][]byte{{0xff, 0xfe}, {0xfe, 0xff}, []byte("PK\x03\x04")}

// binary reports whether a file begins with what no log holds: NUL bytes among other control
// characters. (NUL bytes alone are the hole of a truncated log.) A file that cannot be opened is
// left for its reader to report.
func binary(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // only read
	head := make([]byte, 1024)
	n, _ := io.ReadFull(file, head)
	head = head[:n]
	if CompressionOf(head) != None || UTF16(head) {
		return false
	}
	for _, magic := range textMagics {
		if bytes.HasPrefix(head, magic) {
			return false
		}
	}
	return bytes.IndexByte(head, 0) >= 0 && bytes.ContainsFunc(head, control)
}

func control(r rune) bool {
	const escape = 0x1b // colours
	return r > 0 && r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != escape
}

// UTF16 reports whether a file begins with ASCII text in UTF-16 without a byte order mark: every
// second byte is NUL, and no other.
func UTF16(head []byte) bool {
	head = head[:len(head)&^1]
	var nul [2]int
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	half := len(head) / 2
	return half > 8 && (nul[0] == half && nul[1] == 0 || nul[1] == half && nul[0] == 0)
}
