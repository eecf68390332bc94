package tail

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// The property test plays a writer, a kubelet and logrotate at random, with an oracle that knows
// for each piece of text where it lies and whether anybody could still read it.

// body is the content of one inode.
type body struct {
	name   string // "" when it has none
	pieces []*piece
	torn   *piece // written without its newline
	held   bool   // the Follower had a chance to open it
	packed bool
	copied bool // made before its original was written on: what is added makes it another text
}

// piece is a record, or one of the records that a line was split into.
type piece struct {
	id     int
	stream string
	line   []*piece // all pieces of its line, in order
	bodies map[*body]bool
	exempt bool // nobody has to deliver it
	unseen bool // was gone when a Follower started
	late   bool // came when the file may have been read and closed already
	whole  bool // its newline was written
}

func (p *piece) text() string { return fmt.Sprintf("<%d>", p.id) }

// oracle is a world with a memory.
type oracle struct {
	*world
	roll   func(n int) int // gives 0 to n-1, and decides everything
	names  []string        // logs that are written
	cri    bool
	bodies map[string]*body // by name
	all    []*piece
	open   map[string][]*piece // lines that have no end yet, by log and stream
	kept   int                 // length of got when the marks were saved
	trace  []string
	gentle bool // nothing is destroyed
}

func newOracle(t testing.TB, roll func(n int) int) *oracle {
	o := &oracle{world: newWorld(t), roll: roll, bodies: map[string]*body{}, open: map[string][]*piece{}}
	o.cfg.PartialAfter, o.cfg.ForgetAfter = 1<<50, 1<<50
	switch roll(4) {
	case 0:
		o.names = []string{"a.log"}
	case 1:
		o.names = []string{"a.log", "b.log", "c.log"}
	case 2:
		o.names, o.cri = []string{"P/0.log"}, true
	case 3:
		o.names, o.gentle = []string{"a.log", "b.log", "c.log"}, true
		o.cfg.MaxOpen = 8
	}
	o.fail = func(format string, args ...any) {
		t.Helper()
		state := ""
		if o.f != nil {
			state = dump(o.f)
		}
		t.Fatalf("%s\n%s\ngot %q\nlost %+v\n%s", fmt.Sprintf(format, args...), strings.Join(o.trace, "\n"), o.got, o.lost, state)
	}
	return o
}

// note writes down what is done, in the words of world.step.
func (o *oracle) note(format string, args ...any) {
	o.trace = append(o.trace, fmt.Sprintf(format, args...))
}

func (o *oracle) pick() string { return o.names[o.roll(len(o.names))] }

// rotated are the rotations of a log, newest first.
func (o *oracle) rotated(name string) (list []string) {
	for n := range o.bodies {
		if strings.HasPrefix(n, name+".") {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if a, b = strings.TrimSuffix(a, ".gz"), strings.TrimSuffix(b, ".gz"); len(a) != len(b) || len(a) < len(name)+4 {
			return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) // name.1 is the newest
		}
		return strings.Compare(b, a)
	})
	return list
}

// actions are what may happen, and how often.
var actions = []struct {
	weight  int
	destroy bool
	do      func(o *oracle)
}{
	{30, false, (*oracle).write},
	{6, false, (*oracle).tear},
	{10, false, (*oracle).rotate},
	{4, true, (*oracle).copyTruncate},
	{4, true, (*oracle).copyWriteTruncate},
	{3, true, (*oracle).truncate},
	{3, true, (*oracle).remove},
	{2, true, (*oracle).removeRotated},
	{6, false, (*oracle).compress},
	{2, false, (*oracle).replace},
	{4, false, (*oracle).lateWrite},
	{20, false, (*oracle).pollOnce},
	{12, false, (*oracle).readSome},
	{10, false, (*oracle).pollRead},
	{4, false, (*oracle).pass},
	{4, false, (*oracle).saveNow},
	{4, false, (*oracle).stopNow},
	{3, false, (*oracle).killNow},
	{12, false, (*oracle).startNow},
}

