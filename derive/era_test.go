package derive

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"fluxtrail/parse"
)

// eras write a line of the demo as other versions would have: head is the keys in front of what the
// call adds, in the order and spelling of that era. %[1]s level, %[2]s ts, %[3]s msg (as JSON),
// %[4]s kind, %[5]s kind in lower case, %[6]s its first letter in lower case, %[7]s group, %[8]s
// namespace, %[9]s name, %[10]s reconcileID.
var eras = []struct{ name, head string }{
	{"2020", `{"level":%[1]s,"ts":%[2]s,"logger":"controllers.%[4]s","msg":%[3]s,"controller":"%[5]s","request":"%[8]s/%[9]s"`},
	{"2020, controller-runtime", `{"level":%[1]s,"ts":%[2]s,"logger":"controller","msg":%[3]s,"reconcilerGroup":"%[7]s","reconcilerKind":"%[4]s","controller":"%[5]s","name":"%[9]s","namespace":"%[8]s"`},
	{"2021", `{"level":%[1]s,"ts":%[2]s,"logger":"controller.%[5]s","msg":%[3]s,"reconciler group":"%[7]s","reconciler kind":"%[4]s","name":"%[9]s","namespace":"%[8]s"`},
	{"2021, image controllers", `{"level":%[1]s,"ts":%[2]s,"logger":"controller-runtime.manager.controller.%[5]s","msg":%[3]s,"reconciler group":"%[7]s","reconciler kind":"%[4]s","name":"%[9]s","namespace":"%[8]s"`},
	{"2022", `{"level":%[1]s,"ts":%[2]s,"msg":%[3]s,"controller":"%[5]s","controllerGroup":"%[7]s","controllerKind":"%[4]s","%[6]s":{"name":"%[9]s","namespace":"%[8]s"},"namespace":"%[8]s","name":"%[9]s","reconcileID":"%[10]s"`},
	{"with blanks", `{"level": %[1]s, "ts": %[2]s, "msg": %[3]s, "controller": "%[5]s", "controllerGroup": "%[7]s", "controllerKind": "%[4]s", "namespace": "%[8]s", "name": "%[9]s", "reconcileID": "%[10]s"`},
}

// The same events mean the same, whatever the era of the keys.
func TestErasAgree(t *testing.T) {
	t.Parallel()
	demo := records(t)
	want := happened(demo)
	if strings.Count(want, "\n") < 30 {
		t.Fatalf("the demo shows too little:\n%s", want)
	}
	for _, era := range eras {
		t.Run(era.name, func(t *testing.T) {
			var lines []line
			for _, l := range demo {
				l.text = rewrite(l.text, era.head)
				parse.Parse([]byte(l.text), 0, &l.rec)
				lines = append(lines, l)
			}
			if diff := gocmp.Diff(want, happened(lines)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// rewrite puts another head on a line of a reconcile; other lines stay as they are.
func rewrite(text, head string) string {
	v := gjson.Parse(text)
	id := v.Get("reconcileID")
	if !id.Exists() {
		return text
	}
	kind := v.Get("controllerKind").String()
	rest := strings.TrimSuffix(text[id.Index+len(id.Raw):], "}") // what the call adds stands behind the id
	s := fmt.Sprintf(head, v.Get("level").Raw, v.Get("ts").Raw, v.Get("msg").Raw, kind, strings.ToLower(kind),
		strings.ToLower(kind[:1])+kind[1:], v.Get("controllerGroup").String(), v.Get("namespace").String(), v.Get("name").String(), id.String())
	if i := strings.Index(s, "%!("); i >= 0 { // not every era has everything
		s = s[:i]
	}
	return s + rest + "}"
}

// happened is what has to agree: transitions and incidents. How many runs there were may differ a
// little where no line has an id.
func happened(lines []line) string {
	e := New(Config{})
	out := &replayed{}
	for i := range lines {
		e.Add(&lines[i].rec, lines[i].at)
		out.take(e)
	}
	e.Settle()
	out.take(e)
	// Without ids a success is believed a little later, and so comes out later.
	slices.SortStableFunc(out.transitions, func(a, b Transition) int { return cmp.Or(cmp.Compare(a.At, b.At), a.Object.Compare(b.Object)) })
	var w facts
	for _, t := range out.transitions {
		w.line(clock(t.At), t.Object, t.Status, t.Ready, t.Reason)
	}
	for _, i := range append(out.ended, e.View().Open...) {
		w.line(i.ID, i.Object, clock(i.OpenedAt), clock(i.ResolvedAt), i.ClosedReason, i.Reason, i.Flaps, i.FirstRevision, i.LastGood, i.Root, i.Affected, i.ErrorFirst)
	}
	return w.String()
}
