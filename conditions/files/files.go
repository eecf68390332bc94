// Package files reads what was saved of the state of Flux's objects.
//
// In go paths of files and directories; out come observations in the order of time, the listings
// that say what there was besides, and a row for each file with what it held. Forms are rows of a
// table (forms.go), found by the content: lists and objects of kubectl as JSON or YAML, Kubernetes
// events, condition transitions as JSON lines, expositions of metrics, and the tables of flux get.
// gzip and zstd are unpacked. A directory may be the database of a Prometheus, or a snapshot of it
// (tsdb.go). The caller is a program that has an end, such as replay.
//
// A file that breaks off is read up to there. Nothing is written anywhere, and no time is asked
// for: a snapshot that says no time gets the caller's, or the newest time in it, and its row says
// so. All observations are in memory at once. What is not about objects of Flux is counted.
package files

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"

	"fluxtrail/conditions"
	"fluxtrail/derive"
)

// Options says how files are read.
type Options struct {
	At     int64               // of snapshots that say no time; 0 takes the newest time in each
	Redact func(string) string // takes the secrets out of a text

	// From and To are the span that is asked for, 0 for an open end. Files are read whole; of a
	// database it is what is read.
	From, To int64
}

// Source is Read as a source of evidence.
func Source(paths []string, opt Options) conditions.Source {
	return func(_ context.Context, from, to int64) (*conditions.Evidence, error) {
		opt.From, opt.To = from, to
		return Read(paths, opt)
	}
}

// Read reads files, all files below directories, and databases of Prometheus. The error is about a
// path that cannot be opened; what is wrong within a file is in its row.
func Read(paths []string, opt Options) (*conditions.Evidence, error) {
	e := &conditions.Evidence{}
	reader := conditions.NewReader(opt.Redact)
	for _, root := range paths {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && IsDatabase(path) {
				e.Add(readDatabase(path, reader, opt.From, opt.To))
				return fs.SkipDir
			}
			if err != nil || d.IsDir() {
				return err
			}
			if path != root && special(path) {
				e.Inputs = append(e.Inputs, conditions.Input{Name: path, Err: errors.New("is no regular file, and is left out")})
				return nil
			}
			add(e, path, reader, opt.At)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("conditions: %w", err)
		}
	}
	e.Sort()
	return e, nil
}

// special reports whether what lies in a directory is no regular file: a pipe would be waited for,
// a device may never end. A path that is named may be one: the output of a command.
func special(path string) bool {
	info, err := os.Stat(path)
	return err == nil && !info.Mode().IsRegular()
}

// add reads a file.
func add(e *conditions.Evidence, path string, reader *conditions.Reader, at int64) {
	in := &input{path: path, reader: reader, at: at}
	in.tell(e, in.open())
}

// ReadMetrics reads an exposition that somebody serves, of which no more than so many objects are
// told, 0 for no limit. It has no other form, and is not packed.
func ReadMetrics(name string, text []byte, most int, opt Options) *conditions.Evidence {
	e := &conditions.Evidence{}
	in := &input{path: name, form: formMetrics, reader: conditions.NewReader(opt.Redact), at: opt.At}
	in.reader.Most = most
	err := errors.New("has no metrics of a controller, nor of objects of Flux")
	if len(bytes.TrimSpace(text)) > 0 {
		err = in.samples(text, nil)
	}
	in.tell(e, err)
	e.Sort()
	return e
}

// tell adds what was read to the evidence. The error is that of reading.
func (in *input) tell(e *conditions.Evidence, err error) {
	err = errors.Join(err, in.date())
	e.Observations = append(e.Observations, in.observations...)
	e.Listings = append(e.Listings, in.listings...)
	e.Health = append(e.Health, in.health...)
	e.Inputs = append(e.Inputs, conditions.Input{
		Name: in.path, Form: in.form, At: in.at, Guessed: in.guessed, Objects: len(in.observations), Others: in.others, Err: err,
	})
}

// input is a file that is read.
type input struct {
	path   string
	text   *bufio.Reader
	reader *conditions.Reader

	form         string
	at           int64 // of what has no time of its own
	newest       int64 // time in what has no time of its own
	guessed      bool
	others       int
	observations []derive.Observation
	listings     []derive.Listing
	health       []conditions.Health
}

// headSize is how much of a file says which form it has.
const headSize = 64 << 10

func (in *input) open() error {
	f, err := os.Open(in.path)
	if err != nil {
		return err
	}
	defer f.Close()
	return in.read(f)
}

// read finds the form of a file and reads it.
func (in *input) read(r io.Reader) error {
	plain, err := unpacked(bufio.NewReaderSize(r, headSize))
	if err != nil {
		return err
	}
	defer plain.Close()
	in.text = bufio.NewReaderSize(plain, headSize)
	head, err := in.text.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	for _, form := range forms {
		if form.fits(head) {
			in.form = form.name
			return form.read(in)
		}
	}
	if len(head) == 0 {
		return errors.New("is empty")
	}
	var known []string
	for _, form := range forms {
		known = append(known, form.name)
	}
	return fmt.Errorf("holds no evidence in a known form: use %s", strings.Join(known, ", "))
}

func unpacked(r *bufio.Reader) (io.ReadCloser, error) {
	magic, _ := r.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		return gzip.NewReader(r)
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(128<<20))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	}
	return io.NopCloser(r), nil
}

// undated is the time of an observation that gets that of its snapshot.
const undated = 0

// add keeps an observation. Newest is the newest time in what it was made of.
func (in *input) add(o derive.Observation, newest int64) {
	in.observations = append(in.observations, o)
	in.newest = max(in.newest, newest)
}

// named finds the time in a file's name, such as metrics-1795697750.prom.
var named = regexp.MustCompile(`(?:^|\D)(1\d{9}|2\d{9})(?:\D*)$`)

// date gives the snapshot's time to what has none: the caller's, that in the file's name, or the
// newest that was found. Without any it is of no use.
func (in *input) date() error {
	dateless := func(o derive.Observation) bool { return o.At == undated }
	if m := named.FindStringSubmatch(filepath.Base(in.path)); in.at == undated && m != nil {
		seconds, _ := strconv.ParseInt(m[1], 10, 64)
		in.at = seconds * 1e9
	}
	for i := range in.health {
		in.health[i].At = cmp.Or(in.health[i].At, in.at)
	}
	if !slices.ContainsFunc(in.observations, dateless) && len(in.listings) == 0 {
		in.at = undated
		return nil
	}
	if in.at == undated {
		in.at, in.guessed = in.newest, true
	}
	if in.at == undated {
		in.observations, in.listings, in.guessed = slices.DeleteFunc(in.observations, dateless), nil, false
		return errors.New("says no time: give the time when it was saved")
	}
	for i := range in.observations {
		if dateless(in.observations[i]) {
			in.observations[i].At = in.at
		}
	}
	for i := range in.listings {
		in.listings[i].At = in.at
	}
	return nil
}

// place is where something stands in the file.
func (in *input) place(line int) string { return fmt.Sprintf("%s:%d", in.path, line) }
