package tail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// world is a directory in which a writer and the kubelet are played, and the Follower that reads
// there.
type world struct {
	t      testing.TB
	dir    string
	cfg    FollowConfig
	f      *Follower
	now    time.Time
	saved  []byte // Marks as they were last saved
	got    []string
	lost   []Loss
	maybe  []Loss // those where nothing may be lost
	err    error  // of the last Poll
	stamps int
	drowsy bool // logs sleep as soon as nothing happens, few as they are
	fail   func(format string, args ...any)
}

// A container in the kubelet's layout.
const (
	kcDir  = "flux-system_kustomize-controller-6d4cf56db6-x2x20_491d9473-1234-4353-adcb-3b76b9eb79e3/manager"
	kcName = "flux-system/kustomize-controller-6d4cf56db6-x2x20/manager/491d9473-1234-4353-adcb-3b76b9eb79e3"
)

// step is how much time passes from one Poll to the next.
const step = 250 * time.Millisecond

func newWorld(t testing.TB) *world {
	w := &world{t: t, dir: t.TempDir(), cfg: DefaultFollowConfig(), now: time.Unix(1800000000, 0).UTC()}
	w.cfg.Include = []string{w.dir + "/*"}
	w.fail = t.Fatalf
	t.Cleanup(func() {
		if w.f != nil {
			w.check(w.f.Close())
		}
	})
	return w
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.fail("%v", err)
	}
}

// path spells out names: P stands for the log directory of a container.
func (w *world) path(name string) string {
	if rest, ok := strings.CutPrefix(name, "P/"); ok {
		name = kcDir + "/" + rest
	}
	return filepath.Join(w.dir, name)
}

// short is the inverse of path.
func (w *world) short(path string) string {
	name, err := filepath.Rel(w.dir, path)
	w.check(err)
	if rest, ok := strings.CutPrefix(name, kcDir+"/"); ok {
		name = "P/" + rest
	}
	return name
}

func (w *world) append(name, text string) {
	path := w.path(name)
	w.check(os.MkdirAll(filepath.Dir(path), 0o755))
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	w.check(err)
	_, err = f.WriteString(text)
	w.check(err)
	w.check(f.Close())
}

func (w *world) copy(from, to string) {
	data, err := os.ReadFile(w.path(from))
	w.check(err)
	w.check(os.WriteFile(w.path(to), data, 0o644))
}

// gz compresses as the kubelet does: into a .tmp, which is renamed; then the source is removed.
func (w *world) gz(name string) {
	data, err := os.ReadFile(w.path(name))
	w.check(err)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(data)
	w.check(err)
	w.check(z.Close())
	w.check(os.WriteFile(w.path(name+".tmp"), packed.Bytes(), 0o644))
	w.check(os.Rename(w.path(name+".tmp"), w.path(name+".gz")))
	w.check(os.Remove(w.path(name)))
}

func (w *world) start() {
	var marks Marks
	if w.saved != nil {
		w.check(json.Unmarshal(w.saved, &marks))
	}
	f, err := NewFollower(w.cfg, marks)
	w.check(err)
	w.f = f
	if w.drowsy {
		f.sleepers.least, f.sleepers.calm = -1, 0
	}
}

func (w *world) save() {
	data, err := json.Marshal(w.f.Marks())
	w.check(err)
	w.saved = data
}

// stop ends the Follower, as a kill does: nothing is saved.
func (w *world) stop() {
	w.check(w.f.Close())
	w.f = nil
}

// poll lets time pass.
func (w *world) poll() {
	w.now = w.now.Add(step)
	w.err = w.f.Poll(w.now)
	w.takeLoss()
	if w.f.unexpected > 0 {
		w.fail("an event that cannot happen")
	}
}

func (w *world) takeLoss() {
	for _, l := range w.f.Loss() {
		if l.Reason == LossTruncated && l.Perhaps() {
			w.maybe = append(w.maybe, l)
		} else {
			w.lost = append(w.lost, l)
		}
	}
}

