package frame

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// dockerPiece is where the driver splits: a shorter piece without a newline is the last of a stream
// that ended, or no piece of Docker's.
const dockerPiece = 16 << 10

var (
	dockerHead   = []byte(`{"log":"`)
	dockerStream = []byte(`","stream":"`)
	dockerTime   = []byte(`","time":"`)
)

// docker reads a record of Docker's json-file driver. The driver splits at 16 KiB; only the last
// piece ends in a newline (moby daemon/logger/jsonfilelog and daemon/logger/copier.go).
func (d *Decoder) docker(line []byte) bool {
	log, stream, stamp, ok := dockerFields(line)
	if !ok {
		log, stream, stamp, ok = dockerAnyOrder(line)
	}
	if !ok {
		return false
	}
	ns, _ := d.clock.Parse(stamp)
	text := unescape(log)
	whole := bytes.HasSuffix(text, newline)
	if whole {
		text = bytes.TrimSuffix(text[:len(text)-1], []byte{'\r'})
	} else if len(text) < dockerPiece && Valid(text) && text[0] == '{' {
		whole = true // shippers such as Fluent Bit take the newline off
	}
	d.Piece = Piece{Text: text, Stream: StreamOf(stream), Time: ns, Partial: !whole}
	return true
}

// dockerFields takes the record apart in the order and spacing that the driver writes. Nothing
// inside a JSON string can look like the end of the record, because its quotes are escaped.
func dockerFields(line []byte) (log, stream, stamp []byte, ok bool) {
	body, ok := bytes.CutSuffix(line, []byte(`"}`))
	if !ok || !bytes.HasPrefix(body, dockerHead) {
		return nil, nil, nil, false
	}
	t := bytes.LastIndex(body, dockerTime)
	if t < 0 {
		return nil, nil, nil, false
	}
	s := bytes.LastIndex(body[:t], dockerStream)
	if s < len(dockerHead) {
		return nil, nil, nil, false
	}
	log = body[len(dockerHead):s]
	stream = body[s+len(dockerStream) : t]
	return log, stream, body[t+len(dockerTime):], bytes.IndexByte(stream, '"') < 0
}

// dockerAnyOrder reads records that something else wrote: other spacing, order, or more keys
// (attrs).
func dockerAnyOrder(line []byte) (log, stream, stamp []byte, ok bool) {
	if !Valid(line) {
		return nil, nil, nil, false
	}
	f := gjson.GetManyBytes(line, "log", "stream", "time")
	if f[0].Type != gjson.String || f[2].Type != gjson.String {
		return nil, nil, nil, false
	}
	if foreign(line) {
		return nil, nil, nil, false
	}
	raw := []byte(f[0].Raw)
	return raw[1 : len(raw)-1], []byte(f[1].Str), []byte(f[2].Str), true
}

// foreign reports whether a record has keys that the driver does not write: then somebody else
// wrote it, and its log is a whole line.
func foreign(line []byte) bool {
	found := false
	gjson.ParseBytes(line).ForEach(func(key, _ gjson.Result) bool {
		switch key.Str {
		case "log", "stream", "time", "attrs":
		default:
			found = true
		}
		return !found
	})
	return found
}
