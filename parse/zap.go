package parse

import (
	"strings"

	"github.com/tidwall/gjson"
)

// zapLine reads the layout in which every controller since Flux 0.35 (eras D and E) writes a line of a reconcile:
//
//	{"level":…,"ts":…,"msg":…,"controller":c,"controllerGroup":g,"controllerKind":K,"K":{"name":N,"namespace":S},
//	"namespace":S,"name":N,"reconcileID":…  and then what the call adds
//
// Keys and their order are fixed by zap and controller-runtime (pkg/builder/controller.go), and c, g, K belong together, so comparing bytes is
// enough, at a fifth of the price of walking over the keys; the call's own keys, behind, are left to gjson. It reports false, with the record
// untouched, at the first byte that is not as expected — escapes included — and the line is then read key by key. A test holds both ways
// against each other.
func (r *Record) zapLine(text []byte) bool {
	c := cut{rest: str(text), ok: true}
	lv := c.value(`{"level":"`)
	ts := c.value(`,"ts":"`)
	msg := c.value(`,"msg":"`)
	k := c.kind()
	name := c.value(`{"name":"`)
	ns := c.value(`,"namespace":"`)
	c.take(`},"namespace":"`, ns, `","name":"`, name)
	id := c.value(`","reconcileID":"`)
	if !c.ok || len(c.rest) == 0 || msg == "" || name == "" {
		return false
	}
	if c.rest != "}" && (c.rest[0] != ',' || text[len(text)-1] != '}') {
		return false
	}
	r.Form, r.Level, r.Time, r.Msg = FormJSON, level(lv), timestamp(ts), msg
	r.Controller, r.Kind, r.Namespace, r.Name, r.ID = k.name, k.kind, ns, name, id
	if c.rest != "}" {
		r.more(text[len(text)-len(c.rest):])
	}
	if r.Logger != "" { // never in this layout; who wrote it may be no controller
		*r = Record{}
		return false
	}
	return true
}

// more reads the keys behind the fixed ones. The comma in front becomes a brace for as long as gjson reads, so that nothing is copied.
func (r *Record) more(text []byte) {
	text[0] = '{'
	var none identity
	gjson.Result{Type: gjson.JSON, Raw: str(text)}.ForEach(func(key, v gjson.Result) bool {
		r.field(&none, key.Str, v)
		return true
	})
	text[0] = ','
}

// layout is what a reconcile's line says about its kind: the same bytes in each.
type layout struct{ name, kind, bytes string }

// layouts finds the layouts by the first byte of the controller's name.
var layouts = func() (index [256][]layout) {
	for _, k := range kinds {
		name := strings.ToLower(k.kind)
		index[name[0]] = append(index[name[0]], layout{name, k.kind, `,"controller":"` + name + `","controllerGroup":"` + k.group +
			`","controllerKind":"` + k.kind + `","` + k.kind + `":`})
	}
	return index
}()

// cut takes a line apart from its beginning. ok turns false, for good, at the first surprise.
type cut struct {
	rest string
	ok   bool
}

// take takes the expected parts.
func (c *cut) take(parts ...string) {
	for _, p := range parts {
		if !c.ok || !strings.HasPrefix(c.rest, p) {
			c.ok = false
			return
		}
		c.rest = c.rest[len(p):]
	}
}

// value takes the expected bytes and then a JSON string without escapes, up to its closing quote.
func (c *cut) value(expect string) string {
	c.take(expect)
	i := strings.IndexByte(c.rest, '"')
	if !c.ok || i < 0 || strings.IndexByte(c.rest[:i], '\\') >= 0 {
		c.ok = false
		return ""
	}
	v := c.rest[:i]
	c.rest = c.rest[i+1:]
	return v
}

// kind takes what the line says about its kind, up to the value of the kind's own key.
func (c *cut) kind() layout {
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
