package alerts

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write the table in docs/alerts.md anew")

// contender is rules that are to page about objects that fail, in the cluster of a version of Flux.
type contender struct {
	name   string
	flux   string   // whose exporters there are, "" for those that no version changes
	pack   string   // the source of the pack whose rules these are
	public string   // or the rule of the fixtures of rules check
	blind  []string // stories of which this signal tells too little, and why stands in the manual
	tally
}

// tally is what pages of a contender came to.
type tally struct{ episodes, paged, byRoot, pages, good int }

// contenders are the packs, and rules that people run.
func contenders() []*contender {
	return []*contender{
		{name: "pack ours", pack: "ours"},
		{name: "pack flux-operator", pack: "flux-operator"},
		{name: "pack ksm", pack: "ksm"},
		{name: "pack gotk", flux: "2.0", pack: "gotk"},
		{name: "pack gotk", flux: "2.1", pack: "gotk"},
		{name: "pack gotk", flux: "2.4", pack: "gotk", blind: []string{"git-old", "helm-new", "oci"}},
		{name: "pack auto", flux: "2.6", pack: "auto"},
		{name: "Flux's guide of 2020", flux: "2.0", public: "P30Seed"},
		{name: "Flux's guide of 2020", flux: "2.1", public: "P30Seed"},
		{name: "Flux's guide of 2020", flux: "2.6", public: "P30Seed"},
		{name: "mixin, without the join", flux: "2.1", public: "P31Mixin"},
		{name: "mixin, without the join", flux: "2.6", public: "P31Mixin"},
		{name: `KSM, ready="False"`, public: "P28Embedded"},
		{name: `KSM, ready!="True"`, public: "P09Kustomization"},
		{name: "KSM, kind instead of customresource_kind", public: "PKind"},
		{name: `Flux Operator, max by, ready!="True"`, public: "P04NotReady"},
		{name: `Flux Operator, ready!="True"`, public: "P13Failing"},
		{name: `Flux Operator, ready="false"`, public: "PLetter"},
	}
}

// patience is that of all rules here, so that stories of half an hour have pages, and the rest is
// the grid.
const patience, scrape, step, hold = time.Minute, 5 * time.Second, 10 * time.Second, 5 * time.Minute

type ruleFile struct {
	Groups []struct {
		Rules []struct {
			Alert string `json:"alert"`
			Expr  string `json:"expr"`
		} `json:"rules"`
	} `json:"groups"`
}

// exprs are the expressions of a contender.
func (c *contender) exprs(t *testing.T, s story) (all []string) {
	t.Helper()
	text, err := os.ReadFile("../../derive/rules/check/testdata/public.yaml")
	if c.pack != "" {
		text = s.printed(t, pack{print: []string{"--source", c.pack}})
	}
	var file ruleFile
	if err == nil {
		err = yaml.Unmarshal(text, &file)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if r.Alert == c.public || c.pack != "" && (r.Alert == "FluxReconciliationFailing" || r.Alert == "FluxSourceFailing") {
				all = append(all, r.Expr)
			}
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s: no rules", c.name)
	}
	return all
}

