package tail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/text/encoding/unicode"

	"fluxtrail/tail/access"
	"fluxtrail/tail/discover"
)

// input is one open file, decompressed.
type input struct {
	io.Reader
	file        io.Closer              // nil for Options.Stdin
	text        *discover.Decompressed // nil before the file was opened
	compression discover.Compression
	size        int64 // of the text, -1 when not known
}

var (
	utf8BOM = []byte{0xef, 0xbb, 0xbf}
	utf16LE = []byte{0xff, 0xfe}
	utf16BE = []byte{0xfe, 0xff}
)

// errPseudo is of a file that may have no end.
var errPseudo = errors.New("is a file that the system makes up, and no log")

// openInput opens a file and looks at its first bytes to see how it is compressed; names lie.
func openInput(f *File, opt *Options) (*input, error) {
	in := &input{Reader: opt.Stdin, size: -1}
	var err error
	switch {
	case f.Open != nil:
		err = in.openRemote(opt.Context, f)
	case f.OnDisk() != "-":
		err = in.open(f.OnDisk())
	}
	if err != nil {
		return nil, err
	}
	if in.Reader == nil {
		return nil, errors.New("standard input is not available here")
	}
	if opt.Context != nil {
		in.Reader = stoppable{opt.Context, in.Reader}
	}
	if err := in.decompress(); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// stoppable ends when its context is done: a file may be endless for all practical purposes, as
// is a hole of a terabyte.
type stoppable struct {
	ctx context.Context
	io.Reader
}

// Read implements [io.Reader].
func (s stoppable) Read(p []byte) (int, error) {
	if s.ctx.Err() != nil {
		return 0, context.Cause(s.ctx)
	}
	return s.Reader.Read(p)
}

func (in *input) openRemote(ctx context.Context, f *File) error {
	if ctx == nil {
		ctx = context.Background()
	}
	text, err := f.Open(ctx)
	if err != nil {
		return err
	}
	in.file, in.Reader = text, text
	return nil
}

func (in *input) open(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w (%s)", err, access.Hint())
	}
	if err != nil {
		return err
	}
	in.file, in.Reader = f, f
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if isPseudo(f) {
			return errors.Join(errPseudo, f.Close())
		}
		in.size = info.Size()
	}
	return nil
}

// decompress puts the right decoder in front, if one is needed.
func (in *input) decompress() error {
	text, err := discover.Decompress(in.Reader)
	if err != nil {
		return err
	}
	in.text, in.Reader, in.compression = text, text, text.Compression
	if in.compression != discover.None {
		in.size = -1
	}
	return nil
}

// Close closes the file; standard input stays open, it belongs to the caller.
func (in *input) Close() error {
	if in.text != nil {
		in.text.Close()
	}
	if in.file == nil {
		return nil
	}
	return in.file.Close()
}

// decodeText drops what may stand in front of the text: the hole left by a truncation, a byte
// order mark. UTF-16, which PowerShell's redirection writes, is translated; offsets then count
// bytes of the translation.
func (s *splitter) decodeText() {
	head := s.sample()
	if start := head[:min(len(head), utf16Sample)]; discover.UTF16(start) {
		s.decodeUTF16(start[0] == 0, unicode.IgnoreBOM)
		return
	}
	for len(head) > 0 && head[0] == 0 {
		s.skip(len(head) - len(s.skipNUL(head)))
		head = s.sample()
	}
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		s.skip(len(utf8BOM))
	case bytes.HasPrefix(head, utf16LE), bytes.HasPrefix(head, utf16BE):
		s.decodeUTF16(false, unicode.ExpectBOM)
	}
}

// utf16Sample is how many bytes tell UTF-16 that has no byte order mark.
const utf16Sample = 512

// decodeUTF16 puts the translation in front of what is still to be read.
func (s *splitter) decodeUTF16(bigEndian bool, bom unicode.BOMPolicy) {
	encoded := *s
	s.buf = nil // it holds what encoded has still to give
	endian := unicode.LittleEndian
	if bigEndian {
		endian = unicode.BigEndian
	}
	s.reset(unicode.UTF16(endian, bom).NewDecoder().Reader(&encoded), -1, s.max)
}

var errTar = errors.New("this is a tar archive: unpack it and name the directory")

// tarball reports whether the sample begins like a tar archive (POSIX.1-1988 ustar magic).
func tarball(sample []byte) bool {
	return len(sample) > 262 && string(sample[257:262]) == "ustar"
}
