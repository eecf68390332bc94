package derive

import (
	"encoding/json"
	"fmt"
	"testing"

	"fluxtrail/parse"
)

// TestNamesThatAreNoText has objects whose names are bytes that JSON writes as the same sign: the
// saved state is one that can be restored.
func TestNamesThatAreNoText(t *testing.T) {
	t.Parallel()
	e := New(Config{})
	for i, name := range []string{"a\xff", "a\xfe", "a\uFFFD", "a\xff\xfe", "b\u2028", "b\x00", "B", "b/c"} {
		var r parse.Record
		line := fmt.Sprintf(`{"level":"error","ts":"2026-11-20T10:00:0%d.000Z","msg":"Reconciler error","controller":"kustomization",`+
			`"controllerKind":"Kustomization","Kustomization":{"name":"%s","namespace":"b"},"name":"%s","namespace":"b","error":"x"}`, i, name, name)
		parse.Parse([]byte(line), 0, &r)
		e.Add(&r, Place{Text: []byte(line)})
	}
	saved, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	back := New(Config{})
	if err := back.UnmarshalJSON(saved); err != nil {
		t.Error(err)
	}
	if len(back.Objects()) != len(e.Objects()) {
		t.Errorf("%d objects of %d", len(back.Objects()), len(e.Objects()))
	}
}
