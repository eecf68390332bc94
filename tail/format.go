package tail

import "fmt"

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
)

var formatNames = [...]string{"auto", "cri", "docker", "raw", "prefixed", "logcli", "loki", "stern"}

// String gives the name that ParseFormat reads.
func (f Format) String() string { return formatNames[f] }

// ParseFormat is the inverse of String; it is meant for flags and configuration.
func ParseFormat(name string) (Format, error) {
	for i, n := range formatNames {
		if n == name {
			return Format(i), nil
		}
	}
	return Auto, fmt.Errorf("unknown log format %q: use one of %v", name, formatNames)
}
