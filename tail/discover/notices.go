package discover

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
)

// Gone is logs that came and went between two walks: nobody read them.
type Gone struct {
	Name string // Source.Name as far as it is known, "" when nothing is
	Path string // where the last of them was
	Logs int    // how many, at least
}

// notice is what the system says of a name in a directory.
type notice struct {
	what   noticed
	path   string
	dir    bool   // the name is that of a directory
	cookie uint32 // the same for both ends of a renaming
}

type noticed uint8

const (
	nameMade noticed = iota
	nameRemoved
	nameLeft  // renamed from here
	nameCame  // renamed to here
	manyNames // more happened than the system could say
)

// notices keep account of the logs that were made and that no walk has led to yet. They tell of two
// things that looking at a directory now and then cannot: that there is a new log at once, and that
// there was one which is gone.
type notices struct {
	names watches
	wants func(path string, dir bool) bool // a log, or a directory of one, that is to be read
	stir  func(dir string)                 // is told where something happened, "" for anywhere

	unread map[string]int      // logs, and directories of logs, by path: the taking that told of them
	moving map[uint32]movement // names on their way to others
	taken  int                 // calls of take
	told   int                 // notices
	made   bool                // something was added to unread since the last walk
	gone   map[string]*Gone    // by the directory, or the path, of the log
	missed bool                // more happened since the last walk than the system could say

	found func(path string) bool // a file that the walk led to, and that is open: nil between walks
}

// movement is a renaming of which one half was told.
type movement struct {
	path  string // of a log that is unread, "" for any other
	taken int    // when it was told
}

func newNotices(wants func(path string, dir bool) bool, stir func(dir string)) *notices {
	return &notices{
		names: openWatches(), wants: wants, stir: stir,
		unread: map[string]int{}, moving: map[uint32]movement{}, gone: map[string]*Gone{},
	}
}

// take brings the account up to date with what happened until now.
func (n *notices) take() {
	n.taken++
	n.names.pending(n.add)
	for cookie, m := range n.moving {
		if m.taken == n.taken {
			continue // the other half may be about to be told
		}
		if delete(n.moving, cookie); m.path != "" {
			n.vanish(m.path) // it left all watched directories
		}
	}
}

// news brings the account up to date within one taking, and returns how many notices there were so
// far.
func (n *notices) news() int {
	if n == nil {
		return 0
	}
	n.names.pending(n.add)
	return n.told
}

// await takes until a log is made, at most for d.
func (n *notices) await(ctx context.Context, d time.Duration) {
	n.names.await(ctx, d, func(e notice) bool {
		n.add(e)
		return !n.made
	})
}

func (n *notices) add(e notice) {
	n.told++
	if e.what == manyNames {
		n.stir("")
	} else {
		n.stir(filepath.Dir(e.path))
	}
	switch e.what {
	case nameMade:
		n.appear(e)
	case nameRemoved:
		n.disappear(e.path)
	case nameLeft:
		n.leave(e)
	case nameCame:
		n.come(e)
	case manyNames:
		n.gone[""], n.missed = &Gone{Logs: 1}, true
	}
}

func (n *notices) appear(e notice) {
	if n.wants(e.path, e.dir) {
		n.unread[e.path], n.made = n.taken, true
	}
	n.pack(e.path)
}

// pack takes note of a compressed copy, which lives on when the log that it was made of is removed.
func (n *notices) pack(path string) {
	from, c := cutCompression(path)
	if _, ok := n.unread[from]; ok && c != None {
		delete(n.unread, from)
		n.unread[path], n.made = n.taken, true
	}
}

// disappear counts a log that nobody has read.
func (n *notices) disappear(path string) {
	if _, ok := n.unread[path]; ok {
		delete(n.unread, path)
		if n.found == nil || !n.found(path) {
			n.vanish(path)
		}
	}
}

// leave takes the first half of a renaming.
func (n *notices) leave(e notice) {
	if e.dir {
		n.leaveDir(e.path)
	}
	m := movement{taken: n.taken}
	if _, ok := n.unread[e.path]; ok {
		delete(n.unread, e.path)
		m.path = e.path
	}
	n.moving[e.cookie] = m
}

// leaveDir forgets what a directory holds that has another name now.
func (n *notices) leaveDir(dir string) {
	for path := range n.unread {
		if strings.HasPrefix(path, dir+string(filepath.Separator)) {
			delete(n.unread, path)
		}
	}
	n.names.forget(dir)
}

// come takes the second half of a renaming. What has had that name is gone.
func (n *notices) come(e notice) {
	n.disappear(e.path)
	from, known := n.moving[e.cookie]
	delete(n.moving, e.cookie)
	switch {
	case from.path != "":
		n.unread[e.path], n.made = n.taken, true
	case !known:
		n.appear(e)
	default:
		n.pack(e.path)
	}
}

