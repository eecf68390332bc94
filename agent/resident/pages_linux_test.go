package resident

import (
	"slices"
	"testing"
)

func TestShared(t *testing.T) {
	t.Parallel()
	const program = "/usr/bin/fluxtrail"
	for line, want := range map[string]bool{
		"00400000-01478000 r-xp 00000000 08:02 42    /usr/bin/fluxtrail":           true,
		"00400000-01478000 r--p 01078000 08:02 42    /usr/bin/fluxtrail":           true,
		"00400000-01478000 r--p 01078000 08:02 42    /usr/bin/fluxtrail (deleted)": true,
		"00400000-01478000 rw-p 02400000 08:02 42    /usr/bin/fluxtrail":           false,
		"00400000-01478000 r--p 00000000 08:02 43    /usr/lib/libc.so":             false,
		"00400000-01478000 rw-p 00000000 00:00 0":                                  false,
		"xyz-01478000 r-xp 00000000 08:02 42    /usr/bin/fluxtrail":                false,
		"": false,
	} {
		var expected []mapping
		if want {
			expected = []mapping{{0x400000, 0x1478000}}
		}
		smaps := line + "\nSize:   16832 kB\nAnonymous:             0 kB\nVmFlags: rd ex mr\n"
		if got := shared(smaps, program); !slices.Equal(got, expected) {
			t.Errorf("%q: %x", line, got)
		}
		if got := shared(line+"\nAnonymous:             4 kB\n", program); got != nil {
			t.Errorf("%q with a page of its own: %x", line, got)
		}
	}
}
