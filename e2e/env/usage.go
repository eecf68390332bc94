package env

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Usage is what a process uses of the machine, as the kernel counts it.
type Usage struct {
	RSS, Anonymous float64       // megabytes (10^6 bytes) now
	Descriptors    int           // open now
	Written        int64         // bytes that went to disks since it was started
	CPU            time.Duration // since it was started
}

// ticksPerSecond is USER_HZ, which is 100 wherever Linux runs on a common machine.
const ticksPerSecond = 100

// Usage reads what the agent uses.
func (a *AgentProcess) Usage(t testing.TB) (u Usage) {
	t.Helper()
	u.RSS, u.Anonymous = a.Memory(t)
	dir := filepath.Join("/proc", strconv.Itoa(a.cmd.Process.Pid))
	open, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	u.Descriptors = len(open)
	io, err := os.ReadFile(filepath.Join(dir, "io"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(io)) {
		_, _ = fmt.Sscanf(line, "write_bytes: %d", &u.Written)
	}
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name of the program may hold spaces
	fields := strings.Fields(rest)
	for _, field := range fields[11:13] { // in user mode, in the kernel
		ticks, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		u.CPU += time.Duration(ticks) * time.Second / ticksPerSecond
	}
	return u
}
