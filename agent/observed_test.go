package agent

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
)

// TestObservedIsBounded has an object change again and again while older lines are read.
func TestObservedIsBounded(t *testing.T) {
	t.Parallel()
	w := observed{}
	for i := range 5 * maxObserved {
		ref := derive.Ref{Name: fmt.Sprint("o", i%10)}
		w.add(observed{derive.Observed{Observations: []derive.Observation{{Ref: ref, At: int64(i + 1)}}}})
	}
	n := len(w.Observations)
	if last := w.Observations[n-1].At; n > maxObserved+1 || last != 5*maxObserved {
		t.Errorf("%d wait, the last of %d", n, last)
	}
}

// TestObservedObjectsAreBounded has other objects be told of each time.
func TestObservedObjectsAreBounded(t *testing.T) {
	t.Parallel()
	w, at := observed{}, int64(0)
	for range 5 {
		var more observed
		for range maxObserved {
			at++
			more.Observations = append(more.Observations, derive.Observation{Ref: derive.Ref{Name: fmt.Sprint("o", at)}, At: at})
		}
		w.add(more)
	}
	n := len(w.Observations)
	if n != derive.MostObjects || w.Observations[n-1].At != at {
		t.Errorf("%d wait, the last of %d", n, w.Observations[n-1].At)
	}
}

func TestEvidenceOfOthers(t *testing.T) {
	t.Parallel()
	e := &evidence{}
	if ctx, _ := e.begin(t.Context()); ctx != nil {
		t.Error("watches without a controller")
	}
	e.want(map[controller]bool{{"kustomize-controller", ""}: true})
	ctx, kinds := e.begin(t.Context())
	if !kinds("Kustomization") || kinds("HelmRelease") {
		t.Error("watches the wrong kinds")
	}
	e.want(map[controller]bool{{"kustomize-controller", ""}: true})
	if ctx.Err() != nil {
		t.Error("begins anew for nothing")
	}
	e.want(map[controller]bool{{"kustomize-controller", ""}: true, {"kustomize-controller", "shard1"}: true})
	if ctx.Err() == nil {
		t.Error("goes on without what a new controller reconciles")
	}
}

// TestTrailObserves has conditions come between lines: an agent tells what a replay of both would,
// with a restart in between, too.
func TestTrailObserves(t *testing.T) {
	t.Parallel()
	for _, restart := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			state, log := t.TempDir(), filepath.Join(t.TempDir(), "flux-system_kustomize-controller-6d4cf56db6-x2x20_u-1", "manager", "0.log")
			if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
				t.Fatal(err)
			}
			shards := func(_, pod string) (api.PodMeta, bool) { return api.PodMeta{App: "kustomize-controller"}, true }
			begin := func() (*assembly, func()) {
				a := newAssembly(testOptions(state, filepath.Dir(filepath.Dir(filepath.Dir(log)))), stateDir(state), shards, time.Now)
				a.Once, a.evidence = false, &evidence{}
				l, _ := derived(t, a)
				ctx, stop := context.WithCancel(t.Context())
				done := make(chan error)
				go func() { done <- l.run(ctx, ctx) }()
				return a, func() {
					stop()
					if err := <-done; err != nil {
						t.Error(err)
					}
				}
			}
			a, end := begin()
			write := func(name, rest string) {
				line := time.Now().UTC().Format(time.RFC3339Nano) + " stderr F " + kustomization(time.Now(), name, rest)
				if err := appendText(log, line); err != nil {
					t.Error(err)
				}
			}
			see := func(name, shard, ready string) {
				a.evidence.observe([]derive.Observation{{
					Ref: derive.Ref{Kind: "Kustomization", Namespace: "b", Name: name}, Source: "kube", Family: "object", Shard: shard,
					At: time.Now().UnixNano(), Suspended: derive.No, Conditions: []derive.Condition{{
						Type: "Ready", Status: ready, Reason: "BuildFailed", Message: "no such file", Since: time.Now().UnixNano(),
					}},
				}})
			}
			write("one", went)
			time.Sleep(5 * time.Second)
			see("one", "", "False")
			see("unlogged", "", "False")
			see("other", "shard1", "False") // is another controller's
			time.Sleep(5 * time.Second)
			if restart {
				end()
				a, end = begin()
			}
			time.Sleep(20 * time.Second)
			objects := get(t, a, "/api/v1/objects").Body.String()
			end()
			for _, want := range []string{`"name":"one"`, `"name":"unlogged"`, "no such file", "BuildFailed"} {
				if !strings.Contains(objects, want) {
					t.Errorf("restart %v: no %s in %s", restart, want, objects)
				}
			}
			if strings.Contains(objects, `"name":"other"`) {
				t.Errorf("tells of what another controller reconciles: %s", objects)
			}
		})
	}
}
