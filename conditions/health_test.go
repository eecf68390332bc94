package conditions

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHealth has a case for each judgement, with figures that are just wrong enough, and ones that
// are not.
func TestHealth(t *testing.T) {
	t.Parallel()
	const worker = "controller=kustomization "
	for _, c := range []struct {
		samples []string // labels name value
		want    string
	}{
		{[]string{worker + "controller_runtime_reconcile_total 100", worker + "controller_runtime_reconcile_errors_total 10"}, ""},
		{[]string{worker + "controller_runtime_reconcile_total 100", worker + "controller_runtime_reconcile_errors_total 11"},
			"kustomization: 11 of 100 attempts ended with an error"},
		{[]string{worker + "controller_runtime_reconcile_total 5", worker + "controller_runtime_reconcile_errors_total 5"}, ""},
		{[]string{worker + "controller_runtime_reconcile_panics_total 2"}, "kustomization: 2 panics"},
		{[]string{worker + "controller_runtime_reconcile_timeouts_total 3"}, "kustomization: 3 attempts took longer than the controller allows"},
		{[]string{worker + "controller_runtime_active_workers 4", worker + "controller_runtime_max_concurrent_reconciles 4",
			"name=kustomization workqueue_depth 7"}, "kustomization: saturated: all 4 workers are busy and 7 objects wait"},
		{[]string{worker + "controller_runtime_active_workers 4", worker + "controller_runtime_max_concurrent_reconciles 4"}, ""},
		{[]string{worker + "controller_runtime_active_workers 3", worker + "controller_runtime_max_concurrent_reconciles 4",
			"name=kustomization,controller=kustomization,priority=0 workqueue_depth 7"}, ""},
		{[]string{"name=kustomization workqueue_longest_running_processor_seconds 1801"}, "kustomization: a worker is on one object since 30m1s"},
		{[]string{"name=kustomization workqueue_longest_running_processor_seconds 1799"}, ""},
		{[]string{worker + "controller_runtime_reconcile_total 9", "code=200 rest_client_requests_total 99", "code=429 rest_client_requests_total 1"},
			"throttled: the API server refused 1 of 100 requests (429)"},
		{[]string{worker + "controller_runtime_reconcile_total 9", "code=200 rest_client_requests_total 90", "code=503 rest_client_requests_total 4",
			"code=<error> rest_client_requests_total 6"}, "10 of 100 requests to the API server failed"},
		{[]string{"code=429 rest_client_requests_total 1"}, "of no controller"},
		{[]string{"kind=Kustomization,namespace=a,name=fast gotk_reconcile_duration_seconds_sum 100",
			"kind=Kustomization,namespace=a,name=fast gotk_reconcile_duration_seconds_count 10"}, ""},
		{[]string{"kind=Kustomization,exported_namespace=a,namespace=flux-system,name=slow gotk_reconcile_duration_seconds_sum 1260",
			"kind=Kustomization,exported_namespace=a,namespace=flux-system,name=slow gotk_reconcile_duration_seconds_count 14"},
			"attempts of 1 object take a minute or longer on average: Kustomization/a/slow 1m30s in 14"},
		{[]string{"controller=foo controller_runtime_reconcile_panics_total 1"}, "of no controller"},
	} {
		var g Gauges
		for _, s := range c.samples {
			set, name, value := parts(t, s)
			if !g.Add(name, func(l string) string { return set[l] }, value) {
				t.Errorf("%s is not known", name)
			}
		}
		h, ok := g.Health(5, "x:1")
		got := strings.Join(h.Troubles, "; ")
		if !ok {
			got = "of no controller"
		} else if h.Controller != "kustomize-controller" {
			t.Errorf("of %s", h.Controller)
		}
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%v (-want +got):\n%s", c.samples, d)
		}
	}
	if new(Gauges).Add("go_goroutines", nil, 1) {
		t.Error("go_goroutines is known")
	}
}

func parts(t *testing.T, s string) (set map[string]string, name string, value float64) {
	t.Helper()
	field := strings.Fields(s)
	value, err := strconv.ParseFloat(field[2], 64)
	if err != nil {
		t.Fatal(err)
	}
	set = map[string]string{}
	for pair := range strings.SplitSeq(field[0], ",") {
		k, v, _ := strings.Cut(pair, "=")
		set[k] = v
	}
	return set, field[1], value
}

// TestProcesses has two processes of one controller, one of which is gone, and a program of others.
func TestProcesses(t *testing.T) {
	t.Parallel()
	var p Processes
	add := func(at int64, s string) {
		set, name, value := parts(t, s)
		if !p.Add(name, func(l string) string { return set[l] }, at, value) {
			t.Errorf("%s is not known", name)
		}
	}
	minute := int64(60e9)
	add(1*minute, "instance=a,controller=kustomization controller_runtime_reconcile_total 10")
	add(1*minute, "instance=a,controller=kustomization controller_runtime_reconcile_panics_total 1")
	add(9*minute, "instance=b,controller=kustomization,result=error controller_runtime_reconcile_total 10")
	add(9*minute, "instance=b,controller=kustomization,result=success controller_runtime_reconcile_total 20")
	add(8*minute, "instance=b,controller=kustomization controller_runtime_reconcile_errors_total 9")
	add(9*minute, "instance=b,controller=kustomization controller_runtime_reconcile_errors_total 10")
	add(9*minute, "instance=c,code=429 rest_client_requests_total 5")
	want := []Health{{Controller: "kustomize-controller", Instance: "b", At: 9 * minute, Source: "x",
		Troubles: []string{"kustomization: 10 of 30 attempts ended with an error"}}}
	if d := cmp.Diff(want, p.Health("x")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if p.Add("up", nil, 1, 1) {
		t.Error("up is known")
	}
}
