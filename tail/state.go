package tail

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// stateSchema is the version of the state file. It changes when a file of an older version would be misread.
const stateSchema = 1

// The reasons of a StateError.
var (
	ErrStateCorrupt = errors.New("the state file is damaged")
	ErrStateNewer   = errors.New("the state file was written by a newer version")
)

// StateError is a state file that cannot be used.
type StateError struct {
	Path string
	Kept string // where the file was moved to, "" when it stands where it was
	Err  error  // wraps ErrStateCorrupt or ErrStateNewer
}

// Error gives path, reason and where the file is kept.
func (e *StateError) Error() string {
	if e.Kept == "" {
		return fmt.Sprintf("%s: %v", e.Path, e.Err)
	}
	return fmt.Sprintf("%s: %v (kept as %s)", e.Path, e.Err, e.Kept)
}

// Unwrap gives the reason alone.
func (e *StateError) Unwrap() error { return e.Err }

// envelope is the state file. Sum is over the bytes of Body as they stand.
type envelope struct {
	Schema int    `json:"schema"`
	Sum    string `json:"sha256"`
	Body   State  `json:"body"`
}

// stateBody is what the sum protects: positions never exist without the state that was reached there.
type stateBody struct {
	Marks Marks `json:"marks"`
	State State `json:"state,omitempty"`
}

// State is a part of a JSON text that is decoded later. Unlike a json.RawMessage it shares the memory of the text, so that
// a state of 20 MB is not copied at each level that it is nested in. It is for texts that stay as they are, and for
// json.Unmarshal.
type State []byte

// UnmarshalJSON keeps b.
func (s *State) UnmarshalJSON(b []byte) error {
	*s = b
	return nil
}

// SaveState replaces the file by marks and the state that was reached there, which state writes as JSON; nil for none.
// At any instant, also after a crash or a power loss, the file holds either the old or the new pair. It blocks until the
// disk has it. On an error the old file stays; the caller goes on and tries again.
func SaveState(path string, marks Marks, state func(io.Writer) error) error {
	m, err := json.Marshal(marks)
	if err == nil {
		err = replaceFile(path, func(f *os.File) error { return writeState(f, m, state) })
	}
	if err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	return nil
}

// writeState writes an envelope. The sum of the body is known last and stands first, so its place is filled in the end.
func writeState(f *os.File, marks []byte, state func(io.Writer) error) error {
	file, sum := bufio.NewWriterSize(f, 64<<10), sha256.New()
	before := fmt.Appendf(nil, `{"schema":%d,"sha256":"`, stateSchema)
	fmt.Fprintf(file, `%s%x","body":`, before, make([]byte, sha256.Size)) // an error comes again with Flush
	body := io.MultiWriter(file, sum)
	fmt.Fprintf(body, `{"marks":%s`, marks)
	if state != nil {
		_, _ = io.WriteString(body, `,"state":`)
		if err := state(body); err != nil {
			return err
		}
	}
	_, _ = io.WriteString(body, "}")
	_, _ = file.WriteString("}\n")
	if err := file.Flush(); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendf(nil, "%x", sum.Sum(nil)), int64(len(before)))
	return err
}

// replaceFile writes beside the file and renames, so that nobody ever sees half of it.
func replaceFile(path string, write func(*os.File) error) error {
	tmp := path + ".tmp"
	err := writeSynced(tmp, write)
	if err == nil {
		err = os.Rename(tmp, path)
	}
	if err != nil {
		_ = os.Remove(tmp) // a full disk needs the space
		return err
	}
	return syncDir(filepath.Dir(path))
}

func writeSynced(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err = write(f); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// LoadState reads what SaveState wrote. Without a file it gives the zero Marks, which mean a first start. A file that
// cannot be used is moved aside and comes back as a *StateError, with the zero Marks: the caller counts it and starts as
// its policy says. Any other error means that the disk could not be read.
func LoadState(path string) (Marks, State, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Marks{}, nil, nil
	}
	if info, statErr := os.Stat(path); err != nil && (statErr != nil || !info.IsDir()) {
		return Marks{}, nil, fmt.Errorf("load state: %w", err)
	}
	body, err := decodeState(data)
	if err != nil {
		return Marks{}, nil, &StateError{Path: path, Kept: keepAside(path), Err: err}
	}
	return body.Marks, body.State, nil
}

func decodeState(data []byte) (body stateBody, err error) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return body, fmt.Errorf("%w: %d bytes: %w", ErrStateCorrupt, len(data), err)
	}
	if e.Schema > stateSchema {
		return body, fmt.Errorf("%w: schema %d, this program knows %d: update it", ErrStateNewer, e.Schema, stateSchema)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(e.Body)); e.Schema != stateSchema || sum != e.Sum {
		return body, fmt.Errorf("%w: its checksum does not match", ErrStateCorrupt)
	}
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return stateBody{}, fmt.Errorf("%w: %w", ErrStateCorrupt, err)
	}
	if body.Marks.Version > MarksVersion {
		return stateBody{}, fmt.Errorf("%w: marks %d, this program knows %d: update it", ErrStateNewer, body.Marks.Version, MarksVersion)
	}
	return body, nil
}

// maxKept bounds the unusable state files that are kept; the newest takes the last name again and again.
const maxKept = 10

// keepAside renames the file to a name that nothing reads, and tells which; "" when that failed.
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
