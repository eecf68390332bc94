package replay

import (
	"bufio"
	"io"
	"os"
	"slices"

	"fluxtrail/tail/discover"
)

// headSize is how many bytes tell whether standard input is an archive.
const headSize = 512

// unpackStdin looks at the beginning of standard input. Where that is packed, it is copied to
// scratch: the logs of an archive are then read as those of a file, below the name of standard
// input, and anything else from the copy. The rest of the program gets paths without "-" in the
// first case, and something to read in the others.
func unpackStdin(in io.Reader, paths []string, scratch *discover.Scratch) (io.Reader, []string, error) {
	if in == nil {
		return nil, paths, nil
	}
	head, whole := peek(in)
	if !discover.MayBeArchive(head) {
		return whole, paths, nil
	}
	name, archive, err := scratch.Spool("-", whole)
	if err != nil {
		return nil, nil, err
	}
	if !archive {
		f, err := os.Open(name)
		return f, paths, err
	}
	paths = slices.Clone(paths)
	for i := range paths {
		if paths[i] == "-" {
			paths[i] = name
		}
	}
	return nil, paths, nil
}

// peek reads the beginning; whole reads it once more and goes on. A file stays one, because it can
// be read again.
func peek(in io.Reader) (head []byte, whole io.Reader) {
	head = make([]byte, headSize)
	if f, ok := in.(*os.File); ok {
		at, err := f.Seek(0, io.SeekCurrent)
		if info, statErr := f.Stat(); err == nil && statErr == nil && info.Mode().IsRegular() {
			n, _ := f.ReadAt(head, at)
			return head[:n], f
		}
	}
	r := bufio.NewReader(in)
	if head, _ = r.Peek(2); !packedOrBinary(head) {
		return head, r // a line of a log; whoever writes it may not write more for long
	}
	head, _ = r.Peek(headSize)
	return head, r
}

// packedOrBinary reports a beginning that no line of a log has, or that of a tar archive's name of
// a file, which may be anything.
func packedOrBinary(head []byte) bool {
	return len(head) == 2 && head[0] != '{' && head[0] != '['
}
