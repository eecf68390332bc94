package tail

// record is what one physical line holds once its framing is off.
type record struct {
	text    []byte
	stream  Stream
	time    int64
	pod     string
	partial bool // the next record of the same stream continues it
}

// decoder takes the framing off physical lines. It may rewrite the bytes of the line in place.
type decoder struct {
	clock clock
	rec   record            // what the last call found; its text points into the line
	names map[string]string // pod names seen, so that each is allocated once
}

// framings has one row per framing.
var framings = [...]struct {
	decode   func(d *decoder, line []byte) bool // false, and the line untouched, when it does not fit
	terminal bool                               // lines went through a terminal, which may have left colours
}{
	Auto:     {(*decoder).raw, true},
	CRI:      {(*decoder).cri, false},
	Docker:   {(*decoder).docker, false},
	Raw:      {(*decoder).raw, true},
	Prefixed: {(*decoder).prefixed, true},
	Logcli:   {(*decoder).logcli, true},
	Loki:     {(*decoder).none, true},
	Stern:    {(*decoder).stern, false},
}

// none fits no line: the values of a Loki answer do not come through lines.
func (d *decoder) none([]byte) bool { return false }

// maxNames bounds the names kept; a file with more of them starts over.
const maxNames = 1024

// name gives b as a string that is allocated only when it was not seen before.
func (d *decoder) name(b []byte) string {
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
