package kube

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"fluxtrail/parse"
)

// Handler gets what Objects finds. Its methods are never called at the same time, Distill
// included, and must not block for long: all kinds wait for them.
type Handler[T any] interface {
	// Distill keeps what is of use of an object, which it must not keep itself.
	Distill(Kind, *unstructured.Unstructured) T

	Replace(kind Kind, all []T) // these are all objects of the kind
	Put(Kind, T)
	Drop(Kind, T)

	// Report gets the outcome of each request, nil for one that worked. A kind without a name
	// stands for the question which kinds there are.
	Report(Kind, error)
}

// Objects lists and watches all objects of Flux and of the Flux Operator: the kinds of every CRD
// that is labelled as a part of Flux, and those of the API groups that are known, each in the
// newest version that is served. Kinds come and go while it runs. One that may not be read does
// not stop the others.
type Objects[T any] struct {
	client    *Client
	namespace string
	wanted    func(kind string) bool
	handler   Handler[T]

	mu       sync.Mutex // guards handler and what follows
	labelled map[schema.GroupResource]bool
	waiting  map[schema.GroupResource]bool // kinds that were not answered for yet
	asked    bool                          // waiting is filled
	first    chan struct{}                 // closed when every kind was answered for

	changed chan struct{} // has room for one: that the kinds may have changed
}

// NewObjects returns an Objects for one namespace or, with "", all of them, and for the kinds that
// are wanted or, with nil, all.
func NewObjects[T any](c *Client, namespace string, wanted func(kind string) bool, h Handler[T]) *Objects[T] {
	if wanted == nil {
		wanted = func(string) bool { return true }
	}
	return &Objects[T]{
		client: c, namespace: namespace, wanted: wanted, handler: h, labelled: map[schema.GroupResource]bool{},
		waiting: map[schema.GroupResource]bool{}, first: make(chan struct{}), changed: make(chan struct{}, 1),
	}
}

// lookAgain is how often kinds are asked for beside what the watch of CRDs tells. lookSoon is how
// long after that failed, or after something changed: a new kind is served a moment after its
// definition is there.
const (
	lookAgain = 5 * time.Minute
	lookSoon  = 10 * time.Second
)

