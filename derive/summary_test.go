package derive

import (
	"testing"

	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

func TestSummarize(t *testing.T) {
	for _, c := range []struct{ name, line, outcome, reason string }{
		{"success", `{"level":"info","ts":"2026-11-20T10:00:00.000Z","msg":"Reconciliation finished in 1s, next run in 10m0s","controller":"kustomization","controllerKind":"Kustomization","Kustomization":{"name":"a","namespace":"b"},"namespace":"b","name":"a","reconcileID":"x"}`, "succeeded", ""},
		{"failure", `{"level":"error","ts":"2026-11-20T10:00:00.000Z","msg":"Reconciler error","controller":"kustomization","controllerKind":"Kustomization","Kustomization":{"name":"a","namespace":"b"},"name":"a","namespace":"b","reconcileID":"x","error":"kustomize build failed: x"}`, "failed", "BuildFailed"},
		{"error about no object", `{"level":"error","ts":"2026-11-20T10:00:00.000Z","msg":"failed to elect leader","error":"x"}`, "", "Other"},
		{"nothing", `{"level":"info","ts":"2026-11-20T10:00:00.000Z","msg":"starting server"}`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r parse.Record
			parse.Parse([]byte(c.line), 0, &r)
			texts := failure.NewCache(nil)
			got := Summarize(&r, texts)
			if got.Outcome != c.outcome || got.Reason != c.reason || (got.Fingerprint == "") != (c.reason == "") {
				t.Errorf("got %+v", got)
			}
			if again := Summarize(&r, texts); again != got {
				t.Errorf("the second time it says %+v", again)
			}
			// Info lines are nearly all there are.
			if n := testing.AllocsPerRun(100, func() { Summarize(&r, texts) }); r.Level == parse.LevelInfo && n > 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}
