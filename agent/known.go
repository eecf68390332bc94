package agent

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"k8s.io/klog/v2"

	"fluxtrail/api"
	"fluxtrail/conditions/pods"
)

// firstLook is how long the lanes wait for the API server before they begin. Labels of streams are made with the first line of a log, and are
// better with metadata; but an API server that does not answer must not hold up lines.
const firstLook = 3 * time.Second

// knownPods is what the API server says of the node's pods, nil where there is none to ask. It is called before anything runs: the client's own
// log, which is global to the process, then goes into ours, and loses its secrets there.
func knownPods(ctx context.Context, cfg pods.Config, log *slog.Logger) (*pods.Watch, error) {
	known, err := pods.New(cfg, os.Getenv, log)
	if err != nil {
		return nil, fmt.Errorf("kube: %w", err)
	}
	if known == nil {
		return nil, nil
	}
	klog.SetSlogLogger(log)
	ctx, cancel := context.WithTimeout(ctx, firstLook)
	defer cancel()
	known.Load(ctx)
	return known, nil
}

// lookup asks the pods that are known. A log of a pod that is not goes by its path.
func lookup(known *pods.Watch) podLookup {
	return func(namespace, pod string) (api.PodMeta, bool) {
		p, ok := known.Lookup(namespace, pod)
		return api.PodMeta{App: p.App, Shard: p.Shard, Image: p.Image, Version: p.Version, Flux: p.Flux}, ok
	}
}
