package kube

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"
)

// Pods knows the pods of Flux on one node. One goroutine Runs it; any number may Lookup meanwhile.
type Pods struct {
	client     *Client
	follower   follower[*metav1.PartialObjectMetadata, seen]
	selectors  []labels.Selector
	node       string
	namespaces []string
	log        *slog.Logger

	answered func() // called with each answer, and for each request that fails
	first    chan struct{}
	failed   int         // requests in a row
	remember func([]Pod) // called after each change; see Remember

	// Lanes look pods up for every log at every poll and must not wait: they read the snapshot that
	// is in place, and a change puts a new one there. A snapshot is not written again.
	known atomic.Pointer[map[key]seen]
	gone  []key // pods that are deleted and still known, oldest first
}

type key struct{ namespace, name string }

func (k key) compare(o key) int {
	return cmp.Or(cmp.Compare(k.namespace, o.namespace), cmp.Compare(k.name, o.name))
}

func (p *Pod) key() key { return key{p.Namespace, p.Name} }

// maxGone is how many deleted pods stay known, because their logs are read to the end.
const maxGone = 64

// NewPods returns a Pods that knows no pod yet. It is nil where there is no API server to ask, or
// cfg does not say which node this is; without metadata, pods are known by the names of their
// logs. Cfg must be valid.
func NewPods(c *Client, cfg Config, log *slog.Logger) (*Pods, error) {
	if c == nil {
		return nil, nil
	}
	if cfg.Node == "" {
		log.Warn("kube.node is not set: pods are known by the names of their logs only; " +
			"set the variable NODE_NAME from spec.nodeName")
		return nil, nil
	}
	return newPods(cfg, c, log)
}

func newPods(cfg Config, c *Client, log *slog.Logger) (*Pods, error) {
	selectors, err := compile(cfg.Selectors)
	if err != nil {
		return nil, err
	}
	p := &Pods{
		client: c, selectors: selectors, node: cfg.Node, namespaces: cfg.Namespaces,
		log:   log.With("node", cfg.Node),
		first: make(chan struct{}), remember: func([]Pod) {},
	}
	p.answered = sync.OnceFunc(func() { close(p.first) })
	p.known.Store(&map[key]seen{})
	p.follower = follower[*metav1.PartialObjectMetadata, seen]{
		resource: metadataOf(c, pods, cfg.Namespaces), distill: distill(cfg.Node), store: p, report: p.report,
	}
	p.follower.fields, p.follower.cached = "spec.nodeName="+cfg.Node, true
	return p, nil
}

var pods = schema.GroupVersionResource{Version: "v1", Resource: "pods"}

// metadataOf is the metadata of a resource. Of one namespace it asks for that one, because rights
// in it are enough then; several would each want a watch of their own.
func metadataOf(c *Client, r schema.GroupVersionResource, namespaces []string) resource {
	var in metadata.ResourceInterface = c.metadata.Resource(r)
	if len(namespaces) == 1 {
		in = c.metadata.Resource(r).Namespace(namespaces[0])
	}
	list := func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) { return in.List(ctx, opts) }
	return resource{name: r.Resource, list: list, watch: in.Watch}
}

// Remember has pods known that an earlier process knew, until the API server tells what became of
// them. Where a stream's labels come from the server they stay the same then, although the server
// may not answer at a start. From now on save is called with all known pods, by name, after each
// change, by the goroutine that Runs. Remember is called before Run; a nil Pods remembers nothing.
func (p *Pods) Remember(earlier []Pod, save func([]Pod)) {
	if p == nil {
		return
	}
	next := map[key]seen{}
	for _, pod := range earlier {
		if pod.Node == p.node && p.home(pod.Namespace) {
			next[pod.key()] = seen{Pod: pod, generation: unknown}
		}
	}
	p.known.Store(&next)
	p.remember = save
}

// unknown is the generation of a pod whose containers have to be asked for.
const unknown = -1

// Lookup finds a pod of Flux on this node, also for a while after it was deleted. It does not block
// and may be called at any time from any goroutine; a nil Pods finds nothing. The caller must not
// write to the result.
func (p *Pods) Lookup(namespace, name string) (Pod, bool) {
	if p == nil {
		return Pod{}, false
	}
	s, ok := (*p.known.Load())[key{namespace, name}]
	return s.Pod, ok
}

// Here is how many pods of Flux are on this node, those that are deleted aside. It may be called at
// any time from any goroutine.
func (p *Pods) Here() int {
	if p == nil {
		return 0
	}
	return len(p.All())
}

