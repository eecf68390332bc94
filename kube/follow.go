package kube

import (
	"context"
	"errors"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/pager"
	"k8s.io/klog/v2"
	"k8s.io/utils/clock"
)

// resource says what is listed and watched.
type resource struct {
	name   string // in messages
	fields string // field selector
	labels string // label selector

	// cached has the server list from its memory, in one piece. That spares etcd the question where
	// many clients ask for few objects each. Otherwise lists come in pages, so that the memory of
	// this process does not grow with the number of objects.
	cached bool

	list  func(context.Context, metav1.ListOptions) (runtime.Object, error)
	watch func(context.Context, metav1.ListOptions) (watch.Interface, error)
}

// store keeps what a follower finds. Its methods are not called at the same time.
type store[T any] interface {
	replace(context.Context, []T) // these are all objects that there are
	put(context.Context, T)
	drop(context.Context, T)
}

// follower lists a resource and watches it. Of an object it keeps what distill returns; it holds
// one page of whole objects at a time.
type follower[O runtime.Object, T any] struct {
	resource
	distill func(O) T
	store   store[T]

	// report gets the outcome of each request, nil for one that worked. It does not get the end of
	// a watch that worked: the next request tells whether something is wrong.
	report func(error)
}

// run blocks until ctx is done. A request that fails is repeated after a second, then more and more
// seldom, down to every 30 to 60 s; the store is not changed meanwhile.
func (f *follower[O, T]) run(ctx context.Context) {
	silent := logr.Discard() // the errors of requests are reported
	ctx = klog.NewContext(ctx, silent)
	retry := wait.Backoff{Duration: time.Second, Factor: 2, Jitter: 1, Steps: 10, Cap: 30 * time.Second}
	lister := &cache.ListWatch{ListWithContextFunc: f.listed, WatchFuncWithContext: f.watched}
	r := cache.NewReflectorWithOptions(unstreamed{lister}, nil, kept[O, T]{f, ctx}, cache.ReflectorOptions{
		Name: f.name, TypeDescription: f.name, Logger: &silent, Backoff: &retry,
	})
	// Of the two errors that Until returns one is that of ctx, and the function returns none.
	_ = retry.DelayWithReset(clock.RealClock{}, 2*time.Minute).Until(ctx, true, true,
		func(ctx context.Context) (bool, error) {
			_ = r.ListAndWatchWithContext(ctx) // was reported
			return false, nil
		})
}

// unstreamed has the reflector list before it watches. Streamed lists would leave out distill, and
// older servers do not have them.
type unstreamed struct{ *cache.ListWatch }

// streams is what the reflector asks a lister for.
type streams interface{ IsWatchListSemanticsUnSupported() bool }

var _ streams = unstreamed{}

// IsWatchListSemanticsUnSupported is asked for by the reflector.
func (unstreamed) IsWatchListSemanticsUnSupported() bool { return true }

// patience is how long a request may take: for a page of a list, or until a watch begins.
const patience = 30 * time.Second

// pageSize is how many objects are asked for at once.
const pageSize = 200

func (f *follower[O, T]) listed(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) {
	opts.FieldSelector, opts.LabelSelector = f.fields, f.labels
	if !f.cached {
		opts.ResourceVersion = "" // any other has the server ignore the size of a page
	}
	list, p := &distilled[T]{}, pagesOf(pageSize)
	pages := pager.New(func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) {
		page, err := asked(p, func(limit int64) (runtime.Object, error) {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			if opts.Limit = limit; limit < pageSize {
				opts.ResourceVersion, opts.ResourceVersionMatch = "", "" // or the server ignores the size
			}
			return f.list(ctx, opts)
		})
		if err == nil {
			err = p.page(meta.LenList(page))
		}
		if err != nil {
			return nil, err
		}
		m, err := meta.ListAccessor(page)
		if err == nil {
			list.ResourceVersion = m.GetResourceVersion()
		}
		return page, err
	})
	pages.PageSize, pages.PageBufferSize = pageSize, 0
	err := pages.EachListItem(ctx, opts, func(o runtime.Object) error {
		if o, ok := o.(O); ok {
			list.Items = append(list.Items, item[T]{f.distill(o)})
		}
		return nil
	})
	if err == nil && list.ResourceVersion == "" {
		err = errors.New("the answer is no list of objects; look at the address of the API server")
	}
	return list, f.reported(ctx, err)
}

func (f *follower[O, T]) watched(ctx context.Context, opts metav1.ListOptions) (watch.Interface, error) {
	opts.FieldSelector, opts.LabelSelector = f.fields, f.labels
	ctx, cancel := context.WithCancelCause(ctx)
	late := time.AfterFunc(patience, func() { cancel(errors.New("the API server does not answer a watch")) })
	w, err := f.watch(ctx, opts)
	if !late.Stop() && err != nil {
		err = context.Cause(ctx)
	}
	if f.reported(ctx, err) != nil {
		cancel(nil)
		return nil, err
	}
	return watching{w, cancel}, nil
}

// watching ends the context of a watch with it.
type watching struct {
	watch.Interface
	cancel context.CancelCauseFunc
}

// Stop implements [watch.Interface].
func (w watching) Stop() {
	w.Interface.Stop()
	w.cancel(nil)
}

// reported reports an outcome, unless the program is about to end, and returns it.
func (f *follower[O, T]) reported(ctx context.Context, err error) error {
	if !errors.Is(context.Cause(ctx), context.Canceled) {
		f.report(err)
	}
	return err
}

// distilled is a list of which the whole objects are gone.
type distilled[T any] struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []item[T]
}

// DeepCopyObject implements [runtime.Object].
func (l *distilled[T]) DeepCopyObject() runtime.Object { return l }

// item is what distill returned.
type item[T any] struct{ value T }

// GetObjectKind implements [runtime.Object].
func (item[T]) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

// DeepCopyObject implements [runtime.Object].
func (i item[T]) DeepCopyObject() runtime.Object { return i }

// kept hands what the reflector has to the store. Lists are distilled already, events are not.
type kept[O runtime.Object, T any] struct {
	*follower[O, T]
	ctx context.Context
}

// Replace implements [cache.ReflectorStore].
func (k kept[O, T]) Replace(all []any, _ string) error {
	values := make([]T, len(all))
	for i, o := range all {
		values[i] = o.(item[T]).value
	}
	k.store.replace(k.ctx, values)
	return nil
}

// Add implements [cache.ReflectorStore].
func (k kept[O, T]) Add(o any) error { return k.each(o, k.store.put) }

// Update implements [cache.ReflectorStore].
func (k kept[O, T]) Update(o any) error { return k.each(o, k.store.put) }

// Delete implements [cache.ReflectorStore].
func (k kept[O, T]) Delete(o any) error { return k.each(o, k.store.drop) }

// Resync implements [cache.ReflectorStore]. It is not asked for.
func (kept[O, T]) Resync() error { return nil }

// each leaves out what is no object, such as a status in an event that calls itself a change.
func (k kept[O, T]) each(o any, f func(context.Context, T)) error {
	if o, ok := o.(O); ok {
		f(k.ctx, k.distill(o))
	}
	return nil
}
