package doctor

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// maxHeld bounds what a check holds of all objects that it lists, in bytes of memory: a cluster of
// 10,000 pods and as many Services takes half of it. Who answers for the API server may say more.
const maxHeld = 64 << 20

// minWeight is what an object takes that has nothing in it.
const minWeight = 256

// list returns the objects of a resource that a label selector fits, in all namespaces or, but for
// "", in one, without what no check looks at.
func (x *examination) list(
	ctx context.Context, of schema.GroupVersionResource, namespace, fits string,
) (all []unstructured.Unstructured, err error) {
	err = x.Cluster.EachOf(ctx, of, namespace, fits, func(o map[string]any) error {
		o = slim(o, of == podResource && fits == "")
		if x.held += minWeight + weight(o); x.held > maxHeld {
			return fmt.Errorf("the %s and what else is compared with them take more than %d MiB: is this the API server of a cluster?",
				of.Resource, maxHeld>>20)
		}
		all = append(all, unstructured.Unstructured{Object: o})
		return nil
	})
	return all, err
}

// slim leaves out of an object what no check looks at: who wrote a field and, of one of all pods
// of the cluster, all but its metadata, its phase and its ports.
func slim(o map[string]any, pod bool) map[string]any {
	kept := map[string]any{}
	for key, value := range o {
		kept[key] = value
	}
	if about, ok := o["metadata"].(map[string]any); ok {
		delete(about, "managedFields")
	}
	if !pod {
		return kept
	}
	kept["status"] = map[string]any{"phase": field(&unstructured.Unstructured{Object: o}, "status", "phase")}
	var containers []any
	for _, c := range elements(o, "spec", "containers") {
		containers = append(containers, map[string]any{"name": c["name"], "ports": c["ports"]})
	}
	kept["spec"] = map[string]any{"containers": containers}
	return kept
}

// weight is about how many bytes of memory a value of JSON takes.
func weight(v any) (n int) {
	const entry = 64 // of a map, with its part of what is free
	switch v := v.(type) {
	case map[string]any:
		n = entry
		for key, value := range v {
			n += entry + len(key) + weight(value)
		}
	case []any:
		for _, value := range v {
			n += 16 + weight(value)
		}
	case string:
		n = 16 + len(v)
	default:
		n = 8
	}
	return n
}
