package discover

import (
	"io/fs"
	"os"
	"path/filepath"
)

// dirs remembers directories, so that looking for files on an unchanged disk costs one system call
// per directory and no memory.
type dirs struct {
	Statter
	known map[string]*dir
	order []*dir // the same, to walk without garbage
	busy  []*dir // those of them that do not rest
	round uint64 // of the walk that goes on
	looks int    // calls of changed

	notices *notices // nil for none
}

// A directory in which nothing happened CalmAfter times in a row is looked at every calmEvery-th
// time only: ten seconds and one second, at the usual four times a second. Where there are many
// logs it is every SeldomEvery-th time, and not at all before the next walk where the system tells
// of all new names in it, as long as it tells of none.
const (
	CalmAfter   = 40
	calmEvery   = 4
	SeldomEvery = 8
)

// dir is a directory as it was last read, or a path that does not lead to one.
type dir struct {
	path    string
	stat    Stat
	missing bool
	entries []entry // nil when not read
	err     error   // of reading it
	calm    int     // looks in a row that showed no change
	fresh   bool    // may change again without a trace
	told    bool    // the system tells of all new names in it
	rests   bool    // likewise, and it was calm for a while
	used    uint64  // last round that asked for it
}

// entry is a name in a directory. It is a fs.DirEntry that has no Info.
type entry struct {
	path string // with that of the directory
	name string // the end of it
	kind fs.FileMode
}

// Name implements fs.DirEntry.
func (e entry) Name() string { return e.name }

// Type implements fs.DirEntry.
func (e entry) Type() fs.FileMode { return e.kind }

// IsDir implements fs.DirEntry.
func (e entry) IsDir() bool { return e.kind.IsDir() }

// Info implements fs.DirEntry. No entry has one: nobody asks.
func (e entry) Info() (fs.FileInfo, error) { return nil, fs.ErrInvalid }

// changed reports whether any directory may hold something else than it did. When all is set, none
// is passed over; when seldom is set, most are.
func (d *dirs) changed(all, seldom bool) bool {
	d.looks++
	if !all && seldom {
		return d.changedHere()
	}
	for i, one := range d.order {
		if (all || d.turn(i, one, calmEvery)) && d.look(one) {
			return true
		}
	}
	return false
}

// changedHere is changed for many directories: it passes over those that rest.
func (d *dirs) changedHere() bool {
	kept := d.busy[:0]
	for i, one := range d.busy {
		if d.turn(i, one, SeldomEvery) && d.look(one) {
			d.busy = append(kept, d.busy[i:]...)
			return true
		}
		if one.rests = one.told && one.calm >= CalmAfter; !one.rests {
			kept = append(kept, one)
		}
	}
	d.busy = kept
	return false
}

// turn reports whether a directory is to be looked at this time.
func (d *dirs) turn(i int, one *dir, every int) bool {
	return one.calm < CalmAfter || (d.looks+i)%every == 0
}

// look reports whether a directory may hold something else than it did.
func (d *dirs) look(one *dir) bool {
	st, err := d.Path(one.path)
	if one.fresh || st != one.stat || (err != nil) != one.missing {
		return true
	}
	one.calm++
	return false
}

// moved reports whether names changed in a directory of the last walk after it was read, as far as
// the time of the directory shows it. Of those that the system tells of, it is not asked.
func (d *dirs) moved() bool {
	for _, one := range d.order {
		if one.entries == nil || one.told {
			continue
		}
		if st, err := d.Path(one.path); err != nil || st != one.stat {
			return true
		}
	}
	return false
}

// stir has a directory looked at the next time, "" all of them.
func (d *dirs) stir(path string) {
	if one := d.known[path]; one != nil {
		d.stirOne(one)
	}
	if path != "" {
		return
	}
	for _, one := range d.order {
		d.stirOne(one)
	}
}

func (d *dirs) stirOne(one *dir) {
	if one.calm = 0; one.rests {
		one.rests = false
		d.busy = append(d.busy, one)
	}
}

// list returns what a directory holds. It is not read again while its Stat stays the same.
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
		one = &dir{path: path, fresh: true}
		d.known[path] = one
	}
	if one.used == d.round {
		return one
	}
	one.used = d.round
	st, err := d.Path(one.path)
	if one.fresh || st != one.stat || err != nil || one.err != nil {
		if d.notices != nil && err == nil && st.Kind.IsDir() {
			one.told = d.notices.names.watch(path, st.Dev) // before it is read
		}
		one.stat, one.missing, one.entries, one.err = st, err != nil, nil, err
		one.fresh, one.calm = err == nil && st.Fresh(), 0
	}
	return one
}

func readDir(path string) ([]entry, error) {
	list, err := os.ReadDir(path)
	entries := make([]entry, len(list))
	for i, e := range list {
		p := filepath.Join(path, e.Name())
		entries[i] = entry{p, p[len(p)-len(e.Name()):], e.Type()}
	}
	return entries, err
}

// begin starts a walk.
func (d *dirs) begin() {
	if d.known == nil {
		d.known = map[string]*dir{}
	}
	d.round++
}

// end forgets the directories that the walk did not ask for.
func (d *dirs) end() {
	clear(d.busy)
	d.order, d.busy = d.order[:0], d.busy[:0]
	for path, one := range d.known {
		if one.used != d.round {
			delete(d.known, path)
			if d.notices != nil {
				d.notices.names.forget(path)
			}
			continue
		}
		d.order = append(d.order, one)
		if one.rests = one.told && one.calm >= CalmAfter; !one.rests {
			d.busy = append(d.busy, one)
		}
	}
}
