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
	case "", ".log", ".txt", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".gz", ".zst":
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
var textMagics = [...][]byte{gzipMagic, zstdMagic, {0xff, 0xfe}, {0xfe, 0xff}}

// binary reports whether a file begins with what no log holds: NUL bytes among other control
// characters. (NUL bytes alone are the hole of a truncated log.) A file that cannot be opened is left
// for its reader to report.
func binary(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // only read
	head := make([]byte, 1024)
	n, _ := io.ReadFull(file, head)
	head = head[:n]
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
