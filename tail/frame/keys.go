package frame

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"
)

// The keys by which a line is recognised, by what they show.
const (
	keyMsg = iota
	keyLevel
	keyRenamed
	keyKind
	lineKeyCount
)

var lineKeys = map[string]int{
	"msg":   keyMsg,
	"level": keyLevel, "ts": keyLevel, "logger": keyLevel, "controller": keyLevel,
	"_msg": keyRenamed, "message": keyRenamed,
	"controllerKind": keyKind, "reconciler kind": keyKind, "reconcileID": keyKind,
}

// messageKeys hold the text of a line that is no JSON, the surest first. Their spelling is that of
// plain.
var messageKeys = [...]string{
	"log", "msg", "message", "line", "textpayload", "raw", "logmessage", "logentry", "logline", "body",
	"stringvalue", "original", "content", "text", "value",
}

// messageRank is the place of a key among messageKeys, or their number.
func messageRank(key string) int {
	key = plain(key)
	for i, k := range messageKeys {
		if k == key {
			return i
		}
	}
	return len(messageKeys)
}

// timeKeys hold the time of a line, with their rank: the time of the line itself is better than
// that of its way into the store.
var timeKeys = map[string]int8{
	"time": 1, "timestamp": 1, "tsns": 1, "timeunixnano": 1, "timegenerated": 1, "timegenerated [utc]": 1,
	"realtimetimestamp": 1, "eventtime": 1, "datetime": 1,
	"ts": 2, "date": 2, "observedtimeunixnano": 2, "ingestiontime": 2, "receivetimestamp": 2,
}

// podKeys are the ends of keys that name the pod.
var podKeys = [...]string{"podname", "pod.name", ".pod"}

// pathKeys are the ends of keys whose value may be the path of a container's log, or made of it.
var pathKeys = [...]string{
	"source", "filename", "file", "path", "tag", "logstream", "logstreamname", "containername",
	"syslogidentifier", "hostname",
}

// plain is a key without case and the characters in which the stores' spellings differ.
func plain(key string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '_' || r == '-' || r == '@':
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, key)
}

// origin is what the keys around a line say about it.
type origin struct {
	time    int64
	pod     string
	stream  Stream
	partial bool
}

// learn takes what an object around a line says.
func (o *origin) learn(v gjson.Result) {
	rank := int8(math.MaxInt8)
	v.ForEach(func(k, e gjson.Result) bool {
		if r := timeKeys[plain(k.Str)]; r > 0 && r < rank {
			if ns := instant(e); ns != 0 {
				o.time, rank = ns, r
			}
		}
		return true
	})
	o.keys(v, "", 0)
}

// keys takes pod and stream from an object and from the objects in it that are no lines.
func (o *origin) keys(v gjson.Result, path string, depth int) {
	v.ForEach(func(k, e gjson.Result) bool {
		key := path + "." + plain(k.Str)
		switch e = opened(e); {
		case e.Type == gjson.String:
			o.key(key, e.Str)
		case depth >= maxNested || e.Type != gjson.JSON:
		case e.IsArray():
			o.list(e, key, depth)
		case !isLine(e.Raw):
			o.keys(e, key, depth+1)
		}
		return true
	})
}

// list takes them from an array of names with values, or of tags such as pod_name:x.
func (o *origin) list(v gjson.Result, path string, depth int) {
	if pairs, ok := pairsOf(v); ok {
		o.keys(gjson.Parse(pairs), path, depth+1)
		return
	}
	v.ForEach(func(_, e gjson.Result) bool {
		if name, value, ok := strings.Cut(e.Str, ":"); ok && e.Type == gjson.String {
			o.key("."+plain(name), value)
		}
		return e.Type == gjson.String
	})
}

// key takes one key.
func (o *origin) key(key, value string) {
	switch last := key[strings.LastIndexByte(key, '.')+1:]; {
	case hasSuffixOf(key, podKeys[:]):
		if dnsName([]byte(value)) {
			o.pod = value
		}
	case last == "stream" && strings.HasPrefix(value, "{"):
		o.labels(value)
	case last == "stream" || last == "logsource" || last == "iostream":
		o.stream = StreamOf([]byte(value))
	case (last == "logtag" || last == "p") && value == "P":
		o.partial = true
	case o.pod == "" && hasSuffixOf(last, pathKeys[:]):
		o.pod = podIn(value)
	}
}

// labels takes the pod of a label set in text form.
func (o *origin) labels(set string) {
	for _, name := range [...]string{"pod", "pod_name", "kubernetes.pod_name", "k8s.pod.name"} {
		if pod := label([]byte(set), name); len(pod) > 0 {
			o.pod = string(pod)
		}
	}
}