func (o *oracle) random() {
	sum := 0
	for _, a := range actions {
		sum += a.weight
	}
	n := o.roll(sum)
	for _, a := range actions {
		if n -= a.weight; n < 0 {
			if !a.destroy || !o.gentle {
				a.do(o)
			}
			return
		}
	}
}

// at is the content of a log, which is created when it is not there.
func (o *oracle) at(name string) *body {
	if o.bodies[name] == nil {
		o.bodies[name] = &body{name: name}
	}
	return o.bodies[name]
}

func (o *oracle) put(b *body, text string) {
	o.append(b.name, text)
	o.note("append %s %q", b.name, text)
}

// newPiece starts or continues a line.
func (o *oracle) newPiece(b *body, log, stream string) *piece {
	p := &piece{id: len(o.all), stream: stream, bodies: map[*body]bool{b: true}}
	key := log + stream
	o.open[key] = append(o.open[key], p)
	o.all = append(o.all, p)
	b.pieces = append(b.pieces, p)
	return p
}

func (o *oracle) endLine(log, stream string) {
	line := o.open[log+stream]
	for _, p := range line {
		p.line = line
	}
	o.open[log+stream] = nil
}

func (o *oracle) write() {
	log := o.pick()
	b := o.at(log)
	for range 1 + o.roll(4) {
		if b.torn != nil {
			o.put(b, "\n")
			b.torn.whole, b.torn = true, nil
			continue
		}
		o.record(b, log, o.roll(3) == 0, "\n")
	}
}

// record writes one record, as a piece of a line or its end.
func (o *oracle) record(b *body, log string, more bool, end string) *piece {
	if !o.cri {
		p := o.newPiece(b, log, "")
		o.put(b, strings.Repeat("x", o.roll(40))+p.text()+end)
		o.endLine(log, "")
		p.whole = end != ""
		return p
	}
	stream, tag := []string{"stdout", "stderr"}[o.roll(2)], "F"
	p := o.newPiece(b, log, stream)
	if more {
		tag = "P"
	} else {
		o.endLine(log, stream)
	}
	o.put(b, fmt.Sprintf("2026-11-20T10:22:54.%09dZ %s %s %s%s", p.id, stream, tag, p.text(), end))
	p.whole = end != ""
	return p
}

func (o *oracle) tear() {
	log := o.pick()
	b := o.at(log)
	if b.torn == nil {
		b.torn = o.record(b, log, false, "")
	}
}

// rename moves the name of a content.
func (o *oracle) rename(from, to string) {
	o.check(os.Rename(o.path(from), o.path(to)))
	b := o.bodies[from]
	b.name = to
	delete(o.bodies, from)
	o.bodies[to] = b
	o.note("mv %s %s", from, to)
}

// makeRoom frees the name of the youngest rotation, and gives it.
func (o *oracle) makeRoom(log string) string {
	if o.cri {
		o.stamps++
		return fmt.Sprintf("%s.20261120-%06d", log, o.stamps)
	}
	for _, name := range slices.Backward(o.rotated(log)) {
		n := 0
		rest := strings.TrimPrefix(name, log+".")
		_, err := fmt.Sscanf(rest, "%d", &n)
		o.check(err)
		o.rename(name, fmt.Sprintf("%s.%d%s", log, n+1, strings.TrimLeft(rest, "0123456789")))
	}
	return log + ".1"
}

func (o *oracle) rotate() {
	log := o.pick()
	b := o.bodies[log]
	if b == nil {
		return
	}
	if old := o.rotated(log); len(old) >= 4 {
		if o.gentle {
			return
		}
		o.unlink(old[len(old)-1])
	}
	o.rename(log, o.makeRoom(log))
	b.torn = nil // its writer never ends it
}

func (o *oracle) copyTruncate() {
	log := o.pick()
	b := o.bodies[log]
	if b == nil || o.cri {
		return
	}
	to := o.makeRoom(log)
	o.copy(log, to)
	o.note("cp %s %s", log, to)
	twin := &body{name: to, pieces: b.pieces}
	o.bodies[to] = twin
	for _, p := range b.pieces {
		p.bodies[twin] = true
	}
	o.empty(b)
}