// read takes all lines that are ready.
func (w *world) read() {
	for _, l := range w.f.Live() {
		for l.Next() || l.Behind() {
			if !l.Behind() {
				w.got = append(w.got, render(l.Line()))
			}
		}
	}
	w.takeLoss()
	if w.f.unexpected > 0 {
		w.fail("an event that cannot happen")
	}
}

func render(l *Line) string {
	text := string(l.Text)
	if l.Partial {
		text += "~"
	}
	return text
}

// settle polls and reads until what can be complete is.
func (w *world) settle(d time.Duration) {
	for end := w.now.Add(d); w.now.Before(end); {
		w.poll()
		w.read()
	}
}

// run plays a script, one step per line.
func (w *world) run(script string) {
	w.t.Helper()
	for n, line := range strings.Split(strings.TrimSpace(script), "\n") {
		line = strings.TrimSpace(line)
		w.fail = func(format string, args ...any) {
			w.t.Helper()
			w.t.Fatalf("step %d, %s: %s", n+1, line, fmt.Sprintf(format, args...))
		}
		if args := strings.Fields(line); len(args) > 0 {
			w.step(args[0], args[1:])
		}
	}
}

// step plays one step. The vocabulary:
//
//	write FILE TEXT…      append lines              partial FILE TEXT    append without a newline, \\n and so on allowed
//	cri FILE STREAM TAG TEXT   append a record of a CRI runtime
//	mk, rm, gz FILE       mv, cp, ln, link FROM TO (ln a symlink, link a hard link)
//	ct FILE               copy to FILE.1, then truncate        trunc FILE SIZE
//	touch YEAR FILE…      date the last change: what changed a moment ago is looked at again, what is dated ahead always
//	start, stop, kill     stop saves the marks, kill does not; save
//	poll [N], read, wait DURATION; next takes one line of each log
//	expect TEXT…          after two seconds exactly these lines were delivered since the last time; ~ marks unfinished ones
//	now TEXT…             the same after one poll
//	offset FILE N         position of the mark              loss REASON BYTES [LINES]
//	maybe N               so often a file was cut short while it was written to
//	open N                open files at most                error TEXT|none
func (w *world) step(verb string, args []string) {
	w.t.Helper()
	switch verb {
	case "write":
		w.append(args[0], strings.Join(args[1:], "\n")+"\n")
	case "partial":
		text, err := strconv.Unquote(`"` + strings.Join(args[1:], " ") + `"`)
		w.check(err)
		w.append(args[0], text)
	case "cri":
		w.stamps++
		w.append(args[0], fmt.Sprintf("2026-11-20T10:22:%02d.%09dZ %s %s %s\n", w.stamps/100, w.stamps, args[1], args[2], strings.Join(args[3:], " ")))
	case "mk":
		w.append(args[0], "")
	case "mkdir":
		w.check(os.MkdirAll(w.path(args[0]), 0o755))
	case "rm":
		w.check(os.RemoveAll(w.path(args[0])))
	case "gz":
		w.gz(args[0])
	case "mv":
		w.check(os.Rename(w.path(args[0]), w.path(args[1])))
	case "cp":
		w.copy(args[0], args[1])
	case "ln":
		w.check(os.MkdirAll(filepath.Dir(w.path(args[1])), 0o755))
		_ = os.Remove(w.path(args[1])) // retarget
		w.check(os.Symlink(w.path(args[0]), w.path(args[1])))
	case "link":
		w.check(os.Link(w.path(args[0]), w.path(args[1])))
	case "ct":
		w.copy(args[0], args[0]+".1")
		w.check(os.Truncate(w.path(args[0]), 0))
	case "touch":
		at := time.Date(int(w.int(args[0])), 1, 1, 0, 0, 0, 0, time.UTC)
		for _, name := range args[1:] {
			w.check(os.Chtimes(w.path(name), at, at))
		}
	case "trunc":
		w.check(os.Truncate(w.path(args[0]), w.int(args[1])))
	default:
		w.control(verb, args)
	}
}

