package resident

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// find finds what the process shares with the file of its program. Pages that it has written to, as
// the loader does in some builds, are its own: a mapping that has any is left alone. Where this
// does not work there is none.
func find() []mapping {
	maps, err := os.ReadFile("/proc/self/smaps")
	program, errExe := os.Readlink("/proc/self/exe")
	if err != nil || errExe != nil {
		return nil
	}
	return shared(string(maps), strings.TrimSuffix(program, " (deleted)"))
}

// drop drops the pages of a mapping.
func (m mapping) drop() {
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, m.from, m.to-m.from, syscall.MADV_DONTNEED)
}

// mapping is a range of addresses.
type mapping struct{ from, to uintptr }

// shared reads /proc/PID/smaps: the mappings of a file that the process cannot write to, and has no
// pages of its own in.
func shared(smaps, program string) (all []mapping) {
	var m mapping
	ok := false
	for line := range strings.Lines(smaps) {
		f := strings.Fields(line)
		switch {
		case len(f) == 3 && f[0] == "Anonymous:" && f[1] == "0" && ok:
			all = append(all, m)
		case len(f) > 0 && !strings.HasSuffix(f[0], ":"):
			m, ok = readOnly(f, program)
		}
	}
	return all
}

// readOnly reads the fields of "00400000-01478000 r-xp 00000000 08:02 42 /usr/bin/fluxtrail". ok is
// false for what can be written to, and for other files.
func readOnly(f []string, program string) (m mapping, ok bool) {
	if len(f) < 6 || !strings.HasPrefix(f[1], "r-") || f[5] != program {
		return mapping{}, false
	}
	a, b, _ := strings.Cut(f[0], "-")
	from, err := strconv.ParseUint(a, 16, 64)
	to, errTo := strconv.ParseUint(b, 16, 64)
	return mapping{uintptr(from), uintptr(to)}, err == nil && errTo == nil && from < to
}
