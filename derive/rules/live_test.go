package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxtrail/derive"
)

const noon = int64(1795176000e9)

func ref(kind, name string) derive.Ref { return derive.Ref{Kind: kind, Namespace: "apps", Name: name} }

func ago(d time.Duration) int64 { return noon - int64(d) }

// seen is an object with an incident that opened some time ago.
func seen(o derive.Ref, status derive.Status, open time.Duration, change func(*derive.Incident)) derive.Seen {
	i := &derive.Incident{Object: o, OpenedAt: ago(open), Reason: "BuildFailed", ErrorLast: "kustomize build failed", Attempts: 3}
	if change != nil {
		change(i)
	}
	return derive.Seen{Object: &derive.Object{Ref: o}, Status: status, Since: ago(open), Incident: i}
}

// names are what the alerts are, by object, with a mark for what fires at noon and for what is over.
func names(list []Live) (out []string) {
	for _, l := range list {
		mark := ""
		if !l.Fires.After(derive.Instant(noon)) {
			mark = "!"
		}
		if !l.Ended.IsZero() {
			mark += "-"
		}
		out = append(out, l.Labels["alertname"]+mark+" "+l.Labels["name"])
	}
	slices.Sort(out)
	return out
}

// allOf are the alerts of one agent alone.
func allOf(v derive.View, ended []*derive.Incident, opt LiveOptions) []Live {
	list, objects := Episodes(v, ended, opt)
	return append(list, Many(list, objects, opt)...)
}