// Run keeps the pods up to date until ctx is done; it always returns nil. What goes wrong is logged
// when it begins and when it is over. With a nil Pods it returns at once.
func (p *Pods) Run(ctx context.Context) error {
	if p != nil {
		p.follower.run(ctx)
	}
	return nil
}

// Wait blocks until the API server answered Run for the first time, or could not be asked, or ctx
// is done. It is for a caller that prefers to begin with what the server knows.
func (p *Pods) Wait(ctx context.Context) {
	if p == nil {
		return
	}
	select {
	case <-p.first:
	case <-ctx.Done():
	}
}

// report counts failures, and logs when they begin and when they are over.
func (p *Pods) report(err error) {
	switch {
	case err == nil && p.failed > 0:
		p.log.Info("the API server answers again", "tries", p.failed)
		p.failed = 0
	case err != nil:
		if p.failed++; p.failed == 1 {
			p.log.Warn("cannot ask the API server for pods; lines go on with what the paths of their logs tell",
				"err", explain(err))
		}
		p.answered()
	}
}

// explain adds what to do about a refusal.
func explain(err error) string {
	if apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) {
		return said(err) + "; the API server has to allow get, list and watch of pods"
	}
	return said(err)
}

func (p *Pods) replace(ctx context.Context, all []seen) {
	next, there := p.change(), make(map[key]bool, len(all))
	for _, s := range all {
		there[s.key()] = true
		p.update(ctx, next, s)
	}
	for _, k := range slices.SortedFunc(maps.Keys(next), key.compare) {
		if !there[k] {
			p.forget(next, k)
		}
	}
	p.publish(next)
	p.answered()
}

func (p *Pods) put(ctx context.Context, s seen) {
	next := p.change()
	p.update(ctx, next, s)
	p.publish(next)
}

func (p *Pods) drop(_ context.Context, s seen) {
	next := p.change()
	p.forget(next, s.key())
	p.publish(next)
}

// change is a copy of the snapshot that may be written to.
func (p *Pods) change() map[key]seen { return maps.Clone(*p.known.Load()) }

// publish puts a snapshot in place. Most changes of pods are of their status, and change nothing
// here.
func (p *Pods) publish(next map[key]seen) {
	if reflect.DeepEqual(*p.known.Load(), next) {
		return
	}
	p.known.Store(&next)
	all := make([]Pod, 0, len(next))
	for _, k := range slices.SortedFunc(maps.Keys(next), key.compare) {
		all = append(all, next[k].Pod)
	}
	p.remember(all)
}

// wanted reports whether a pod is to be known.
func (p *Pods) wanted(s seen) bool { return p.home(s.Namespace) && fits(p.selectors, s.labels) }

// home reports whether pods of a namespace may be known.
func (p *Pods) home(namespace string) bool {
	return len(p.namespaces) == 0 || slices.Contains(p.namespaces, namespace)
}

// update makes a pod known as it is now. One that is there and is none of Flux's, or no more, is
// not kept for its log: its owner could write on in the name of Flux.
func (p *Pods) update(ctx context.Context, known map[key]seen, s seen) {
	k := s.key()
	if i := slices.Index(p.gone, k); i >= 0 {
		p.gone = slices.Delete(p.gone, i, i+1)
	}
	if !p.wanted(s) {
		delete(known, k)
		return
	}
	s.labels = nil // are no longer needed
	old := known[k]
	if old.UID != s.UID {
		old = seen{generation: unknown}
	}
	if old.generation == s.generation {
		s.run(old.Containers)
	} else if containers, err := p.client.containers(ctx, k); err == nil {
		s.run(containers)
	} else {
		s.run(old.Containers)
		s.generation = unknown // ask again with its next change
		p.refused(ctx, err)
	}
	known[k] = s
}

// refused reports why a pod could not be asked for, unless it is gone meanwhile.
func (p *Pods) refused(ctx context.Context, err error) {
	if !apierrors.IsNotFound(err) && ctx.Err() == nil {
		p.report(err)
	}
}

// forget keeps a deleted pod known until there are too many of them.
func (p *Pods) forget(known map[key]seen, k key) {
	if _, ok := known[k]; !ok || slices.Contains(p.gone, k) {
		return
	}
	s := known[k]
	s.deleted = true
	known[k] = s
	if p.gone = append(p.gone, k); len(p.gone) > maxGone {
		delete(known, p.gone[0])
		p.gone = slices.Delete(p.gone, 0, 1)
	}
}

// containers asks for a pod. Metadata, which is all that is watched, does not say what it runs.
func (c *Client) containers(ctx context.Context, k key) ([]Container, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	o, err := c.dynamic.Resource(pods).Namespace(k.namespace).Get(ctx, k.name, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	return containersOf(o), nil
}
