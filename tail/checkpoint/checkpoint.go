// Package checkpoint keeps state on disk: files that hold either the old or the new state at any
// instant, also after a crash or a power loss, in a directory that one process owns.
//
// In goes the state as its writer streams it, out comes the same bytes at the next start, or an
// [Error] that says why they cannot be used and where the file was kept. The callers are package
// tail, which saves its marks with a state, the agent, which owns the directory, and commands,
// which write reports the same way. What the state means is not known here. Between two saves
// everything may be lost; a save that returned nil is on disk. Any number of goroutines may use
// different files of a directory at the same time.
package checkpoint

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"fluxtrail/config/bounded"
)

// schema is the version of the file around the body.
const schema = 1

// The reasons of an Error.
var (
	errUnread  = errors.New("the state file cannot be read")
	errCorrupt = errors.New("the state file is damaged")
	ErrNewer   = errors.New("the state file was written by a newer version")
	ErrLarge   = errors.New("the state file takes too much memory")
)

// fileError is a state file that cannot be used.
type fileError struct {
	Path string
	Kept string // where the file was moved to, "" when it stands where it was
	Err  error  // wraps errUnread, errCorrupt, ErrNewer or ErrLarge
}

// Error returns the path, the reason, and where the file is kept.
func (e *fileError) Error() string {
	if e.Kept == "" {
		return fmt.Sprintf("%s: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("%s: %v (kept as %s)", e.Path, e.Err, e.Kept)
}

// Unwrap returns the reason alone.
func (e *fileError) Unwrap() error { return e.Err }

// envelope is the beginning of the file. Sum is over the bytes of the body as they stand. Name is
// that of the file, so that the state of one lane is not taken for another's; version 0.1 wrote
// none.
type envelope struct {
	Schema int    `json:"schema"`
	Sum    string `json:"sha256"`
	Name   string `json:"name"`
}

// bodyKey stands between the envelope and the body, and bodyEnd behind the body.
const (
	bodyKey = `"body":`
	bodyEnd = "}\n"
)

// File is one state file of a Dir.
type File struct {
	dir  *Dir
	path string
}

// Save replaces the file by what body writes, which has to be one JSON value. It returns when the
// disk has it. A directory that was removed is made again. On an error the old file stays, and the
// caller tries again later.
func (f *File) Save(body func(io.Writer) error) error {
	err := f.dir.own()
	if err == nil {
		err = Replace(f.path, 0o600, func(file *os.File) error { return write(file, filepath.Base(f.path), body) })
	}
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return nil
}

// write writes the whole file. The sum of the body is known last and stands first, so its place is
// filled in at the end.
func write(f *os.File, name string, body func(io.Writer) error) error {
	file, sum := bufio.NewWriterSize(f, 64<<10), sha256.New()
	before := fmt.Appendf(nil, `{"schema":%d,"sha256":"`, schema)
	fmt.Fprintf(file, `%s%x","name":%q,%s`, before, make([]byte, sha256.Size), name, bodyKey) // Flush returns the error
	if err := body(io.MultiWriter(file, sum)); err != nil {
		return err
	}
	_, _ = file.WriteString(bodyEnd)
	if err := file.Flush(); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "%x", sum.Sum(nil)), int64(len(before)))
	return err
}

// Load reads what Save wrote and hands the body to decode, which may keep it. Without a file it
// does nothing: that is a first start. A file that cannot be read, is damaged, is of a newer
// version, or that decode refuses is moved aside, so that the next Save does not replace it, and
// comes back as an *fileError: the caller counts it and starts as its policy says. What an
// unfinished Save left in the directory is removed.
func (f *File) Load(decode func(body []byte) error) error {
	sweep(f.path)
	data, err := bounded.Regular(f.path, maxState)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &fileError{Path: f.path, Kept: keepAside(f.path), Err: fmt.Errorf("%w: %w", errUnread, err)}
	}
	body, err := open(data, filepath.Base(f.path))
	if err == nil {
		err = decode(body)
	}
	if err != nil {
		if !errors.Is(err, ErrNewer) && !errors.Is(err, ErrLarge) && !errors.Is(err, errCorrupt) {
			err = fmt.Errorf("%w: %w", errCorrupt, err)
		}
		return &fileError{Path: f.path, Kept: keepAside(f.path), Err: err}
	}
	return nil
}

// maxState bounds a state file, in bytes. What is saved takes far less.
const maxState = 1 << 30

// open checks the envelope and the sum, and returns the body as it stands in data.
func open(data []byte, name string) ([]byte, error) {
	var e envelope
	head, _, begins := bytes.Cut(data[:min(len(data), 1<<10)], []byte(bodyKey))
	if err := json.Unmarshal(append(head[:len(head):len(head)], bodyKey+"null}"...), &e); err != nil || !begins {
		return nil, fmt.Errorf("%w: its %d bytes do not begin as a state file does", errCorrupt, len(data))
	}
	if e.Schema > schema {
		return nil, fmt.Errorf("%w: schema %d, this program knows %d: update it", ErrNewer, e.Schema, schema)
	}
	body, ok := bytes.CutSuffix(data[len(head)+len(bodyKey):], []byte(bodyEnd))
	if sum := fmt.Sprintf("%x", sha256.Sum256(body)); !ok || e.Schema != schema || sum != e.Sum {
		return nil, fmt.Errorf("%w: its checksum does not match", errCorrupt)
	}
	if e.Name != "" && e.Name != name {
		return nil, fmt.Errorf("%w: it was saved as %s", errCorrupt, e.Name)
	}
	return body, nil
}

// maxKept bounds the unusable state files that are kept. The newest takes the last name again and
// again.
const maxKept = 10

// keepAside renames the file to a name that nothing reads, and returns it; "" when that failed.
func keepAside(path string) string {
	for n := 1; ; n++ {
		kept := fmt.Sprintf("%s.bad-%d", path, n)
		if _, err := os.Lstat(kept); err == nil && n < maxKept {
			continue
		}
		if err := os.Rename(path, kept); err != nil {
			return ""
		}
		return kept
	}
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// sweep removes what saves that a crash cut off left beside the file.
func sweep(path string) {
	dir, base := filepath.Split(path)
	entries, _ := os.ReadDir(filepath.Clean(dir))
	for _, e := range entries {
		if number, ok := strings.CutPrefix(e.Name(), "."+base); ok && strings.Trim(number, "0123456789") == "" {
			_ = os.Remove(filepath.Join(dir, e.Name())) // the next start tries again
		}
	}
}
