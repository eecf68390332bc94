package bounded

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

const most = 1 << 20

func TestRead(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, most - 1, most, most + 1, 3 * most} {
		text, err := Read(strings.NewReader(strings.Repeat("x", n)), most)
		if len(text) != min(n, most) || (err != nil) != (n > most) {
			t.Errorf("%d bytes: %d, %v", n, len(text), err)
		}
	}
	broken := errors.New("broken")
	if text, err := Read(iotest.DataErrReader(strings.NewReader("half")), most); string(text) != "half" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := Read(iotest.ErrReader(broken), most); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// TestFile has files, and what is none. Each error is one of a path.
func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.WriteFile(file, []byte("text"), 0o600), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path, whole, regular string // the text, or the end of the error
	}{
		{file, "text", "text"},
		{filepath.Join(dir, "none"), "no such file or directory", "no such file or directory"},
		{dir, "is a directory", "is no regular file"},
		{"/dev/zero", "/dev/zero: has more than 1 MiB, which no such file has", "/dev/zero: is no regular file"},
		{os.DevNull, "", os.DevNull + ": is no regular file"},
		{pipe, "", pipe + ": is no regular file"},
	} {
		if text, err := Regular(c.path, most); said(t, text, err) != c.regular && !strings.HasSuffix(said(t, text, err), c.regular) {
			t.Errorf("regular %s: %.40q, %v", c.path, text, err)
		}
		if c.path == pipe { // would wait
			continue
		}
		if text, err := File(c.path, most); !strings.HasSuffix(said(t, text, err), c.whole) || (c.whole == "") != (len(text) == 0 && err == nil) {
			t.Errorf("%s: %.40q, %v", c.path, text, err)
		}
	}
}

// TestRegularLooksAtWhatItOpens has a file that is a pipe in every other moment: it is read or
// refused, and never waited for.
func TestRegularLooksAtWhatItOpens(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, file, pipe := filepath.Join(dir, "path"), filepath.Join(dir, "file"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.WriteFile(file, []byte("text"), 0o600), syscall.Mkfifo(pipe, 0o600), os.Symlink(file, path)); err != nil {
		t.Fatal(err)
	}
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			link := filepath.Join(dir, "next")
			if err := errors.Join(os.Symlink([]string{file, pipe}[n%2], link), os.Rename(link, path)); err != nil {
				done <- err
				return
			}
		}
	}()
	for range 2000 {
		if text, err := Regular(path, most); err == nil && string(text) != "text" || err != nil && !strings.HasSuffix(err.Error(), ": is no regular file") {
			t.Fatalf("%q, %v", text, err)
		}
	}
	close(stop)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// said is the text, or the error, which has to name a path.
func said(t *testing.T, text []byte, err error) string {
	t.Helper()
	if bad := (*fs.PathError)(nil); err != nil && !errors.As(err, &bad) {
		t.Errorf("no error of a path: %v", err)
	}
	if err != nil {
		return err.Error()
	}
	return string(text)
}
