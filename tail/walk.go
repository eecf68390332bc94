package tail

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// walk looks for logs below one directory.
type walk struct {
	*finder
	visited map[string]bool // directories by resolved path, so that symlinks cannot lead in circles
	pods    int             // kubelet logs found
	texts   []string        // other files that look like logs by their name
}

// directory adds the logs below an argument. Where there are pod logs they alone are meant: the other files of a node's
// /var/log are not Flux's.
func (f *finder) directory(root string) {
	w := &walk{finder: f, visited: map[string]bool{}}
	w.dir(root)
	switch {
	case w.pods > 0 && len(w.texts) > 0:
		f.fail(root, fmt.Errorf("files beside the pod logs, left out: %d", len(w.texts)), "name them to have them read")
	case w.pods == 0:
		w.addTexts(root)
	}
}

func (w *walk) addTexts(root string) {
	found := len(w.texts)
	w.texts = slices.DeleteFunc(w.texts, binary)
	for _, path := range w.texts {
		real, _, _ := w.resolve(path)
		w.other(real, path)
	}
	if skipped := found - len(w.texts); skipped > 0 {
		w.fail(root, fmt.Errorf("binary files, left out: %d", skipped), "unpack archives first")
	} else if found == 0 {
		w.fail(root, errNoLogs, "logs are <namespace>_<pod>_<uid>/<container>/<n>.log, or end in .log, .txt, .json, .jsonl, .gz or .zst")
	}
}

func (w *walk) dir(path string) {
	real := w.realDir(path)
	if w.visited[real] {
		return
	}
	w.visited[real] = true
	entries, err := os.ReadDir(path)
	if err != nil {
		w.fail(path, err, "")
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") {
			w.entry(filepath.Join(path, e.Name()), e)
		}
	}
}

// entry adds what stands in a directory, behind symlinks too. Pipes, sockets and devices are none of ours.
func (w *walk) entry(path string, e fs.DirEntry) {
	mode := e.Type()
	if mode&fs.ModeSymlink != 0 {
		info, err := os.Stat(path)
		if err != nil {
			w.fail(path, err, "a symlink to nothing: its container is gone, or the target was not copied")
			return
		}
		mode = info.Mode()
	}
	switch {
	case mode.IsDir():
		w.dir(path)
	case mode.IsRegular():
		w.regular(path)
	}
}

func (w *walk) regular(path string) {
	real, pod, ok := w.resolve(path)
	switch {
	case ok && w.isLink(path, real):
		w.pods++
		w.container(filepath.Dir(real))
	case ok:
		w.pods++
		w.pod(real, path, pod)
	case looksLikeLog(filepath.Base(path)):
		w.texts = append(w.texts, path)
	}
}

// looksLikeLog goes by the name alone.
func looksLikeLog(name string) bool {
	switch filepath.Ext(name) {
	case "", ".log", ".txt", ".json", ".jsonl", ".gz", ".zst":
		return true
	case ".tmp":
		return false
	}
	return strings.Contains(name, ".log.")
}

// binary reports whether a file begins with what no log holds: NUL bytes among other control characters. (NUL bytes
// alone are the hole of a truncated log.) A file that cannot be opened is left for the Reader to report.
func binary(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close() //nolint:errcheck // only read
	head := make([]byte, 1024)
	n, _ := io.ReadFull(file, head)
	head = head[:n]
	for _, magic := range [...][]byte{gzipMagic, zstdMagic, utf16LE, utf16BE} {
		if bytes.HasPrefix(head, magic) {
			return false
		}
	}
	return bytes.IndexByte(head, 0) >= 0 && bytes.ContainsFunc(head, control)
}

func control(r rune) bool {
	return r > 0 && r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\x1b'
}