func hasSuffixOf(s string, ends []string) bool {
	for _, end := range ends {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// podIn finds the pod in a path of /var/log/containers or /var/log/pods (also with dots for its
// slashes, as tags have them), in Docker's name of a container, or as one of the words.
func podIn(s string) string {
	for _, dir := range containerDirs {
		_, rest, ok := strings.Cut(s, dir.before)
		if fields := strings.Split(rest, "_"); ok && len(fields) > 2 && dnsName([]byte(fields[dir.field])) {
			return fields[dir.field]
		}
	}
	for _, word := range strings.FieldsFunc(s, notInName) {
		if podName([]byte(word)) {
			return word
		}
	}
	return ""
}

// containerDirs tell which field of a log's name, between underscores, is the pod.
var containerDirs = [...]struct {
	before string
	field  int
}{{"log/containers/", 0}, {"log.containers.", 0}, {"log/pods/", 1}, {"log.pods.", 1}, {"k8s_", 1}}

func notInName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
}

// instant reads a time in any of the stores' spellings: RFC 3339 with T or a space, or a number of
// seconds, milliseconds, microseconds or nanoseconds since 1970, whichever makes a time of a log.
func instant(v gjson.Result) int64 {
	if v.Type == gjson.Number {
		return unixTime(v.Raw)
	}
	s := strings.TrimSpace(v.Str)
	if len(s) > 10 && s[10] == ' ' {
		s = s[:10] + "T" + s[11:]
	}
	s = strings.Replace(s, " UTC", "Z", 1)
	var c Clock
	for _, zone := range [...]string{"", "Z"} {
		whole := s + zone
		if ns, n := ReadTime(&c, whole); n == len(whole) && n > 0 {
			return ns
		}
	}
	if ns := unixTime(s); ns != 0 {
		return ns
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixNano()
		}
	}
	return 0
}

// timeLayouts are the spellings of tables that people download: Kibana, Azure.
var timeLayouts = [...]string{
	"Jan 2, 2006 @ 15:04:05.999999999", "1/2/2006, 3:04:05.999999999 PM", "02/Jan/2006:15:04:05 -0700",
}

// lastTime is the end of the years that a log may be of, in Unix nanoseconds.
const lastTime = (maxYear - 1970) * 365.25 * 86400 * 1e9

// unixTime reads a number of units since 1970.
func unixTime(s string) int64 {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 1e8 {
		return 0
	}
	unit := time.Second
	for limit := 1e11; n >= limit && unit > 1; limit *= 1e3 {
		unit /= 1e3
	}
	if n*float64(unit) > lastTime {
		return 0
	}
	if whole, err := strconv.ParseInt(s, 10, 64); err == nil {
		return whole * int64(unit)
	}
	return int64(n * float64(unit))
}

// builder puts a JSON object together.
type builder struct{ b bytes.Buffer }

func (o *builder) add(key, raw string) {
	if o.b.Len() == 0 {
		o.b.WriteByte('{')
	} else {
		o.b.WriteByte(',')
	}
	o.b.Write(gjson.AppendJSONString(nil, key))
	o.b.WriteByte(':')
	o.b.WriteString(raw)
}

func (o *builder) object() string {
	if o.b.Len() == 0 {
		return "{}"
	}
	return o.b.String() + "}"
}

// pairsOf makes an object of an array of names with values: [{"key":…,"value":…}] (OpenTelemetry),
// [{"field":…,"value":…}] (CloudWatch Insights).
func pairsOf(v gjson.Result) (object string, ok bool) {
	var o builder
	ok = true
	v.ForEach(func(_, e gjson.Result) bool {
		f := gjson.GetMany(e.Raw, "key", "field", "name", "value")
		name, value := f[0].Str+f[1].Str+f[2].Str, f[3]
		if ok = e.IsObject() && name != "" && value.Exists(); ok {
			o.add(name, scalar(value))
		}
		return ok
	})
	return o.object(), ok && o.b.Len() > 0
}

// scalar is the value that OpenTelemetry names the type of: {"stringValue":"x"}.
func scalar(v gjson.Result) string {
	raw := v.Raw
	if !v.IsObject() {
		return raw
	}
	v.ForEach(func(k, e gjson.Result) bool {
		if !strings.HasSuffix(k.Str, "Value") {
			return false
		}
		raw = e.Raw
		if values := e.Get("values"); values.IsArray() {
			if pairs, ok := pairsOf(values); ok {
				raw = pairs
			}
		}
		return false
	})
	return raw
}

// tableRows makes an array of objects of {"columns":[{"name":…},…],"rows":[[…],…]}, the form in
// which query APIs give tables (Azure, Elasticsearch).
func tableRows(v gjson.Result) (array string, ok bool) {
	f := gjson.GetMany(v.Raw, "columns", "rows")
	if !f[0].IsArray() || !f[1].IsArray() {
		return "", false
	}
	var b strings.Builder
	columns := f[0].Array()
	f[1].ForEach(func(_, row gjson.Result) bool {
		var o builder
		for i, cell := range row.Array() {
			if i < len(columns) {
				o.add(columns[i].Get("name").String(), cell.Raw)
			}
		}
		b.WriteString("," + o.object())
		return true
	})
	return "[" + strings.TrimPrefix(b.String(), ",") + "]", true
}
