package doctor

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// endless is an API server that has objects without end of every resource.
type endless struct {
	object func(i int) map[string]any
	given  int
}

func (e *endless) EachOf(_ context.Context, _ schema.GroupVersionResource, _, _ string, f func(map[string]any) error) error {
	for i := 0; ; i++ {
		e.given++
		if err := f(e.object(i)); err != nil {
			return err
		}
	}
}

// TestEndlessObjects wants each check to give up before its objects take too much, whether they are
// large or many, and none of them to be well.
func TestEndlessObjects(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]func(i int) map[string]any{
		"large": func(i int) map[string]any {
			return map[string]any{"metadata": map[string]any{"name": fmt.Sprint(i)}, "data": map[string]any{"a": strings.Repeat("x", 1<<20)},
				"spec": map[string]any{"containers": []any{map[string]any{"name": strings.Repeat("x", 1<<20)}}}}
		},
		"empty": func(int) map[string]any { return map[string]any{} },
	} {
		cluster := &endless{object: object}
		d, err := Examine(t.Context(), Options{Cluster: cluster, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for _, f := range d.Findings {
			if strings.Contains(f.Text, "take more than 64 MiB") {
				refused++
			}
			if f.Severity == ok {
				t.Errorf("%s: %s is well: %s", name, f.Check, f.Text)
			}
		}
		if refused < 5 || cluster.given > 10*maxHeld/minWeight {
			t.Errorf("%s: %d checks gave up, %d objects given", name, refused, cluster.given)
		}
	}
}

// TestSlim keeps of one of all pods what a monitor may go by, and of others all but who wrote it.
func TestSlim(t *testing.T) {
	t.Parallel()
	pod := func() map[string]any {
		return map[string]any{
			"metadata": map[string]any{"name": "a", "labels": map[string]any{"app": "b"}, "managedFields": []any{"x"}},
			"spec":     map[string]any{"nodeName": "n", "containers": []any{map[string]any{"name": "c", "image": "i", "ports": []any{map[string]any{"name": "http"}}}}},
			"status":   map[string]any{"phase": "Running", "podIP": "10.0.0.1"},
		}
	}
	const want = "map[metadata:map[labels:map[app:b] name:a] spec:map[containers:[map[name:c ports:[map[name:http]]]]] status:map[phase:Running]]"
	if got := fmt.Sprint(slim(pod(), true)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := fmt.Sprint(slim(pod(), false)); strings.Contains(got, "managedFields") || !strings.Contains(got, "podIP") || !strings.Contains(got, "image:i") {
		t.Error(got)
	}
}
