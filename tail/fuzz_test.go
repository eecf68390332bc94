package tail

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// FuzzFraming reads any bytes in any framing, whole and in pieces: nothing may panic, get lost, or
// depend on how the reads fall.
func FuzzFraming(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(file.Data, uint8(frame.Auto), uint16(0))
		}
	}
	f.Add([]byte("\xff\xfea\x00\n\x00"), uint8(frame.Auto), uint16(7))
	f.Add([]byte("\x1f\x8b\x08\x00\x00"), uint8(frame.Raw), uint16(100))
	f.Fuzz(func(t *testing.T, data []byte, format uint8, limit uint16) {
		opt := Options{Format: Format(format % uint8(frame.CSV+1)), MaxLine: int(limit)}
		opt.Stdin = bytes.NewReader(data)
		whole := NewReader(stdinSource, opt)
		lines := readAll(whole)
		opt.Stdin = iotest.HalfReader(iotest.DataErrReader(bytes.NewReader(data)))
		pieces := NewReader(stdinSource, opt)
		if diff := cmp.Diff(lines, readAll(pieces)); diff != "" {
			t.Errorf("-whole +pieces\n%s", diff)
		}
		checkLines(t, data, opt, lines, whole.Stats()[0])
	})
}

func checkLines(t *testing.T, data []byte, opt Options, lines []got, stat FileStat) {
	t.Helper()
	plain := stat.Err == nil && discover.CompressionOf(data) == discover.None &&
		!bytes.HasPrefix(bytes.TrimLeft(data, "\x00"), utf16LE) && !bytes.HasPrefix(bytes.TrimLeft(data, "\x00"), utf16BE)
	if plain && stat.Bytes != int64(len(data)) {
		t.Errorf("%d bytes of %d read", stat.Bytes, len(data))
	}
	taken := stat.Blank
	for _, l := range lines {
		taken += l.Rows
		if l.Text == "" || l.Offset < 0 || l.Offset >= stat.Bytes || l.Num < 1 || l.Num > stat.Lines {
			t.Errorf("impossible line %+v in %+v", l, stat)
		}
		if opt.MaxLine > 0 && !strings.HasPrefix(stat.Format, "loki") && len(l.Text) > opt.MaxLine+128 {
			t.Errorf("line of %d bytes, limit %d", len(l.Text), opt.MaxLine)
		}
	}
	if taken != stat.Lines {
		t.Errorf("%d rows are in lines or blank, of %d", taken, stat.Lines)
	}
}
