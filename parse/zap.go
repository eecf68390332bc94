package parse

import (
	"strings"

	"github.com/tidwall/gjson"
)

// zapLine reads the layout in which every controller since Flux 0.35 (eras D and E) writes a line of a reconcile:
//
//	{"level":…,"ts":…,"msg":…,"controller":…,"controllerGroup":…,"controllerKind":K,"K":{"name":N,"namespace":S},
//	"namespace":S,"name":N,"reconcileID":…  and then what the call adds
//
// Keys and their order are fixed by zap and controller-runtime (pkg/builder/controller.go), so comparing bytes is enough, at a third of the
// price of walking over the keys; the call's own keys, behind, are left to gjson. It reports false, with the record untouched, at the first
// byte that is not as expected — escapes and spaces included — and the line is then read key by key. A test holds both ways against each other.
func (r *Record) zapLine(text []byte) bool {
	c := cut{rest: str(text), ok: true}
	lv := c.value(`{"level":"`)
	ts := c.value(`,"ts":"`)
	msg := c.value(`,"msg":"`)
	controller := c.value(`,"controller":"`)
	c.value(`,"controllerGroup":"`)
	kind := c.value(`,"controllerKind":"`)
	key := c.value(`,"`)
	c.value(`:{"name":"`)
	c.value(`,"namespace":"`)
	ns := c.value(`},"namespace":"`)
	name := c.value(`,"name":"`)
	id := c.value(`,"reconcileID":"`)
	if !c.ok || key != kind || len(c.rest) == 0 {
		return false
	}
	if c.rest != "}" && (c.rest[0] != ',' || text[len(text)-1] != '}') {
		return false
	}
	r.Form, r.Level, r.Time, r.Msg = FormJSON, level(lv), timestamp(ts), msg
	r.Controller, r.Kind, r.Namespace, r.Name, r.ID = controller, canonical(kind), ns, name, id
	if c.rest != "}" {
		r.more(text[len(text)-len(c.rest):])
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

// cut takes a line apart from its beginning. ok turns false, for good, at the first surprise.
type cut struct {
	rest string
	ok   bool
}

// value takes the expected bytes and then a JSON string without escapes, up to its closing quote.
func (c *cut) value(expect string) string {
	if !c.ok || len(c.rest) < len(expect) || c.rest[:len(expect)] != expect {
		c.ok = false
		return ""
	}
	s := c.rest[len(expect):]
	i := strings.IndexByte(s, '"')
	if i < 0 || strings.IndexByte(s[:i], '\\') >= 0 {
		c.ok = false
		return ""
	}
	c.rest = s[i+1:]
	return s[:i]
}