// together are the contenders of one version as one file: each has a group.
func together(t *testing.T, s story, all []*contender) string {
	t.Helper()
	type rule struct {
		Alert string `json:"alert"`
		Expr  string `json:"expr"`
		For   string `json:"for"`
	}
	type group struct {
		Name  string `json:"name"`
		Rules []rule `json:"rules"`
	}
	var file struct {
		Groups []group `json:"groups"`
	}
	for _, c := range all {
		g := group{Name: c.name}
		for _, expr := range c.exprs(t, s) {
			g.Rules = append(g.Rules, rule{c.name, expr, patience.String()})
		}
		file.Groups = append(file.Groups, g)
	}
	text, err := yaml.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The pages of each pack and of rules that people run, held against the conditions that the API
// server had: an episode that lasts longer than the patience and a step must have its page in time,
// and no page may be without one. A page about the root counts for what fails because of it. Packs
// must find every episode; what others find is shown.
func TestPagesAreTrue(t *testing.T) {
	all := contenders()
	everyStory(t, func(t *testing.T, s story) {
		for _, version := range []string{"", "2.0", "2.1", "2.4", "2.6"} {
			mine := slices.DeleteFunc(slices.Clone(all), func(c *contender) bool { return c.flux != version || c.pack == "ours" })
			flags := []string{"--conditions", s.dir + "/conditions.jsonl"}
			if version != "" {
				flags = append(flags, "--flux", version)
			}
			s.judge(t, mine, flags...)
		}
		s.judge(t, all[:1]) // our own metrics come of the log alone
	})
	text := table(all)
	t.Log("\n" + text)
	checkTable(t, text)
}

// judge replays a story with rules, and adds to their tallies.
func (s *story) judge(t *testing.T, all []*contender, flags ...string) {
	t.Helper()
	flags = append(flags, "--scrape-interval", scrape.String(), "--evaluation-interval", step.String())
	r := s.replay(t, together(t, *s, all), flags...)
	sure, may := episodes(t, s.dir, r.Alerting.Grid.To, surely), episodes(t, s.dir, r.Alerting.Grid.To, maybe)
	for _, c := range all {
		for _, e := range sure {
			if e.to.Sub(e.from) < patience+step+scrape {
				continue
			}
			c.episodes++
			root := r.root(e)
			if slices.ContainsFunc(r.Alerts, func(a alert) bool { return a.Name == c.name && a.inTime(e) }) {
				c.paged++
			} else if root.object != "" && slices.ContainsFunc(r.Alerts, func(a alert) bool { return a.Name == c.name && a.inTime(root) }) {
				c.byRoot++
			} else if c.pack != "" && !slices.Contains(c.blind, s.name) {
				t.Errorf("%s %s: no page about %s, which failed from %s to %s", s.name, c.name, e.object, e.from.UTC(), e.to.UTC())
			}
		}
		for _, a := range r.Alerts {
			kind := cmp.Or(a.Labels["kind"], a.Labels["customresource_kind"])
			if a.Name != c.name || a.FiredAt == nil || kind == "Alert" || kind == "Provider" { // those have no conditions
				continue
			}
			c.pages++
			if slices.ContainsFunc(may, func(e episode) bool { return e.during(a) }) {
				c.good++
			} else if c.pack == "ours" {
				t.Errorf("%s %s: a page about %s at %s, which did not fail", s.name, c.name, object(a), a.FiredAt.UTC())
			}
		}
	}
}

// root is the same time of what an object fails because of, as the report has it.
func (r *replayed) root(e episode) (root episode) {
	for _, i := range r.Incidents {
		if i.Root != nil && i.String() == e.object && i.OpenedAt.Before(e.to) && (i.ResolvedAt == nil || i.ResolvedAt.After(e.from)) {
			root = episode{i.Root.String(), e.from, e.to}
		}
	}
	return root
}

// inTime reports whether an alert pages about an episode, when it should.
func (a *alert) inTime(e episode) bool {
	return object(*a) == e.object && a.FiredAt != nil && a.ActiveAt.Before(e.to) &&
		!a.FiredAt.After(e.from.Add(patience+2*step+scrape)) && (a.ResolvedAt == nil || a.ResolvedAt.After(e.from))
}

// during reports whether an alert fires in an episode. The agent has an incident until its success
// has held.
func (e *episode) during(a alert) bool {
	return e.object == object(a) && !e.from.After(*a.FiredAt) && !e.to.Add(hold+2*step).Before(*a.FiredAt)
}

// table is what people read.
func table(all []*contender) string {
	var b strings.Builder
	b.WriteString("| rules | Flux | episodes | paged in time | by the root | recall | pages | true | precision |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, c := range all {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %s | %d | %d | %s |\n", c.name, cmp.Or(c.flux, "any"),
			c.episodes, c.paged, c.byRoot, share(c.paged+c.byRoot, c.episodes), c.pages, c.good, share(c.good, c.pages))
	}
	return b.String()
}

func share(n, of int) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d %%", 100*n/of)
}

// checkTable holds the manual to what came out.
func checkTable(t *testing.T, want string) {
	t.Helper()
	const page, begin, end = "../../docs/alerts.md", "<!-- pages, from TestPagesAreTrue -->\n", "<!-- end -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	got, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", page)
	}
	if *update {
		if err := os.WriteFile(page, []byte(head+begin+want+end+tail), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if got != want {
		t.Errorf("%s has another table:\n%s", page, got)
	}
}
