package cli

import (
	"context"
	"errors"
	"io"
)

// Output is standard output as commands have it. An interrupt ends what waits for a reader that
// does not read. It remembers that something could not be written, which is told at the end also
// where nobody looks at the error, as with help.
type Output struct {
	ctx  context.Context
	to   io.Writer
	lost error
}

// NewOutput makes an Output that writes to w until ctx is done.
func NewOutput(ctx context.Context, w io.Writer) *Output { return &Output{ctx: ctx, to: w} }

// Write implements io.Writer.
func (o *Output) Write(p []byte) (int, error) {
	n, err := writeUntil(o.ctx, o.to, p)
	o.keep(err)
	return n, err
}

func (o *Output) keep(err error) {
	if o.lost == nil {
		o.lost = err
	}
}

// Lost is why something could not be written, the first time, nil where all was.
func (o *Output) Lost() error { return o.lost }

// Plain is what w writes to where it is an Output, or w.
func Plain(w io.Writer) io.Writer {
	if o, ok := w.(*Output); ok {
		return o.to
	}
	return w
}

// until is w, and where that is an Output, one for what is written until ctx is done, instead of
// until the command is told to end. That ctx was done only who writes is told.
func until(ctx context.Context, w io.Writer) io.Writer {
	if o, ok := w.(*Output); ok {
		return untilDone{ctx, o}
	}
	return w
}

type untilDone struct {
	ctx context.Context
	o   *Output
}

func (w untilDone) Write(p []byte) (int, error) {
	n, err := writeUntil(w.ctx, w.o.to, p)
	if w.ctx.Err() == nil || !errors.Is(err, w.ctx.Err()) {
		w.o.keep(err)
	}
	return n, err
}

// atOnce is what a pipe takes without blocking when it can be written to: a page.
const atOnce = 4 << 10

// writeUntil writes p to w until ctx is done. A pipe that nobody reads does not keep it longer.
func writeUntil(ctx context.Context, w io.Writer, p []byte) (n int, err error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	f := pipe(w)
	if f == nil || ctx.Done() == nil {
		return w.Write(p)
	}
	for err == nil && n < len(p) {
		if err = writable(ctx, f); err == nil {
			var some int
			some, err = f.Write(p[n:min(n+atOnce, len(p))])
			n += some
		}
	}
	return n, err
}
