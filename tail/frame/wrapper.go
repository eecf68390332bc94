package frame

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// Log shippers, viewers and exports put a JSON object around each line. All of them are read by one
// rule: a JSON object that is no Flux line but holds one, as a string or as an object, at any depth
// up to maxNesting, is a wrapper. Its time and pod come from keys that the tables below name.

// maxNesting is how deep a line may be wrapped. OTLP puts six levels of objects and lists around it.
const maxNesting = 8

// textKeys are keys whose string is the line, whatever it looks like, in the order in which they
// are tried: Docker and Fluent Bit, most others, Splunk, VictoriaLogs, journald, Grafana, Google,
// Azure, OTLP, Logstash.
var textKeys = []string{"log", "message", "_raw", "_msg", "MESSAGE", "line", "textPayload", "LogMessage", "body", "Body", "@message", "event", "text", "content", "msg"}

// timeKeys are keys whose value is the time of the line.
var timeKeys = map[string]bool{
	"time": true, "timestamp": true, "@timestamp": true, "_time": true, "ts": true, "tsNs": true, "date": true, "Time": true,
	"TimeGenerated": true, "timeUnixNano": true, "observedTimeUnixNano": true, "__REALTIME_TIMESTAMP": true, "eventTime": true,
	"ingestionTime": false,
}

// podKeys are keys whose value is the name of the pod.
var podKeys = map[string]bool{
	"pod": true, "podName": true, "pod_name": true, "PodName": true, "k8s.pod.name": true, "kubernetes.pod_name": true,
	"kubernetes.pod.name": true, "kubernetes_pod_name": true, "SYSLOG_IDENTIFIER": true, "k8s_pod_name": true,
}

// pathKeys are keys whose value may be the path of the log file, or a name made of it.
var pathKeys = map[string]bool{
	"source": true, "filename": true, "file": true, "path": true, "logStream": true, "logStreamName": true, "log.file.path": true, "logName": true,
}

// placeKeys are keys of objects that say where a line comes from, not what it says.
var placeKeys = map[string]bool{
	"kubernetes": true, "resource": true, "labels": true, "fields": true, "stream": true, "metadata": true, "attributes": true, "pod": true,
	"k8s": true, "log": true, "file": true, "tags": true, "docker": true, "agent": true, "host": true,
}

// origin is what the wrappers around a line say of it.
type origin struct {
	time   int64
	pod    string
	stream Stream
}

// wrapper reads a line that is a JSON object around one or more Flux lines, perhaps behind some
// words. The first line becomes Piece, the others More.
func (d *Decoder) wrapper(line []byte) bool {
	start := bytes.IndexByte(line, '{')
	if start < 0 || start > maxPrefix*2 || !gjson.ValidBytes(line[start:]) {
		return false
	}
	from := origin{}
	if start > 0 {
		from.time, _ = d.clock.Parse(line)
		from.pod = podIn(string(line[:start]))
	}
	d.pieces = d.pieces[:0]
	d.unwrap(gjson.ParseBytes(line[start:]), from, 0)
	if len(d.pieces) == 0 {
		return false
	}
	d.Piece, d.More = d.pieces[0], d.pieces[1:]
	return true
}

// unwrap adds the lines that v holds to pieces.
func (d *Decoder) unwrap(v gjson.Result, from origin, depth int) {
	switch {
	case depth > maxNesting:
	case v.IsArray():
		if ns, text, ok := lokiValue(v); ok {
			from.time = ns
			d.text(text, from, depth)
			return
		}
		v.ForEach(func(_, item gjson.Result) bool {
			if item.IsObject() || item.IsArray() || fluxText(item) {
				d.unwrap(item, from, depth+1)
			}
			return true
		})
	case v.IsObject():
		d.object(v, from, depth)
	case fluxText(v):
		d.text(v.Str, from, depth)
	}
}

