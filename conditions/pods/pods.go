// Package pods knows the Flux pods of one node: app, controller, shard, image and version by namespace and name.
//
// In: one watch of the node's pods at the Kubernetes API server, with get, list and watch as its only rights (see ClusterRole). Out: Lookup, from
// a snapshot that is never written again. cmd/fluxtrail makes one Watch, has it Load once before the lanes start, and Runs it beside them; the
// lanes look up whether a pod's log is one of Flux, and what its labels are.
//
// Namespaces and labels are tried here and not by the server: in one watch it knows neither "one of several selectors" nor the prefix that the
// pods of a shard have in common. The package writes nothing to the cluster, and an API server that does not answer stops nothing: Lookup then
// knows what was known before, and who asks goes on with what the path of the log tells. Nothing is lost but metadata.
//
// Of client-go it takes the transport only. An agent with nothing to do has 19.7 MB of resident memory; the transport adds 2 MB to that, a REST
// client with a reflector 5 MB, an informer of typed pods more than 15 MB.
package pods

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/labels"
)

// ClusterRole is what the API server has to allow.
const ClusterRole = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: fluxtrail
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch]
`

// Watch follows the pods of a node. One goroutine Loads and Runs it; any number may Lookup meanwhile.
type Watch struct {
	api        *api
	selectors  []labels.Selector
	namespaces []string
	log        *slog.Logger

	version string // of the pods, where the next watch goes on; "" to ask for all
	failed  int    // requests in a row

	// The lanes look pods up for every log at every poll, and must wait for nothing: they read whichever snapshot is up, and the watch puts the
	// next one in its place. A snapshot is never written again, so nobody sees half a change.
	known atomic.Pointer[map[key]Pod]
	gone  []key // pods that are deleted and still known, oldest first
}

type key struct{ namespace, name string }

// maxGone is how many deleted pods stay known: their logs are read to the end after them.
const maxGone = 64

// New returns a Watch that knows no pod yet, or nil where there is no API server to ask: when cfg says never, or auto and the process runs in no
// pod and has no kubeconfig. cfg must be valid. The error is about a connection that cannot work as configured; nothing is sent.
func New(cfg Config, env func(string) string, log *slog.Logger) (*Watch, error) {
	a, err := cfg.connect(env)
	switch {
	case errors.Is(err, errOff):
		return nil, nil
	case err != nil && cfg.Enabled == Auto && cfg.Kubeconfig == "":
		log.Warn("cannot use the pod's service account: pods are known by the names of their logs only", "err", err)
		return nil, nil
	case err != nil:
		return nil, err
	case cfg.Node == "":
		log.Warn("kube.node is not set: pods are known by the names of their logs only; set the variable NODE_NAME from spec.nodeName")
		return nil, nil
	}
	return newWatch(cfg, a, log)
}

func newWatch(cfg Config, a *api, log *slog.Logger) (*Watch, error) {
	selectors, err := compile(cfg.Selectors)
	if err != nil {
		return nil, err
	}
	a.namespaced(cfg.Namespaces)
	a.node = cfg.Node
	w := &Watch{api: a, selectors: selectors, namespaces: cfg.Namespaces, log: log.With("node", cfg.Node)}
	w.known.Store(&map[key]Pod{})
	return w, nil
}

// Lookup finds a pod of Flux on this node, also for a while after it was deleted. It never blocks, and may be called at any time by anybody; a nil
// Watch knows no pod. What it returns is not to be written to.
func (w *Watch) Lookup(namespace, pod string) (Pod, bool) {
	if w == nil {
		return Pod{}, false
	}
	p, ok := (*w.known.Load())[key{namespace, pod}]
	return p, ok
}

// Load asks for all pods once, so that the first lines are read with metadata. It blocks until the API server answered, ctx is done or 30 s are
// over, and logs what went wrong: Run tries again.
func (w *Watch) Load(ctx context.Context) { w.note(ctx, w.list(ctx)) }

// Run keeps the pods up to date until ctx is done; it always returns nil. What goes wrong is logged when it begins and when it is over, and tried
// again after a second, then more and more seldom, down to every 30 s. A nil Watch has nothing to do.
func (w *Watch) Run(ctx context.Context) error {
	for w != nil && ctx.Err() == nil {
		w.follow(ctx)
		pause(ctx, delay(w.failed, rand.Float64()))
	}
	return nil
}

// follow is one watch, after a list if there is no version to go on from.
func (w *Watch) follow(ctx context.Context) {
	if w.version == "" {
		if err := w.list(ctx); err != nil {
			w.note(ctx, err)
			return
		}
	}
	body, err := w.api.watch(ctx, w.version, watching(rand.Float64()))
	if !outdated(err) {
		w.note(ctx, err)
	}
	if err == nil {
		defer body.Close()
		err = w.events(body) // a watch that breaks is no news; if the next one does, too, that is
	}
	if outdated(err) {
		w.version = ""
	}
}

func (w *Watch) list(ctx context.Context) error {
	there := map[key]bool{}
	version, err := w.api.list(ctx, func(o *object) {
		there[o.key()] = true
		w.put(o)
	})
	if err != nil {
		return err
	}
	w.version = version
	for k := range *w.known.Load() {
		if !there[k] {
			w.drop(k)
		}
	}
	return nil
}

// events applies a watch until it ends; the error is nil when the server ended it in time.
func (w *Watch) events(body io.Reader) error {
	for d := json.NewDecoder(body); ; {
		var e event
		if err := d.Decode(&e); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := w.apply(e); err != nil {
			return err
		}
	}
}

func (w *Watch) apply(e event) error {
	if e.Type == "ERROR" {
		var s status
		_ = json.Unmarshal(e.Object, &s) // one without a code is as good as any
		return refusal(s)
	}
	var o object
	if err := json.Unmarshal(e.Object, &o); err != nil {
		return err
	}
	switch e.Type {
	case "ADDED", "MODIFIED":
		w.put(&o)
	case "DELETED":
		w.drop(o.key())
	}
	if v := o.Metadata.ResourceVersion; v != "" { // a bookmark has nothing else
		w.version = v
	}
	return nil
}

// note counts failures, and logs when they begin and when they are over.
func (w *Watch) note(ctx context.Context, err error) {
	switch {
	case err == nil:
		if w.failed > 0 {
			w.log.Info("the API server answers again", "tries", w.failed)
		}
		w.failed = 0
	case !errors.Is(ctx.Err(), context.Canceled):
		if w.failed++; w.failed == 1 {
			w.log.Warn("cannot ask the API server for pods; lines go on with what the paths of their logs tell", "err", err)
		}
	}
}

// wanted reports whether a pod is to be known.
func (w *Watch) wanted(o *object) bool {
	in := len(w.namespaces) == 0 || slices.Contains(w.namespaces, o.Metadata.Namespace)
	return in && fits(w.selectors, o.Metadata.Labels)
}

// put has a pod known as it is now. Most changes are of its status, and change nothing here.
func (w *Watch) put(o *object) {
	k := o.key()
	if !w.wanted(o) {
		w.drop(k)
		return
	}
	if i := slices.Index(w.gone, k); i >= 0 {
		w.gone = slices.Delete(w.gone, i, i+1)
	}
	old, was := w.Lookup(k.namespace, k.name)
	if p := distill(o); !was || !reflect.DeepEqual(old, p) {
		w.publish(func(next map[key]Pod) { next[k] = p })
	}
}

// drop has a deleted pod known until there are too many of them.
func (w *Watch) drop(k key) {
	if _, ok := w.Lookup(k.namespace, k.name); !ok || slices.Contains(w.gone, k) {
		return
	}
	if w.gone = append(w.gone, k); len(w.gone) <= maxGone {
		return
	}
	oldest := w.gone[0]
	w.gone = slices.Delete(w.gone, 0, 1)
	w.publish(func(next map[key]Pod) { delete(next, oldest) })
}

// publish puts up a changed copy of the snapshot.
func (w *Watch) publish(change func(map[key]Pod)) {
	next := maps.Clone(*w.known.Load())
	change(next)
	w.known.Store(&next)
}

// delay is the time before the next request, after so many that failed in a row. All agents of a cluster lose the same server at the same time,
// so each takes a random part of it, half at the least.
func delay(failed int, random float64) time.Duration {
	d := min(30*time.Second, time.Second<<min(failed, 5))
	return time.Duration(float64(d) * (0.5 + random/2))
}

// pause waits for d or until ctx is done.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
