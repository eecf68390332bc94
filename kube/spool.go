package kube

import (
	"bufio"
	"bytes"
	"cmp"
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

// Spool gets logs from the API server into temporary files, a few at a time: they can be read again
// and again, and the server waits for nobody. In each round a log is asked for once, for what it
// has more than in the round before. It is safe for concurrent use, but for Next.
type Spool struct {
	client *Client
	since  time.Time
	turn   chan struct{}
	round  int
	frozen bool

	mu   sync.Mutex
	logs map[logKey]*spooled
}

// logKey is one run of one container.
type logKey struct {
	uid, container string
	restart        int
}

// spooled is what came of a log.
type spooled struct {
	mu     sync.Mutex
	round  int
	file   *os.File // nil while nothing came
	whole  bool     // its container has ended, and all of it is here
	broken error    // why not all of it came in this round
	asked  bool     // whether lines are missing in front
	lacks  error    // what is missing there
	last   place
	end    int64 // of the last whole line in file
}

// place is where in a log the next round goes on: behind so many lines of a time.
type place struct {
	at    time.Time
	lines int
}

const (
	atOnce = 4       // logs that are asked for at the same time
	most   = 1 << 30 // bytes that are taken of one log in one round
)

// NewSpool returns a Spool of what was logged since a time; the zero time is all.
func (c *Client) NewSpool(since time.Time) *Spool {
	return &Spool{client: c, since: since, turn: make(chan struct{}, atOnce), round: 1, logs: map[logKey]*spooled{}}
}

// Next begins another round, or with last none: then what is there is all. Nothing may be read
// meanwhile.
func (s *Spool) Next(last bool) { s.round, s.frozen = s.round+1, last }

// Close deletes the files. What was opened can not be read any more.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, log := range s.logs {
		if log.file == nil {
			continue
		}
		errs = append(errs, log.file.Close())
		if err := os.Remove(log.file.Name()); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	clear(s.logs)
	return errors.Join(errs...)
}

// Opener returns a function that opens the log of a container, or that of the one before it. The
// text is in the form of a container runtime's log files. The first call in a round waits for all
// of it; what came before an error is read before the error is.
func (s *Spool) Opener(l Log, previous bool) func(context.Context) (io.ReadCloser, error) {
	key := logKey{l.UID, l.Container, l.Restart}
	if previous {
		key.restart--
	}
	s.mu.Lock()
	log := s.logs[key]
	if log == nil {
		log = &spooled{}
		s.logs[key] = log
	}
	s.mu.Unlock()
	return func(ctx context.Context) (io.ReadCloser, error) {
		log.mu.Lock()
		defer log.mu.Unlock()
		if log.round != s.round && !s.frozen && !log.whole {
			log.round = s.round
			log.broken = s.fetch(ctx, &l, previous, log)
			log.whole = previous && log.broken == nil
		}
		if log.file == nil {
			return io.NopCloser(failing{cmp.Or(log.broken, io.EOF)}), log.broken
		}
		text := io.Reader(io.NewSectionReader(log.file, 0, math.MaxInt64))
		if bad := cmp.Or(log.broken, log.lacks); bad != nil {
			text = io.MultiReader(text, failing{bad})
		}
		return io.NopCloser(text), nil
	}
}

// failing is a reader that fails.
type failing struct{ err error }

// Read returns the error.
func (f failing) Read([]byte) (int, error) { return 0, f.err }

// fetch gets what a log has more. The API server passes on a kubelet that breaks off as the end of
// the log, so the time of the last line is asked for before.
func (s *Spool) fetch(ctx context.Context, l *Log, previous bool, to *spooled) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	query := l.query(previous, time.Time{})
	query["tailLines"] = "1"
	newest := reframer{to: bufio.NewWriter(io.Discard)}
	if err := s.stream(ctx, l, query, newest.read); err != nil {
		return err
	}
	if to.file == nil {
		file, err := os.CreateTemp("", "fluxtrail-log-*")
		if err != nil {
			return err
		}
		_ = os.Remove(file.Name()) // where that works the open file is all that is needed
		to.file = file
	}
	if err := to.cut(); err != nil {
		return err
	}
	since := s.since
	if to.last.at.After(since) {
		since = to.last.at
	}
	log := reframer{to: bufio.NewWriterSize(to.file, 64<<10), last: to.last, whole: to.last, behind: to.last}
	err := s.stream(ctx, l, l.query(previous, since), log.read)
	to.last, to.end = log.whole, to.end+log.end
	if at := newest.last.at; err == nil && log.last.at.Before(at) && !at.Before(s.since) {
		err = fmt.Errorf("broke off: the log goes on until %s", at.UTC().Format(time.RFC3339Nano))
	}
	if err == nil && !to.asked {
		to.asked, to.lacks = true, s.rotated(ctx, l, previous, log.first)
	}
	return err
}

// cut takes the part of a line off that the round before ended with. It comes again as a whole.
func (l *spooled) cut() error {
	if err := l.file.Truncate(l.end); err != nil {
		return err
	}
	_, err := l.file.Seek(l.end, io.SeekStart)
	return err
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
	to     *bufio.Writer
	total  int
	size   int64 // of what was written
	first  time.Time
	last   place // behind the last line
	whole  place // behind the last whole line
	end    int64 // of that
	behind place // lines up to here are there already
	seen   place // how many of them came again
	skips  bool  // the current line is one of them
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
	if f.skips {
		return nil
	}
	n, _ := f.to.Write(part) // Flush tells
	if f.size += int64(n); bytes.HasSuffix(part, []byte{'\n'}) {
		f.whole, f.end = f.last, f.size
	}
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
	if f.skips = f.again(at); f.skips {
		return nil
	}
	if f.first.IsZero() {
		f.first = at
	}
	if f.last.at.Equal(at) {
		f.last.lines++
	} else {
		f.last = place{at, 1}
	}
	n, _ := fmt.Fprintf(f.to, "%s stderr F ", stamp)
	f.size += int64(n)
	return text
}

// again reports whether the next line, which is of a time, came in an earlier round.
func (f *reframer) again(at time.Time) bool {
	switch {
	case f.behind.lines == 0 || at.After(f.behind.at):
		f.behind = place{} // from here on all is new
		return false
	case at.Before(f.behind.at):
		return true
	}
	f.seen.lines++
	return f.seen.lines <= f.behind.lines
}