// vanish counts a log that is gone.
func (n *notices) vanish(path string) {
	key, name := path, path
	if _, _, _, ok := parsePodDir(filepath.Base(path)); ok {
		name = strings.ReplaceAll(filepath.Base(path), "_", "/")
	} else if pod, ok := parsePodPath(path); ok {
		key, name = filepath.Dir(path), pod.source().Name
	} else if pod, ok := parsePodPath(filepath.Join(path, "0.log")); ok {
		name = pod.source().Name
	}
	g := n.gone[key]
	if g == nil {
		g = &Gone{Name: name}
		n.gone[key] = g
	}
	g.Path, g.Logs = path, g.Logs+1
}

// met says which of the logs are known by now. It asks again as long as names change meanwhile, a
// few times: otherwise one that is renamed just then would not be found. One that was found and is
// gone by now is not lost: the caller has it open.
func (n *notices) met(known, found func(path string) bool) {
	first := n.taken + 1
	n.found, n.missed = found, false
	n.names.met()
	defer func() { n.found = nil }()
	for range 3 {
		before := n.told
		n.take()
		n.made = false
		for path, told := range n.unread {
			if known(path) {
				delete(n.unread, path)
				continue
			}
			n.made = n.made || told >= first // during the walk
		}
		if len(n.unread) == 0 || n.told == before {
			return
		}
	}
}

// takeGone returns what came and went, and begins anew.
func (n *notices) takeGone() []Gone {
	if len(n.gone) == 0 {
		return nil
	}
	out := make([]Gone, 0, len(n.gone))
	for _, g := range n.gone {
		out = append(out, *g)
	}
	clear(n.gone)
	slices.SortFunc(out, func(a, b Gone) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// Notice takes note of what the system has told of names since. It reports whether a log was made
// that no Walk has led to.
func (w *Walker) Notice() bool {
	if w.notices == nil {
		return false
	}
	w.notices.take()
	return w.notices.made
}

// Await returns when a log is made, ctx is done, or d has passed. It reports whether the system
// tells of names at all; it does not everywhere, nor to everybody.
func (w *Walker) Await(ctx context.Context, d time.Duration) bool {
	if !w.watches() {
		return false
	}
	if !w.notices.made {
		w.notices.await(ctx, d)
	}
	return true
}

// watches reports whether the system tells of names.
func (w *Walker) watches() bool { return w.notices != nil && w.notices.names.work() }

// Tells reports whether the system has told of all names in the directory of a file since the last
// call of Met. The number of directories that it does so for is limited, and what it keeps until
// somebody asks.
func (w *Walker) Tells(path string) bool {
	return w.notices != nil && !w.notices.missed && w.notices.names.tells(filepath.Dir(path))
}

// Met says which files the caller knows by now, and which it has open that the last Walk found
// under a path. What goes before it is known counts as gone unread.
func (w *Walker) Met(known func(Inode) bool, open func(path string) bool) {
	if w.notices == nil {
		return
	}
	w.notices.met(func(path string) bool {
		if d := w.known[path]; d != nil && d.entries != nil {
			return true // a directory that was looked into
		}
		st, err := w.Path(path)
		return err == nil && known(st.Inode)
	}, open)
}

// Gone returns the logs that came and went unread since the last call.
func (w *Walker) Gone() []Gone {
	if w.notices == nil {
		return nil
	}
	return w.notices.takeGone()
}

// Close ends what the system tells.
func (w *Walker) Close() error {
	if w.notices == nil {
		return nil
	}
	return w.notices.names.close()
}

// mayBeLog reports whether a new name is one that a log is written under, or a directory of such,
// and is to be read. It may say no where it cannot know.
func (w *Walker) mayBeLog(path string, dir bool) bool {
	if w.written[path] {
		return true
	}
	src, ok := podSource(path, dir)
	if !ok || w.cfg.Select != nil && !w.cfg.Select(src) {
		return false
	}
	named := false
	for p := path; ; p = filepath.Dir(p) {
		if w.excluded(p) {
			return false
		}
		named = named || w.named(p)
		if p == filepath.Dir(p) {
			return named
		}
	}
}

// podSource is the Source of a pod's directory, a container's, or a file there that is written to.
func podSource(path string, dir bool) (Source, bool) {
	if !dir {
		f, ok := parsePodPath(path)
		return f.source(), ok && f.age() == ageLive
	}
	if namespace, pod, uid, ok := parsePodDir(filepath.Base(path)); ok {
		return Source{Namespace: namespace, Pod: pod, UID: uid}, true
	}
	f, ok := parsePodPath(filepath.Join(path, "0.log"))
	return f.source(), ok
}

// named reports whether a path is an included one.
func (w *Walker) named(path string) bool {
	return slices.ContainsFunc(w.cfg.Include, func(pattern string) bool {
		pattern = filepath.Clean(pattern)
		return pattern == path || doublestar.PathMatchUnvalidated(pattern, path)
	})
}

// noteWritten remembers under which names logs are written outside the kubelet's layout.
func (w *Walker) noteWritten() {
	if w.notices == nil {
		return
	}
	w.written = map[string]bool{}
	for _, it := range w.found {
		if it.Live() && (it.src.UID == "" || it.Real != it.Path) {
			w.written[it.Real] = true
		}
	}
}
