package redact

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cost is what a line takes that repeats a unit.
type cost struct {
	user  time.Duration
	steps int
	unit  string
}

// TestCPU prints what a line of 64 KiB of each anchor costs. It is no test of the suite: it takes
// minutes, and asserts nothing.
func TestCPU(t *testing.T) {
	if os.Getenv("REDACT_CPU") == "" {
		t.Skip("set REDACT_CPU to print what lines of 64 KiB of each anchor cost")
	}
	r, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var costs []cost
	for k, anchor := range anchorTexts() {
		for j := k % 7; j < len(tails); j += 7 {
			unit := anchor + tails[j]
			line := []byte(strings.Repeat(unit, 1<<16/len(unit)+1))[:1<<16]
			c := cost{user: time.Hour, unit: unit}
			c.measure(r, line, 1)
			costs = append(costs, c)
		}
	}
	slices.SortFunc(costs, func(a, b cost) int { return int(b.user - a.user) })
	costs = costs[:150] // once may be by chance
	for i := range costs {
		unit := costs[i].unit
		costs[i].measure(r, []byte(strings.Repeat(unit, 1<<16/len(unit)+1))[:1<<16], 5)
	}
	slices.SortFunc(costs, func(a, b cost) int { return int(b.user - a.user) })
	for _, c := range costs[:20] {
		t.Logf("%v, %d steps a byte: %q", c.user, c.steps, c.unit)
	}
}

// measure notes the least user time that line takes in n attempts.
func (c *cost) measure(r *Redactor, line []byte, n int) {
	for range n {
		before, steps := userTime(), r.allSteps()
		r.Bytes(nil, line)
		c.user = min(c.user, userTime()-before)
		c.steps = (r.allSteps() - steps) / len(line)
	}
}

func userTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano())
}