// copyWriteTruncate has the writer, and perhaps the Follower, go on between the copy and the
// truncation.
func (o *oracle) copyWriteTruncate() {
	log := o.pick()
	b := o.bodies[log]
	if b == nil || o.cri || len(b.pieces) == 0 || b.torn != nil || o.f == nil {
		return
	}
	o.pollOnce() // two files that are found at the same time are two logs, however alike they are
	o.saveNow()
	to := o.makeRoom(log)
	o.copy(log, to)
	o.note("cp %s %s", log, to)
	copied := &body{name: to, pieces: slices.Clone(b.pieces), copied: true}
	o.bodies[to] = copied
	for _, p := range b.pieces {
		p.bodies[copied] = true
	}
	for range o.roll(4) {
		[]func(*oracle){(*oracle).pollOnce, (*oracle).pollRead, (*oracle).saveNow, (*oracle).startNow}[o.roll(4)](o)
	}
	if o.bodies[log] == b {
		o.record(b, log, false, "\n")
	}
	for range o.roll(4) {
		[]func(*oracle){(*oracle).pollOnce, (*oracle).pollRead, (*oracle).stopNow, (*oracle).startNow}[o.roll(4)](o)
	}
	o.empty(b)
}

func (o *oracle) truncate() {
	if b := o.bodies[o.pick()]; b != nil && !o.cri {
		o.empty(b)
	}
}

func (o *oracle) empty(b *body) {
	o.check(os.Truncate(o.path(b.name), 0))
	o.note("trunc %s 0", b.name)
	pieces := b.pieces
	b.pieces, b.torn = nil, nil
	o.destroyed(b, pieces, false)
}

func (o *oracle) remove() {
	if name := o.pick(); o.bodies[name] != nil {
		o.unlink(name)
	}
}

func (o *oracle) removeRotated() {
	if old := o.rotated(o.pick()); len(old) > 0 {
		o.unlink(old[len(old)-1])
	}
}

func (o *oracle) unlink(name string) {
	b := o.bodies[name]
	o.check(os.Remove(o.path(name)))
	o.note("rm %s", name)
	delete(o.bodies, name)
	b.name = ""
	o.destroyed(b, b.pieces, b.held && o.f != nil)
}

// destroyed takes a content off the disk. What lies nowhere else has to be delivered only when the
// Follower holds it.
func (o *oracle) destroyed(b *body, pieces []*piece, held bool) {
	got := o.delivered(len(o.got))
	for _, p := range pieces {
		delete(p.bodies, b)
		p.unseen = p.unseen || len(p.bodies) == 0 && o.f == nil
		if len(p.bodies) == 0 && (!held || p.late) && got[p.id] == 0 {
			p.exempt = true
		}
	}
}

// delivered counts how often each piece stands in the first n lines.
func (o *oracle) delivered(n int) map[int]int {
	count := map[int]int{}
	for _, line := range o.got[:n] {
		for _, id := range ids(line) {
			count[id]++
		}
	}
	return count
}

func ids(line string) (list []int) {
	for part := range strings.SplitSeq(line, "<") {
		id := 0
		if n, _ := fmt.Sscanf(part, "%d>", &id); n == 1 {
			list = append(list, id)
		}
	}
	return list
}

func (o *oracle) compress() {
	old := o.rotated(o.pick())
	if len(old) == 0 {
		return
	}
	name := old[o.roll(len(old))]
	b := o.bodies[name]
	if b.packed {
		return
	}
	o.gz(name)
	o.note("gz %s", name)
	packed := &body{name: name + ".gz", pieces: b.pieces, packed: true}
	o.bodies[packed.name] = packed
	delete(o.bodies, name)
	for _, p := range b.pieces {
		p.bodies[packed] = true
		delete(p.bodies, b)
	}
}

