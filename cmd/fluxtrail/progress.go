package main

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

// progress shows on a terminal how much of the input was read, once that takes longer than a
// second. Its counter is written by the streams' goroutines, hence atomic; the line is drawn by
// whichever of them finds it a tenth of a second old.
type progress struct {
	w     io.Writer
	on    bool
	total int64
	start time.Time
	read  atomic.Int64
	drawn atomic.Int64 // milliseconds after start
}

// newProgress gives what is to be called with each number of bytes read, and at the end.
func newProgress(w io.Writer, on bool, total int64) (read func(int64), done func()) {
	f, ok := w.(*os.File)
	p := &progress{w: w, start: time.Now(), total: total, on: on && ok && term.IsTerminal(int(f.Fd()))}
	return p.add, p.done
}

func (p *progress) add(n int64) {
	read := p.read.Add(n)
	if !p.on {
		return
	}
	ms := time.Since(p.start).Milliseconds()
	last := p.drawn.Load()
	if ms < 1000 || ms-last < 100 || !p.drawn.CompareAndSwap(last, ms) {
		return
	}
	share := ""
	if p.total > 0 {
		share = fmt.Sprintf(" %3d%%", min(100*read/p.total, 100))
	}
	fmt.Fprintf(p.w, "\r\033[Kreading%s  %.0f MB  %.0f MB/s", share, float64(read)/1e6, float64(read)/1e3/float64(max(ms, 1)))
}

// done takes the line away.
func (p *progress) done() {
	if p.drawn.Load() > 0 {
		fmt.Fprint(p.w, "\r\033[K")
	}
}
