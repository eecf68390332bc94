// Package bounded reads what somebody else wrote, and no more of it than it may have: not all of a
// device, and no file of any size into memory.
//
// In goes a path or a reader, and how many bytes such a thing has at most. Out come its bytes; if
// there are more, an error says so. Its callers are the packages that read whole files that they
// are named. It keeps nothing, and knows nothing of what the bytes mean.
package bounded

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Read reads to the end, but no more than most bytes. They are returned with an error, too.
func Read(in io.Reader, most int) ([]byte, error) { return read(in, most, 0) }

// File is Read of a file. It waits for who writes to a pipe, as a shell's <(…). The error is an
// *fs.PathError.
func File(path string, most int) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return whole(in, most)
}

// Regular is File for what is read where nobody may be waited for: it refuses pipes and devices. It
// looks at what it has opened, so that nothing else takes the file's place in between.
func Regular(path string, most int) ([]byte, error) {
	in, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("is no regular file")}
	}
	if err != nil {
		return nil, err
	}
	return whole(in, most)
}

// whole is read of a file.
func whole(in *os.File, most int) ([]byte, error) {
	size := 0
	if info, err := in.Stat(); err == nil && info.Mode().IsRegular() {
		size = int(min(info.Size(), int64(most)))
	}
	text, err := read(in, most, size)
	if bad := (*fs.PathError)(nil); err != nil && !errors.As(err, &bad) {
		err = &fs.PathError{Op: "read", Path: in.Name(), Err: err}
	}
	return text, err
}

// read makes room for as many bytes as it expects.
func read(in io.Reader, most, expected int) ([]byte, error) {
	var text bytes.Buffer
	text.Grow(expected + bytes.MinRead)
	_, err := text.ReadFrom(io.LimitReader(in, int64(most)+1))
	if err == nil && text.Len() > most {
		text.Truncate(most)
		err = fmt.Errorf("has more than %d MiB, which no such file has", most>>20)
	}
	return text.Bytes(), err
}
