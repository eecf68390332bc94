package agent

import (
	"slices"
	"strings"
	"time"

	"fluxtrail/parse"
	"fluxtrail/tail"
)

// savedLine is a line that was read and not handed on, with what orders the next lines of its log.
// It is saved because the log's mark is behind the line.
type savedLine struct {
	Source tail.Source `json:"source"`
	Line   tail.Line   `json:"line"` // with Text only in the saved state
	At     tail.Place  `json:"at"`
	Near   int64       `json:"near"` // time of the line before, for lines without a time of their own
	Key    int64       `json:"key"`  // what lines are ordered by: it never goes back within a log
	Full   bool        `json:"full"` // there is a line
}

// lookahead is the next line of one log: read, but not handed on. It is a copy, because the lane
// may look at the disk before the line's turn comes.
type lookahead struct {
	savedLine
	index  int32 // see source
	merger *merger
	group  *group
	live   *tail.Live // nil for a log that is gone and left a line behind
	text   []byte     // of the line; see merger.raw
	rec    parse.Record
	when   int64 // the record's time, or when it was written if that cannot be
	file   int32 // the number that trail gave to the line's file

	batch      int64 // bytes that the log has in the batch
	batchSince int64 // time of the first of their lines
	before     *restingPlace
}

// restingPlace is where a log stood before its first line in the batch: what is saved of it as long
// as the batch waits.
type restingPlace struct {
	marks tail.Marks
	line  savedLine
}

// rest notes where the log stands, before its line leaves it for the batch.
func (x *lookahead) rest() {
	if x.before != nil {
		return
	}
	x.before = &restingPlace{line: x.save()}
	if len(x.text) <= longLine { // that of a longer one is not written to again
		x.before.line.Line.Text = slices.Clone(x.before.line.Line.Text)
	}
	if x.live != nil {
		x.before.marks = x.live.Marks()
	}
}

// tooFar is how far ahead of the clock a line's time may be.
const tooFar = int64(time.Minute)

// earlier orders logs by their next line, and at equal times by name, as replay orders its sources.
func earlier(a, b *lookahead) bool {
	if a.Key != b.Key {
		return a.Key < b.Key
	}
	return a.Source.Name < b.Source.Name
}

func (x *lookahead) log() source { return source{x.Source, x.index} }

// advance reads the log's next line. A log that has none for long, such as one with a hole where it
// was cut short, looks as if it were at its end until the next call of merger.read.
func (x *lookahead) advance() bool {
	if x.live == nil {
		return false
	}
	for m := x.merger; !x.live.Next(); m.patience-- {
		if !x.live.Behind() {
			return false
		}
		if m.patience <= 0 {
			m.behind = true
			return false
		}
	}
	line := x.live.Line()
	if cap(x.text) > longLine {
		x.text = nil
	}
	x.Line, x.Line.Text = *line, nil
	x.Line.Pod = strings.Clone(x.merger.secrets.String(line.Pod)) // part of the line, too
	x.At = x.live.Place()
	x.text = x.merger.take(x.text, x.live)
	x.merger.ahead += len(x.text)
	if len(x.text) > longLine {
		x.live.Drop()
	}
	x.parse()
	return true
}

// longLine is the length of a line from which its memory is not kept for the next.
const longLine = 64 << 10

// parse makes the record of the line. A time that is ahead of the clock was written by a wrong
// clock; the time of the framing, or now, stands for it.
func (x *lookahead) parse() {
	if x.Line.Time != 0 {
		x.Near = x.Line.Time
	}
	parse.Parse(x.text, x.Near, &x.rec)
	if x.rec.Time == 0 {
		x.rec.Time = x.Near
	}
	x.when = x.rec.Time
	if now := x.merger.now; now != 0 {
		if x.when > now+tooFar {
			if x.when = now; x.Line.Time != 0 {
				x.when = min(x.Line.Time, now)
			}
		}
		if x.Key > now+tooFar { // the clock was ahead, and was set back
			x.Key = 0
		}
	}
	x.Near, x.Key, x.Full = x.when, max(x.Key, x.when), true
}

// save is the part to save: the line with its text, without what is found again on the disk.
func (x *lookahead) save() savedLine {
	s := x.savedLine
	s.Source.Files, s.At.File.Compression = nil, 0
	if x.Full {
		s.Line.Text = x.merger.clean(x.text)
	} else {
		s.Line = tail.Line{}
	}
	return s
}

func (x *lookahead) restore(s savedLine) {
	x.savedLine = s
	if s.Full {
		x.text, x.Line.Text = s.Line.Text, nil
		x.merger.ahead += len(x.text)
		x.parse()
	}
}
