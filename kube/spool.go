package kube

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Spool gets logs from the API server into temporary files, a few at a time, each once: they can be
// read again and again, and the server waits for nobody. It is safe for concurrent use.
type Spool struct {
	client *Client
	since  time.Time
	turn   chan struct{}

	mu   sync.Mutex
	open []*os.File
}

const (
	atOnce = 4       // logs that are asked for at the same time
	most   = 1 << 30 // bytes that are taken of one log
)

// NewSpool returns a Spool of what was logged since a time; the zero time is all.
func (c *Client) NewSpool(since time.Time) *Spool {
	return &Spool{client: c, since: since, turn: make(chan struct{}, atOnce)}
}

// Close deletes the files. What was opened can not be read any more.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, f := range s.open {
		errs = append(errs, f.Close())
		if err := os.Remove(f.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	s.open = nil
	return errors.Join(errs...)
}

// Opener returns a function that opens the log of a container, or that of the one before it. The
// text is in the form of a container runtime's log files. The first call waits for all of it; what
// came before an error is read before the error is.
func (s *Spool) Opener(l Log, previous bool) func(context.Context) (io.ReadCloser, error) {
	var once sync.Once
	var file *os.File
	var broken error
	return func(ctx context.Context) (io.ReadCloser, error) {
		once.Do(func() { file, broken = s.fetch(ctx, &l, previous) })
		if file == nil {
			return nil, broken
		}
		text := io.Reader(io.NewSectionReader(file, 0, math.MaxInt64))
		if broken != nil {
			text = io.MultiReader(text, failing{broken})
		}
		return io.NopCloser(text), nil
	}
}

// failing is a reader that fails.
type failing struct{ err error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) { return 0, f.err }

// fetch gets a log. The file is nil where nothing came. The API server passes on a kubelet that
// breaks off as the end of the log, so the time of the last line is asked for before.
func (s *Spool) fetch(ctx context.Context, l *Log, previous bool) (*os.File, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	query := l.query(previous, time.Time{})
	query["tailLines"] = "1"
	newest := reframer{to: bufio.NewWriter(io.Discard)}
	if err := s.stream(ctx, l, query, newest.read); err != nil {
		return nil, err
	}
	file, err := s.create()
	if err != nil {
		return nil, err
	}
	log := reframer{to: bufio.NewWriterSize(file, 64<<10)}
	err = s.stream(ctx, l, l.query(previous, s.since), log.read)
	if err == nil && log.last.Before(newest.last) && !newest.last.Before(s.since) {
		err = fmt.Errorf("broke off: the log goes on until %s", newest.last.UTC().Format(time.RFC3339Nano))
	}
	return file, err
}

// create makes a file that is deleted at Close, where that works at once.
func (s *Spool) create() (*os.File, error) {
	file, err := os.CreateTemp("", "fluxtrail-log-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(file.Name()) // the open file is all that is needed
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, file)
	return file, nil
}

// stream has take read what the API server answers. It gives up when nothing comes for a while.
func (s *Spool) stream(ctx context.Context, l *Log, query map[string]string, take func(io.Reader) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(patience, func() { cancel(fmt.Errorf("the API server sent nothing for %s", patience)) })
	defer idle.Stop()
	r := s.client.rest.Get().AbsPath("api", "v1", "namespaces", l.Namespace, "pods", l.Name, "log")
	for name, value := range query {
		r.Param(name, value)
	}
	body, err := r.Stream(ctx)
	if err != nil {
		return explained(ctx, err)
	}
	defer body.Close()
	return explained(ctx, take(ticking{body, func() { idle.Reset(patience) }}))
}

// ticking tells of each read that gave something.
type ticking struct {
	io.Reader
	tick func()
}

// Read implements [io.Reader].
func (t ticking) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if n > 0 {
		t.tick()
	}
	return n, err
}

// explained says why a request ended, and what to do about a refusal.
func explained(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
		return clean(fmt.Errorf("%w; the user needs the right to get pods/log", err))
	}
	return clean(err)
}

// unread are the beginnings of what the kubelet answers in place of a log.
var unread = [][]byte{[]byte("unable to retrieve container logs for "), []byte("failed to try resolving symlinks ")}

// reframer copies a log and makes `TIME text` the line of a container runtime, which is
// `TIME stderr F text`: what begins with blanks or a time of its own stays apart from the time.
type reframer struct {
	to    *bufio.Writer
	total int
	last  time.Time // of the last line
}

// read copies to the end, or to where it breaks off.
func (f *reframer) read(from io.Reader) error {
	r := bufio.NewReaderSize(from, 64<<10)
	for start := true; ; {
		part, err := r.ReadSlice('\n')
		if bad := f.add(part, start); bad != nil {
			err = bad
		}
		start = err == nil
		switch {
		case start, errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return f.to.Flush()
		default:
			return errors.Join(f.to.Flush(), err)
		}
	}
}

// add writes a line, or a part of one.
func (f *reframer) add(part []byte, start bool) error {
	if f.total += len(part); f.total > most {
		return fmt.Errorf("longer than %d MiB: the newest lines were left out; use --since", most>>20)
	}
	if start {
		for _, words := range unread {
			if bytes.HasPrefix(part, words) {
				return errors.New(string(bytes.TrimSpace(part)))
			}
		}
		part = f.tagged(part)
	}
	_, _ = f.to.Write(part) // Flush tells
	return nil
}

// tagged writes the time that a line begins with, and the tag behind it. It returns what is left.
func (f *reframer) tagged(line []byte) []byte {
	stamp, text, ok := bytes.Cut(line, []byte{' '})
	if !ok {
		stamp, text = bytes.TrimRight(line, "\r\n"), []byte{'\n'}
	}
	at, err := time.Parse(time.RFC3339Nano, string(stamp))
	if err != nil {
		return line
	}
	f.last = at
	_, _ = fmt.Fprintf(f.to, "%s stderr F ", stamp)
	return text
}
