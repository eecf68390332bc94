package frame

import (
	"bytes"
	"fmt"
	"slices"
)

// Format is the framing of a file: what stands around the text that the program wrote.
type Format uint8

// The framings that are known.
const (
	Auto     Format = iota // found from the first lines of each file
	CRI                    // containerd, CRI-O: `time stream F|P text`
	Docker                 // json-file driver: {"log":…,"stream":…,"time":…}
	Raw                    // the text itself, perhaps behind a timestamp (kubectl logs --timestamps)
	Prefixed               // the text behind a viewer's prefix: stern, kubectl logs --prefix, k9s
	Logcli                 // logcli -o jsonl, and logcli's default output
	Loki                   // the JSON answer of Loki's query_range
	Stern                  // stern -o json
	Wrapped                // a JSON object around the line: exports, shippers, stern -o extjson
	CSV                    // a table with a column of lines: Grafana, Azure
)

var formatNames = [...]string{"auto", "cri", "docker", "raw", "prefixed", "logcli", "loki", "stern", "wrapped", "csv"}

// String gives the name that ParseFormat reads.
func (f Format) String() string { return formatNames[f] }

// Names are the names that ParseFormat reads.
func Names() []string { return slices.Clone(formatNames[:]) }

// ParseFormat is the inverse of String; it is meant for flags and configuration.
func ParseFormat(name string) (Format, error) {
	for i, n := range formatNames {
		if n == name {
			return Format(i), nil
		}
	}
	return Auto, fmt.Errorf("unknown log format %q: use one of %v", name, formatNames)
}

// MarshalText returns the name, for state that is saved.
func (f Format) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText is the inverse of MarshalText. A name that a newer version wrote is Auto: the
// framing is then found again.
func (f *Format) UnmarshalText(name []byte) error {
	*f, _ = ParseFormat(string(name))
	return nil
}

// sampleLines is how many lines that are not empty decide about the framing of a file.
const sampleLines = 20

// Sniff finds the framing of a file from its first bytes: what most of the first lines fit. A line
// that fits nothing counts as raw; between equals the framing wins that says more.
func Sniff(sample []byte) Format {
	if IsLoki(sample) {
		return Loki
	}
	first, _, _ := bytes.Cut(bytes.TrimLeft(sample, "\r\n "), newline)
	if tableHead(bytes.TrimRight(first, "\r")) {
		return CSV
	}
	var votes [len(formatNames)]int
	d := new(Decoder)
	for n := 0; n < sampleLines && len(sample) > 0; {
		line, rest, _ := bytes.Cut(sample, newline)
		sample = rest
		if line = bytes.Trim(line, "\r\x00"); len(line) > 0 && !d.heading(line) {
			votes[d.classify(line)]++
			n++
		}
	}
	best := Raw
	for _, f := range [...]Format{CRI, Docker, Logcli, Stern, Prefixed, Wrapped} {
		if votes[f] > votes[best] || best == Raw && votes[f] > 0 && votes[f] == votes[Raw] {
			best = f
		}
	}
	return best
}

// classify finds the framing of one line. It works on a copy, since decoding rewrites.
func (d *Decoder) classify(line []byte) Format {
	line = bytes.TrimSpace(clean(bytes.Clone(line)))
	switch {
	case len(line) == 0:
		return Raw
	case line[0] == '{':
		return d.classifyObject(line)
	case line[0] == '"' && d.quoted(line) && d.told():
		return Wrapped
	case d.cri(line):
		return CRI
	case d.logcliText(line):
		return Logcli
	}
	if i := bytes.IndexByte(line, '{'); i > 0 && !startsZap(line[i:]) && d.wrapper(line) && d.told() {
		return Wrapped
	}
	_, text := d.timestamp(line)
	if _, _, ok := cutPrefix(text); ok {
		return Prefixed
	}
	return Raw
}

// objectKeys are the keys without which a JSON line cannot be of that framing.
var objectKeys = [...]struct {
	format Format
	key    []byte
}{
	{Docker, []byte(`"log":`)},
	{Logcli, []byte(`"labels":`)},
	{Stern, []byte(`"podName":`)},
}

func (d *Decoder) classifyObject(line []byte) Format {
	if startsZap(line) {
		return Raw
	}
	for _, o := range objectKeys {
		if bytes.Contains(line, o.key) && framings[o.format].decode(d, line) {
			return o.format
		}
	}
	if d.wrapper(line) && d.told() {
		return Wrapped
	}
	return Raw
}

// told reports whether what wrapper found is a line of a controller, or has a time or a pod beside
// it: other objects with a key such as message are lines of their own.
func (d *Decoder) told() bool {
	return d.Piece.Time != 0 || d.Piece.Pod != "" || isLine(str(d.Piece.Text))
}

// startsZap reports whether a line begins as zap's JSON encoder begins one.
func startsZap(line []byte) bool {
	return bytes.HasPrefix(line, []byte(lineStart)) || bytes.HasPrefix(line, []byte(`{"ts":`))
}
