package report

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"fluxtrail/api"
)

func jsonOf(r *api.Report, opt jsonOptions) func(io.Writer) error {
	return func(w io.Writer) error { return writeJSON(w, r, opt) }
}

func TestWriteJSON(t *testing.T) {
	golden(t, "sample.json", jsonOf(sample(), jsonOptions{Indent: true}))
	golden(t, "sample.compact.json", jsonOf(sample(), jsonOptions{}))
	golden(t, "empty.json", jsonOf(&api.Report{}, jsonOptions{Indent: true}))
}

func TestLayoutsSayTheSame(t *testing.T) {
	var indented, compact any
	for opt, v := range map[jsonOptions]*any{{Indent: true}: &indented, {}: &compact} {
		if err := json.Unmarshal(written(t, jsonOf(sample(), opt)), v); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(indented, compact); diff != "" {
		t.Error(diff)
	}
}

func TestJSONFollowsItsSchema(t *testing.T) {
	// The published schema lets readers be tolerant. Here nothing may be written that it does not
	// name.
	schema := compile(t, func(doc any) { forbidOthers(doc) })
	for name, r := range map[string]*api.Report{"sample": sample(), "empty": {}} {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(written(t, jsonOf(r, jsonOptions{})))))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	schema := compile(t, func(any) {})
	good := string(written(t, jsonOf(sample(), jsonOptions{})))
	for _, change := range [][2]string{
		{`"status":"stalled"`, `"status":"broken"`},
		{`"ready":"False"`, `"ready":"false"`},
		{`"at":"2026-10-07T10:13:02.000Z"`, `"at":"2026-10-07 10:13:02"`},
		{`"affected":[]`, `"affected":null`},
		{`"flaps":3`, `"flaps":-3`},
	} {
		if !strings.Contains(good, change[0]) {
			t.Fatalf("the sample has no %s", change[0])
		}
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(good, change[0], change[1], 1)))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(v) == nil {
			t.Errorf("%s got through", change[1])
		}
	}
}

func compile(t *testing.T, change func(doc any)) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("../../docs/replay.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	change(doc)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:fluxtrail:replay:v1", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("urn:fluxtrail:replay:v1")
}

func forbidOthers(doc any) {
	switch v := doc.(type) {
	case map[string]any:
		if _, ok := v["properties"]; ok && v["type"] == "object" {
			v["additionalProperties"] = false
		}
		for _, child := range v {
			forbidOthers(child)
		}
	case []any:
		for _, child := range v {
			forbidOthers(child)
		}
	}
}

func TestReadBaseline(t *testing.T) {
	known, err := ReadBaseline(strings.NewReader(string(written(t, jsonOf(sample(), jsonOptions{Indent: true})))))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"c0ff": true, "4044": true, "bad0": true, "f1a9": true, "5c4e": true}
	if diff := cmp.Diff(want, known); diff != "" {
		t.Error(diff)
	}
}

func TestReadBaselineSaysWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		``:         "it ends too early, at byte 0",
		`[1]`:      `"{" expected`,
		`{"a":{}}`: `its schema is ""`,
		`{"schema":"fluxtrail/replay/v9","errors":[]}`:                       `its schema is "fluxtrail/replay/v9", not "fluxtrail/replay/v1"`,
		`{"schema":"fluxtrail/replay/v1"}`:                                   "it has no list of errors",
		`{"schema":"fluxtrail/replay/v1","errors":[{"fingerprint":"a"}`:      "it ends too early",
		`{"schema":"fluxtrail/replay/v1","errors":{"fingerprint":"a"}}`:      `"[" expected`,
		`{"schema":"fluxtrail/replay/v1","transitions":[[{]],"errors":[1]}}`: "invalid character",
		"2026-10-07 some log line":                                           "expected before byte",
	} {
		_, err := ReadBaseline(strings.NewReader(in))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", in, err, want)
		}
	}
}

// manyTransitions is a report as a large input yields it.
func manyTransitions(objects, transitions int) *api.Report {
	refs := make([]api.Ref, objects)
	r := &api.Report{Window: api.Window{From: at("00:00:00"), To: at("23:59:59")}, Transitions: spread(refs,
		transitions)}
	for i := range refs {
		refs[i] = api.Ref{Kind: "Kustomization", Namespace: fmt.Sprintf("tenant-%03d", i%50),
			Name: fmt.Sprintf("app-%04d", i)}
		r.Objects = append(r.Objects, api.Object{Ref: refs[i], Status: "ready", Ready: "True", Since: at("00:00:00")})
	}
	r.Totals.Transitions = int64(transitions)
	return r
}

func spread(refs []api.Ref, n int) iter.Seq[api.Transition] {
	start, step := at("00:00:00"), 86_400_000/max(1, n)
	names, ready := []string{"ready", "failing", "progressing"}, []string{"True", "False", "Unknown"}
	reason, revision := ptr("BuildFailed"), rev("65e39316")
	return func(yield func(api.Transition) bool) {
		for i := range n {
			s := (i / len(refs)) % 3
			at := api.Time{Time: start.Add(time.Duration(i*step) * time.Millisecond)}
			if !yield(api.Transition{At: at, Ref: refs[i%len(refs)], Ready: ready[s], Status: names[s],
				Reason: reason, Revision: revision}) {
				return
			}
		}
	}
}

func BenchmarkWriteJSON(b *testing.B) {
	r := manyTransitions(2000, 100_000)
	r.Objects = nil
	b.ReportAllocs()
	for b.Loop() {
		if err := writeJSON(io.Discard, r, jsonOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "transitions/s")
}

func TestAlertsFollowTheSchema(t *testing.T) {
	r := sample()
	r.Alerts = sampleAlerts()
	schema := compile(t, forbidOthers)
	for _, change := range []func(*api.Alerts){
		func(*api.Alerts) {},
		func(a *api.Alerts) { a.Changes = nil },
		func(a *api.Alerts) { *a = api.Alerts{Grid: a.Grid} },
	} {
		change(r.Alerts)
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(written(t, jsonOf(r, jsonOptions{})))))
		if err == nil {
			err = schema.Validate(v)
		}
		if err != nil {
			t.Error(err)
		}
	}
}
