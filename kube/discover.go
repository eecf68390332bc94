package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
)

// Kind is a kind of objects, in the newest version in which the API server serves it.
type Kind struct {
	Name string
	schema.GroupVersionResource
	namespaced bool
}

// discover returns the kinds of the API groups that can be listed and watched, by group and
// resource. A group that is not there has none. Discovery of client-go would tell the same, but
// brings all that describes OpenAPI with it.
func (c *Client) discover(ctx context.Context, groups []string) (map[schema.GroupResource]Kind, error) {
	kinds := map[schema.GroupResource]Kind{}
	if len(groups) > maxGroups {
		return nil, fmt.Errorf("%d API groups have definitions that are labelled as a part of Flux: is this an API server?", len(groups))
	}
	for _, name := range groups {
		var group metav1.APIGroup
		err := c.get(ctx, &group, "apis", name)
		if apierrors.IsNotFound(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		slices.SortFunc(group.Versions, func(a, b metav1.GroupVersionForDiscovery) int {
			return version.CompareKubeAwareVersionStrings(b.Version, a.Version)
		})
		for _, v := range group.Versions {
			if err := c.discoverVersion(ctx, name, v.Version, kinds); err != nil {
				return nil, err
			}
		}
	}
	return kinds, nil
}

// How many API groups and kinds are asked for: Flux and the Flux Operator have 8 and 20.
const (
	maxGroups = 200
	maxKinds  = 1000
)

// discoverVersion adds the kinds of a version that no newer one has.
func (c *Client) discoverVersion(ctx context.Context, group, v string, kinds map[schema.GroupResource]Kind) error {
	var list metav1.APIResourceList
	if err := c.get(ctx, &list, "apis", group, v); err != nil {
		if apierrors.IsNotFound(err) { // is on its way out
			return nil
		}
		return err
	}
	for _, r := range list.APIResources {
		at := schema.GroupResource{Group: group, Resource: r.Name}
		if _, newer := kinds[at]; newer || !slices.Contains(r.Verbs, "list") || !slices.Contains(r.Verbs, "watch") {
			continue
		}
		if len(kinds) == maxKinds {
			return fmt.Errorf("there are more than %d kinds of Flux's objects: is this an API server?", maxKinds)
		}
		kinds[at] = Kind{Name: r.Kind, GroupVersionResource: at.WithVersion(v), namespaced: r.Namespaced}
	}
	return nil
}

// get asks for the JSON at a path.
func (c *Client) get(ctx context.Context, into any, path ...string) error {
	return c.ask(ctx, into, nil, path...)
}

// ask asks for the JSON at a path with a query.
func (c *Client) ask(ctx context.Context, into any, query map[string]string, path ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r := c.rest.Get().AbsPath(path...).SetHeader("Accept", "application/json")
	for name, value := range query {
		r.Param(name, value)
	}
	answer := r.Do(ctx)
	if err := answer.Error(); err != nil { // unlike that of Raw it has the server's words
		return err
	}
	text, err := answer.Raw()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("the answer is none of an API server; look at its address: %w", err)
	}
	return nil
}