// object unwraps an object: it is a Flux line itself, has one under a key for it, or holds it
// somewhere below.
func (d *Decoder) object(v gjson.Result, from origin, depth int) {
	if line, ok := fluxObject(v); ok {
		d.add(line, from.around(v, depth > 0))
		return
	}
	from = from.around(v, true)
	for _, key := range textKeys {
		child := v.Get(strings.ReplaceAll(key, "@", `\@`))
		if s := child.Get("stringValue"); child.IsObject() && s.Type == gjson.String { // OTLP
			child = s
		}
		if child.Type == gjson.String && !timeLike(child.Str) {
			d.text(child.Str, from, depth)
			return
		}
		if line, ok := fluxObject(child); child.IsObject() && ok {
			d.add(line, from)
			return
		}
	}
	v.ForEach(func(_, child gjson.Result) bool {
		before := len(d.pieces)
		d.unwrap(child, from, depth+1)
		// What an object says twice, as text and as an object, is one line.
		return len(d.pieces) == before || child.IsArray()
	})
}

// text adds a line that was a string, or unwraps it further.
func (d *Decoder) text(s string, from origin, depth int) {
	s = strings.TrimRight(s, "\r\n")
	if strings.HasPrefix(s, "{") && gjson.Valid(s) {
		inner, before := gjson.Parse(s), len(d.pieces)
		if d.unwrap(inner, from, depth+1); len(d.pieces) > before {
			return
		}
	}
	if s != "" {
		d.add([]byte(s), from)
	}
}

func (d *Decoder) add(line []byte, from origin) {
	p := Piece{Text: line, Time: from.time, Stream: from.stream}
	if from.pod != "" {
		p.Pod = d.name([]byte(from.pod))
	}
	d.pieces = append(d.pieces, p)
}

// lokiValue reads ["nanoseconds", "line", …], as Loki's answers have it.
func lokiValue(v gjson.Result) (ns int64, text string, ok bool) {
	pair := v.Array()
	if len(pair) < 2 || pair[0].Type != gjson.String || pair[1].Type != gjson.String || len(pair[0].Str) < 16 {
		return 0, "", false
	}
	ns, err := strconv.ParseInt(pair[0].Str, 10, 64)
	return ns, pair[1].Str, err == nil
}

// fluxText reports whether a value is a string that holds a line of zap's JSON encoder.
func fluxText(v gjson.Result) bool {
	return v.Type == gjson.String && strings.HasPrefix(v.Str, "{") && strings.Contains(v.Str, `"level"`) &&
		(strings.Contains(v.Str, `"ts"`) || strings.Contains(v.Str, `"msg"`))
}

// fluxKeys are keys of which a line of Flux has at least one.
var fluxKeys = []string{"controller", "controllerKind", "reconcileID", "logger", "controllerGroup", "reconciler kind", "stacktrace"}

// messageKeys are the names under which shippers put a line's msg when they take the line apart.
var messageKeys = []string{"msg", "_msg", "message"}

