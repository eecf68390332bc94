package replay

import (
	"time"

	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/tail"
)

// batch is consecutive records of one stream with the memory that they point into. It is reused.
type batch struct {
	// text has the lines, one behind the other. When a line is longer than all of it, the records
	// before keep the memory that it was.
	text []byte
	recs []parse.Record
	at   []derive.Place
}

const (
	batchLines = 512
	maxBatch   = 256 << 10
	minBatch   = 16 << 10
)

func newBatch(size int) *batch {
	return &batch{text: make([]byte, 0, size), recs: make([]parse.Record, 0, batchLines)}
}

// room reports whether a line fits in.
func (b *batch) room(text []byte) bool {
	return len(b.recs) < batchLines && len(b.text)+len(text) <= cap(b.text)
}

func (b *batch) reset() {
	b.text, b.recs, b.at = b.text[:0], b.recs[:0], b.at[:0]
}

// fileStats is what a stream finds out of a file beyond what the reader counts.
type fileStats struct {
	tail.FileStat
	records, unparsed int64
	order             string // how the lines were put in order, "" for not at all
	firstUnparsed     int64  // line number
	first, last       int64  // times of the first and last record
	apart             bool   // the log is not believed: its records are not of the window
}

// count counts a record and its time.
func (f *fileStats) count(rec *parse.Record, line int64) {
	if rec.Bad != parse.BadNone {
		f.unparsed++
		if f.firstUnparsed == 0 {
			f.firstUnparsed = line
		}
		return
	}
	f.records++
	if rec.Time == 0 {
		return
	}
	if f.first == 0 || rec.Time < f.first {
		f.first = rec.Time
	}
	f.last = max(f.last, rec.Time)
}

// tooFar is how far a line's time may be ahead of when it was written, as its framing tells. One
// that is farther was written by no clock: everything else would be long overdue by it.
const tooFar = int64(time.Minute)

// parse adds a line to the batch and returns its time, which the next line may need.
func (s *stream) parse(b *batch, line *tail.Line, file int, near int64) int64 {
	start := len(b.text)
	b.text = append(b.text, line.Text...)
	text := b.text[start:len(b.text):len(b.text)]
	b.recs = b.recs[:len(b.recs)+1]
	rec := &b.recs[len(b.recs)-1] // what a former batch left in it is overwritten
	if line.Time != 0 {
		near = line.Time
	}
	parse.Parse(text, near, rec)
	if rec.Time == 0 || line.Time != 0 && rec.Time > line.Time+tooFar {
		rec.Time = near
	}
	b.at = append(b.at, derive.Place{
		Source: s.index, File: s.base + int32(file), Line: line.Num, Offset: line.Offset, Text: text, Pod: line.Pod,
	})
	s.stats[file].count(rec, line.Num)
	s.checkOrder(rec.Time)
	return rec.Time
}

// checkOrder finds out whether time goes back. In the kubelet's layout the order of the lines is
// true whatever the clock said.
func (s *stream) checkOrder(at int64) {
	if at < s.latest-slack && !s.sort && s.src.UID == "" {
		s.disorder = true
	}
	s.latest = max(s.latest, at)
}
