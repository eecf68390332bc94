package frame

import "bytes"

// raw reads a line that has no framing of its own. Pieces of other files get concatenated, so a
// CRI record is still recognised, and a timestamp put in front by `kubectl logs --timestamps`
// becomes the line's time.
func (d *Decoder) raw(line []byte) bool {
	if len(line) > 0 && line[0] >= '0' && line[0] <= '9' {
		if d.cri(line) {
			return true
		}
		ns, text := d.timestamp(line)
		d.Piece = Piece{Text: text, Time: ns}
		return true
	}
	d.Piece = Piece{Text: line}
	return true
}

// timestamp takes a viewer's timestamp off the line: RFC 3339 and exactly one space. zap's console
// encoder starts its lines with a timestamp too, but puts a tab and the level behind it; that one
// belongs to the text.
func (d *Decoder) timestamp(line []byte) (ns int64, text []byte) {
	ns, n := d.clock.Parse(line)
	if n == 0 || len(line) == n || line[n] != ' ' {
		return 0, line
	}
	text = line[n+1:]
	if len(text) > 0 && (text[0] == ' ' || text[0] == '\t') || consoleLevel(text) || beginsFluxEntry(line) {
		return 0, line
	}
	return ns, text
}

// consoleLevels are the levels as zap's console encoder writes them, for pasted lines whose tabs
// became a space.
var consoleLevels = map[string]bool{
	"INFO": true, "ERROR": true, "DEBUG": true, "TRACE": true, "WARN": true, "DPANIC": true, "PANIC": true, "FATAL": true,
}

func consoleLevel(text []byte) bool {
	word, _, _ := bytes.Cut(text, space)
	word, _, _ = bytes.Cut(word, []byte{'\t'})
	return consoleLevels[string(word)] || bytes.HasPrefix(word, []byte("LEVEL("))
}

const escape = 0x1b

// clean removes, in place, what a terminal added: colours, and the frame of a k9s window.
func clean(line []byte) []byte {
	if bytes.IndexByte(line, escape) >= 0 {
		line = stripEscapes(line)
	}
	if len(line) > 0 && (line[0] == frame[0] || line[0] == ' ') {
		line = stripFrame(line)
	}
	return line
}

var frame = []byte("│")

// stripFrame takes the border off a line copied from a window; other lines keep their indentation.
func stripFrame(line []byte) []byte {
	inside, ok := bytes.CutPrefix(bytes.TrimLeft(line, " "), frame)
	if !ok {
		return line
	}
	return bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimRight(inside, " "), frame))
}

// stripEscapes removes ANSI escape sequences in place.
func stripEscapes(b []byte) []byte {
	w := 0
	for r := 0; r < len(b); {
		if b[r] == escape {
			r += escapeLen(b[r:])
			continue
		}
		b[w] = b[r]
		w, r = w+1, r+1
	}
	return b[:w]
}

// escapeLen is the length of the escape sequence that b starts with (ECMA-48: CSI parameters and
// final byte, OSC up to BEL or ST, else two bytes). An unfinished one ends with the line.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return len(b)
	}
	switch b[1] {
	case '[':
		for i := 2; i < len(b); i++ {
			if b[i] >= 0x40 && b[i] <= 0x7e {
				return i + 1
			}
		}
		return len(b)
	case ']':
		for i := 2; i < len(b); i++ {
			if b[i] == '\a' {
				return i + 1
			}
			if b[i] == escape && i+1 < len(b) {
				return i + 2
			}
		}
		return len(b)
	}
	return 2
}
