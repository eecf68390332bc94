package discover

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
	"github.com/ulikunitz/xz"
)

const logLine = `{"level":"info","msg":"one"}` + "\n"

// tarOf makes a tar archive of files and their text.
func tarOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		h := &tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o600, Typeflag: tar.TypeReg}
		if err := errors.Join(w.WriteHeader(h), second(w.Write([]byte(files[i+1])))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func second(_ int, err error) error { return err }

// zipOf makes a zip archive of one file.
func zipOf(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(name)
	if err := errors.Join(err, second(f.Write(text)), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func packed(t *testing.T, text []byte, open func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := open(&b)
	if err := errors.Join(err, second(w.Write(text)), w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gz(w io.Writer) (io.WriteCloser, error)  { return gzip.NewWriter(w), nil }
func xzw(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) }

func TestArchives(t *testing.T) {
	t.Parallel()
	const pod = "source-controller-6d4cf56db6-x2x17"
	bundle := tarOf(t, "b/pods/logs/flux-system/"+pod+"/manager.log", logLine, "../../out.log", logLine, "b/image.png", "no log")
	for name, data := range map[string][]byte{
		"b.tar": bundle, "b.tar.gz": packed(t, bundle, gz), "b.txz": packed(t, bundle, xzw),
		"outer.zip": zipOf(t, "b.tar.gz", packed(t, bundle, gz)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			var scratch Scratch
			sources, problems := Find([]string{path}, &scratch)
			inner := path
			if strings.HasSuffix(name, ".zip") {
				inner = filepath.Join(path, "b.tar.gz")
			}
			var got []string
			for _, s := range sources {
				text, err := os.ReadFile(s.Files[0].OnDisk())
				got = append(got, strings.TrimPrefix(s.Name, inner), s.Pod, string(text))
				if err != nil || s.Files[0].Path != s.Name {
					t.Error(s, err)
				}
			}
			want := []string{"/b/pods/logs/flux-system/" + pod + "/manager.log", pod, logLine, "/out.log", "", logLine}
			if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 {
				t.Errorf("%v -want +got\n%s", problems, diff)
			}
			if err := scratch.Close(); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(sources[0].Files[0].OnDisk()); err == nil {
				t.Error("left behind")
			}
		})
	}
}

func TestBombs(t *testing.T) {
	t.Parallel()
	zeros := bytes.Repeat([]byte("0123456789abcde\n"), 4<<20) // 64 MiB
	for name, data := range map[string][]byte{
		"bomb.zip":    zipOf(t, "a.log", zeros),
		"bomb.tar.gz": packed(t, tarOf(t, "a.log", string(zeros)), gz),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		var scratch Scratch
		_, problems := Find([]string{path}, &scratch)
		if len(problems) != 1 || !errors.Is(problems[0], errBomb) {
			t.Error(name, problems)
		}
		if err := scratch.Close(); err != nil {
			t.Error(err)
		}
	}
	in, err := Decompress(bytes.NewReader(packed(t, zeros, gz)))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, in); !errors.Is(err, errBomb) || n > freeSize+1<<20 {
		t.Error(n, err)
	}
}

func TestDumpSource(t *testing.T) {
	t.Parallel()
	const pod = "helm-controller-6d4cf56db6-x2x15"
	for path, want := range map[string]string{
		"x/namespaces/flux-system/pods/" + pod + "/manager/manager/logs/previous.log": "flux-system " + pod + " manager",
		"b/cluster-resources/pods/logs/flux-system/" + pod + "/manager-previous.log":  "flux-system " + pod + " manager",
		"dump/flux-system/" + pod + "/logs.txt":                                       "flux-system " + pod + " ",
		"core_v1/flux-system/" + pod + "/manager.log":                                 "flux-system " + pod + " manager",
		"flux-system_" + pod + "_manager.log.gz":                                      "flux-system " + pod + " manager",
		pod + ".log":                                                                  " " + pod + " ",
		pod + "-previous.log":                                                         " " + pod + " ",
		pod + ".txt":                                                                  " " + pod + " ",
		"helm-controller.log":                                                         "  ",
		"logs/all.txt":                                                                "  ",
	} {
		s := new(Walker).dumpSource(path)
		if got := s.Namespace + " " + s.Pod + " " + s.Container; got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestHostileArchives wants the good log of each archive, whatever else is in it, and nothing outside
// of the archive's directory.
func TestHostileArchives(t *testing.T) {
	t.Parallel()
	header := func(kind byte, name, link string) []byte {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		if err := w.WriteHeader(&tar.Header{Name: name, Linkname: link, Mode: 0o600, Typeflag: kind, Devmajor: 1, Devminor: 5}); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	good := tarOf(t, "good.log", logLine)
	for name, c := range map[string]struct {
		bad  []byte
		left string // what is said of what is left out
	}{
		"link out":        {header(tar.TypeSymlink, "a.log", "/etc/passwd"), ""},
		"link, then file": {append(header(tar.TypeSymlink, "a", "/tmp"), tarOf(t, "a/b.log", "")[:512]...), ""},
		"hard link":       {header(tar.TypeLink, "a.log", "/etc/passwd"), ""},
		"device":          {header(tar.TypeChar, "a.log", ""), ""},
		"pipe":            {header(tar.TypeFifo, "a.log", ""), ""},
		"up":              {tarOf(t, "../../../a.log", "")[:512], ""},
		"root":            {tarOf(t, "/etc/a.log", "")[:512], ""},
		"file and below":  {append(tarOf(t, "a.log", "")[:512], tarOf(t, "a.log/b.log", "")[:512]...), "1 files are left out"},
		"below and file":  {append(tarOf(t, "a.log/b.log", "")[:512], tarOf(t, "a.log", "")[:512]...), "1 files are left out"},
		"long name":       {tarOf(t, strings.Repeat("a", 300)+".log", "")[:1536], "cannot be one of a file"},
		"NUL in a name":   {tarOf(t, "a.log", "")[:512], ""},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.tar")
		if err := os.WriteFile(path, append(c.bad, good...), 0o600); err != nil {
			t.Fatal(err)
		}
		var scratch Scratch
		sources, problems := Find([]string{path}, &scratch)
		found := false
		for _, s := range sources {
			text, err := os.ReadFile(s.Files[0].OnDisk())
			found = found || err == nil && strings.HasSuffix(s.Name, "/good.log") && string(text) == logLine
			if rel, err := filepath.Rel(scratch.dir, s.Files[0].OnDisk()); err != nil || strings.HasPrefix(rel, "..") {
				t.Errorf("%s: %s lies outside", name, s.Files[0].OnDisk())
			}
		}
		said := ""
		for _, p := range problems {
			said += p.Error()
		}
		if !found || !strings.Contains(said, c.left) || c.left == "" && len(problems) > 0 {
			t.Errorf("%s: found %v, said %q", name, found, said)
		}
		if err := scratch.Close(); err != nil {
			t.Error(err)
		}
	}
}

// impatient is a context that ends after it was asked a number of times.
type impatient struct {
	context.Context
	left int
}

func (c *impatient) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestInterruptedSearch wants an end soon after the context's, whatever is looked for or unpacked.
func TestInterruptedSearch(t *testing.T) {
	t.Parallel()
	const looks = 20
	text := bytes.Repeat([]byte(logLine), 32<<20/len(logLine))
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"a.tar": tarOf(t, "a.log", string(text)), "a.tar.gz": packed(t, tarOf(t, "a.log", string(text)), gz), "a.zip": zipOf(t, "a.log", text),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		scratch := Scratch{Context: &impatient{t.Context(), looks}}
		sources, problems := Find([]string{path}, &scratch)
		if scratch.size > looks<<20 || len(sources) > 0 || len(problems) == 0 || !errors.Is(problems[0], context.Canceled) {
			t.Errorf("%s: unpacked %d bytes, %d logs, %v", name, scratch.size, len(sources), problems)
		}
		if err := scratch.Close(); err != nil {
			t.Error(err)
		}
	}
	scratch := Scratch{Context: &impatient{t.Context(), looks}}
	if _, _, err := scratch.Spool("-", bytes.NewReader(text)); !errors.Is(err, context.Canceled) || scratch.size > looks<<20 {
		t.Error(scratch.size, err)
	}
	for i := range 100 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)+".log"), []byte(logLine), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if sources, _ := Find([]string{dir}, &scratch); len(sources) > 0 {
		t.Errorf("%d logs after the end", len(sources))
	}
	if err := scratch.Close(); err != nil {
		t.Error(err)
	}
}

// TestZstdOfOneSegment has as large a window as its text.
func TestZstdOfOneSegment(t *testing.T) {
	t.Parallel()
	frame := append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xa0}, 0, 0, 0, 4)   // RFC 8878: single segment, 64 MiB of text
	in, err := Decompress(bytes.NewReader(append(frame, 3, 0, 0, 'x'))) // a last block of eight bytes, all x
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := io.ReadAll(in); !errors.Is(err, errZstdWindow) {
		t.Error(err)
	}
}
