package agent

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"fluxtrail/api"
	"fluxtrail/kube"
)

// metadataOfPod and wholePod are what an API server says of a pod of a shard.
const (
	metadataOfPod = `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"1"},"items":[` +
		`{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"namespace":"flux-system","name":"a","uid":"u",` +
		`"generation":1,"labels":{"app":"source-controller-shard1"}}}]}`
	wholePod = `{"kind":"Pod","apiVersion":"v1","spec":{"containers":[{"name":"manager","image":"x:v1"}]}}`
)

// TestPodsAreRemembered starts without an API server after a start with one: what is known of pods,
// and with it the labels of streams, is the same.
func TestPodsAreRemembered(t *testing.T) {
	var away atomic.Bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case away.Load():
			w.WriteHeader(http.StatusServiceUnavailable)
		case strings.HasSuffix(r.URL.Path, "/a"):
			fmt.Fprint(w, wholePod)
		case r.URL.Query().Has("watch"):
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			fmt.Fprint(w, metadataOfPod)
		}
	}))
	defer s.Close()
	dir := t.TempDir()
	cfg := kube.DefaultConfig()
	cfg.Kubeconfig, cfg.Node = filepath.Join(dir, "kubeconfig"), "n1"
	text := "apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: '" + s.URL + "'}}]\n"
	if err := os.WriteFile(cfg.Kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := api.PodMeta{App: "source-controller-shard1", Shard: "shard1", Image: "x:v1", Version: "v1"}
	for _, gone := range []bool{false, true} {
		away.Store(gone)
		client, err := connect(cfg, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		known, err := knownPods(client, cfg, stateDir(dir), slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- known.Run(ctx) }()
		waitForPods(ctx, known)
		if got, ok := lookup(known)("flux-system", "a"); !ok || got != want {
			t.Errorf("server gone: %v: known: %v, %+v", gone, ok, got)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
