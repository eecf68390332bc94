package alerts

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"fluxtrail/e2e/env"
)

// pack is the pack of alerts for one source of the signal.
type pack struct {
	name  string
	print []string // flags of rules print
	flags []string // flags of replay
}

// packs are the sources that Prometheus has, with the labels that they come with. Series of other
// exporters are made of conditions, and flags say of which version the exporters are.
func packs(conditions string) []pack {
	with := func(more ...string) []string { return append([]string{"--conditions", conditions}, more...) }
	return []pack{
		{"ours", []string{"--source", "ours"}, nil},
		{"gotk", []string{"--source", "gotk"}, with()},
		{"gotk of 2.0", []string{"--source", "gotk"}, with("--flux", "2.0")},
		{"gotk, namespace", []string{"--source", "gotk", "--namespace-label", "namespace"}, with("--namespace-label", "namespace")},
		{"ksm", []string{"--source", "ksm"}, with()},
		{"ksm, namespace", []string{"--source", "ksm", "--namespace-label", "namespace"}, with("--namespace-label", "namespace")},
		{"flux-operator", []string{"--source", "flux-operator"}, with()},
		{"auto", []string{"--source", "auto"}, with()},
	}
}

// printed are the rules of a pack.
func (s *story) printed(t *testing.T, p pack) []byte {
	t.Helper()
	out, err := exec.Command(s.fluxtrail, append([]string{"rules", "print"}, p.print...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// hurried is a pack for stories of half an hour: alerts wait a tenth as long. Without keep there is
// no keep_firing_for, which vmalert does not know when it replays.
func hurried(t *testing.T, text []byte, keep bool) []byte {
	t.Helper()
	text, _ = plain(t, text)
	var doc struct {
		Groups []map[string]any `json:"groups"`
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for _, g := range doc.Groups {
		for _, r := range g["rules"].([]any) {
			rule := r.(map[string]any)
			for _, field := range []string{"for", "keep_firing_for"} {
				if text, ok := rule[field].(string); ok {
					d, err := time.ParseDuration(text)
					if err != nil {
						t.Fatal(err)
					}
					rule[field] = (d / 10).String()
				}
			}
			if !keep {
				delete(rule, "keep_firing_for")
			}
		}
	}
	text, err := yaml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// states are the alerts at each evaluation: by their labels and the minute, pending or firing.
type states map[string]string

func (s states) set(labels map[string]string, at time.Time, state string) {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if name != "__name__" && name != "alertstate" && name != "by" {
			fmt.Fprintf(&b, "%s=%s ", name, labels[name])
		}
	}
	s[b.String()+at.UTC().Format("15:04:05")] = state
}

// states are those that the report tells of.
func (r *replayed) states() states {
	out := states{}
	for i := range r.Alerts {
		a := &r.Alerts[i]
		for at := a.ActiveAt; !at.After(r.Alerting.Grid.To) && (a.ResolvedAt == nil || at.Before(*a.ResolvedAt)); at = at.Add(time.Minute) {
			state := "pending"
			if a.firing(at) {
				state = "firing"
			}
			out.set(a.Labels, at, state)
		}
	}
	return out
}

// byVmalert has vmalert replay the rules against a Prometheus that has the blocks of a replay: its
// state machine, and PromQL of another process.
func byVmalert(t *testing.T, rules string, r *replayed) states {
	t.Helper()
	p := env.NewPrometheus(t, filepath.Join(r.dir, "blocks"), "storage: {tsdb: {out_of_order_time_window: 1y}}\n")
	from, to := r.Alerting.Grid.From.Add(time.Minute-1).Truncate(time.Minute), r.Alerting.Grid.To
	out, err := exec.Command(env.Built(t, "rules", "vmalert"), "-rule="+rules, "-datasource.url="+p.URL, "-remoteWrite.url="+p.URL,
		"-remoteWrite.concurrency=1", "-replay.timeFrom="+from.Format(time.RFC3339), "-replay.timeTo="+to.Format(time.RFC3339),
		"-replay.rulesDelay=0s", "-replay.disableProgressBar", "-disableAlertgroupLabel", "-evaluationInterval=1m",
		"-external.label=by=vmalert", "-loggerLevel=WARN", "-httpListenAddr=127.0.0.1:0").CombinedOutput()
	if err != nil {
		t.Fatalf("vmalert: %v\n%s", err, out)
	}
	if strings.Contains(string(out), "rror") {
		t.Errorf("vmalert: %s", out)
	}
	got := states{}
	for _, s := range p.Samples(t, `ALERTS{by="vmalert"}`, to.Sub(from)+time.Hour, to.Add(time.Minute)) {
		for _, at := range s.At {
			got.set(s.Metric, at, s.Metric["alertstate"])
		}
	}
	return got
}

// vmalert, of another house, has the same alerts pending and firing at each evaluation, on all
// stories and all packs. Its rules have no state in common with ours, and PromQL is answered by a
// Prometheus that loaded the blocks of the replay.
func TestReplayFiresAsVmalertDoes(t *testing.T) {
	everyStory(t, func(t *testing.T, s story) {
		for _, p := range packs(s.dir + "/conditions.jsonl") {
			file := filepath.Join(t.TempDir(), "rules.yaml")
			if err := os.WriteFile(file, hurried(t, s.printed(t, p), false), 0o644); err != nil {
				t.Fatal(err)
			}
			r := s.replay(t, file, p.flags...)
			want, got := r.states(), byVmalert(t, file, r)
			firing := 0
			for key, state := range want {
				if state == "firing" {
					firing++
				}
				if got[key] != state {
					t.Errorf("%s: %s: replay has it %s, vmalert %q", p.name, key, state, got[key])
				}
			}
			for key, state := range got {
				if want[key] == "" {
					t.Errorf("%s: %s: vmalert has it %s, replay does not", p.name, key, state)
				}
			}
			t.Logf("%-10s %-16s %5d states of alerts, %5d firing", s.name, p.name, len(want), firing)
		}
	})
}
