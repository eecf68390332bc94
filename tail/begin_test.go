package tail

import (
	"encoding/json"
	"testing"
	"time"
)

// A record of step cri with a text of two bytes is that long.
const criLine = 43

// TestBegin takes positions over from a program that knows files by name only. Each case writes
// files, of which the lines are the nanoseconds of one second, then begins at positions of that
// nanosecond, then reads.
func TestBegin(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before string
		positions    map[string]int64
		at           int
		file         string // where the position fits, "" for nowhere
		left         int64
		after        string
	}{
		{"in the middle", "cri P/0.log stdout F L1\ncri P/0.log stdout F L2", map[string]int64{"P/0.log": criLine}, 2,
			"P/0.log", criLine, "start\nexpect L2\ncri P/0.log stdout F L3\nexpect L3\nnoloss"},
		{"at the end", "cri P/0.log stdout F L1", map[string]int64{"P/0.log": criLine}, 1, "P/0.log", 0,
			"start\nexpect\ncri P/0.log stdout F L2\nexpect L2"},
		{"at the beginning", "cri P/0.log stdout F L1", map[string]int64{"P/0.log": 0}, 0, "", criLine, "start\nexpect L1"},
		{"older rotations were delivered", "cri P/0.log.20261120-102200 stdout F L1\ngz P/0.log.20261120-102200\n" +
			"cri P/0.log.20261120-102201 stdout F L2\ncri P/0.log stdout F L3\ncri P/0.log stdout F L4",
			map[string]int64{"P/0.log": criLine}, 4, "P/0.log", criLine, "start\nexpect L4\nnoloss"},
		{"rotated since", "cri P/0.log.20261120-102200 stdout F L1\ncri P/0.log.20261120-102200 stdout F L2\n" +
			"cri P/0.log stdout F L3\ncri P/0.log stdout F L4", map[string]int64{"P/0.log": criLine}, 2,
			"P/0.log.20261120-102200", 3 * criLine, "start\nexpect L2 L3 L4\nnoloss"},
		{"rotated and compressed since", "cri P/0.log.20261120-102200 stdout F L1\ncri P/0.log.20261120-102200 stdout F L2\n" +
			"gz P/0.log.20261120-102200\ncri P/0.log stdout F L3", map[string]int64{"P/0.log": criLine}, 2,
			"P/0.log.20261120-102200.gz", 2 * criLine, "start\nexpect L2 L3\nnoloss"},
		{"rotated before it was noticed", "cri P/0.log.20261120-102200 stdout F L1\ncri P/0.log.20261120-102200 stdout F L2\n" +
			"cri P/0.log stdout F L3", map[string]int64{"P/0.log": 2 * criLine}, 3,
			"P/0.log.20261120-102200", criLine, "start\nexpect L3\nnoloss"},
		{"rotated away", "cri P/0.log stdout F L2\ncri P/0.log stdout F L3", map[string]int64{"P/0.log": criLine}, 0,
			"", 2 * criLine, "start\nexpect L2 L3"},
		{"not between lines", "cri P/0.log stdout F L1\ncri P/0.log stdout F L2", map[string]int64{"P/0.log": criLine + 5}, 2,
			"", 2 * criLine, "start\nexpect L1 L2"},
		{"no file has the name", "cri P/0.log.20261120-102200 stdout F L1\ncri P/0.log.20261120-102200 stdout F L2",
			map[string]int64{"P/0.log": criLine}, 2, "P/0.log.20261120-102200", criLine, "start\nexpect L2\ncri P/0.log stdout F L3\nexpect L3"},
		{"the next restart was not seen", "cri P/0.log stdout F L1\ncri P/1.log stdout F L2", map[string]int64{"P/0.log": criLine}, 1,
			"P/0.log", 0, "start\nexpect L2"},
		{"two restarts", "cri P/0.log stdout F L1\ncri P/1.log stdout F L2\ncri P/1.log stdout F L3",
			map[string]int64{"P/0.log": criLine, "P/1.log": criLine}, 3, "P/0.log", 0, "start\nexpect L3"},
		{"another log", "cri P/0.log stdout F L1\nwrite a.log x", map[string]int64{"a.log": 2}, 1, "a.log", 0, "start\nexpect L1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.run(c.before)
			positions := map[string]int64{}
			for name, offset := range c.positions {
				positions[w.path(name)] = offset
			}
			at := time.Date(2026, 11, 20, 10, 22, 0, c.at, time.UTC)
			m, begun, err := Begin(w.cfg, positions, at, w.now)
			if err != nil || len(begun) == 0 {
				t.Fatalf("%+v, %v", begun, err)
			}
			if b := begun[0]; b.File != "" && w.short(b.File) != c.file || b.File == "" && c.file != "" || b.Left != c.left {
				t.Errorf("%+v", b)
			}
			w.saved, err = json.Marshal(m)
			w.check(err)
			w.run(c.after)
		})
	}
}

// TestBeginNothing has no log that a position is of: the first start is one.
func TestBeginNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.run("cri P/0.log stdout F L1")
	m, begun, err := Begin(w.cfg, map[string]int64{"/elsewhere/0.log": 3}, w.now, w.now)
	if err != nil || len(begun) > 0 || len(m.Sources) > 0 {
		t.Errorf("%+v %+v %v", m, begun, err)
	}
}
