package agent

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fluxtrail/parse/redact"
	"fluxtrail/tail"
	"fluxtrail/tail/merge"
)

// source is a log as the lanes know it.
type source struct {
	tail.Source
	index int32 // from 0, in the order in which this process saw the logs first
}

// merger reads one line of each log ahead and hands lines on in the order of time, as far as that
// is known: of the next lines of all logs of a group, the oldest comes first. A log that is at its
// end does not hold the others back. With a single group this is the order in which replay reads.
// Several groups take turns, so that the backlog of one does not hold up the others.
type merger struct {
	logs     map[string]*lookahead
	restored map[string]savedLine // read ahead by an earlier process, of logs that were not seen yet
	groups   map[string]*group
	turns    []*group     // those with lines, by name
	turn     int          // which of them is next
	name     string       // its name
	given    int          // bytes of lines that it gave in this turn
	count    int32        // of logs seen
	batched  []*lookahead // with lines in the batch, or waiting

	budget int // bytes of lines that are read ahead, over all logs; 0 for no bound
	ahead  int // bytes that are

	patience int  // how many more reads without a line there may be until read is called again
	behind   bool // a log has more to read, and had no line for so long that others go first

	secrets *redact.Redactor
	raw     bool  // lines are handed on with their secrets: the job redacts what it keeps
	now     int64 // what the clock shows, to tell times that cannot be; 0 to believe all times
}

// group is logs whose lines are wanted in the order of time.
type group struct {
	name  string
	queue *merge.Queue[*lookahead]
}

// turnBytes is how much a group gives before it is another's turn.
const turnBytes = 32 << 10

// patience is how many reads of a megabyte may have no line before other logs, the disk, and who
// wants the lane to stop have their turn: less than a tenth of a second.
const patience = 64

func newMerger(saved []savedLine, secrets *redact.Redactor) *merger {
	m := &merger{
		logs: map[string]*lookahead{}, restored: map[string]savedLine{}, groups: map[string]*group{}, secrets: secrets,
	}
	for _, s := range saved {
		m.restored[s.Source.Name] = s
	}
	return m
}

// logs is told which logs there are.
type logs interface {
	// addLog is called for each log before its first line.
	addLog(source)
	// group names the logs whose lines are wanted in the order of time. Other groups take turns.
	group(source) string
	// removeLog is called for a log that is gone, after its last line was handed on.
	removeLog(source)
	// waits reports whether lines of the log with this source.index that were handed on wait for
	// their delivery, while those of others do not. Until they are delivered the log is not read.
	waits(int32) bool
}

// sync takes over the logs that there are now.
func (m *merger) sync(lives []*tail.Live, to logs) {
	there := make(map[string]bool, len(lives))
	for _, live := range lives {
		src := live.Source()
		there[src.Name] = true
		x := m.logs[src.Name]
		if x == nil {
			x = m.add(src, to)
		}
		x.live, x.Source = live, src
	}
	for _, s := range m.restored {
		m.add(s.Source, to)
	}
	for name, x := range m.logs {
		if !there[name] {
			x.live = nil
		}
	}
}

// add begins a log, with the line that was read ahead of it by an earlier process if there is one.
func (m *merger) add(src tail.Source, to logs) *lookahead {
	x := &lookahead{savedLine: savedLine{Source: src}, index: m.count, merger: m}
	m.count++
	m.logs[src.Name] = x
	if s, ok := m.restored[src.Name]; ok {
		delete(m.restored, src.Name)
		x.restore(s)
	}
	to.addLog(x.log())
	name := to.group(x.log())
	if m.groups[name] == nil {
		m.groups[name] = &group{name, merge.New(earlier)}
	}
	x.group = m.groups[name]
	return x
}

// read reads one line of each log that has none ready. It reports whether all logs are at their end
// and none waits.
func (m *merger) read(to logs) (quiet bool) {
	for _, g := range m.groups {
		g.queue.Clear()
	}
	m.turns, m.patience, m.behind = m.turns[:0], patience, false
	quiet = m.fits()
	for name, x := range m.logs {
		switch {
		case to.waits(x.index):
			quiet = false
		case x.Full, m.fits() && x.advance():
			quiet = false
			if x.group.queue.Len() == 0 {
				m.turns = append(m.turns, x.group)
			}
			x.group.queue.Push(x)
		case x.live == nil:
			delete(m.logs, name)
			to.removeLog(x.log())
		}
	}
	byName := func(g *group, name string) int { return strings.Compare(g.name, name) }
	slices.SortFunc(m.turns, func(a, b *group) int { return byName(a, b.name) })
	m.turn, _ = slices.BinarySearchFunc(m.turns, m.name, byName)
	return quiet && !m.behind
}

