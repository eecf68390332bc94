package agent

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"fluxtrail/conditions/files"
	"fluxtrail/derive"
	"fluxtrail/kube"
	"fluxtrail/parse/redact"
)

const scraped = `# TYPE gotk_reconcile_condition gauge
gotk_reconcile_condition{kind="Kustomization",name="web",namespace="apps",status="True",type="Ready"} 0
gotk_reconcile_condition{kind="Kustomization",name="web",namespace="apps",status="False",type="Ready"} 1
gotk_suspend_status{kind="Kustomization",name="web",namespace="apps"} 0
controller_runtime_reconcile_panics_total{controller="kustomization"} 2
`

// TestScraper asks the controllers of a node. What they say is what a replay reads from a dump of
// the same text at the same time.
func TestScraper(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, scraped) }))
	defer server.Close()
	secrets, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	var log strings.Builder
	broken := true
	s := &scraper{
		evidence: &evidence{}, secrets: secrets, now: func() time.Time { return now }, log: slog.New(slog.NewTextHandler(&log, nil)),
		pods: func() []kube.Pod {
			return []kube.Pod{
				{Name: "kustomize-controller-1", App: "kustomize-controller", Controller: "kustomize-controller"},
				{Name: "kustomize-controller-2", App: "kustomize-controller-a", Controller: "kustomize-controller", Shard: "a"},
				{Name: "source-controller-1", App: "source-controller", Controller: "source-controller"},
				{Name: "pending", App: "helm-controller", Controller: "helm-controller"},
				{Name: "other", App: "podinfo"},
			}
		},
		address: func(_ context.Context, _, pod string) (string, error) {
			if broken && pod == "source-controller-1" {
				return "", errors.New("is away")
			}
			if pod == "pending" {
				return "", nil
			}
			return strings.TrimPrefix(server.URL, "http://"), nil
		},
	}
	s.round(t.Context())
	s.round(t.Context())
	got := s.evidence.take()
	dump := func(name string) []derive.Observation {
		return files.ReadMetrics(name, []byte(scraped), 0, files.Options{At: now.UnixNano(), Redact: secrets.String}).Observations
	}
	want := dump("metrics of kustomize-controller")
	shard := dump("metrics of kustomize-controller-a")
	shard[0].Shard = "a"
	want = append(want, shard...)
	if d := cmp.Diff(append(want, want...), got.Observations, cmpopts.EquateComparable()); d != "" {
		t.Error(d)
	}
	if len(want) != 2 || want[0].Ready() != "False" || want[0].Suspended != derive.No {
		t.Errorf("%+v", want)
	}
	if strings.Count(log.String(), "say that something is wrong") != 2 || !strings.Contains(log.String(), `what="kustomization: 2 panics"`) {
		t.Error(log.String())
	}
	if strings.Count(log.String(), "cannot read the metrics") != 1 {
		t.Error(log.String())
	}
	broken = false
	s.round(t.Context())
	if got = s.evidence.take(); len(got.Observations) != 2 || !strings.Contains(log.String(), "can be read again") {
		t.Errorf("%v\n%s", got.Observations, log.String())
	}
}

// TestScrapedOfOthers has controllers serve metrics about objects of other controllers, and of
// other times.
func TestScrapedOfOthers(t *testing.T) {
	t.Parallel()
	const now = int64(1795694400e9)
	see := func(kind string, at int64) derive.Observation {
		return derive.Observation{Ref: derive.Ref{Kind: kind, Namespace: "a", Name: "b"}, At: at}
	}
	for _, c := range []struct {
		controller, kind string
		at               int64
		want             bool
	}{
		{"kustomize-controller", "Kustomization", now, true},
		{"helm-controller", "Kustomization", now, false},
		{"kustomize-controller", "Kustomization", now + 1e9, false},
		{"kustomize-controller", "Kustomization", now - 1e9, false},
		{"flux-operator", "Kustomization", now, true},
		{"flux-operator", "FluxInstance", now, true},
		{"source-controller", "FluxInstance", now, false},
	} {
		got := believed(&kube.Pod{Controller: c.controller, Shard: "x"}, []derive.Observation{see(c.kind, c.at)}, now)
		if (len(got) == 1) != c.want || c.want && got[0].Shard != "x" {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
