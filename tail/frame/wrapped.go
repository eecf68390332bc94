package frame

import (
	"bytes"
	"time"

	"github.com/tidwall/gjson"
)

// logcli reads a line of `logcli -o jsonl` ({"labels":{…},"line":"…","timestamp":"…"}) or of
// logcli's default output (`2026-11-20T10:22:54Z {app="…"} text`).
func (d *Decoder) logcli(line []byte) bool {
	if len(line) == 0 || line[0] != '{' {
		return d.logcliText(line)
	}
	if !Valid(line) {
		return false
	}
	f := gjson.GetManyBytes(line, "line", "timestamp", "labels")
	if f[0].Type != gjson.String || f[1].Type != gjson.String {
		return false
	}
	d.wrapped([]byte(f[0].Str), unixNano(f[1].Str), f[2])
	return true
}

func unixNano(stamp string) int64 {
	t, err := time.Parse(time.RFC3339Nano, stamp)
	if err != nil {
		return 0
	}
	return t.UnixNano()
}

// wrapped sets the record from a text that Loki kept, and the labels of its stream.
func (d *Decoder) wrapped(text []byte, ns int64, labels gjson.Result) {
	text = bytes.TrimRight(text, "\r\n")
	d.Piece = Piece{Text: text, Time: ns, Stream: StreamOf([]byte(labels.Get("stream").Str))}
	if pod := labels.Get("pod").Str; pod != "" {
		d.Piece.Pod = d.name([]byte(pod))
	}
}

// logcliText reads logcli's default output. Streams whose labels are all common print `{}`.
func (d *Decoder) logcliText(line []byte) bool {
	ns, n := d.clock.Parse(line)
	if n == 0 || len(line) < n+3 || line[n] != ' ' {
		return false
	}
	labels, ok := labelSet(line[n+1:])
	if !ok {
		return false
	}
	text := bytes.TrimLeft(line[n+1+len(labels):], " \t")
	d.Piece = Piece{Text: text, Time: ns, Stream: StreamOf(label(labels, "stream"))}
	if pod := label(labels, "pod"); len(pod) > 0 {
		d.Piece.Pod = d.name(pod)
	}
	return true
}

// labelSet gives the label set `{name="value", …}` that b starts with. A JSON object is none: its
// names are quoted.
func labelSet(b []byte) (set []byte, ok bool) {
	if len(b) < 2 || b[0] != '{' || b[1] == '"' {
		return nil, false
	}
	quoted := false
	for i := 1; i < len(b); i++ {
		switch {
		case quoted && b[i] == '\\':
			i++
		case b[i] == '"':
			quoted = !quoted
		case !quoted && b[i] == '}':
			return b[:i+1], i == 1 || bytes.IndexByte(b[:i], '=') > 0
		}
	}
	return nil, false
}

// label gives the value of one label of a set.
func label(set []byte, name string) []byte {
	for _, before := range [...]string{"{", ", ", ","} {
		_, value, ok := bytes.Cut(set, []byte(before+name+`="`))
		if !ok {
			continue
		}
		value, _, _ = bytes.Cut(value, []byte{'"'})
		return value
	}
	return nil
}

// stern reads a line of `stern -o json`.
func (d *Decoder) stern(line []byte) bool {
	if !Valid(line) {
		return false
	}
	f := gjson.GetManyBytes(line, "message", "podName")
	if f[0].Type != gjson.String || f[1].Type != gjson.String {
		return false
	}
	ns, text := d.timestamp(bytes.TrimRight(clean([]byte(f[0].Str)), "\r\n"))
	d.Piece = Piece{Text: text, Time: ns, Pod: d.name([]byte(f[1].Str))}
	return true
}