// replace puts a longer copy in the place of a log.
func (o *oracle) replace() {
	log := o.pick()
	b := o.bodies[log]
	if b == nil || o.cri || len(b.pieces) == 0 || b.torn != nil {
		return
	}
	n := &body{name: "new.tmp", pieces: slices.Clone(b.pieces)}
	o.copy(log, "new.tmp")
	o.note("cp %s new.tmp", log)
	o.record(n, log, false, "\n")
	o.check(os.Rename(o.path("new.tmp"), o.path(log)))
	o.note("mv new.tmp %s", log)
	n.name, b.name = log, ""
	o.bodies[log] = n
	for _, p := range b.pieces {
		p.bodies[n] = true
		delete(p.bodies, b)
	}
}

// lateWrite is a writer that was not told of the rotation yet.
func (o *oracle) lateWrite() {
	log := o.pick()
	old := o.rotated(log)
	if len(old) == 0 || o.cri || o.bodies[old[0]].packed || o.bodies[old[0]].copied || o.bodies[old[0]].torn != nil {
		return
	}
	b := o.bodies[old[0]]
	if n := len(b.pieces); n == 0 || b.pieces[n-1].whole {
		o.record(b, log, false, "\n").late = true
	}
}

func (o *oracle) pollOnce() {
	if o.f == nil {
		return
	}
	o.poll()
	if n := len(o.trace); n == 0 || o.trace[n-1] != "poll" {
		o.note("poll")
	}
	for _, b := range o.bodies {
		b.held = true
	}
}

func (o *oracle) readSome() {
	if o.f == nil || len(o.f.Live()) == 0 {
		return
	}
	l := o.f.Live()[o.roll(len(o.f.Live()))]
	n := o.roll(4)
	o.note("read %d of %s", n, o.short0(l))
	for range n {
		if l.Next() {
			o.take(l)
		}
	}
}

func (o *oracle) short0(l *Live) string { return l.Source().Name }

func (o *oracle) take(l *Live) {
	text := render(l.Line())
	o.got = append(o.got, text)
	o.note("  got %s", text)
}

func (o *oracle) pollRead() {
	o.pollOnce()
	if o.f == nil {
		return
	}
	for _, l := range o.f.Live() {
		for l.Next() {
			o.take(l)
		}
	}
}

func (o *oracle) pass() {
	for range 4 {
		o.pollOnce()
	}
}

func (o *oracle) saveNow() {
	if o.f != nil {
		o.save()
		o.kept = len(o.got)
		o.note("save %s", o.saved)
	}
}

func (o *oracle) stopNow() {
	if o.f != nil {
		o.saveNow()
		o.killNow()
	}
}

// killNow goes back to what was saved: whoever takes the lines keeps them together with the marks.
func (o *oracle) killNow() {
	if o.f == nil {
		return
	}
	o.stop()
	o.note("kill")
	o.got = o.got[:o.kept]
	got := o.delivered(o.kept)
	for _, p := range o.all {
		p.unseen = p.unseen || len(p.bodies) == 0
		p.exempt = p.exempt || p.unseen && got[p.id] == 0
	}
	for _, b := range o.bodies {
		b.held = false
	}
}

func (o *oracle) startNow() {
	if o.f == nil {
		o.start()
		o.note("start")
	}
}

// verify reads to the end and compares.
func (o *oracle) verify() {
	o.startNow()
	o.note("and on until nothing moves")
	o.f.cfg.PartialAfter = 10 * step
	for range 60 {
		o.pollRead()
	}
	got := o.delivered(len(o.got))
	for _, p := range o.all {
		if n := got[p.id]; n > 1 || n == 0 && !p.exempt && p.whole {
			o.fail("%s was delivered %d times", p.text(), n)
		}
	}
	o.verifyOrder()
	o.verifyWhole()
}

// verifyOrder demands that the pieces of one stream of one content come in their order.
func (o *oracle) verifyOrder() {
	pos := map[int]int{}
	for _, line := range o.got {
		for _, id := range ids(line) {
			pos[id] = len(pos)
		}
	}
	for _, b := range o.bodies {
		last := map[string]int{}
		for _, p := range b.pieces {
			if at, ok := pos[p.id]; ok && at < last[p.stream] {
				o.fail("%s came too early", p.text())
			} else if ok {
				last[p.stream] = at
			}
		}
	}
}