// fluxObject gives the line that an object is, as zap writes it. A shipper that takes lines apart
// may have renamed their message and time.
func fluxObject(v gjson.Result) ([]byte, bool) {
	if !v.IsObject() {
		return nil, false
	}
	level, ts, msg, known := false, false, "", false
	v.ForEach(func(key, value gjson.Result) bool {
		switch name := key.Str; {
		case name == "level":
			level = value.Type == gjson.String
		case name == "ts":
			ts = true
		case contains(messageKeys, name) && value.Type == gjson.String:
			if msg == "" || name == "msg" {
				msg = name
			}
		case contains(fluxKeys, name):
			known = true
		}
		return true
	})
	switch {
	case !level || msg == "":
		return nil, false
	case msg == "msg" && (ts || known):
		return []byte(strings.TrimSpace(v.Raw)), true
	case !known:
		return nil, false
	}
	return renamed(v, msg, ts), true
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// renamed writes the object again with the keys msg and ts.
func renamed(v gjson.Result, msg string, ts bool) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	v.ForEach(func(key, value gjson.Result) bool {
		name := key.Raw
		switch {
		case key.Str == msg:
			name = `"msg"`
		case !ts && (key.Str == "_time" || key.Str == "@timestamp" || key.Str == "timestamp"):
			name, ts = `"ts"`, true
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(name + ":" + value.Raw)
		return true
	})
	b.WriteByte('}')
	return b.Bytes()
}

// around adds what the keys of a wrapper say. A Flux line that is itself at the top has pod and
// time keys of its own only where a shipper added them.
func (o origin) around(v gjson.Result, times bool) origin {
	o.read(v, times, 0)
	return o
}

func (o *origin) read(v gjson.Result, times bool, depth int) {
	v.ForEach(func(key, value gjson.Result) bool {
		name := key.Str
		if v.IsArray() {
			o.pair(value)
			return true
		}
		switch {
		case times && timeKeys[name] && o.time == 0:
			o.time = instant(value)
		case podKeys[name] && value.Type == gjson.String:
			o.pod = value.Str
		case name == "stream" || name == "LogSource":
			if s := StreamOf([]byte(value.Str)); s != NoStream {
				o.stream = s
			}
		case name == "name" && depth > 0 && o.pod == "" && podName([]byte(value.Str)):
			o.pod = value.Str
		case (pathKeys[name] || name == "_stream") && value.Type == gjson.String && o.pod == "":
			o.pod = podIn(value.Str)
		}
		if placeKeys[name] && depth < 3 && (value.IsObject() || value.IsArray()) {
			o.read(value, false, depth+1)
		}
		return true
	})
}

// pair reads an item of a list of labels: {"key": …, "value": {"stringValue": …}} of OTLP, or
// Datadog's "pod_name:NAME".
func (o *origin) pair(item gjson.Result) {
	if item.Type == gjson.String {
		if name, value, ok := strings.Cut(item.Str, ":"); ok && podKeys[name] {
			o.pod = value
		}
		return
	}
	if podKeys[item.Get("key").Str] {
		if value := item.Get("value"); value.Type == gjson.String {
			o.pod = value.Str
		} else {
			o.pod = value.Get("stringValue").Str
		}
	}
}

// podIn finds the name of a pod in the path of a log file, in what was made of it, or among words.
func podIn(s string) string {
	for _, part := range strings.FieldsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	}) {
		if podName([]byte(part)) {
			return part
		}
	}
	return ""
}

// timeLike reports whether a string is a time alone: some call their time "event" or "text".
func timeLike(s string) bool {
	_, n := new(Clock).Parse([]byte(s))
	return n > 0 && n == len(s)
}

// instant reads a time in any form in which shippers write it, 0 for none: RFC 3339, with a blank
// for the T, or seconds, milli-, micro- or nanoseconds since 1970.
func instant(v gjson.Result) int64 {
	s := v.Str
	if v.Type == gjson.Number {
		s = v.Raw
	}
	if ns, n := new(Clock).Parse([]byte(s)); n > 0 {
		return ns
	}
	for _, layout := range []string{"2006-01-02 15:04:05.999999999 MST", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", "1/2/2006, 3:04:05.999 PM", "02/Jan/2006:15:04:05 -0700"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixNano()
		}
	}
	whole, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n <= 0 {
		return 0
	}
	for scale := int64(1e9); scale > 0; scale /= 1000 {
		if n < 1e11 { // seconds until the year 5138
			f, _ := strconv.ParseFloat("0."+fraction, 64)
			return n*scale + int64(f*float64(scale))
		}
		if scale == 1 {
			return n
		}
		if n < 1e14 && scale == 1e9 {
			return n * 1e6
		}
		if n < 1e17 && scale == 1e9 {
			return n * 1e3
		}
		if scale == 1e9 {
			return n
		}
	}
	return n
}
