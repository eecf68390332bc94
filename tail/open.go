package tail

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"

	"fluxtrail/tail/discover"
)

// input is one open file, decompressed.
type input struct {
	io.Reader
	file        *os.File // nil for Options.Stdin
	zstd        *zstd.Decoder
	compression discover.Compression
	size        int64 // of the text, -1 when not known
}

var (
	utf8BOM = []byte{0xef, 0xbb, 0xbf}
	utf16LE = []byte{0xff, 0xfe}
	utf16BE = []byte{0xfe, 0xff}
)

// maxZstdWindow bounds what a zstd file may make us hold; it is the limit of the zstd command too.
const maxZstdWindow = 128 << 20

// openInput opens a file and looks at its first bytes to see how it is compressed; names lie.
func openInput(path string, stdin io.Reader) (*input, error) {
	in := &input{Reader: stdin, size: -1}
	if path != "-" {
		if err := in.open(path); err != nil {
			return nil, err
		}
	}
	if in.Reader == nil {
		return nil, errors.New("standard input is not available here")
	}
	if err := in.decompress(); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

func (in *input) open(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w (pod logs belong to root: run as root, or copy them first)", err)
	}
	if err != nil {
		return err
	}
	in.file, in.Reader = f, f
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		in.size = info.Size()
	}
	return nil
}

// decompress puts the right decoder in front, if one is needed. None of them starts a goroutine.
func (in *input) decompress() (err error) {
	var magic [4]byte
	n, err := io.ReadFull(in.Reader, magic[:])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	whole := io.MultiReader(bytes.NewReader(magic[:n]), in.Reader)
	in.Reader = whole
	in.compression = discover.CompressionOf(magic[:n])
	if in.compression != discover.None {
		in.size = -1
	}
	switch in.compression {
	case discover.Gzip:
		in.Reader, err = gzip.NewReader(bufio.NewReaderSize(whole, 16<<10))
	case discover.Zstd:
		in.zstd, err = zstd.NewReader(whole, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(maxZstdWindow))
		in.Reader = in.zstd
	default:
		return nil
	}
	if err != nil {
		return fmt.Errorf("open compressed file: %w", err)
	}
	return nil
}

// Close closes the file; standard input stays open, it belongs to the caller.
func (in *input) Close() error {
	if in.zstd != nil {
		in.zstd.Close()
	}
	if in.file == nil {
		return nil
	}
	return in.file.Close()
}

// decodeText drops what may stand in front of the text: the hole left by a truncation, a byte order mark. UTF-16, which
// PowerShell's redirection writes, is translated; offsets then count bytes of the translation.
func (s *splitter) decodeText() {
	head := s.sample()
	for len(head) > 0 && head[0] == 0 {
		s.skip(len(head) - len(s.skipNUL(head)))
		head = s.sample()
	}
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		s.skip(len(utf8BOM))
	case bytes.HasPrefix(head, utf16LE), bytes.HasPrefix(head, utf16BE):
		encoded := *s
		s.buf = nil // it holds what encoded has still to give
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
		s.reset(utf16.NewDecoder().Reader(&encoded), -1, s.max)
	}
}

var errTar = errors.New("this is a tar archive: unpack it and name the directory")

// tarball reports whether the sample begins like a tar archive (POSIX.1-1988 ustar magic).
func tarball(sample []byte) bool {
	return len(sample) > 262 && string(sample[257:262]) == "ustar"
}
