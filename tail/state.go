package tail

import (
	"encoding/json"
	"fmt"
	"io"

	"fluxtrail/tail/checkpoint"
)

// stateBody is what a state file holds: marks never exist without the state that was reached there.
type stateBody struct {
	Marks Marks           `json:"marks"`
	State json.RawMessage `json:"state,omitempty"`
}

// SaveState replaces file by marks and the state that was reached there, which state writes as
// JSON; nil for none. At any instant the file holds either the old or the new pair. It blocks until
// the disk has it, and tells how many bytes that were. On an error the old file stays; the caller
// goes on and tries again.
func SaveState(file *checkpoint.File, marks Marks, state func(io.Writer) error) (size int64, err error) {
	err = file.Save(func(to io.Writer) error {
		w := &counting{Writer: to}
		defer func() { size = w.n }()
		_, err := io.WriteString(w, `{"marks":`)
		if err == nil {
			err = marks.write(w)
		}
		if err == nil && state != nil {
			if _, err = io.WriteString(w, `,"state":`); err == nil {
				err = state(w)
			}
		}
		if err == nil {
			_, err = io.WriteString(w, "}")
		}
		return err
	})
	return size, err
}

// write writes the marks as JSON, one Source after the other: all of them in one piece would take
// several times their size in memory.
func (m *Marks) write(w io.Writer) error {
	if len(m.Sources) == 0 {
		return json.NewEncoder(w).Encode(m)
	}
	_, err := fmt.Fprintf(w, `{"version":%d,"sources":`, m.Version)
	before, enc := "[", json.NewEncoder(w)
	for i := range m.Sources {
		if err == nil {
			_, err = io.WriteString(w, before)
		}
		if err != nil {
			return err
		}
		err = enc.Encode(&m.Sources[i])
		before = ","
	}
	if err == nil {
		_, err = io.WriteString(w, "]}")
	}
	return err
}

// counting counts what is written.
type counting struct {
	io.Writer
	n int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.Writer.Write(b)
	c.n += int64(n)
	return n, err
}

// LoadState reads what SaveState wrote. Without a file it returns the zero Marks, which mean a
// first start. A file that cannot be used is moved aside and comes back as a *checkpoint.Error,
// with the zero Marks. Any other error means that the disk could not be read.
func LoadState(file *checkpoint.File) (Marks, json.RawMessage, error) {
	var body stateBody
	err := file.Load(func(b []byte) error {
		if err := json.Unmarshal(b, &body); err != nil {
			return err
		}
		if v := body.Marks.Version; v > marksVersion {
			return fmt.Errorf("%w: marks %d, this program knows %d: update it", checkpoint.ErrNewer, v, marksVersion)
		}
		return body.Marks.validate()
	})
	if err != nil {
		return Marks{}, nil, err
	}
	return body.Marks, body.State, nil
}
