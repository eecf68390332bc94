package frame

import "bytes"

// cri reads a record of a CRI runtime: `2026-11-20T10:22:54.417159105Z stderr F text`. The tag may
// go on behind a colon (`P:x`); what follows it is not defined yet, and ignored. Source:
// kubernetes/design-proposals-archive node/kubelet-cri-logging.md.
func (d *Decoder) cri(line []byte) bool {
	ns, n := d.clock.Parse(line)
	if n == 0 || len(line) < n+len(" stdout F") {
		return false
	}
	line = line[n:]
	stream := NoStream
	switch string(line[:len(" stdout ")]) {
	case " stdout ":
		stream = Stdout
	case " stderr ":
		stream = Stderr
	default:
		return false
	}
	line = line[len(" stdout "):]
	text, ok := criText(line)
	if !ok || line[0] != 'F' && line[0] != 'P' {
		return false
	}
	d.Piece = Piece{Text: text, Stream: stream, Time: ns, Partial: line[0] == 'P'}
	return true
}

// criText gives what follows the tag that b starts with. A writer that trims its lines leaves
// nothing behind the tag of an empty record.
func criText(b []byte) (text []byte, ok bool) {
	if len(b) == 1 {
		return nil, true
	}
	if b[1] == ' ' {
		return b[2:], true
	}
	if b[1] != ':' {
		return nil, false
	}
	if i := bytes.IndexByte(b, ' '); i >= 0 {
		return b[i+1:], true
	}
	return nil, true
}
