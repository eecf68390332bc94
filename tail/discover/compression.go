package discover

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// Compression of a file.
type Compression uint8

// The compressions that are read.
const (
	None Compression = iota
	Gzip
	Zstd
	Xz
	Bzip2
)

// compressions has one row per Compression.
var compressions = [...]struct {
	suffix string
	magic  []byte
	open   func(io.Reader) (io.Reader, error)
}{
	None:  {},
	Gzip:  {".gz", []byte{0x1f, 0x8b}, func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	Zstd:  {".zst", []byte{0x28, 0xb5, 0x2f, 0xfd}, openZstd},
	Xz:    {".xz", []byte{0xfd, '7', 'z', 'X'}, openXz},
	Bzip2: {".bz2", []byte("BZh"), func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
}

// maxWindow bounds what a zstd or xz file may make us hold. RFC 8878 asks decoders of zstd for 8
// MiB; only files that were written with --long or --ultra need more.
const maxWindow = 8 << 20

// errZstdWindow is a file that needs more.
var errZstdWindow = errors.New("its zstd window is larger than 8 MiB: compress it without --long and --ultra")

func openZstd(r io.Reader) (io.Reader, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return zstdText{d}, nil
}

// zstdText is the text of a zstd file.
type zstdText struct{ *zstd.Decoder }

// Read names what is wrong with a file that is not read.
func (z zstdText) Read(p []byte) (int, error) {
	n, err := z.Decoder.Read(p)
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = errZstdWindow
	}
	return n, err
}

func openXz(r io.Reader) (io.Reader, error) {
	return xz.ReaderConfig{DictCap: maxWindow, SingleStream: false}.NewReader(r)
}

// Suffix returns the end of the names of such files; it is also shown behind a framing.
func (c Compression) Suffix() string { return compressions[c].suffix }

// CompressionOf goes by the first four bytes of a file.
func CompressionOf(head []byte) Compression {
	for c := Gzip; int(c) < len(compressions); c++ {
		if bytes.HasPrefix(head, compressions[c].magic) {
			return c
		}
	}
	return None
}

// cutCompression goes by the name of a file.
func cutCompression(name string) (string, Compression) {
	for c := Gzip; int(c) < len(compressions); c++ {
		if short, ok := strings.CutSuffix(name, c.Suffix()); ok {
			return short, c
		}
	}
	return name, None
}

// Decompressed reads a file without its compression, which it finds by the first bytes. It starts
// no goroutine. A file that grows out of proportion ends with errBomb.
type Decompressed struct {
	io.Reader
	Compression Compression
	release     func()
}

// Decompress looks at the first bytes of r. Close the result.
func Decompress(r io.Reader) (*Decompressed, error) {
	in := &counter{r: r}
	buffered := bufio.NewReaderSize(in, 16<<10)
	head, err := buffered.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	d := &Decompressed{Reader: buffered, Compression: CompressionOf(head), release: func() {}}
	if d.Compression == None {
		return d, nil
	}
	out, err := compressions[d.Compression].open(buffered)
	if err != nil {
		return nil, fmt.Errorf("open compressed file: %w", err)
	}
	if z, ok := out.(interface{ Close() }); ok {
		d.release = z.Close
	}
	d.Reader = &bounded{r: out, in: in}
	return d, nil
}

// Close releases what the decompression holds.
func (d *Decompressed) Close() { d.release() }

// errBomb is a file that decompresses to far more than any log.
var errBomb = fmt.Errorf("it unpacks to more than %d times its size, which no log does: read only to there", maxRatio)

const (
	// maxRatio is how much larger than its compressed bytes a text may be. Logs reach 20 to 60.
	maxRatio = 250
	// freeSize is not bounded: short logs of equal lines do better.
	freeSize = 32 << 20
)

// bounded reads what is decompressed of in, up to maxRatio.
type bounded struct {
	r   io.Reader
	in  *counter
	out int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.out += int64(n); b.out > freeSize && b.out > maxRatio*b.in.n {
		return n, errBomb
	}
	return n, err
}

// counter counts the bytes that were read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
