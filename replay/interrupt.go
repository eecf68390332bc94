package replay

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// lastWords is how long a pipe is read on after an interrupt, for what was written to it before.
const lastWords = 200 * time.Millisecond

// untilInterrupt makes a pipe end soon after ctx does, as if its writer had gone: what was read
// until then is worth a report. With a pipe the context that it returns does not end. done must be
// called at the end.
func untilInterrupt(ctx context.Context, in io.Reader) (on context.Context, out io.Reader, done func()) {
	f, ok := in.(*os.File)
	if !ok {
		return ctx, in, func() {}
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return ctx, in, func() {}
	}
	restore := func() {}
	if f.SetReadDeadline(time.Time{}) != nil { // standard input blocks, and then has no deadlines
		if f, restore, err = withDeadlines(f); err != nil {
			return ctx, in, func() {}
		}
	}
	stop := context.AfterFunc(ctx, func() { _ = f.SetReadDeadline(time.Now().Add(lastWords)) })
	return context.WithoutCancel(ctx), untilDeadline{f}, func() { stop(); restore() }
}

// untilDeadline is a file that ends when its deadline for reading is over.
type untilDeadline struct{ *os.File }

func (r untilDeadline) Read(p []byte) (int, error) {
	n, err := r.File.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = io.EOF
	}
	return n, err
}