// verifyWhole demands that lines come in one when all of their pieces could be read. The beginning
// of a line whose end nobody saw may stand before it.
func (o *oracle) verifyWhole() {
	last := map[int]string{} // delivered lines, by their last piece
	for _, line := range o.got {
		if list := ids(line); len(list) > 0 {
			last[list[len(list)-1]] = strings.TrimLeft(line, "x")
		}
	}
	for _, p := range o.all {
		if p.line == nil || p.line[0] != p || o.maimed(p.line) {
			continue
		}
		want := ""
		for _, q := range p.line {
			want += q.text()
		}
		before, ok := strings.CutSuffix(last[p.line[len(p.line)-1].id], want)
		for _, id := range ids(before) {
			ok = ok && o.maimed(o.all[id].line)
		}
		if !ok {
			o.fail("%s did not come in one", want)
		}
	}
}

// maimed reports whether a part of a line may be missing, or something between its parts, which
// nobody can tell from the line.
func (o *oracle) maimed(line []*piece) bool {
	if line == nil {
		return true
	}
	first, last := line[0].id, line[len(line)-1].id
	return slices.ContainsFunc(o.all[first:last+1], func(p *piece) bool { return p.exempt || p.unseen || !p.whole })
}

// play runs a history and checks what came of it. In a drowsy one logs sleep whenever they may.
func play(t testing.TB, drowsy bool, steps int, roll func(n int) int, more func() bool) {
	o := newOracle(t, roll)
	o.drowsy = drowsy
	o.startNow()
	for ; steps > 0 && more(); steps-- {
		o.random()
	}
	o.verify()
	o.stop()
	o.check(os.RemoveAll(o.dir))
}

var histories = flag.Uint64("histories", 100, "how many random histories TestAnyHistory plays")

// TestAnyHistory plays random histories. Those that once failed are kept as seeds of FuzzFollower.
func TestAnyHistory(t *testing.T) {
	for seed := range *histories {
		rnd := rand.New(rand.NewPCG(seed, 7))
		var rolls []byte
		roll := func(n int) int {
			i := rnd.IntN(n)
			rolls = append(rolls, byte(i))
			return i
		}
		ok := t.Run("", func(t *testing.T) { play(t, seed%2 == 0, 30+roll(170), roll, func() bool { return true }) })
		if !ok {
			t.Fatalf("seed %d, for testdata/fuzz/FuzzFollower:\ngo test fuzz v1\n[]byte(%q)", seed, rolls)
		}
	}
}

// FuzzFollower plays any history: each byte is a choice.
func FuzzFollower(f *testing.F) {
	f.Fuzz(func(t *testing.T, choices []byte) {
		for _, drowsy := range []bool{false, true} {
			rest := choices
			roll := func(n int) int {
				if len(rest) == 0 {
					return 0
				}
				i := int(rest[0]) % n
				rest = rest[1:]
				return i
			}
			play(t, drowsy, 30+roll(170), roll, func() bool { return len(rest) > 0 })
		}
	})
}

// dump shows what a Follower thinks.
func dump(f *Follower) string {
	var b strings.Builder
	for _, l := range f.all {
		fmt.Fprintf(&b, "%s pending %d open %d refused %v asleep %v\n", l.src.Name, len(l.unended), l.open, l.refused, l.asleep)
		for _, f := range l.files {
			mark := " "
			if f == l.cur {
				mark = "*"
			}
			fmt.Fprintf(&b, " %s%s inode %d size %d read %d off %d place %d phase %d", mark, f.Path[len(f.Path)-min(len(f.Path), 30):], f.Ino, f.Size, f.Taken, f.Offset, f.place, f.Phase)
			for name, is := range map[string]bool{"open": f.handle != nil, "packed": f.packed(), "ended": f.ended, "doubtful": f.doubtful, "gap": f.gap} {
				if is {
					b.WriteString(" " + name)
				}
			}
			fmt.Fprintf(&b, " %v\n", f.part.Err)
		}
		for _, n := range l.copies {
			fmt.Fprintf(&b, "  copy %s inode %d size %d of %v\n", n.Path, n.Ino, n.Size, n.copyOf != nil)
		}
	}
	return b.String()
}
