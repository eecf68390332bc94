package prom

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"fluxtrail/derive"
	"fluxtrail/parse"
)

var update = flag.Bool("update", false, "rewrite golden files and docs/METRICS.md")

// noon is the time of the samples: 2026-11-20T12:00:00Z, in Unix nanoseconds.
const noon = int64(1795176000e9)

func at(d time.Duration) int64 { return noon + int64(d) }

var (
	apps  = derive.Ref{Kind: "Kustomization", Namespace: "shop", Name: "apps"}
	infra = derive.Ref{Kind: "Kustomization", Namespace: "flux-system", Name: "infra"}
	cache = derive.Ref{Kind: "HelmRelease", Namespace: "shop", Name: "cache"}
)

const runUUID = "6b5b1e1c-8a8e-4a67-9b5e-0f4c7d1e2a3b"

var runID = attemptID(runUUID)

func attemptID(text string) (id derive.AttemptID) {
	_ = id.UnmarshalText([]byte(text)) // takes anything
	return id
}

// sample is a State in which every family has something to show.
func sample() *State {
	s := New(Config{Objects: 2, Durations: 1})
	s.Add([]derive.Attempt{
		{At: at(0), Object: apps, Controller: "kustomize-controller", Outcome: "succeeded", Took: 1500e6, ID: runID},
		{At: at(time.Minute), Object: apps, Controller: "kustomize-controller", Outcome: "failed", Reason: "BuildFailed", Took: 300e6, ID: runID},
		{At: at(2 * time.Minute), Object: infra, Controller: "kustomize-controller", Outcome: "waiting", Reason: "DependencyNotReady"},
		{At: at(2 * time.Minute), Object: cache, Controller: "helm-controller", Outcome: "stalled", Reason: "InstallFailed", Took: 62e9, ID: runID},
	})
	s.Unparsed(at(2*time.Minute), "text", 3)
	s.Untrusted(at(2*time.Minute), "namespace", 2)
	s.Lines([]derive.ControllerCounts{
		{Controller: "kustomize-controller", Since: at(5 * time.Minute), PodCounts: derive.PodCounts{Info: 120, Error: 7, Restarts: 1, Leases: 1}},
		{Controller: "helm-controller", Since: at(5 * time.Minute), PodCounts: derive.PodCounts{Info: 40, Debug: 2, Throttled: 5}},
	})
	open := derive.Incident{Object: apps, OpenedAt: at(time.Minute), Reason: "BuildFailed", ReasonFirst: "BuildFailed"}
	s.Incidents(slices.Concat(
		steps(derive.Incident{Object: infra, OpenedAt: at(-time.Hour), ResolvedAt: at(-50 * time.Minute), Reason: "HealthCheckFailed", ReasonFirst: "ArtifactFailed"}),
		steps(derive.Incident{Object: cache, OpenedAt: at(-time.Hour), ResolvedAt: at(0), Reason: "UpgradeFailed", ReasonFirst: "UpgradeFailed", ClosedReason: "suspended"}),
		steps(open),
	))
	s.Observe(derive.View{
		At: at(5 * time.Minute),
		Objects: []derive.Seen{
			{Object: &derive.Object{Ref: cache}, Status: derive.Suspended, Ready: "False", Since: at(2 * time.Minute)},
			{Object: &derive.Object{Ref: infra}, Status: derive.Silent, Ready: "True", Since: at(3 * time.Minute), SilentSince: at(3 * time.Minute)},
			{Object: &derive.Object{Ref: apps}, Incident: &open, Status: derive.Failing, Ready: "False", Since: at(time.Minute)},
		},
	})
	return s
}

// steps are the announcements of an incident: its opening, and its end if it is over.
func steps(i derive.Incident) []derive.Announcement {
	out := []derive.Announcement{{At: i.OpenedAt, State: derive.Pending, Incident: i}}
	if i.ResolvedAt != 0 {
		out = append(out, derive.Announcement{At: i.ResolvedAt, State: i.State(), Incident: i})
	}
	return out
}

func sampleAgent() Agent {
	return Agent{
		Lane: "ship", Since: at(0),
		Files: []FileLag{
			{Path: "/var/log/pods/flux-system_kustomize-controller-6d4cf56db6-x2x20_uid/manager/0.log", Bytes: 4096, WaitingSince: at(4 * time.Minute)},
			{Path: "/var/log/pods/flux-system_helm-controller-6d4cf56db6-x2x15_uid/manager/0.log"},
		},
		SentLines: 160, SentBytes: 65536, Retries: map[string]int64{"http_503": 2}, DroppedLines: map[string]int64{"too_old": 1}, DroppedBytes: map[string]int64{"too_old": 400}, LostParts: map[string]int64{"vanished": 1},
		Redactions: map[string]int64{"url_userinfo": 4}, SavedAt: at(5 * time.Minute),
	}
}

// registry shows one State and one Agent, at six minutes past noon.
func registry(t testing.TB, s *State, a Agent) *prometheus.Registry {
	t.Helper()
	slot := &Slot{}
	slot.Publish(s, a)
	reg := prometheus.NewPedanticRegistry()
	clock := func() time.Time { return time.Unix(0, at(6*time.Minute)) }
	if err := reg.Register(NewCollector(Config{}, Build{"v1.2.3", "abcdef0", "go1.26"}, clock, slot)); err != nil {
		t.Fatal(err)
	}
	return reg
}

// exposition is what a scrape gets, in a text format.
func exposition(t testing.TB, g prometheus.Gatherer, format expfmt.FormatType) string {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	enc := expfmt.NewEncoder(&b, expfmt.NewFormat(format), expfmt.WithCreatedLines())
	for _, f := range families {
		if err := enc.Encode(f); err != nil {
			t.Fatal(err)
		}
	}
	if c, ok := enc.(expfmt.Closer); ok {
		c.Close()
	}
	return b.String()
}

// again is the State after it was saved and loaded.
func again(t testing.TB, s *State) *State {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	back := New(s.cfg)
	if err := json.Unmarshal(data, back); err != nil {
		t.Fatal(err)
	}
	return back
}

// line is one line of the demo logs.
type line struct {
	text string
	rec  parse.Record
	at   derive.Place
}

// demo is the demo's lines in the order of time.
func demo(t testing.TB) []line {
	t.Helper()
	paths, err := filepath.Glob("../../fixtures/demo/pods/*/manager/*.log")
	if err != nil || len(paths) == 0 {
		t.Fatal("no demo logs", err)
	}
	var all []line
	for i, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		for sc := bufio.NewScanner(f); sc.Scan(); {
			if _, text, ok := strings.Cut(sc.Text(), " F "); ok {
				l := line{text: text, at: derive.Place{Source: int32(i)}}
				parse.Parse([]byte(text), 0, &l.rec)
				all = append(all, l)
			}
		}
		f.Close()
	}
	slices.SortStableFunc(all, func(a, b line) int { return int(a.rec.Time - b.rec.Time) })
	return all
}
