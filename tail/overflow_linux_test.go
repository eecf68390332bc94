package tail

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestMoreThanTheSystemKeeps has more happen between two looks than the kernel keeps notices of: what
// came and went then is told of with the name of the log.
func TestMoreThanTheSystemKeeps(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		t.Skip("the kernel does not tell how many notices it keeps")
	}
	notices, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || notices > 1<<16 {
		t.Skipf("the kernel keeps %s notices", text)
	}
	w := newWorld(t)
	w.run(`
		include .
		start
		write P/0.log L1
		write P/a.tmp
		expect L1`)
	a, b := w.path("P/a.tmp"), w.path("P/b.tmp")
	for range notices/2 + 1 {
		w.check(os.Rename(a, b))
		a, b = b, a
	}
	w.run(`
		mv P/0.log P/0.log.20261120-102200
		write P/0.log L2
		mv P/0.log P/0.log.20261120-102201
		write P/0.log L3
		rm P/0.log.20261120-102200
		rm P/0.log.20261120-102201
		expect L3`)
	of := map[string]int{}
	for _, l := range w.lost {
		if l.Reason == LossVanished {
			of[l.Source]++
		}
	}
	if len(w.lost) != 2 || of[kcName] != 1 || of[""] != 1 {
		t.Errorf("lost is %+v", w.lost)
	}
	w.lost = nil
	w.run(`
		mv P/0.log P/0.log.20261120-102202
		write P/0.log L4
		expect L4
		noloss`)
}
