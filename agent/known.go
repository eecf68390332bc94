package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	"k8s.io/klog/v2"

	"fluxtrail/api"
	"fluxtrail/kube"
	"fluxtrail/tail/checkpoint"
)

// firstLook is how long the lanes wait for the API server before they begin. The labels of a stream
// are made with the first line of a log, and are better with metadata; but an API server that does
// not answer must not hold up lines.
const firstLook = 3 * time.Second

// podsFile is where the pods that are known are saved, in the state directory.
const podsFile = "pods.json"

// connect returns a connection to the API server, nil where there is none to ask.
func connect(cfg kube.Config, log *slog.Logger) (*kube.Client, error) {
	client, err := kube.Connect(cfg, log)
	if err != nil {
		return nil, fmt.Errorf("kube: %w", err)
	}
	return client, nil
}

// knownPods is what the API server says of the node's pods, nil where there is none to ask. It is
// called before anything runs: the log of the client's libraries, which is global to the process,
// then goes into ours and loses its secrets there. With a state directory, the pods that an earlier
// process knew are known from the start.
func knownPods(client *kube.Client, cfg kube.Config, dir *checkpoint.Dir, log *slog.Logger) (*kube.Pods, error) {
	known, err := kube.NewPods(client, cfg, log)
	if err != nil {
		return nil, fmt.Errorf("kube: %w", err)
	}
	if known == nil {
		return nil, nil
	}
	klog.SetSlogLogger(log)
	if dir == nil {
		return known, nil
	}
	file := dir.File(podsFile)
	var earlier []kube.Pod
	err = file.Load(func(body []byte) error { return json.Unmarshal(body, &earlier) })
	if err != nil {
		log.Warn("cannot use the pods that were known; the API server will tell", "err", err)
	}
	known.Remember(earlier, func(all []kube.Pod) {
		err := file.Save(func(w io.Writer) error { return json.NewEncoder(w).Encode(all) })
		if err != nil {
			log.Warn("cannot save the pods that are known", "err", err)
		}
	})
	return known, nil
}

// waitForPods returns when the API server answered for the first time, or firstLook is over.
func waitForPods(ctx context.Context, known *kube.Pods) {
	ctx, cancel := context.WithTimeout(ctx, firstLook)
	defer cancel()
	known.Wait(ctx)
}

// lookup asks the pods that are known. A log of a pod that is not goes by its path.
func lookup(known *kube.Pods) podLookup {
	return func(namespace, pod string) (api.PodMeta, bool) {
		p, ok := known.Lookup(namespace, pod)
		return api.PodMeta{App: p.App, Shard: p.Shard, Image: p.Image, Version: p.Version, Flux: p.Flux}, ok
	}
}
