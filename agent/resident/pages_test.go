package resident

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestDropPages looks at what the system says of this process.
func TestDropPages(t *testing.T) {
	before := ofFiles(t)
	p := &Program{}
	p.Drop()
	if after := ofFiles(t); after >= before {
		t.Errorf("%d kB of files are in memory, %d kB were", after, before)
	}
}

// ofFiles is how many kilobytes of files the process has in memory.
func ofFiles(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", "self", "status"))
	if err != nil {
		t.Skip("no /proc here")
	}
	_, rest, _ := bytes.Cut(status, []byte("RssFile:"))
	line, _, _ := strings.Cut(string(rest), "kB")
	n, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Skip(err)
	}
	return n
}