func (w *world) control(verb string, args []string) {
	w.t.Helper()
	switch verb {
	case "from":
		w.cfg.From = args[0]
	case "include":
		w.cfg.Include = nil
		for _, a := range args {
			w.cfg.Include = append(w.cfg.Include, filepath.Join(w.dir, a))
		}
	case "exclude":
		w.cfg.Exclude = args
	case "unwatched":
		w.cfg.Watch = false
	case "budget":
		w.cfg.MaxOpen = int(w.int(args[0]))
	case "hold":
		w.cfg.HoldBytes = w.int(args[0])
	case "holdfiles":
		w.cfg.HoldFiles = int(w.int(args[0]))
	case "maxline":
		w.cfg.MaxLine = int(w.int(args[0]))
	case "maxpartial":
		w.cfg.MaxPartial = int(w.int(args[0]))
	case "start":
		w.start()
	case "save":
		w.save()
	case "stop":
		w.save()
		w.stop()
	case "kill":
		w.stop()
	case "poll":
		for range w.int(append(args, "1")[0]) {
			w.poll()
		}
	case "read":
		w.read()
	case "next":
		for _, l := range w.f.Live() {
			if l.Next() {
				w.got = append(w.got, render(l.Line()))
			}
		}
	case "wait":
		d, err := time.ParseDuration(args[0])
		w.check(err)
		w.settle(d)
	default:
		w.assert(verb, args)
	}
}

func (w *world) assert(verb string, args []string) {
	w.t.Helper()
	switch verb {
	case "now":
		w.settle(step)
		w.delivered(args)
	case "expect":
		w.settle(2 * time.Second)
		w.delivered(args)
	case "offset":
		if n := w.offset(args[0]); n != w.int(args[1]) {
			w.fail("is at %d", n)
		}
	case "loss":
		w.assertLoss(args)
	case "noloss":
		if len(w.lost) > 0 {
			w.fail("%+v", w.lost)
		}
	case "open":
		if n := len(w.f.files.open); int64(n) > w.int(args[0]) {
			w.fail("%d are open", n)
		}
	case "maybe":
		if n := len(w.maybe); int64(n) != w.int(args[0]) {
			w.fail("%+v may be lost", w.maybe)
		}
	case "tracks":
		n := 0
		for _, l := range w.f.all {
			n += len(l.files) + len(l.copies)
		}
		if int64(n) != w.int(args[0]) {
			w.fail("%d are known", n)
		}
	case "error":
		want := strings.Join(args, " ")
		if want == "none" != (w.err == nil) || w.err != nil && !strings.Contains(w.err.Error(), want) {
			w.fail("got %v", w.err)
		}
	default:
		w.fail("no such step")
	}
}

func (w *world) delivered(want []string) {
	w.t.Helper()
	got := w.got
	w.got = nil
	if diff := cmp.Diff(want, got, cmp.Transformer("spaces", func(s string) string { return strings.ReplaceAll(s, " ", "_") })); diff != "" && len(want)+len(got) > 0 {
		w.fail("-want +got\n%s\nlost %+v", diff, w.lost)
	}
}

func (w *world) assertLoss(args []string) {
	w.t.Helper()
	i := slices.IndexFunc(w.lost, func(l Loss) bool { return string(l.Reason) == args[0] })
	if i < 0 {
		w.fail("lost is %+v", w.lost)
	}
	l := w.lost[i]
	w.lost = slices.Delete(w.lost, i, i+1)
	if l.Bytes != w.int(args[1]) || len(args) > 2 && l.Lines != w.int(args[2]) {
		w.fail("lost is %+v", l)
	}
}

func (w *world) offset(name string) int64 {
	for _, s := range w.f.Marks().Sources {
		for _, f := range s.Files {
			if w.short(f.Path) == name {
				return f.Offset
			}
		}
	}
	return -1
}

func (w *world) int(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	w.check(err)
	return n
}

var _ = io.Discard
