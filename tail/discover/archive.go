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
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Scratch holds the logs of archives while they are read, in a temporary directory with one
// directory for each archive. The zero value is ready. One goroutine at a time may use it.
type Scratch struct {
	// Context ends the search for logs early, and the unpacking of what holds them. Nil means never.
	Context context.Context

	dir   string
	from  []string // the archive of each directory, as it is shown
	depth []int    // how many archives each directory lies in
	size  int64
}

const (
	maxUnpacked = 8 << 30 // bytes of all archives
	maxMembers  = 200_000 // of one archive
	maxNesting  = 3       // archives in archives
)

var errUnpacked = fmt.Errorf("the archives hold more than %d GiB of logs: unpack what you need", maxUnpacked>>30)

// Close removes everything.
func (s *Scratch) Close() error {
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// shown is the name of an unpacked file: the archive's, and the path in it.
func (s *Scratch) shown(name string) string {
	rest, ok := strings.CutPrefix(name, s.dir+string(filepath.Separator))
	if s.dir == "" || !ok {
		return name
	}
	number, rest, _ := strings.Cut(rest, string(filepath.Separator))
	n, _ := strconv.Atoi(number)
	return filepath.Join(s.from[n], rest)
}

// nesting is how many archives a file on the disk lies in.
func (s *Scratch) nesting(name string) int {
	rest, ok := strings.CutPrefix(name, s.dir+string(filepath.Separator))
	if s.dir == "" || !ok {
		return 0
	}
	number, _, _ := strings.Cut(rest, string(filepath.Separator))
	n, _ := strconv.Atoi(number)
	return s.depth[n]
}

// MayBeArchive reports whether a file that begins so may be an archive, or one that is compressed.
func MayBeArchive(head []byte) bool {
	for _, magic := range []string{"PK\x03\x04", "PK\x05\x06", "\x1f\x8b", "\x28\xb5\x2f\xfd", "\xfd7zXZ", "BZh"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return isTar(head)
}

func isTar(head []byte) bool { return len(head) >= tarHead && string(head[257:tarHead]) == "ustar" }

// tarHead is how many bytes it takes to know a tar archive.
const tarHead = 262

// Spool copies what is read into a file of its own, which Find takes as a path if archive says that
// it is one. Its logs are shown below the given name.
func (s *Scratch) Spool(name string, r io.Reader) (file string, archive bool, err error) {
	dir, err := s.newDir(name, 0)
	if err != nil {
		return "", false, err
	}
	file = filepath.Join(dir, "archive")
	f, err := os.Create(file)
	if err != nil {
		return "", false, err
	}
	if err = errors.Join(s.copy(f, r), f.Close()); err != nil {
		return "", false, err
	}
	return file, archiveKind(file) != nil, nil
}

// copy keeps what is read, as far as there is room and nobody interrupts it.
func (s *Scratch) copy(f *os.File, r io.Reader) error {
	n, err := io.Copy(f, io.LimitReader(untilStopped{s, r}, maxUnpacked-s.size+1))
	if s.size += n; s.size > maxUnpacked && err == nil {
		err = errUnpacked
	}
	return err
}

// stopped is why the search has to end, nil while it has not. A nil Scratch is never stopped.
func (s *Scratch) stopped() error {
	if s == nil || s.Context == nil || s.Context.Err() == nil {
		return nil
	}
	return context.Cause(s.Context)
}

// untilStopped reads until its Scratch is stopped.
type untilStopped struct {
	*Scratch
	r io.Reader
}

// Read implements [io.Reader].
func (u untilStopped) Read(p []byte) (int, error) {
	if err := u.stopped(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// newDir makes a directory for what is shown below a name.
func (s *Scratch) newDir(shown string, depth int) (dir string, err error) {
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "fluxtrail-archives-*"); err != nil {
			return "", err
		}
	}
	dir = filepath.Join(s.dir, strconv.Itoa(len(s.from)))
	s.from, s.depth = append(s.from, shown), append(s.depth, depth)
	return dir, os.Mkdir(dir, 0o700)
}

// archiveKind is how the members of a file are read, nil for a file that is no archive.
func archiveKind(name string) func(*Scratch, *os.File, string) error {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close() //nolint:errcheck // only read
	in, err := Decompress(f)
	if err != nil {
		return nil
	}
	defer in.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(in, head)
	switch head = head[:n]; {
	case in.Compression == None && (bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))):
		return (*Scratch).unzip
	case isTar(head):
		return (*Scratch).untar
	}
	return nil
}

