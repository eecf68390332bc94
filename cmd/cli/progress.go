package cli

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Progress gives what is to be called with each number of bytes read, by any goroutine, and at
// the end. It shows on a terminal how much of total was read; total is 0 where it is not known.
func Progress(w io.Writer, total int64) (read func(int64), done func()) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(int64) {}, func() {}
	}
	if total == 0 {
		total = -1
	}
	bar := progressbar.NewOptions64(total, progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionSetDescription("reading"),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(20))
	return func(n int64) { _ = bar.Add64(n) }, func() { _ = bar.Finish() } // a bar that fails is no loss
}
