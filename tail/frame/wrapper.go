package frame

import (
	"bytes"
	"cmp"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// Shippers, viewers and exports put a JSON object around each line. All of them are read by one
// rule: an object that is no line of a controller holds lines, as strings or objects, below at
// most maxNested objects and any number of lists. Time, pod and stream come from the keys around a
// line, the nearest first; keys.go has their names.

const maxNested = 6

// wrapper reads a JSON object or list around one or more lines, perhaps behind some words. An
// object that holds no line of a controller gives the text under a key for messages.
func (d *Decoder) wrapper(line []byte) bool {
	if text := bytes.TrimLeft(line, " \t"); len(text) > 0 && text[0] == '"' {
		return d.quoted(text)
	}
	return d.behindWords(line, true)
}

// behindWords reads such an object behind words that may name time and pod. Unless texts is set, it
// has to hold the line of a controller.
func (d *Decoder) behindWords(line []byte, texts bool) bool {
	start := bytes.IndexAny(line[:min(len(line), maxPrefix)], "{[")
	if start < 0 || !Valid(line[start:]) || !d.unwrap(string(line[start:]), texts) {
		return false
	}
	if start > 0 {
		ns, _ := d.clock.Parse(line)
		d.complete(ns, podIn(string(line[:start])))
	}
	return true
}

// complete gives the pieces the time and the pod that they have not.
func (d *Decoder) complete(ns int64, pod string) {
	for i := range d.pieces {
		p := &d.pieces[i]
		p.Time, p.Pod = cmp.Or(p.Time, ns), cmp.Or(p.Pod, pod)
	}
	d.take()
}

// quoted reads a line that is an item of a list, with its comma.
func (d *Decoder) quoted(line []byte) bool {
	line = bytes.TrimRight(line, " ,]")
	if !Valid(line) {
		return false
	}
	d.pieces = d.pieces[:0]
	u := unwrapper{d, true}
	return u.add(gjson.ParseBytes(line).Str, origin{}) && d.take()
}

// unwrap takes the lines in a JSON object or list, and reports whether there are any.
func (d *Decoder) unwrap(s string, texts bool) bool {
	d.pieces = d.pieces[:0]
	u := unwrapper{d, texts}
	u.element(gjson.Parse(s), origin{}, 0)
	return d.take()
}

// take makes Piece and More of pieces.
func (d *Decoder) take() bool {
	if len(d.pieces) == 0 {
		return false
	}
	d.Piece, d.More = d.pieces[0], d.pieces[1:]
	return true
}

// unwrapper finds the lines in one value.
type unwrapper struct {
	d     *Decoder
	texts bool // the message of an object that holds no line counts, too
}

// element takes the lines in a value that stands alone or in a list.
func (u *unwrapper) element(v gjson.Result, from origin, depth int) bool {
	switch {
	case depth > maxNested:
		return false
	case v.Type == gjson.String:
		return u.line(v, from)
	case v.IsArray():
		return u.pair(v, from) || u.list(v, from, depth)
	case v.IsObject() && isLine(v.Raw):
		return u.object(v, from)
	case v.IsObject():
		return u.lines(v, &from, depth) || u.texts && u.message(v, from, depth)
	}
	return false
}

// list takes the lines in all elements of a list.
func (u *unwrapper) list(v gjson.Result, from origin, depth int) (found bool) {
	if pairs, ok := pairsOf(v); ok {
		return u.element(gjson.Parse(pairs), from, depth)
	}
	v.ForEach(func(_, e gjson.Result) bool {
		found = u.element(e, from, depth+1) || found
		return true
	})
	return found
}

// lines takes the lines in an object that is none itself, and adds to from what its keys say.
func (u *unwrapper) lines(v gjson.Result, from *origin, depth int) bool {
	if rows, ok := tableRows(v); ok {
		return u.element(gjson.Parse(rows), *from, depth)
	}
	from.learn(v)
	return u.direct(v, *from) || u.nested(v, *from, depth) || u.flattened(v, *from)
}

// pair takes a value of a Loki stream: ["nanoseconds","line"], perhaps with metadata behind.
func (u *unwrapper) pair(v gjson.Result, from origin) bool {
	e := v.Array()
	if len(e) < 2 || len(e) > 3 || e[0].Type != gjson.String || e[1].Type != gjson.String || !u.texts && !u.holds(e[1].Str) {
		return false
	}
	from.time = unixTime(e[0].Str)
	return from.time != 0 && u.add(e[1].Str, from)
}

// direct takes the first value of an object that is a line. Others repeat it.
func (u *unwrapper) direct(v gjson.Result, from origin) (found bool) {
	v.ForEach(func(_, e gjson.Result) bool {
		switch {
		case e.IsObject() && isLine(e.Raw):
			found = u.object(e, from)
		case e.Type == gjson.String:
			found = u.line(e, from)
		}
		return !found
	})
	return found
}

// nested looks into the objects and lists that an object holds, also into those that are strings.
func (u *unwrapper) nested(v gjson.Result, from origin, depth int) (found bool) {
	v.ForEach(func(_, e gjson.Result) bool {
		e = opened(e)
		inner := from
		switch {
		case e.IsArray():
			found = u.list(e, from, depth)
		case e.IsObject() && depth < maxNested:
			found = u.lines(e, &inner, depth+1)
		}
		return !found
	})
	return found
}

// flattened puts a line together whose keys all have one prefix: {"json.level":…,"json.msg":…}.
func (u *unwrapper) flattened(v gjson.Result, from origin) bool {
	prefix := ""
	v.ForEach(func(k, _ gjson.Result) bool {
		if before, ok := strings.CutSuffix(k.Str, ".msg"); ok {
			prefix = before + "."
		}
		return prefix == ""
	})
	if prefix == "" {
		return false
	}
	var line builder
	v.ForEach(func(k, e gjson.Result) bool {
		if key, ok := strings.CutPrefix(k.Str, prefix); ok && e.Raw != `""` {
			line.add(key, e.Raw)
		}
		return true
	})
	o := gjson.Parse(line.object())
	return isLine(o.Raw) && u.object(o, from)
}

// message takes the text of an object that holds no line, or of an object in it.
func (u *unwrapper) message(v gjson.Result, from origin, depth int) (found bool) {
	best, text := len(messageKeys), ""
	v.ForEach(func(k, e gjson.Result) bool {
		if rank := messageRank(k.Str); rank < best && e.Type == gjson.String && strings.TrimSpace(e.Str) != "" {
			best, text = rank, e.Str
		}
		return true
	})
	if best < len(messageKeys) {
		return u.add(text, from)
	}
	v.ForEach(func(_, e gjson.Result) bool {
		if e.IsObject() && depth < maxNested {
			inner := from
			inner.learn(e)
			found = u.message(e, inner, depth+1)
		}
		return !found
	})
	return found
}

// line takes a string that is a line.
func (u *unwrapper) line(e gjson.Result, from origin) bool {
	s := strings.TrimSpace(e.Str)
	if !u.holds(s) {
		return false
	}
	if s[0] == '{' {
		return u.object(gjson.Parse(s), from)
	}
	return u.add(s, from)
}

// holds reports whether a string is a line of a controller, perhaps in the framing of a container
// runtime.
func (u *unwrapper) holds(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" {
		return false
	}
	if s[0] >= '0' && s[0] <= '9' {
		if !u.d.cri([]byte(s)) {
			return false
		}
		s = str(u.d.Piece.Text)
	}
	return s != "" && s[0] == '{' && isLine(s)
}

