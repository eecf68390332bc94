package kube

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/pager"

	"fluxtrail/parse"
)

// Kinds are the kinds of Flux's objects that can be listed now: those that Objects follows. An
// error beside kinds says why those of groups that are not known are not among them.
func (c *Client) Kinds(ctx context.Context) ([]Kind, error) {
	groups, labelled := parse.Groups(), map[schema.GroupResource]bool{}
	bad := c.each(ctx, definitions, "", metav1.ListOptions{LabelSelector: labelPartOf + "=flux"}, func(o map[string]any) error {
		name, _, _ := unstructured.NestedString(o, "metadata", "name")
		d := schema.ParseGroupResource(name)
		labelled[d] = true
		if !slices.Contains(groups, d.Group) {
			groups = append(groups, d.Group)
		}
		return nil
	})
	kinds, err := c.discover(ctx, groups)
	if err != nil {
		return nil, clean(err)
	}
	maps.DeleteFunc(kinds, func(at schema.GroupResource, _ Kind) bool {
		return !labelled[at] && !slices.Contains(parse.Groups(), at.Group)
	})
	all := slices.SortedFunc(maps.Values(kinds), func(a, b Kind) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Group, b.Group))
	})
	return all, bad
}

// Each calls f with each object of a kind, in one namespace or, with "", in all of them. It holds
// one page of them at a time, and ends with the first error of f. After an error f was called with
// some of them only.
func (c *Client) Each(ctx context.Context, kind Kind, namespace string, f func(map[string]any) error) error {
	if !kind.namespaced {
		namespace = ""
	}
	return c.each(ctx, kind.GroupVersionResource, namespace, metav1.ListOptions{}, f)
}

var events = schema.GroupVersionResource{Version: "v1", Resource: "events"}

// EachEvent calls f with each event that a controller of Flux recorded, as Each does.
func (c *Client) EachEvent(ctx context.Context, namespace string, f func(map[string]any) error) error {
	for _, controller := range parse.Controllers() {
		err := c.each(ctx, events, namespace, metav1.ListOptions{FieldSelector: "source=" + controller}, f)
		if err != nil {
			return err
		}
	}
	return nil
}

// EachOf calls f with each object of a resource that a label selector fits, in all namespaces or,
// but for "", in one; "" as the selector fits all. A resource that the server does not have has
// none. It holds one page of them at a time, and ends with the first error of f.
func (c *Client) EachOf(
	ctx context.Context, of schema.GroupVersionResource, namespace, labels string, f func(map[string]any) error,
) error {
	err := c.each(ctx, of, namespace, metav1.ListOptions{LabelSelector: labels}, f)
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// onePage is how many objects are asked for at once where they are listed once. It bounds what is
// held of them, and how many questions there are over a slow line.
const onePage = 500

// maxObjects is how many objects a list may have: no cluster has more of a kind. They may come one
// to a page.
const maxObjects = 300_000

// maxEmpty is how many pages in a row may be empty. An API server gives none that others follow.
const maxEmpty = 100

// paging watches the pages of a list for its end, and how many objects are asked for at once.
type paging struct {
	objects, empty int
	size, most     int64
	went           int // pages of that size
}

func pagesOf(size int64) *paging { return &paging{size: size, most: size} }

// page takes note of a page with so many items.
func (p *paging) page(items int) error {
	if p.empty++; items > 0 {
		p.empty = 0
	}
	if p.objects += items; p.objects > maxObjects || p.empty > maxEmpty {
		return errEndless
	}
	return nil
}

// errEndless is a list that something between here and the API server never ends.
var errEndless = fmt.Errorf("the list has more than %d objects, or %d empty pages: is this an API server?", maxObjects, maxEmpty)

func (c *Client) each(
	ctx context.Context, of schema.GroupVersionResource, namespace string, opts metav1.ListOptions, f func(map[string]any) error,
) error {
	in, p := c.dynamic.Resource(of).Namespace(namespace), pagesOf(onePage)
	pages := pager.New(func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) {
		list, err := asked(p, func(limit int64) (*unstructured.UnstructuredList, error) {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			opts.Limit = limit
			return in.List(ctx, opts)
		})
		if err != nil {
			return nil, err
		}
		return list, p.page(len(list.Items))
	})
	pages.PageSize, pages.PageBufferSize, pages.FullListIfExpired = onePage, 0, false
	return clean(pages.EachListItem(ctx, opts, func(o runtime.Object) error {
		if u, ok := o.(*unstructured.Unstructured); ok {
			return f(u.Object)
		}
		return nil
	}))
}

// Refused reports whether an error is the API server's answer that the user has no right to ask.
func Refused(err error) bool { return apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) }

// Answered reports whether an error is an answer of the API server. Others are about the way to
// it.
func Answered(err error) bool {
	var status apierrors.APIStatus
	return errors.As(err, &status)
}
