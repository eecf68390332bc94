package agent

import (
	"fluxtrail/derive"
	"fluxtrail/tail"
)

// fileTable gives numbers to the files that incidents name. They stay the same over restarts.
type fileTable []fileEntry

// fileEntry is a file. A free one has no path.
type fileEntry struct {
	Path     string `json:"path"`
	Dev, Ino uint64
}

// maxFiles is how many files are remembered before those are forgotten that no incident names.
const maxFiles = 64

// number finds or admits a file. It probably has the number that it had for the line before.
func (t *fileTable) number(at tail.Place, before int32) int32 {
	if int(before) < len(*t) && (*t)[before].is(at) {
		return before
	}
	free := len(*t)
	for i := range *t {
		e := &(*t)[i]
		if e.is(at) {
			e.Path = at.Path // it may have been rotated meanwhile
			return int32(i)
		}
		if e.Path == "" {
			free = i
		}
	}
	if free == len(*t) {
		*t = append(*t, fileEntry{})
	}
	(*t)[free] = fileEntry{at.Path, at.Dev, at.Ino}
	return int32(free)
}

// is reports whether the place is in the file. Where the system has no numbers of files, the path
// decides.
func (e *fileEntry) is(at tail.Place) bool {
	return e.Path != "" && e.Ino == at.Ino && e.Dev == at.Dev && (at.Ino != 0 || e.Path == at.Path)
}

// path is the name of a file of evidence, "" while none was read.
func (t fileTable) path(file int32) string {
	if int(file) >= len(t) {
		return ""
	}
	return t[file].Path
}

// forget frees the numbers of files that no object and none of the incidents names, if there are
// many files.
func (t fileTable) forget(objects []derive.Seen, incidents ...[]*derive.Incident) {
	if len(t) <= maxFiles {
		return
	}
	used := map[int32]bool{}
	for i := range objects {
		used[objects[i].Shown.File] = true
	}
	for _, list := range incidents {
		for _, i := range list {
			for _, ev := range i.Evidence() {
				used[ev.File] = true
			}
		}
	}
	for i := range t {
		if !used[int32(i)] {
			t[i] = fileEntry{}
		}
	}
}