// object takes an object that is a line. What took it apart may have renamed its message and put
// its own keys beside the line's.
func (u *unwrapper) object(v gjson.Result, from origin) bool {
	if strings.HasPrefix(v.Raw, lineStart) && !strings.Contains(v.Raw, `"_msg":`) {
		return u.piece(v.Raw, from)
	}
	from.learn(v)
	return u.piece(renamed(v), from)
}

// add keeps what a string holds: one line, or several with newlines between.
func (u *unwrapper) add(text string, from origin) bool {
	if strings.HasPrefix(text, "{") {
		return u.piece(strings.TrimRight(text, "\r\n"), from)
	}
	found := false
	for line := range strings.Lines(text) {
		found = u.piece(strings.TrimRight(line, "\r\n"), from) || found
	}
	return found
}

// piece keeps one line, without the framing that it may have itself.
func (u *unwrapper) piece(text string, from origin) bool {
	b := clean([]byte(text))
	p := Piece{Text: b, Time: from.time, Stream: from.stream, Pod: u.d.name([]byte(from.pod)), Partial: from.partial}
	if len(b) > 0 && b[0] >= '0' && b[0] <= '9' && u.d.raw(b) {
		inner := u.d.Piece
		p.Text, p.Partial = inner.Text, p.Partial || inner.Partial
		if inner.Time != 0 {
			p.Time = inner.Time
		}
		if inner.Stream != NoStream {
			p.Stream = inner.Stream
		}
	}
	if len(p.Text) == 0 {
		return false
	}
	u.d.pieces = append(u.d.pieces, p)
	return true
}

// str is b as a string without copying it.
func str(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// opened is the object or list that a string holds, or else e.
func opened(e gjson.Result) gjson.Result {
	s := strings.TrimSpace(e.Str)
	if e.Type != gjson.String || len(s) < 2 {
		return e
	}
	if ends := s[:1] + s[len(s)-1:]; (ends == "{}" || ends == "[]") && Valid([]byte(s)) {
		return gjson.Parse(s)
	}
	return e
}

// isLine reports whether a JSON object is what a controller wrote: it has a message, and a key that
// others do not have beside one. The message may have another name, see renamed.
func isLine(raw string) bool {
	if strings.HasPrefix(raw, lineStart) {
		return true
	}
	has := [lineKeyCount]bool{}
	gjson.Parse(raw).ForEach(func(k, v gjson.Result) bool {
		if i, ok := lineKeys[k.Str]; ok && (v.Type == gjson.String || v.Type == gjson.Number) {
			has[i] = true
		}
		return !has[keyMsg] || !has[keyLevel]
	})
	return has[keyMsg] && has[keyLevel] || has[keyRenamed] && has[keyKind]
}

// lineStart is how zap begins the lines of all controllers since 2020.
const lineStart = `{"level":"`

// renamed is the line with the keys msg and ts, which shippers that take lines apart call
// otherwise.
func renamed(v gjson.Result) string {
	var names [lineKeyCount]string
	ts := ""
	v.ForEach(func(k, e gjson.Result) bool {
		if i, ok := lineKeys[k.Str]; ok && names[i] == "" {
			names[i] = k.Str
		}
		if k.Str == "ts" || ts == "" && timeKeys[plain(k.Str)] == 1 && instant(e) != 0 {
			ts = k.Str
		}
		return true
	})
	if names[keyMsg] != "" && (ts == "ts" || ts == "") {
		return v.Raw
	}
	var line builder
	v.ForEach(func(k, e gjson.Result) bool {
		key := k.Str
		switch {
		case key == ts:
			key = "ts"
		case key == names[keyRenamed] && names[keyMsg] == "":
			key = "msg"
		}
		line.add(key, e.Raw)
		return true
	})
	return line.object()
}
