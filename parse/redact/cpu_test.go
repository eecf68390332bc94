package redact

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

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
	type cost struct {
		user time.Duration
		unit string
	}
	var costs []cost
	for k, anchor := range anchorTexts() {
		for j := k % 7; j < len(tails); j += 7 {
			unit := anchor + tails[j]
			line := []byte(strings.Repeat(unit, 1<<16/len(unit)+1))[:1<<16]
			c := cost{time.Hour, unit}
			for range 2 {
				before := userTime()
				r.Bytes(nil, line)
				c.user = min(c.user, userTime()-before)
			}
			costs = append(costs, c)
		}
	}
	slices.SortFunc(costs, func(a, b cost) int { return int(b.user - a.user) })
	for _, c := range costs[:60] {
		t.Logf("%v: %q", c.user, c.unit)
	}
	t.Log(len(costs))
}

func userTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano())
}
