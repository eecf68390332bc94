package derive

import (
	"bytes"
	"encoding/json"
	"strconv"
)

func appendRef(b []byte, r Ref) []byte {
	m := object(b)
	m.textAlways("Kind", r.Kind)
	m.textAlways("Namespace", r.Namespace)
	m.textAlways("Name", r.Name)
	return m.end()
}

func appendList[T any](b []byte, list []T, element func(*T, []byte) []byte) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = element(&list[i], b)
	}
	return append(b, ']')
}

// members appends the members of a JSON object, as encoding/json does those with omitzero.
type members struct {
	b     []byte
	first int // where the first one stands
}

func object(b []byte) members {
	b = append(b, '{')
	return members{b, len(b)}
}

func (m *members) end() []byte { return append(m.b, '}') }

// key appends the name of a member, which needs no escapes.
func (m *members) key(name string) []byte {
	if len(m.b) > m.first {
		m.b = append(m.b, ',')
	}
	m.b = append(append(m.b, '"'), name...)
	return append(m.b, '"', ':')
}

func (m *members) textAlways(name, s string) { m.b = appendText(m.key(name), s) }

func (m *members) text(name, s string) {
	if s != "" {
		m.textAlways(name, s)
	}
}

func (m *members) number(name string, n int64) {
	if n != 0 {
		m.numberAlways(name, n)
	}
}

func (m *members) numberAlways(name string, n int64) { m.b = strconv.AppendInt(m.key(name), n, 10) }

func (m *members) flag(name string, x bool) {
	if x {
		m.b = append(m.key(name), "true"...)
	}
}

// pair appends an object of two numbers, unless both are zero.
func (m *members) pair(name, nameX string, x int64, nameY string, y int64) {
	if x == 0 && y == 0 {
		return
	}
	two := object(m.key(name))
	two.numberAlways(nameX, x)
	two.numberAlways(nameY, y)
	m.b = two.end()
}

func (m *members) deadline(name string, d deadline) {
	if !d.IsZero() {
		at := object(m.key(name))
		at.number("at", d.At)
		m.b = at.end()
	}
}

func (m *members) id(name string, id *AttemptID) {
	if n := id.len(); n > 0 { // nothing to escape
		m.b = append(append(append(m.key(name), '"'), id[:n]...), '"')
	}
}

func (m *members) ref(name string, r Ref) { m.b = appendRef(m.key(name), r) }

func (m *members) optional(name string, r Ref) {
	if r != (Ref{}) {
		m.ref(name, r)
	}
}

func (m *members) refs(name string, list []Ref) {
	if list != nil {
		m.b = appendList(m.key(name), list, func(r *Ref, b []byte) []byte { return appendRef(b, *r) })
	}
}

// other appends what few objects have.
func (m *members) other(name string, v any) { m.b = encode(m.key(name), v) }

// appendText appends a string in quotes. What is not printable ASCII, but for line breaks and
// tabs, is left to encoding/json.
func appendText(b []byte, s string) []byte {
	begin, from := len(b), 0
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			continue
		}
		switch c {
		case '"', '\\':
		case '\n':
			c = 'n'
		case '\t':
			c = 't'
		default:
			return encode(b[:begin], s)
		}
		b = append(append(b, s[from:i]...), '\\', c)
		from = i + 1
	}
	return append(append(b, s[from:]...), '"')
}

func encode(b []byte, v any) []byte {
	w := bytes.NewBuffer(b)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // a buffer has no errors, nor has what is saved
	return bytes.TrimSuffix(w.Bytes(), []byte("\n"))
}