// take copies the current line of a log into memory that is used again, or has that of a long one
// for itself, without its secrets unless lines are wanted raw.
func (m *merger) take(into []byte, live *tail.Live) []byte {
	clean, secrets := live.Line().Text, 0
	if !m.raw {
		clean, secrets = m.secrets.Bytes(into, clean)
	}
	switch {
	case secrets > 0:
		return clean
	case len(clean) > longLine:
		return live.Own()
	}
	return append(into[:0], clean...)
}

// clean is a line that was taken, as it may be saved.
func (m *merger) clean(line []byte) []byte {
	if m.raw {
		line, _ = m.secrets.Bytes(nil, line)
	}
	return line
}

// fits reports whether one more log may be read ahead. One that may not looks as if it were at its
// end until others have given theirs: memory comes before the order of time.
func (m *merger) fits() bool { return m.budget == 0 || m.ahead < m.budget }

// next is the oldest line of the group whose turn it is, nil when all logs are at their end. It is
// valid until the next call of next or read.
func (m *merger) next() *lookahead {
	for len(m.turns) > 0 {
		if m.given >= turnBytes {
			m.turn, m.given = m.turn+1, 0
		}
		if m.turn >= len(m.turns) {
			m.turn = 0
		}
		g := m.turns[m.turn]
		if m.name = g.name; g.ready() {
			return g.queue.First()
		}
		m.turns, m.given = slices.Delete(m.turns, m.turn, m.turn+1), 0
	}
	return nil
}

// ready reports whether the group has a line, which is then that of the first log.
func (g *group) ready() bool {
	if g.queue.Len() > 0 && !g.queue.First().Full {
		if g.queue.First().advance() {
			g.queue.Fix()
		} else {
			g.queue.Drop()
		}
	}
	return g.queue.Len() > 0
}

// taken says that the line that next gave is in the batch.
func (m *merger) taken() {
	x := m.turns[m.turn].queue.First()
	x.Full = false
	m.ahead -= len(x.text)
	m.given += len(x.text)
	if x.batchSince == 0 { // the first one; an empty line has no bytes
		x.batchSince = x.when
		m.batched = append(m.batched, x)
	}
	x.batch += int64(len(x.text))
	if len(x.text) > longLine {
		x.text = nil
	}
}

// delivered says that the batch is where it belongs, but for the lines of logs that wait.
func (m *merger) delivered(to logs) {
	m.batched = slices.DeleteFunc(m.batched, func(x *lookahead) bool {
		if to.waits(x.index) {
			return false
		}
		x.batch, x.batchSince, x.before = 0, 0, nil
		return true
	})
}

// lag is what of a log was read and not delivered.
func (m *merger) lag(log string) (lag tail.Lag) {
	x := m.logs[log]
	if x == nil {
		return lag
	}
	since := x.batchSince
	if lag.Bytes = x.batch; x.Full {
		lag.Bytes += int64(len(x.text))
		since = cmp.Or(since, x.when)
	}
	if since != 0 {
		lag.Since = time.Unix(0, since)
	}
	return lag
}

// marks are those of a follower, for logs that wait as they were before the lines that wait.
func (m *merger) marks(now tail.Marks) tail.Marks {
	for _, x := range m.logs {
		if x.before != nil {
			now = now.Replace(x.before.marks)
		}
	}
	return now
}

// save is what has to be kept with the marks, by name.
func (m *merger) save() []savedLine {
	out := make([]savedLine, 0, len(m.logs)+len(m.restored))
	for _, x := range m.logs {
		if x.before != nil {
			out = append(out, x.before.line)
		} else {
			out = append(out, x.save())
		}
	}
	for _, s := range m.restored {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b savedLine) int { return strings.Compare(a.Source.Name, b.Source.Name) })
	return out
}
