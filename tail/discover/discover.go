package discover

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"fluxtrail/api"
)

// File is one file of a Source.
type File struct {
	// Path is as reached from the argument; "-" is standard input.
	Path string `json:"path"`
	// Restart is the restart count of the container, from the kubelet's file name.
	Restart int `json:"restart,omitempty"`
	// Rotated is the kubelet's rotation time YYYYMMDD-HHMMSS (node local time), "" for the live
	// file.
	Rotated string `json:"rotated,omitempty"`
	// Compression goes by the name; readers go by the first bytes.
	Compression Compression `json:"compression,omitempty"`
	// Unpacked is where it lies when Path is a name in an archive, "" else.
	Unpacked string `json:"-"`
	// Open gives the text from its beginning where that comes from a server; Path is then the name
	// that it is reported under. It may be called again, for another reading, and from several
	// goroutines. The text is framed in any form that package frame knows. An error half-way ends
	// it: what came is used. It is nil for what lies on the disk.
	Open func(context.Context) (io.ReadCloser, error) `json:"-"`
	// Size is about how many bytes Open gives, 0 where nobody knows.
	Size int64 `json:"-"`
}

// OnDisk is where the file lies.
func (f File) OnDisk() string { return cmp.Or(f.Unpacked, f.Path) }

// Source is one log in true order: all files of one container, every restart, rotated files oldest
// first and the live file last; or one file outside the kubelet's layout with its rotations.
type Source struct {
	Namespace, Pod, UID, Container string // "" where the path does not tell
	Name                           string // unique among the Sources of one walk, and their order
	Files                          []File
}

// PathError is a path that cannot be used, or not fully. It never stops the others.
type PathError struct {
	Path string
	Err  error
	Hint string // what to do about it, or ""
}

// Error returns path, reason and hint in one line.
func (e PathError) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("%s: %v", api.OneLine(e.Path), e.Err)
	}
	return fmt.Sprintf("%s: %v (%s)", api.OneLine(e.Path), e.Err, e.Hint)
}

// Unwrap returns the reason alone.
func (e PathError) Unwrap() error { return e.Err }

// Find turns the arguments of a replay into Sources. A path that exists is a name, also when it
// holds glob characters; "-" is standard input. A file that is named is read alone; a directory
// stands for all pod logs in it or, when it has none, for each file that looks like a log; a link
// as in /var/log/containers stands for all logs of its container.
//
// The result depends on what the paths reach, not on their order, and holds each file once however
// it was reached. What cannot be used comes back as PathErrors beside the rest.
//
// With scratch it looks into archives, too: tar and zip, compressed as logs may be. What they hold
// of logs lies in scratch until that is closed.
func Find(paths []string, scratch *Scratch) ([]Source, []PathError) {
	paths = slices.Clone(paths)
	slices.Sort(paths)
	w := &Walker{cfg: Config{Include: slices.Compact(paths)}, once: true, scratch: scratch}
	logs := w.Walk(time.Time{})
	sources := make([]Source, len(logs))
	for i, l := range logs {
		sources[i] = l.Source
		sources[i].Files = dropCompressedCopies(sources[i].Files)
	}
	problems := slices.Compact(w.Problems())
	scratch.show(sources, problems)
	return tellApart(sources), problems
}

// tellApart renames copies of one container in different trees. The sources are sorted by name.
func tellApart(sources []Source) []Source {
	seen := map[string]bool{}
	for i := range sources {
		s := &sources[i]
		if seen[s.Name] {
			s.Name += "@" + filepath.Dir(s.Files[0].Path)
		}
		seen[s.Name] = true
	}
	slices.SortFunc(sources, compareSources)
	return sources
}

// dropCompressedCopies removes the compressed file of a rotation that is there in plain text too:
// the kubelet was between writing the one and removing the other.
func dropCompressedCopies(files []File) []File {
	type rotation struct {
		restart int
		rotated string
	}
	plain := map[rotation]bool{}
	for _, f := range files {
		if f.Compression == None {
			plain[rotation{f.Restart, f.Rotated}] = true
		}
	}
	return slices.DeleteFunc(files, func(f File) bool {
		return f.Compression != None && plain[rotation{f.Restart, f.Rotated}]
	})
}