func TestEpisodes(t *testing.T) {
	t.Parallel()
	root := ref("Kustomization", "infra")
	v := derive.View{At: noon, Objects: []derive.Seen{
		seen(ref("Kustomization", "old"), derive.Failing, 11*time.Minute, nil),
		seen(ref("Kustomization", "new"), derive.Failing, 9*time.Minute, nil),
		seen(ref("Kustomization", "hit"), derive.Waiting, time.Hour, func(i *derive.Incident) { i.Root = root }),
		seen(ref("Kustomization", "waits"), derive.Waiting, time.Hour, func(i *derive.Incident) { i.Reason = "DependencyNotReady" }),
		seen(ref("Kustomization", "heals"), derive.Ready, 11*time.Minute, func(i *derive.Incident) { i.Healing = ago(2 * time.Minute) }),
		seen(ref("GitRepository", "source"), derive.Failing, 11*time.Minute, nil),
		seen(ref("OCIRepository", "denied"), derive.Failing, 16*time.Minute, func(i *derive.Incident) { i.ErrorLast = "401 Unauthorized" }),
		seen(ref("HelmRelease", "stuck"), derive.Stalled, 6*time.Minute, nil),
		{Object: &derive.Object{Ref: ref("HelmRelease", "hangs")}, Status: derive.Progressing, Since: ago(time.Hour)},
		{Object: &derive.Object{Ref: ref("HelmRelease", "mute")}, Status: derive.Silent, Since: ago(time.Hour), SilentSince: ago(20 * time.Minute)},
		{Object: &derive.Object{Ref: ref("HelmRelease", "fine")}, Status: derive.Ready},
		{Object: &derive.Object{Ref: ref("HelmRelease", "gone")}, Status: derive.Deleted, Incident: &derive.Incident{OpenedAt: ago(time.Hour)}},
	}}
	ended := []*derive.Incident{
		{Object: ref("Kustomization", "mended"), OpenedAt: ago(time.Hour), ResolvedAt: ago(5 * time.Minute)},
		{Object: ref("Kustomization", "longago"), OpenedAt: ago(time.Hour), ResolvedAt: ago(20 * time.Minute)},
		{Object: ref("Kustomization", "old"), OpenedAt: ago(time.Hour), ResolvedAt: ago(14 * time.Minute)},
		{Object: ref("Kustomization", "moved"), OpenedAt: ago(time.Hour), ResolvedAt: ago(time.Minute), ClosedReason: string(derive.Handed)},
	}
	want := []string{
		"FluxAuthenticationFailing! denied", "FluxFailingManyObjects! ", "FluxNotReadyTooLong! hangs", "FluxObjectSilent! mute",
		"FluxReconciliationFailing new", "FluxReconciliationFailing stuck", "FluxReconciliationFailing! old",
		"FluxReconciliationFailing!- mended", "FluxReconciliationStalled! stuck",
		"FluxSourceFailing denied", "FluxSourceFailing source",
	}
	if got := names(allOf(v, ended, LiveOptions{})); !slices.Equal(got, want) {
		t.Errorf("%s\nwant %s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The labels are those that the rule's expression and the rule itself give, no more and no fewer.
func TestLiveIdentity(t *testing.T) {
	t.Parallel()
	v := derive.View{At: noon, Objects: []derive.Seen{
		seen(ref("Kustomization", "a"), derive.Stalled, time.Hour, func(i *derive.Incident) { i.ErrorLast = "401 Unauthorized" }),
		seen(ref("GitRepository", "b"), derive.Failing, time.Hour, nil),
		{Object: &derive.Object{Ref: ref("HelmRelease", "c")}, Status: derive.Progressing},
		{Object: &derive.Object{Ref: ref("HelmRelease", "d")}, Status: derive.Silent},
	}}
	byName := map[string]Rule{}
	opt := Options{Source: Ours, Labels: map[string]string{"team": "x"}}
	for _, g := range mustPack(t, opt).Groups {
		for _, r := range g.Rules {
			byName[r.Alert] = r
		}
	}
	told := map[string]bool{}
	for _, l := range allOf(v, nil, LiveOptions{Cluster: "prod", Labels: opt.Labels}) {
		r := byName[l.Labels["alertname"]]
		told[r.Alert] = true
		want := append(strings.Split(byObject, ", "), "alertname")
		want = slices.AppendSeq(want, maps.Keys(r.Labels))
		if strings.Contains(r.Expr, `"root", "/", "kind", "exported_namespace", "name"`) {
			want = append(want, "root")
		}
		slices.Sort(want)
		if got := slices.Sorted(maps.Keys(l.Labels)); !slices.Equal(got, want) || l.Labels["severity"] != r.Labels["severity"] {
			t.Errorf("%s: %v, the rule has %v", r.Alert, got, want)
		}
		if l.Annotations["summary"] != r.Annotations["summary"] {
			t.Errorf("%s: %s", r.Alert, l.Annotations["summary"])
		}
	}
	if len(told) != 6 {
		t.Errorf("%v", told)
	}
}

// Many are ten, or three that are more than a fifth of all, since there were as many.
func TestLiveMany(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fail, fine int
		want       bool
		since      time.Duration
	}{
		{2, 0, false, 0}, {3, 0, true, 58 * time.Minute}, {3, 11, true, 58 * time.Minute}, {3, 12, false, 0},
		{9, 90, false, 0}, {10, 990, true, 51 * time.Minute}, {20, 990, true, 51 * time.Minute},
	} {
		v := derive.View{At: noon}
		for n := range c.fail {
			v.Objects = append(v.Objects, seen(ref("Kustomization", fmt.Sprint(n)), derive.Failing, time.Hour-time.Duration(n)*time.Minute, nil))
		}
		for n := range c.fine {
			v.Objects = append(v.Objects, derive.Seen{Object: &derive.Object{Ref: ref("HelmRelease", fmt.Sprint(n))}, Status: derive.Ready})
		}
		var got []Live
		for _, l := range allOf(v, nil, LiveOptions{Cluster: "prod"}) {
			if l.Labels["alertname"] == manyFail {
				got = append(got, l)
			}
		}
		if (len(got) == 1) != c.want || c.want && (len(got[0].Labels) != 3 || derive.Instant(noon).Sub(got[0].Since) != c.since) {
			t.Errorf("%d of %d: %+v", c.fail, c.fail+c.fine, got)
		}
	}
}

// An alert is small, whatever the incident has.
func TestLiveIsSmall(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("€ long ", 10000)
	s := seen(ref("Kustomization", strings.Repeat("n", 253)), derive.Failing, time.Hour, func(i *derive.Incident) {
		i.ErrorLast, i.Reason, i.LastRevision, i.LastGood = long, long, long, long
		for n := range 5000 {
			i.Affected = append(i.Affected, ref("HelmRelease", fmt.Sprint(strings.Repeat("a", 200), n)))
		}
	})
	list := allOf(derive.View{At: noon, Objects: []derive.Seen{s}}, nil, LiveOptions{Runbooks: "https://example.com/x/"})
	notes, _ := json.Marshal(list[0].Annotations)
	if len(notes) > 4096 {
		t.Errorf("%d bytes", len(notes))
	}
	if got := list[0].Annotations["runbook_url"]; got != "https://example.com/x/FluxReconciliationFailing" {
		t.Error(got)
	}
	if !strings.HasSuffix(list[0].Annotations["affected"], "and 4996 more") {
		t.Error(list[0].Annotations["affected"])
	}
}
