package parse

import (
	"strings"

	"github.com/tidwall/gjson"
)

// fixedLayout reads the layout in which every controller since Flux 0.35 (eras D and E) writes a
// line of an attempt:
//
//	{"level":…,"ts":…,"msg":…,"controller":c,"controllerGroup":g,"controllerKind":K,
//	"K":{"name":N,"namespace":S},"namespace":S,"name":N,"reconcileID":…  and then what the call adds
//
// zap and controller-runtime (pkg/builder/controller.go) fix the keys and their order, and c, g and
// K belong together, so that comparing bytes is enough, at a fifth of the price of reading key by
// key. The call's own keys come last. At the first byte that is not as expected, a JSON escape
// outside the message included, it reports false and leaves the record empty; the line is then read
// key by key. A test compares both ways.
func (r *Record) fixedLayout(text []byte) bool {
	c := cutter{rest: str(text), ok: true}
	lv := c.value(`{"level":"`)
	ts := c.value(`,"ts":"`)
	msg := c.text(`,"msg":"`)
	k := c.kind()
	name := c.value(`{"name":"`)
	ns := c.value(`,"namespace":"`)
	c.expect(`},"namespace":"`)
	c.expect(ns)
	c.expect(`","name":"`)
	c.expect(name)
	id := c.value(`","reconcileID":"`)
	if !c.ok || len(c.rest) == 0 || msg == "" || name == "" {
		return false
	}
	if head := str(text[:len(text)-len(c.rest)]); strings.IndexByte(head, '\\') >= 0 {
		if msg, c.ok = r.onlyIn(head, msg); !c.ok {
			return false
		}
	}
	if c.rest != "}" && (c.rest[0] != ',' || text[len(text)-1] != '}') {
		return false
	}
	r.Form, r.Level, r.Time, r.Msg = FormJSON, level(lv), timestamp(ts), msg
	r.Controller, r.Kind, r.Namespace, r.Name, r.ID = k.name, k.kind, ns, name, id
	if c.rest != "}" {
		r.moreKeys(text[len(text)-len(c.rest):])
	}
	if r.Logger != "" { // never in this layout: it may be another program's line
		*r = Record{}
		return false
	}
	return true
}

// moreKeys reads the keys behind the fixed ones; text begins with the comma in front of them. Most
// are strings, and read at a fifth of the price of gjson, which reads the rest from the first other
// value on. A comma is a brace while gjson reads, so that nothing has to be copied.
func (r *Record) moreKeys(text []byte) {
	var none identity
	for {
		p := r.pairAt(str(text))
		if p.size == 0 {
			break
		}
		if dst := r.text(&none, p.key); dst != nil {
			set(dst, p.value)
		} else {
			r.field(&none, p.key, gjson.Result{Type: gjson.String, Raw: p.raw, Str: p.value})
		}
		if text = text[p.size:]; len(text) == 1 {
			return // only the closing brace is left
		}
	}
	text[0] = '{'
	gjson.Result{Type: gjson.JSON, Raw: str(text)}.ForEach(func(key, v gjson.Result) bool {
		r.field(&none, key.Str, v)
		return true
	})
	text[0] = ','
}

// layout is what each line of an attempt says about the object's kind, as bytes.
type layout struct{ name, kind, bytes string }

// layouts finds the layouts by the first byte of the controller's name.
var layouts = func() (index [256][]layout) {
	for _, k := range kinds {
		name := strings.ToLower(k.kind)
		index[name[0]] = append(index[name[0]], layout{name, k.kind, `,"controller":"` + name +
			`","controllerGroup":"` + k.group + `","controllerKind":"` + k.kind + `","` + k.kind + `":`})
	}
	return index
}()

// cutter cuts expected parts from the beginning of a line. ok is false from the first part on that
// is not as expected.
type cutter struct {
	rest string
	ok   bool
}

// expect cuts off the given bytes.
func (c *cutter) expect(part string) {
	if !strings.HasPrefix(c.rest, part) {
		c.ok = false
		return
	}
	c.rest = c.rest[len(part):]
}

// value cuts off the given bytes and what stands behind them up to a quote, and the quote. That is
// a JSON string, unless it has escapes.
func (c *cutter) value(before string) string {
	if !c.ok || !strings.HasPrefix(c.rest, before) {
		c.ok = false
		return ""
	}
	rest := c.rest[len(before):]
	i := strings.IndexByte(rest, '"')
	if i < 0 {
		c.ok = false
		return ""
	}
	c.rest = rest[i+1:]
	return rest[:i]
}

// text is value for a JSON string that may have escapes, which stay as they are.
func (c *cutter) text(before string) string {
	if !c.ok || !strings.HasPrefix(c.rest, before) {
		c.ok = false
		return ""
	}
	i := stringEnd(c.rest, len(before))
	if i < 0 {
		c.ok = false
		return ""
	}
	v := c.rest[len(before):i]
	c.rest = c.rest[i+1:]
	return v
}

// onlyIn is the message without its escapes. ok is false where the head of the line, in which the
// message stands, has others.
func (r *Record) onlyIn(head, msg string) (text string, ok bool) {
	if strings.Count(head, `\`) != strings.Count(msg, `\`) {
		return "", false
	}
	return r.unescape(msg)
}

// kind cuts off what the line says about the object's kind, up to the value of the kind's own key.
func (c *cutter) kind() layout {
	const at = len(`,"controller":"`)
	if c.ok && len(c.rest) > at {
		for _, l := range layouts[c.rest[at]] {
			if strings.HasPrefix(c.rest, l.bytes) {
				c.rest = c.rest[len(l.bytes):]
				return l
			}
		}
	}
	c.ok = false
	return layout{}
}
