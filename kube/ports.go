package kube

import (
	"context"
	"net"
	"slices"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Where the controllers of Flux serve their metrics: on the port of that name, the one that the
// annotation tells, or that of Flux's manifests.
const (
	metricsPort       = "http-prom"
	metricsAnnotation = "prometheus.io/port"
	defaultPort       = 8080
)

// MetricsAddress is where a pod serves its metrics, as host:port; "" for a pod that has no address
// yet or none any more.
func (c *Client) MetricsAddress(ctx context.Context, namespace, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	o, err := c.dynamic.Resource(pods).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return "", clean(err)
	}
	ip, _, _ := unstructured.NestedString(o.Object, "status", "podIP")
	phase, _, _ := unstructured.NestedString(o.Object, "status", "phase")
	if ip == "" || phase != "Running" {
		return "", nil
	}
	return net.JoinHostPort(ip, strconv.FormatInt(portOf(o), 10)), nil
}

func portOf(o *unstructured.Unstructured) int64 {
	containers, _, _ := unstructured.NestedSlice(o.Object, "spec", "containers")
	for _, c := range containers {
		c, _ := c.(map[string]any)
		ports, _, _ := unstructured.NestedSlice(c, "ports")
		for _, p := range ports {
			p, _ := p.(map[string]any)
			if n, ok := p["containerPort"].(int64); ok && p["name"] == metricsPort {
				return n
			}
		}
	}
	if n, err := strconv.ParseUint(o.GetAnnotations()[metricsAnnotation], 10, 16); err == nil && n > 0 {
		return int64(n)
	}
	return defaultPort
}

// All are the pods of Flux on this node, by namespace and name, those that are deleted aside. It
// may be called at any time from any goroutine.
func (p *Pods) All() (all []Pod) {
	if p == nil {
		return nil
	}
	for _, s := range *p.known.Load() {
		if !s.deleted {
			all = append(all, s.Pod)
		}
	}
	slices.SortFunc(all, func(a, b Pod) int { return a.key().compare(b.key()) })
	return all
}
