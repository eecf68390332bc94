package files

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"fluxtrail/conditions"
	"fluxtrail/derive"
)

// json reads what kubectl prints as JSON: an object or a list, several of them, the events of a
// watch, and lists of the API itself, whose items do not say their kind. Items are read one at a
// time.
func (in *input) json() error {
	lines := &lineCounter{r: in.text}
	d := json.NewDecoder(lines)
	for {
		err := in.jsonValue(d, lines)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", lines.at(d.InputOffset()), cutOff(err))
		}
	}
}

// jsonValue reads one value of a stream.
func (in *input) jsonValue(d *json.Decoder, lines *lineCounter) error {
	lines.from = d.InputOffset()
	t, err := d.Token()
	if err != nil {
		return err
	}
	line := lines.at(d.InputOffset())
	list := &list{}
	switch t {
	case json.Delim('['):
		return errors.Join(in.jsonItems(d, lines, list), in.end(list))
	case json.Delim('{'):
	default:
		return fmt.Errorf("want an object or a list, got %v", t)
	}
	o := map[string]any{}
	for d.More() {
		if err := in.jsonMember(d, lines, o, list); err != nil {
			return unexpected(err)
		}
	}
	if _, err := d.Token(); err != nil {
		return unexpected(err)
	}
	return in.value(o, list, line)
}

// jsonMember reads a member of an object: items as those of a list, any other as it is.
func (in *input) jsonMember(d *json.Decoder, lines *lineCounter, o map[string]any, l *list) error {
	key, err := d.Token()
	if err != nil {
		return err
	}
	if key != "items" {
		var v any
		err := d.Decode(&v)
		o[key.(string)] = v
		return err
	}
	switch t, err := d.Token(); {
	case err != nil:
		return err
	case t == nil: // null
		return nil
	case t != json.Delim('['):
		return errors.New("items: want a list")
	}
	l.is = true
	return in.jsonItems(d, lines, l)
}

// jsonItems reads the elements of a list and its end.
func (in *input) jsonItems(d *json.Decoder, lines *lineCounter, l *list) error {
	for d.More() {
		lines.from = d.InputOffset()
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return unexpected(err)
		}
		line := lines.at(d.InputOffset() - int64(len(raw)))
		var o map[string]any
		if json.Unmarshal(raw, &o) != nil || o == nil {
			in.others++
			continue
		}
		l.size = len(raw)
		in.item(o, l, line)
	}
	_, err := d.Token()
	return unexpected(err)
}

// list is a list that is read.
type list struct {
	is      bool // there are items
	size    int  // of the item that is taken
	kept    int  // bytes of unnamed
	unnamed []unnamed
	kinds   map[string]namespaces // of which there were objects
}

// unnamed is an item that does not say its kind, which the end of its list may.
type unnamed struct {
	object map[string]any
	line   int
}

// namespaces are those of a kind's objects in a list: one, or more than that.
type namespaces struct {
	first string
	more  bool
}

// value takes an object, or the end of a list.
func (in *input) value(o map[string]any, l *list, line int) error {
	if !l.is {
		in.object(o, line)
		return nil
	}
	kind, isList := strings.CutSuffix(conditions.Text(o, "kind"), "List")
	for _, u := range l.unnamed {
		if !isList || kind == "" {
			in.others++
			continue
		}
		u.object["kind"], u.object["apiVersion"] = kind, o["apiVersion"]
		in.item(u.object, l, u.line)
	}
	return in.end(l)
}

// item takes an item of a list.
func (in *input) item(o map[string]any, l *list, line int) {
	if conditions.Text(o, "kind") == "" {
		if l.kept += l.size; l.kept > maxDocument {
			in.others++
			return
		}
		l.unnamed = append(l.unnamed, unnamed{o, line})
		return
	}
	seen, ok := in.object(o, line)
	if !ok || seen.Event != nil {
		return
	}
	if l.kinds == nil {
		l.kinds = map[string]namespaces{}
	}
	n, there := l.kinds[seen.Kind]
	if !there {
		n.first = seen.Namespace
	}
	n.more = n.more || n.first != seen.Namespace
	l.kinds[seen.Kind] = n
}

// end is that of a list, which is then complete.
func (in *input) end(l *list) error {
	for _, kind := range sorted(l.kinds) {
		n, listing := l.kinds[kind], derive.Listing{Source: in.path, Kind: kind}
		if !n.more {
			listing.Namespace = n.first
		}
		in.listings = append(in.listings, listing)
	}
	return nil
}

// object takes an object, an event about one, or a change that a watch tells.
func (in *input) object(o map[string]any, line int) (derive.Observation, bool) {
	if changed, ok := o["object"].(map[string]any); ok && conditions.Text(o, "type") != "" {
		return in.change(changed, conditions.Text(o, "type"), line)
	}
	var seen derive.Observation
	switch {
	case conditions.Text(o, "kind") == "Event":
		event, ok := in.reader.Event(o, in.place(line))
		if !ok {
			in.others++
			return event, false
		}
		seen = event
	case !conditions.IsFlux(o):
		in.others++
		return seen, false
	default:
		seen = in.reader.Object(o, in.place(line), undated)
	}
	in.add(seen, newest(o))
	return seen, true
}

// change takes one of the events that kubectl get --watch --output-watch-events prints. They say no
// time, so each has the newest time in its object, and none is before the one in front of it.
func (in *input) change(o map[string]any, kind string, line int) (derive.Observation, bool) {
	if !conditions.IsFlux(o) {
		in.others++
		return derive.Observation{}, false
	}
	in.newest = max(in.newest, newest(o))
	seen := in.reader.Object(o, in.place(line), in.newest)
	seen.Deleted = kind == "DELETED"
	in.guessed = true
	in.add(seen, 0)
	return seen, true
}

// newest is the newest time in an object's metadata and status.
func newest(o map[string]any) int64 {
	return max(newestIn(o["metadata"]), newestIn(o["status"]))
}

func newestIn(v any) (at int64) {
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			at = max(at, newestIn(e))
		}
	case []any:
		for _, e := range v {
			at = max(at, newestIn(e))
		}
	case time.Time:
		return conditions.Nanoseconds(v)
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return conditions.Nanoseconds(t)
		}
	}
	return at
}

// unexpected is an end of the input in the middle of a value.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func cutOff(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("breaks off in the middle of an object; what stands before was read")
	}
	return err
}
