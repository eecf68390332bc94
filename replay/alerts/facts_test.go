package alerts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/derive"
	"fluxtrail/sinks/prom"
)

// What exporters have of an object follows the version of Flux, and the label that a scrape gives
// to the namespace.
func TestExportersOfVersions(t *testing.T) {
	t.Parallel()
	failing := func(kind string) *derive.Observation {
		return &derive.Observation{
			Ref: derive.Ref{Kind: kind, Namespace: "apps", Name: "web"}, Suspended: derive.No,
			Conditions: []derive.Condition{{Type: "Ready", Status: "False", Reason: "BuildFailed"}},
		}
	}
	for _, c := range []struct {
		opt  Options
		kind string
		want []string
	}{
		{Options{}, "Kustomization", []string{
			"flux_resource_info ready=False reason=BuildFailed", "gotk_reconcile_condition status=False 1",
			"gotk_resource_info ready=False", "gotk_suspend_status",
		}},
		{Options{Flux: 200, NamespaceLabel: "namespace"}, "HelmRelease", []string{
			"flux_resource_info ready=False reason=BuildFailed", "gotk_reconcile_condition status=Deleted 0",
			"gotk_reconcile_condition status=False 1", "gotk_resource_info ready=False", "gotk_suspend_status",
		}},
		{Options{Flux: 202}, "HelmRelease", []string{"flux_resource_info ready=False reason=BuildFailed", "gotk_resource_info ready=False"}},
		{Options{Flux: 205}, "Kustomization", []string{"flux_resource_info ready=False reason=BuildFailed", "gotk_resource_info ready=False"}},
	} {
		f := newFacts(func(string) bool { return true }, &c.opt)
		f.observe(failing(c.kind))
		var got []string
		f.step(func(_ derive.Ref, all []prom.Series) {
			for _, x := range all {
				line := x.Name
				for i, name := range x.Names {
					switch {
					case name == "ready" || name == "reason" && x.Values[i] != "":
						line += " " + name + "=" + x.Values[i]
					case name == "status":
						line += fmt.Sprintf(" status=%s %g", x.Values[i], x.Value)
					}
				}
				if want := "exported_namespace"; x.Names[0] != want && x.Names[0] != c.opt.NamespaceLabel || x.Values[0] != "apps" {
					t.Errorf("%s: %v", x.Name, x.Names)
				}
				if !strings.HasSuffix(line, "=True 0") && !strings.HasSuffix(line, "=Unknown 0") {
					got = append(got, line)
				}
			}
		})
		slices.Sort(got)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%+v: %s", c.opt, diff)
		}
	}
}
