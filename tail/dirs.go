package tail

import (
	"io/fs"
	"os"
)

// dirs remembers directories, so that looking for files on an unchanged disk costs one system call per directory and no
// memory.
type dirs struct {
	statter
	known map[string]*dir
	order []*dir // the same, to walk without garbage
	round uint64 // of the scan that goes on
	looks int    // calls of changed

	seldom bool // look as seldom as can be
}

// A directory in which nothing happened calmAfter times in a row is looked at every calmEvery-th time only: ten seconds
// and one second, at the usual four times a second. Its open files are looked at every time all the same, but where there
// are many: then it is every seldomEvery-th time for both.
const (
	calmAfter   = 40
	calmEvery   = 4
	seldomEvery = 8
)

// dir is a directory as it was last read, or a path that does not lead to one.
type dir struct {
	path    string
	c       cPath
	stamp   stamp
	missing bool
	entries []entry // nil when not read
	err     error   // of reading it
	calm    int     // looks in a row that showed no change
	racy    bool    // may change again without a trace
	used    uint64  // last round that asked for it
}

// entry is a name in a directory.
type entry struct {
	name string
	kind fs.FileMode
}

// changed reports whether any directory may hold something else than it did. When all is set, none is passed over.
func (d *dirs) changed(all bool) bool {
	d.looks++
	every := calmEvery
	if d.seldom {
		every = seldomEvery
	}
	for i, one := range d.order {
		if !all && one.calm >= calmAfter && (d.looks+i)%every != 0 {
			continue
		}
		st, err := d.path(one.c)
		if one.racy || st != one.stamp || (err != nil) != one.missing {
			return true
		}
		one.calm++
	}
	return false
}

// list gives what a directory holds. It is not read again while its stamp stays the same.
func (d *dirs) list(path string) ([]entry, error) {
	one := d.watch(path)
	if one.entries == nil && !one.missing {
		one.entries, one.err = readDir(path)
	}
	return one.entries, one.err
}

// watch makes the appearance, the change, and the end of a path count as a change.
func (d *dirs) watch(path string) *dir {
	one := d.known[path]
	if one == nil {
		one = &dir{path: path, c: newCPath(path), racy: true}
		d.known[path] = one
	}
	if one.used == d.round {
		return one
	}
	one.used = d.round
	st, err := d.path(one.c)
	if one.racy || st != one.stamp || err != nil || one.err != nil {
		one.stamp, one.missing, one.entries, one.err = st, err != nil, nil, err
		one.racy, one.calm = err == nil && st.fresh(), 0
	}
	return one
}

func readDir(path string) ([]entry, error) {
	list, err := os.ReadDir(path)
	entries := make([]entry, len(list))
	for i, e := range list {
		entries[i] = entry{e.Name(), e.Type()}
	}
	return entries, err
}

// begin starts a scan.
func (d *dirs) begin() {
	if d.known == nil {
		d.known = map[string]*dir{}
	}
	d.round++
}

// end forgets the directories that the scan did not ask for.
func (d *dirs) end() {
	d.order = d.order[:0]
	for path, one := range d.known {
		if one.used != d.round {
			delete(d.known, path)
			continue
		}
		d.order = append(d.order, one)
	}
}
