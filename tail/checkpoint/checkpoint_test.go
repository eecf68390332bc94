package checkpoint

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// text is a body for Save.
func text(body string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, body)
		return err
	}
}

// at is a file of a directory that is not owned.
func at(path string) *File {
	return (&Dir{Path: filepath.Dir(path)}).File(filepath.Base(path))
}

// load returns the body of the file at path, "" when there is none.
func load(path string) (body string, err error) {
	err = at(path).Load(func(b []byte) error {
		body = string(b)
		return nil
	})
	return body, err
}

func save(t *testing.T, path, body string) {
	t.Helper()
	if err := at(path).Save(text(body)); err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ship.json")
	if body, err := load(path); body != "" || err != nil {
		t.Fatalf("first start: %q %v", body, err)
	}
	for _, want := range []string{`null`, `{"n":1}`, `"` + strings.Repeat("<µ>", 100000) + `"`, `{"body":{"body":1}}`} {
		save(t, path, want)
		if got, err := load(path); got != want || err != nil {
			t.Errorf("%.20q, want %.20q: %v", got, want, err)
		}
	}
	if left := names(t, filepath.Dir(path)); len(left) != 1 {
		t.Error(left)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Error(info.Mode(), err)
	}
}

// TestVersion01 reads a file as version 0.1 wrote it.
func TestVersion01(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ship.json")
	put(t, path, []byte(`{"schema":1,"sha256":"7d8f9a2d5e","body":{}}`+"\n"))
	if _, err := load(path); !errors.Is(err, errCorrupt) {
		t.Error(err)
	}
	const sum = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a" // of {}
	put(t, path, []byte(`{"schema":1,"sha256":"`+sum+`","body":{}}`+"\n"))
	if got, err := load(path); got != "{}" || err != nil {
		t.Errorf("%q %v", got, err)
	}
}

// TestUnusable keeps any file that is not what was saved, and starts without it.
func TestUnusable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "ship.json")
	save(t, path, `{"n":1}`)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		data []byte
		want error
	}{
		"empty":         {nil, errCorrupt},
		"zeros":         {make([]byte, len(whole)), errCorrupt},
		"half":          {whole[:len(whole)/2], errCorrupt},
		"no end":        {whole[:len(whole)-1], errCorrupt},
		"longer":        {append(bytes.Clone(whole), '\n'), errCorrupt},
		"a bit flipped": {bytes.Replace(whole, []byte(`"n":1`), []byte(`"n":0`), 1), errCorrupt},
		"random":        {[]byte("\x93\x02µ{"), errCorrupt},
		"other JSON":    {[]byte(`{}`), errCorrupt},
		"other body":    {[]byte(`{"body":{}}` + "\n"), errCorrupt},
		"newer":         {[]byte(`{"schema":99,"sha256":"","body":null}` + "\n"), ErrNewer},
	} {
		put(t, path, tt.data)
		body, err := load(path)
		var unusable *fileError
		if !errors.Is(err, tt.want) || !errors.As(err, &unusable) || body != "" {
			t.Fatalf("%s: %q %v", name, body, err)
		}
		if kept, err := os.ReadFile(unusable.Kept); err != nil || !bytes.Equal(kept, tt.data) {
			t.Errorf("%s: kept %q: %v", name, kept, err)
		}
		if body, err := load(path); body != "" || err != nil {
			t.Errorf("%s: second start: %q %v", name, body, err)
		}
	}
}

// TestRefused keeps a file whose body the caller cannot use.
func TestRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ship.json")
	for want, refuse := range map[error]error{ErrNewer: ErrNewer, errCorrupt: errors.New("not JSON")} {
		save(t, path, `{}`)
		err := at(path).Load(func([]byte) error { return refuse })
		var unusable *fileError
		if !errors.Is(err, want) || !errors.As(err, &unusable) || unusable.Kept == "" {
			t.Error(err)
		}
	}
}

func TestKeepsFew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "ship.json")
	for range 2 * maxKept {
		put(t, path, []byte("x"))
		if _, err := load(path); !errors.Is(err, errCorrupt) {
			t.Fatal(err)
		}
	}
	if left := names(t, dir); len(left) != maxKept {
		t.Error(left)
	}
}

// TestUnread keeps what stands in the place of the file and cannot be read, so that a save does not
// replace it.
func TestUnread(t *testing.T) {
	t.Parallel()
	for what, place := range map[string]func(path string) error{
		"a directory": func(path string) error { return os.Mkdir(path, 0o700) },
		"a link that leads nowhere but to itself": func(path string) error { return os.Symlink(filepath.Base(path), path) },
		"a device": func(path string) error { return os.Symlink(os.DevNull, path) },
	} {
		path := filepath.Join(t.TempDir(), "ship.json")
		if err := place(path); err != nil {
			t.Fatal(err)
		}
		_, err := load(path)
		var unusable *fileError
		if !errors.Is(err, errUnread) || !errors.As(err, &unusable) {
			t.Fatal(what, err)
		}
		save(t, path, `1`)
		if _, err := os.Lstat(unusable.Kept); err != nil {
			t.Error(what, err)
		}
	}
}

// TestCrash covers a kill between the write and the rename.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "ship.json")
	save(t, path, `1`)
	put(t, filepath.Join(dir, ".ship.json12345"), []byte(`{"schema":1,`))
	put(t, filepath.Join(dir, ".ship.json.mine"), nil)
	if body, err := load(path); body != "1" || err != nil {
		t.Error(body, err)
	}
	if left := names(t, dir); len(left) != 2 {
		t.Error("what a killed save left is still there:", left)
	}
}

func TestSaveFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := at(filepath.Join(dir, "none", "ship.json")).Save(text(`1`)); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	path := filepath.Join(dir, "ship.json")
	save(t, path, `1`)
	broken := errors.New("cannot be encoded")
	if err := at(path).Save(func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if body, err := load(path); body != "1" || err != nil {
		t.Error("the old state is gone:", body, err)
	}
	if left := names(t, dir); len(left) != 1 {
		t.Error(left)
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "state")
	first, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "in use by another process (process ") {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
	put(t, filepath.Join(dir, "file"), nil)
	if _, err := Open(filepath.Join(dir, "file", "state")); err == nil {
		t.Error("a directory in a file")
	}
}

// TestRemoved makes the directory again that was removed, with its lock, unless another process was
// faster.
func TestRemoved(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	dir, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	f := dir.File("ship.json")
	for _, remove := range []string{path, filepath.Join(path, lockName)} {
		if err := os.RemoveAll(remove); err != nil {
			t.Fatal(err)
		}
		if err := f.Save(text(`1`)); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil {
			t.Error("the lock was not taken again")
		}
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	other, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Save(text(`1`)); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Error(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(text(`1`)); err != nil {
		t.Error(err)
	}
	if err := dir.Close(); err != nil {
		t.Error(err)
	}
}

// TestOtherName does not take the state of one lane for another's.
func TestOtherName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	save(t, filepath.Join(dir, "ship.json"), `{}`)
	trail := filepath.Join(dir, "trail.json")
	if err := os.Rename(filepath.Join(dir, "ship.json"), trail); err != nil {
		t.Fatal(err)
	}
	var unusable *fileError
	if _, err := load(trail); !errors.As(err, &unusable) || !strings.Contains(err.Error(), "it was saved as ship.json") || unusable.Kept == "" {
		t.Error(err)
	}
}
