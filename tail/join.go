package tail

import "bytes"

// queued is a Line that is ready before its turn, or that only the end of the file set free.
type queued struct {
	line Line
	part *part // where it begins
}

// pending is a record of one stream whose end has not come yet.
type pending struct {
	text capped
	at   queued // position, time and stream of the first piece
	open bool
}

// streams is how many of them there are.
const streams = 3

// start begins a record with the place of its first piece.
func (p *pending) start(at queued, maxLine int) {
	p.at, p.open = at, true
	p.text.reset(maxLine)
}

// finish gives the record as far as it came.
func (p *pending) finish() queued {
	p.open = false
	p.at.line.Text = p.text.finish()
	p.at.line.Cut = p.at.line.Cut || p.text.cut > 0
	return p.at
}

// before reports whether q stands before other in the Source.
func (q queued) before(other queued) bool {
	if q.part != other.part {
		return q.part.index < other.part.index
	}
	return q.line.Num < other.line.Num
}

const (
	maxPrettyLines = 1000
	maxPrettyBytes = 1 << 20
)

// pretty collects the lines of one pretty-printed JSON object: logs in documentation and issues
// are pasted like that.
type pretty struct {
	lines []queued // Text of each is set when they are released
	ends  []int    // where each line ends in buf
	buf   []byte
}

func (p *pretty) active() bool { return len(p.lines) > 0 }

// add keeps one more line of the object.
func (p *pretty) add(q queued) {
	p.buf = append(p.buf, q.line.Text...)
	p.lines = append(p.lines, q)
	p.ends = append(p.ends, len(p.buf))
}

// fits reports whether text can be the next line of the object, within the limits. Inside an
// object nothing at the beginning of a line opens another one.
func (p *pretty) fits(text []byte, maxLine int) bool {
	return text[0] != '{' && len(p.lines) < maxPrettyLines && len(p.buf)+len(text) <= min(maxPrettyBytes, maxLine)
}

// join makes one line of them. White space around a line stands between JSON tokens, so it can go.
func (p *pretty) join() queued {
	whole, w, start := p.lines[0], 0, 0
	whole.line.Rows = 0
	for i, end := range p.ends {
		whole.line.Rows += p.lines[i].line.Rows
		w += copy(p.buf[w:], bytes.TrimSpace(p.buf[start:end]))
		start = end
	}
	whole.line.Text = p.buf[:w]
	p.lines, p.ends, p.buf = p.lines[:0], p.ends[:0], p.buf[:0]
	return whole
}

// release gives the lines one by one, when they turned out to be no object.
func (p *pretty) release(queue []queued) []queued {
	start := 0
	for i, q := range p.lines {
		q.line.Text = p.buf[start:p.ends[i]]
		queue = append(queue, q)
		start = p.ends[i]
	}
	p.lines, p.ends, p.buf = p.lines[:0], p.ends[:0], nil
	return queue
}
