package loki

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"fluxtrail/tail/frame"
)

// podLabels and containerLabels name the pod and the container, by the custom of various shippers.
var (
	podLabels       = []string{"pod", "pod_name", "k8s_pod_name", "kubernetes_pod_name"}
	containerLabels = []string{"container", "container_name", "k8s_container_name", "kubernetes_container_name"}
)

// entry is one line that Loki keeps.
type entry struct {
	at     int64
	prefix string // as kubectl logs --prefix writes it
	text   string
}

// decoder makes entries of answers. It keeps the prefixes of the streams that it has seen.
type decoder struct {
	prefixes map[string]string // by the labels as Loki wrote them
	cri      frame.Decoder
}

// maxPrefixes bounds them: structured metadata makes streams of single lines.
const maxPrefixes = 4096

// entries returns what an answer has, in the order of time; lines of one instant are in the order
// of their streams, and in a stream in that of the answer.
func (d *decoder) entries(answer []byte, into []entry) ([]entry, error) {
	data := gjson.GetBytes(answer, "data")
	if kind := data.Get("resultType").Str; kind != "streams" {
		return nil, fmt.Errorf("the answer is of type %q: want a query that selects lines", kind)
	}
	var bad error
	streams := data.Get("result").Array()
	slices.SortFunc(streams, func(a, b gjson.Result) int { return cmp.Compare(labels(a), labels(b)) })
	for _, stream := range streams {
		prefix := d.prefix(stream.Get("stream"))
		stream.Get("values").ForEach(func(_, value gjson.Result) bool {
			at, err := strconv.ParseInt(value.Get("0").Str, 10, 64)
			if err != nil {
				bad = fmt.Errorf("the time %q of a line is none", value.Get("0").Raw)
			}
			into = append(into, entry{at, prefix, value.Get("1").Str})
			return err == nil
		})
	}
	slices.SortStableFunc(into, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	return into, bad
}

func labels(stream gjson.Result) string { return stream.Get("stream").Raw }

// prefix names the pod and the container.
func (d *decoder) prefix(set gjson.Result) string {
	if prefix, ok := d.prefixes[set.Raw]; ok {
		return prefix
	}
	if d.prefixes == nil || len(d.prefixes) >= maxPrefixes {
		d.prefixes = map[string]string{}
	}
	pod, container := firstOf(set, podLabels), firstOf(set, containerLabels)
	prefix := fmt.Sprintf("[pod/%s/%s] ", name(pod), name(container))
	d.prefixes[strings.Clone(set.Raw)] = prefix
	return prefix
}

func firstOf(set gjson.Result, names []string) string {
	for _, n := range names {
		if v := set.Get(n).Str; v != "" {
			return v
		}
	}
	return ""
}

// name takes out of a name what would end the prefix early.
func name(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == ']' || r == '/' {
			return -1
		}
		return r
	}, s)
}

// write writes an entry as kubectl logs --prefix --timestamps does, with prefix and time before
// each line of a text of several. Shippers that do not parse what the runtime wrote leave its
// framing in the text; its time is the line's own.
func (d *decoder) write(out *bytes.Buffer, e *entry) {
	for line := range strings.SplitSeq(strings.TrimRight(e.text, "\r\n"), "\n") {
		text, at := []byte(line), e.at
		if len(line) > 0 && line[0] >= '0' && line[0] <= '9' && d.cri.Decode(frame.CRI, text) {
			text, at = d.cri.Piece.Text, d.cri.Piece.Time
		}
		if len(text) == 0 {
			continue
		}
		out.WriteString(e.prefix)
		out.Write(time.Unix(0, at).UTC().AppendFormat(out.AvailableBuffer(), stamp))
		out.WriteByte(' ')
		out.Write(text)
		out.WriteByte('\n')
	}
}

const stamp = "2006-01-02T15:04:05.000000000Z"
