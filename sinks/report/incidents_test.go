package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
)

// episode is an incident of an object in minutes of an hour; to is 0 for an open one.
func episode(name string, from, to int, root *api.Ref) api.Incident {
	i := api.Incident{ID: fmt.Sprintf("%s-%d", name, from), Ref: api.Ref{Kind: "K", Namespace: "n", Name: name}, State: "firing",
		OpenedAt: at(fmt.Sprintf("10:%02d:00", from)), RootCause: root}
	if to > 0 {
		i.State, i.ResolvedAt = "resolved", at(fmt.Sprintf("10:%02d:00", to))
	}
	return i
}

// grouped is "ID(BECAUSE…)" of all groups.
func grouped(list []api.Incident, limit int) (string, int) {
	slices.SortStableFunc(list, func(a, b api.Incident) int { return a.OpenedAt.Compare(b.OpenedAt.Time) })
	r := &api.Report{Incidents: slices.Values(list), Totals: api.Totals{Incidents: int64(len(list))}}
	groups, total := incidentGroups(r, limit)
	var out []string
	for _, g := range groups {
		s := g.ID
		for _, b := range g.Because {
			s += " < " + b.ID
		}
		out = append(out, s)
	}
	return strings.Join(out, "; "), total
}

func TestIncidentGroups(t *testing.T) {
	t.Parallel()
	source := &api.Ref{Kind: "K", Namespace: "n", Name: "source"}
	foreign := &api.Ref{Kind: "K", Namespace: "n", Name: "elsewhere"}
	for _, c := range []struct {
		name  string
		list  []api.Incident
		limit int
		want  string
		total int
	}{
		{"none", nil, 10, "", 0},
		{"open ones by age, then the newest back", []api.Incident{episode("a", 1, 5, nil), episode("b", 2, 0, nil), episode("c", 3, 0, nil), episode("d", 4, 6, nil)},
			-1, "b-2; c-3; d-4; a-1", 4},
		{"one that another caused at the same time", []api.Incident{episode("source", 1, 9, nil), episode("app", 2, 8, source)}, -1, "source-1 < app-2", 1},
		{"the cause was over", []api.Incident{episode("source", 1, 2, nil), episode("app", 3, 8, source)}, -1, "app-3; source-1", 2},
		{"the latest of two causes", []api.Incident{episode("source", 1, 3, nil), episode("source", 5, 9, nil), episode("app", 6, 8, source)},
			-1, "source-5 < app-6; source-1", 2},
		{"a cause that has no incident", []api.Incident{episode("app", 2, 8, foreign)}, -1, "app-2", 1},
		{"itself as the cause", []api.Incident{episode("source", 2, 8, source)}, -1, "source-2", 1},
		{"no more than asked for", []api.Incident{episode("a", 1, 5, nil), episode("b", 2, 0, nil), episode("c", 3, 4, nil)}, 2, "b-2; c-3", 3},
	} {
		got, total := grouped(c.list, c.limit)
		if got != c.want || total != c.total {
			t.Errorf("%s: %d: %s, want %d: %s", c.name, total, got, c.total, c.want)
		}
	}
}

// TestManyIncidents keeps the most urgent of more incidents than it looks at at a time.
func TestManyIncidents(t *testing.T) {
	t.Parallel()
	var list []api.Incident
	for i := range 1000 {
		n := episode(fmt.Sprintf("%04d", i), i%50, 0, nil)
		if i%2 == 0 {
			n = episode(fmt.Sprintf("%04d", i), i%50, 55, nil)
		}
		list = append(list, n)
	}
	got, total := grouped(list, 3)
	if got != "0001-1; 0051-1; 0101-1" || total != 1000 {
		t.Errorf("%d: %s", total, got)
	}
}

func TestAffectedRows(t *testing.T) {
	t.Parallel()
	source := api.Ref{Kind: "K", Namespace: "n", Name: "source"}
	head := episode("source", 1, 0, nil)
	head.Affected = []api.Ref{{Kind: "K", Namespace: "n", Name: "app"}, {Kind: "K", Namespace: "n", Name: "b"}, {Kind: "K", Namespace: "n", Name: "c"}}
	list := []api.Incident{head, episode("app", 2, 0, &source)}
	c := newClock(api.Window{From: at("10:00:00"), To: at("11:00:00")}, nil)
	for limit, want := range map[int][]string{
		-1: {"✗ firing K/n/source", "✗ firing └ K/n/app", "  affected └ K/n/b", "  affected └ K/n/c"},
		2:  {"✗ firing K/n/source", "✗ firing └ K/n/app", "  affected └ K/n/b", " └ 1 more object"},
		1:  {"✗ firing K/n/source", "✗ firing └ K/n/app", " └ 2 more objects"},
	} {
		groups, total := incidentGroups(&api.Report{Incidents: slices.Values(list)}, limit)
		var got []string
		for _, r := range incidentTable(c, groups, total, limit).Rows {
			got = append(got, r.Cells[0].Text+" "+r.Cells[1].Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d: %s", limit, diff)
		}
	}
}

func TestIncidentSummary(t *testing.T) {
	t.Parallel()
	if got := incidentSummary(api.Totals{}); got != "none" {
		t.Error(got)
	}
	got := incidentSummary(api.Totals{Incidents: 1009, ByState: map[string]int64{"resolved": 1000, "firing": 2, "closed": 3, "pending": 4}})
	if want := "2 firing, 4 pending, 1,000 resolved, 3 closed"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