// Run follows all objects until ctx is done; it always returns nil. Requests that fail are
// reported and repeated as those of Pods are.
func (o *Objects[T]) Run(ctx context.Context) error {
	var group sync.WaitGroup
	defer group.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group.Go(func() { o.crds().run(ctx) })
	running := map[schema.GroupResource]running{}
	for next := lookSoon; ctx.Err() == nil; {
		kinds, err := o.kinds(ctx)
		if err != nil {
			next = lookSoon
		} else {
			o.follow(ctx, &group, running, kinds)
		}
		timer := time.NewTimer(next)
		select {
		case <-timer.C:
			next = lookAgain
		case <-o.changed:
			next = lookSoon
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

// Wait blocks until every kind was listed once, or could not be, or ctx is done.
func (o *Objects[T]) Wait(ctx context.Context) {
	select {
	case <-o.first:
	case <-ctx.Done():
	}
}

// running is a follower that was started.
type running struct {
	kind Kind
	stop context.CancelFunc
}

// follow starts what is new among the kinds, and stops what is gone.
func (o *Objects[T]) follow(
	ctx context.Context, group *sync.WaitGroup,
	now map[schema.GroupResource]running, kinds map[schema.GroupResource]Kind,
) {
	for at, r := range now {
		if kind, ok := kinds[at]; ok && kind == r.kind {
			continue
		}
		r.stop()
		delete(now, at)
		if _, ok := kinds[at]; !ok {
			o.locked(func() { o.handler.Replace(r.kind, nil) })
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(kinds), compareResources) {
		if _, ok := now[at]; ok {
			continue
		}
		ctx, stop := context.WithCancel(ctx)
		now[at] = running{kinds[at], stop}
		f := o.follower(kinds[at])
		group.Go(func() { f.run(ctx) })
	}
}

func compareResources(a, b schema.GroupResource) int {
	return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Resource, b.Resource))
}

// kinds are those that there are now.
func (o *Objects[T]) kinds(ctx context.Context) (map[schema.GroupResource]Kind, error) {
	o.mu.Lock()
	labelled := maps.Clone(o.labelled)
	o.mu.Unlock()
	groups := parse.Groups()
	for _, d := range slices.SortedFunc(maps.Keys(labelled), compareResources) {
		if !slices.Contains(groups, d.Group) {
			groups = append(groups, d.Group)
		}
	}
	kinds, err := o.client.discover(ctx, groups)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	maps.DeleteFunc(kinds, func(at schema.GroupResource, kind Kind) bool {
		return !labelled[at] && !slices.Contains(parse.Groups(), at.Group) || !o.wanted(kind.Name)
	})
	o.locked(func() {
		o.handler.Report(Kind{}, err)
		if !o.asked && err == nil {
			o.asked = true
			for at := range kinds {
				o.waiting[at] = true
			}
		}
		if len(o.waiting) == 0 {
			o.closeFirst()
		}
	})
	return kinds, err
}

// answered notes that a kind was listed, or could not be. The caller holds o.mu.
func (o *Objects[T]) answered(kind Kind) {
	delete(o.waiting, kind.GroupResource())
	if o.asked && len(o.waiting) == 0 {
		o.closeFirst()
	}
}

func (o *Objects[T]) closeFirst() {
	select {
	case <-o.first:
	default:
		close(o.first)
	}
}

func (o *Objects[T]) locked(f func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	f()
}

// follower is that of one kind, in pages, so that memory does not grow with the number of objects.
func (o *Objects[T]) follower(kind Kind) *follower[*unstructured.Unstructured, T] {
	in := o.client.dynamic.Resource(kind.GroupVersionResource).Namespace("")
	if kind.namespaced {
		in = o.client.dynamic.Resource(kind.GroupVersionResource).Namespace(o.namespace)
	}
	list := func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) { return in.List(ctx, opts) }
	return &follower[*unstructured.Unstructured, T]{
		resource: resource{name: kind.Resource, list: list, watch: in.Watch},
		distill: func(u *unstructured.Unstructured) (t T) {
			o.locked(func() { t = o.handler.Distill(kind, u) })
			return t
		},
		store: kindStore[T]{o, kind},
		report: func(err error) {
			if apierrors.IsNotFound(err) {
				o.lookForKinds() // the kind is gone, or this version of it
			}
			o.locked(func() {
				o.handler.Report(kind, err)
				if err != nil {
					o.answered(kind)
				}
			})
		},
	}
}

// kindStore hands on what the follower of a kind finds.
type kindStore[T any] struct {
	*Objects[T]
	kind Kind
}

func (s kindStore[T]) replace(_ context.Context, all []T) {
	s.locked(func() {
		s.handler.Replace(s.kind, all)
		s.answered(s.kind)
	})
}

func (s kindStore[T]) put(_ context.Context, t T) { s.locked(func() { s.handler.Put(s.kind, t) }) }

func (s kindStore[T]) drop(_ context.Context, t T) { s.locked(func() { s.handler.Drop(s.kind, t) }) }

// lookForKinds has Run ask which kinds there are.
func (o *Objects[T]) lookForKinds() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

var definitions = schema.GroupVersionResource{
	Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
}

// crds follows the definitions that are labelled as a part of Flux: of each the name only.
func (o *Objects[T]) crds() *follower[*metav1.PartialObjectMetadata, schema.GroupResource] {
	r := metadataOf(o.client, definitions, nil)
	r.labels = labelPartOf + "=flux"
	return &follower[*metav1.PartialObjectMetadata, schema.GroupResource]{
		resource: r, store: definitionStore[T]{o},
		distill: func(m *metav1.PartialObjectMetadata) schema.GroupResource { return schema.ParseGroupResource(m.Name) },
		report: func(err error) {
			o.locked(func() {
				o.handler.Report(Kind{Name: "CustomResourceDefinition", GroupVersionResource: definitions}, err)
			})
		},
	}
}

// definitionStore keeps the names of labelled definitions. Any change may be one of versions.
type definitionStore[T any] struct{ *Objects[T] }

func (s definitionStore[T]) replace(_ context.Context, all []schema.GroupResource) {
	s.locked(func() {
		clear(s.labelled)
		for _, d := range all {
			s.labelled[d] = true
		}
	})
	s.lookForKinds()
}

func (s definitionStore[T]) put(_ context.Context, d schema.GroupResource) {
	s.locked(func() { s.labelled[d] = true })
	s.lookForKinds()
}

func (s definitionStore[T]) drop(_ context.Context, d schema.GroupResource) {
	s.locked(func() { delete(s.labelled, d) })
	s.lookForKinds()
}
