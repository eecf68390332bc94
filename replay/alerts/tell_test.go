package alerts

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

func at(minute int) api.Time {
	if minute < 0 {
		return api.Time{}
	}
	return api.Time{Time: time.Unix(int64(minute)*60, 0).UTC()}
}

func alert(name, object string, active, fired, resolved int) api.Alert {
	return api.Alert{
		Name: name, Labels: map[string]string{"alertname": name, "kind": "Kustomization", "exported_namespace": "a", "name": object},
		ActiveAt: at(active), FiredAt: at(fired), ResolvedAt: at(resolved),
	}
}

func TestInhibition(t *testing.T) {
	t.Parallel()
	rules, err := readInhibit("am.yaml", []byte(`
inhibit_rules:
  - source_matchers: ['alertname=~"Stalled|Failing"']
    target_matchers: [alertname=~"Failing|Silent"]
    equal: [kind, exported_namespace, name]
  - source_match: {alertname: Down}
    target_match: {alertname: Silent}
`))
	if err != nil {
		t.Fatal(err)
	}
	all := []api.Alert{
		alert("Stalled", "x", 0, 5, 20), alert("Failing", "x", 0, 10, 30), alert("Failing", "y", 0, 10, 30),
		alert("Silent", "x", 0, 12, 25), alert("Silent", "z", 0, 12, 25), alert("Down", "w", 0, 10, 15),
		alert("Silent", "v", 0, -1, 4),
	}
	inhibit(all, rules, at(60))
	var got []string
	for _, a := range all {
		line := a.Name + " " + a.Labels["name"] + " told -"
		if !a.NotifiedAt.IsZero() {
			line = a.Name + " " + a.Labels["name"] + " told " + a.NotifiedAt.Format("04")
		}
		for _, by := range a.InhibitedBy {
			line += " < " + by
		}
		got = append(got, line)
	}
	want := []string{
		"Stalled x told 05", "Failing x told 20 < Stalled Kustomization/a/x", "Failing y told 10",
		"Silent x told - < Stalled Kustomization/a/x < Failing Kustomization/a/x",
		"Silent z told 15 < Down Kustomization/a/w", "Down w told 10", "Silent v told -",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestInhibitSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := readInhibit("am.yaml", []byte("inhibit_rules:\n- source_matchers: ['a=~\"(\"']\n"))
	if err == nil {
		t.Error("a bad expression got through")
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	ref := api.Ref{Kind: "Kustomization", Namespace: "a", Name: "x"}
	other := api.Ref{Kind: "Kustomization", Namespace: "a", Name: "y"}
	out := &api.Alerts{List: []api.Alert{alert("Failing", "x", 10, 20, 40), alert("Failing", "x", 60, -1, 62)}}
	incidents := slices.Values([]api.Incident{
		{ID: "early", Ref: ref, OpenedAt: at(0), ResolvedAt: at(2)},
		{ID: "first", Ref: ref, OpenedAt: at(9), ResolvedAt: at(30)},
		{ID: "again", Ref: ref, OpenedAt: at(35), ResolvedAt: at(36)},
		{ID: "caused", Ref: other, OpenedAt: at(22), ResolvedAt: at(24), RootCause: &ref},
		{ID: "short", Ref: ref, OpenedAt: at(59), ResolvedAt: at(60)},
		{ID: "none", Ref: other, OpenedAt: at(70)},
		{ID: "wait", Ref: other, OpenedAt: at(80), State: "withdrawn"},
	})
	assign(out, incidents, 5*time.Minute)
	if got := []string{*out.List[0].Incident, *out.List[1].Incident}; !slices.Equal(got, []string{"first", "short"}) {
		t.Error(got)
	}
	var silent []string
	for _, u := range out.Silent {
		word := u.Incident
		if u.Root != nil {
			word += " by root"
		}
		silent = append(silent, word)
	}
	if diff := cmp.Diff([]string{"early", "caused by root", "short", "none"}, silent); diff != "" {
		t.Error(diff)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	c := compare([]string{"old"},
		[]api.Alert{alert("A", "x", 0, 10, 20), alert("A", "y", 0, 10, 20), alert("A", "z", 0, 10, -1), alert("A", "p", 0, -1, 3)},
		[]api.Alert{alert("A", "x", 0, 10, 20), alert("A", "z", 0, 15, -1), alert("B", "x", 0, 10, 20)})
	if c.Same != 1 || len(c.Gone) != 1 || c.Gone[0].Labels["name"] != "y" || len(c.New) != 1 || c.New[0].Name != "B" ||
		len(c.Moved) != 1 || !c.Moved[0].New.FiredAt.Equal(at(15).Time) {
		t.Errorf("%+v", c)
	}
}

// TestDownEndsWhenItIsInterrupted does not pass over years without a line that nobody wants any more.
func TestDownEndsWhenItIsInterrupted(t *testing.T) {
	t.Parallel()
	r, err := New(Options{Rules: &Set{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	begun, _ := r.Due(ctx, int64(time.Hour))
	r.latest = begun
	cancel()
	if _, due := r.Due(ctx, begun+int64(48*time.Hour)); due || r.next != begun || !errors.Is(r.err, context.Canceled) {
		t.Errorf("due %t, %s on, %v", due, time.Duration(r.next-begun), r.err)
	}
}