// unpack puts the logs of an archive into a directory of their own. With an error the directory has
// what came before it.
func (s *Scratch) unpack(name string, members func(*Scratch, *os.File, string) error) (dir string, err error) {
	if dir, err = s.newDir(s.shown(name), s.nesting(name)+1); err != nil {
		return "", err
	}
	f, err := os.Open(name)
	if err != nil {
		return dir, err
	}
	defer f.Close() //nolint:errcheck // only read
	return dir, members(s, f, dir)
}

// untar unpacks a tar archive, compressed or not.
func (s *Scratch) untar(f *os.File, dir string) error {
	in, err := Decompress(untilStopped{s, f})
	if err != nil {
		return err
	}
	defer in.Close()
	r := tar.NewReader(in)
	var left leftOut
	for range maxMembers {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return left.err()
		}
		if err == nil && h.Typeflag == tar.TypeReg {
			err = left.unless(s.member(dir, h.Name, r))
		}
		if err != nil {
			return err
		}
	}
	return fmt.Errorf("more than %d files: unpack what you need", maxMembers)
}

// unzip unpacks a zip archive.
func (s *Scratch) unzip(f *os.File, dir string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r, err := zip.NewReader(f, info.Size())
	if err != nil {
		return err
	}
	if len(r.File) > maxMembers {
		return fmt.Errorf("more than %d files: unpack what you need", maxMembers)
	}
	var left leftOut
	for _, m := range r.File {
		if !m.Mode().IsRegular() {
			continue
		}
		if err := s.stopped(); err != nil {
			return err
		}
		in, err := m.Open()
		if err == nil {
			size := &counter{n: int64(m.CompressedSize64)}
			err = errors.Join(left.unless(s.member(dir, m.Name, &bounded{r: in, in: size})), in.Close())
		}
		if err != nil {
			return err
		}
	}
	return left.err()
}

// errName is a member that no file can be made of: its name is too long, or another member is
// where its directory would be.
var errName = errors.New("its name cannot be one of a file here")

// leftOut are the members of an archive that are left out. The others are read.
type leftOut struct {
	first error
	n     int
}

// unless takes an error about the name of a member, and returns any other.
func (l *leftOut) unless(err error) error {
	if !errors.Is(err, errName) {
		return err
	}
	if l.n++; l.first == nil {
		l.first = err
	}
	return nil
}

func (l *leftOut) err() error {
	if l.n == 0 {
		return nil
	}
	return fmt.Errorf("%d files are left out, such as %w", l.n, l.first)
}

// member copies a file of an archive, if its name is that of a log or of an archive.
func (s *Scratch) member(dir, name string, r io.Reader) error {
	name = strings.TrimPrefix(path.Clean("/"+filepath.ToSlash(name)), "/")
	if base := path.Base(name); !filepath.IsLocal(filepath.FromSlash(name)) || strings.HasPrefix(base, ".") || !looksLikeLog(base) {
		return nil
	}
	to := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return badName(name, err)
	}
	f, err := os.Create(to)
	if err != nil {
		return badName(name, err)
	}
	return errors.Join(s.copy(f, r), f.Close())
}

// badName tells errors about a name from those of a disk.
func badName(name string, err error) error {
	for _, about := range []error{syscall.ENAMETOOLONG, syscall.ENOTDIR, syscall.EISDIR, syscall.EINVAL, os.ErrExist} {
		if errors.Is(err, about) {
			return fmt.Errorf("%.80q: %w", name, errName)
		}
	}
	return err
}

// archive adds the logs of a file that is an archive; false when it is none.
func (w *Walker) archive(name, resolved string) bool {
	if w.scratch == nil || w.scratch.stopped() != nil {
		return false
	}
	members := archiveKind(resolved)
	if members == nil {
		return false
	}
	if w.scratch.nesting(resolved) >= maxNesting {
		w.fail(name, errors.New("an archive in an archive in an archive"), "unpack it")
		return true
	}
	dir, err := w.scratch.unpack(resolved, members)
	if err != nil {
		w.fail(name, err, "")
	}
	if dir != "" {
		w.directory(dir)
	}
	return true
}

// show gives unpacked files the name that they have in their archive.
func (s *Scratch) show(sources []Source, problems []PathError) {
	if s == nil || s.dir == "" {
		return
	}
	for i := range sources {
		sources[i].Name = s.shown(sources[i].Name)
		for k := range sources[i].Files {
			f := &sources[i].Files[k]
			if name := s.shown(f.Path); name != f.Path {
				f.Path, f.Unpacked = name, f.Path
			}
		}
	}
	for i := range problems {
		problems[i].Path = s.shown(problems[i].Path)
	}
}
