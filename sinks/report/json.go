package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/tidwall/gjson"

	"fluxtrail/api"
)

// jsonOptions say how the JSON is laid out; the content is the same.
type jsonOptions struct {
	Indent bool // two spaces per level; otherwise one line per element of a list, which diff and grep like
}

// writeJSON writes the contract that docs/replay.schema.json describes. It holds one element at a
// time, so memory does not grow with the number of transitions and incidents. The error is the
// writer's, or says which value has no JSON form.
func writeJSON(w io.Writer, r *api.Report, opt jsonOptions) error {
	j := jsonWriter{w: bufio.NewWriterSize(w, 64<<10), indent: opt.Indent}
	j.field("{", "schema", api.Schema)
	j.field(",", "window", r.Window)
	j.input(&r.Input)
	list(&j, "objects", slices.Values(r.Objects), marshal)
	list(&j, "transitions", each(r.Transitions), appendTransition)
	list(&j, "incidents", each(r.Incidents), appendIncident)
	list(&j, "causes", slices.Values(r.Causes), marshal)
	list(&j, "errors", slices.Values(r.Errors), appendErrorGroup)
	list(&j, "controllers", slices.Values(r.Controllers), appendController)
	list(&j, "durations", slices.Values(r.Durations), marshal)
	list(&j, "silences", slices.Values(r.Silences), marshal)
	if r.Alerts != nil {
		j.alerts(r.Alerts)
	}
	j.text("\n}\n")
	if j.err != nil {
		return fmt.Errorf("write JSON: %w", j.err)
	}
	return j.w.Flush()
}

// jsonWriter lays out the top level by hand, so that the lists below it can be streamed. The first
// error sticks.
type jsonWriter struct {
	w      *bufio.Writer
	indent bool
	buf    []byte // the element being written
	pretty bytes.Buffer
	err    error
}

func (j *jsonWriter) text(s string) {
	if j.err == nil {
		_, j.err = j.w.WriteString(s)
	}
}

// key starts a top-level field; before is what stands before it.
func (j *jsonWriter) key(before, name string) {
	j.text(before + "\n")
	if j.indent {
		j.text("  ")
	}
	j.text(`"` + name + `":`)
	if j.indent {
		j.text(" ")
	}
}

func (j *jsonWriter) field(before, name string, value any) {
	j.key(before, name)
	b, err := json.Marshal(value)
	j.element(b, err, "  ")
}

// element writes one finished value, indented under prefix when asked for.
func (j *jsonWriter) element(b []byte, err error, prefix string) {
	if j.err == nil {
		j.err = err
	}
	if j.err != nil {
		return
	}
	if j.indent {
		j.pretty.Reset()
		if j.err = json.Indent(&j.pretty, b, prefix, "  "); j.err != nil {
			return
		}
		b = j.pretty.Bytes()
	}
	_, j.err = j.w.Write(api.Escape(b))
}

// input never writes null for no files: a list stays a list.
func (j *jsonWriter) input(in *api.Input) {
	v := *in
	v.Files = orEmpty(v.Files)
	v.Believed.Namespaces, v.Believed.Refused = orEmpty(v.Believed.Namespaces), orEmpty(v.Believed.Refused)
	j.field(",", "input", v)
}

// list streams the elements of one top-level list.
func list[T any](j *jsonWriter, name string, seq iter.Seq[T], add func([]byte, *T) ([]byte, error)) {
	j.key(",", name)
	before, line := "[\n", ""
	if j.indent {
		line = "    "
	}
	var current T // one for all: its address escapes
	for v := range seq {
		current = v
		j.text(before)
		j.text(line)
		b, err := add(j.buf[:0], &current)
		j.buf = b
		j.element(b, err, line)
		if before = ",\n"; j.err != nil {
			return
		}
	}
	switch {
	case before == "[\n":
		j.text("[]")
	case j.indent:
		j.text("\n  ]")
	default:
		j.text("\n]")
	}
}

// marshal appends the JSON of v. It encodes straight behind b, where json.Marshal would make a copy
// for each of the many elements.
func marshal[T any](b []byte, v *T) ([]byte, error) {
	w := appender(b)
	err := json.NewEncoder(&w).Encode(v)
	return bytes.TrimSuffix(w, newline), err
}

// appender takes what is written to it behind what it has.
type appender []byte

func (a *appender) Write(p []byte) (int, error) {
	*a = append(*a, p...)
	return len(p), nil
}

var newline = []byte{'\n'}

// appendTransition is written out because transitions are by far the most numerous elements: it
// allocates nothing.
func appendTransition(b []byte, t *api.Transition) ([]byte, error) {
	b = append(b, `{"at":`...)
	b = t.At.AppendJSON(b)
	b = appendMember(b, `,"kind":`, t.Kind)
	b = appendMember(b, `,"namespace":`, t.Namespace)
	b = appendMember(b, `,"name":`, t.Name)
	b = appendMember(b, `,"ready":`, t.Ready)
	b = appendMember(b, `,"status":`, t.Status)
	b = appendOptional(b, `,"reason":`, t.Reason)
	b = appendOptional(b, `,"revision":`, t.Revision)
	return append(b, '}'), nil
}

func appendMember(b []byte, key, value string) []byte {
	return gjson.AppendJSONString(append(b, key...), value)
}

func appendOptional(b []byte, key string, value *string) []byte {
	if value == nil {
		return append(append(b, key...), "null"...)
	}
	return appendMember(b, key, *value)
}

// appendIncident may change what it is given, as the two below: it is the writer's own.
func appendIncident(b []byte, i *api.Incident) ([]byte, error) {
	i.Affected, i.Evidence = orEmpty(i.Affected), orEmpty(i.Evidence)
	return marshal(b, i)
}

func appendErrorGroup(b []byte, g *api.ErrorGroup) ([]byte, error) {
	g.Objects = orEmpty(g.Objects)
	return marshal(b, g)
}

func appendController(b []byte, c *api.Controller) ([]byte, error) {
	c.Gaps = orEmpty(c.Gaps)
	return marshal(b, c)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
