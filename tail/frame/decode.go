package frame

// Stream is the output of the container that a line was written to.
type Stream uint8

// The streams that a framing can name; NoStream when it names none.
const (
	NoStream Stream = iota
	Stdout
	Stderr
)

// String returns the name that CRI and Docker use, "" for NoStream.
func (s Stream) String() string {
	return [...]string{"", "stdout", "stderr"}[s]
}

// StreamOf is the inverse of String. Any other name is NoStream.
func StreamOf(name []byte) Stream {
	switch string(name) {
	case "stdout":
		return Stdout
	case "stderr":
		return Stderr
	}
	return NoStream
}

// Piece is what one physical line holds once its framing is off: a whole line, or a piece of a
// longer one.
type Piece struct {
	Text    []byte // points into the physical line
	Stream  Stream
	Time    int64  // Unix nanoseconds, 0 when the framing has no time
	Pod     string // pod that a viewer's prefix or a label names, "" for none
	Partial bool   // the next piece of the same stream continues it
}

// Decoder takes the framing off physical lines. It may rewrite the bytes of the line in place.
// One goroutine at a time may use it; the zero value is ready.
type Decoder struct {
	Piece Piece   // what the last call found
	More  []Piece // what else a wrapper held; valid until the next call

	clock Clock
	names map[string]string // pod names seen, so that each is allocated once

	pieces  []Piece // of a wrapper
	table   table   // of a CSV file, once its first row was read
	section string  // pod whose lines follow, by a heading
}

// framings has one row per Format.
var framings = [...]struct {
	decode   func(d *Decoder, line []byte) bool
	terminal bool // lines went through a terminal, which may have left colours
	viewer   bool // the text may be wrapped: somebody put the lines together
}{
	Auto:     {(*Decoder).raw, true, true},
	CRI:      {(*Decoder).cri, false, false},
	Docker:   {(*Decoder).docker, false, false},
	Raw:      {(*Decoder).raw, true, true},
	Prefixed: {(*Decoder).prefixed, true, true},
	Logcli:   {(*Decoder).logcli, true, true},
	Loki:     {(*Decoder).none, true, false},
	Stern:    {(*Decoder).stern, false, false},
	Wrapped:  {(*Decoder).wrapper, true, false},
	CSV:      {(*Decoder).csv, true, false},
}

// Decode takes the framing f off the line and sets Piece, whose Text is empty where the line holds
// none. It returns false, and gives the line as it is, when the line does not fit the framing.
func (d *Decoder) Decode(f Format, line []byte) bool {
	d.More = nil
	if framings[f].terminal && d.heading(line) {
		return true
	}
	ok := framings[f].decode(d, line)
	switch text := d.Piece.Text; {
	case !ok && framings[f].viewer && d.behindWords(line, false):
		ok = true
	case !ok:
		d.Piece = Piece{Text: line}
	case framings[f].viewer && len(text) > 0 && text[0] == '{' && !startsZap(text):
		d.inside()
	}
	if d.section != "" && d.Piece.Pod == "" {
		d.Piece.Pod = d.section
	}
	return ok
}

// inside looks for lines in the object that Piece is.
func (d *Decoder) inside() {
	outer := d.Piece
	if Valid(outer.Text) && d.unwrap(string(outer.Text), false) {
		d.complete(outer.Time, outer.Pod)
		return
	}
	d.Piece, d.More = outer, nil
}

// Reset forgets what the beginning of a file told. Call it before the first line of another one.
func (d *Decoder) Reset() { d.table, d.section = table{}, "" }

// Clean removes, in place, what a terminal or a viewer's window added to a line of this Format.
func (f Format) Clean(line []byte) []byte {
	if framings[f].terminal {
		return clean(line)
	}
	return line
}

// none fits no line: the values of a Loki answer do not come through lines.
func (d *Decoder) none([]byte) bool { return false }

// maxNames bounds the pod names that are kept; a file with more of them starts over.
const maxNames = 1024

// name returns b as a string that is allocated only when it was not seen before.
func (d *Decoder) name(b []byte) string {
	if s, ok := d.names[string(b)]; ok {
		return s
	}
	if d.names == nil || len(d.names) >= maxNames {
		d.names = make(map[string]string)
	}
	s := string(b)
	d.names[s] = s
	return s
}
