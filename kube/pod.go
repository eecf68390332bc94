package kube

import (
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"fluxtrail/parse"
)

// Pod is what is known of a pod beyond the path of its log. It is not written again after it was
// handed out.
type Pod struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	UID       string `json:"uid"`
	Node      string `json:"node"`

	App        string `json:"app"`        // the label app, with the shard; flux-operator, which has no such label
	Controller string `json:"controller"` // App without the shard; "" for a pod that is no controller of Flux
	Shard      string `json:"shard"`      // of App; "" for a controller without shards, and for the main one
	Flux       string `json:"flux"`       // Flux's version, such as v2.7.0; "" before 2.7, whose pods do not have it

	Containers []Container `json:"containers"`
	Image      string      `json:"image"`   // of the container manager, or else of the first one
	Version    string      `json:"version"` // the controller's: tag of Image; "" when it has none
}

// Container is one of a pod's containers.
type Container struct {
	Name  string `json:"name"`
	Image string `json:"image"`
}

// Labels of Flux's pods, from the manifests of Flux and of the Flux Operator. Only app is there in
// all versions.
const (
	labelApp       = "app"
	labelName      = "app.kubernetes.io/name"
	labelPartOf    = "app.kubernetes.io/part-of"
	labelComponent = "app.kubernetes.io/component"
	labelVersion   = "app.kubernetes.io/version"
)

const operator = "flux-operator"

// seen is a pod with what says whether it is one of Flux, and whether its containers have to be
// asked for again. Its containers are not known.
type seen struct {
	Pod
	labels     map[string]string
	deleted    bool  // its log may still be read
	generation int64 // counts changes of the spec; always 0 before Kubernetes 1.33
}

// distill keeps what is of use of a pod's metadata. Node says where it runs, for that is not in
// there.
func distill(node string) func(*metav1.PartialObjectMetadata) seen {
	return func(o *metav1.PartialObjectMetadata) seen {
		p := Pod{Namespace: o.Namespace, Name: o.Name, UID: string(o.UID), Node: node, App: appOf(o.Labels)}
		p.Controller, p.Shard = parse.ControllerOfApp(p.App)
		if o.Labels[labelPartOf] == "flux" {
			p.Flux = o.Labels[labelVersion]
		}
		return seen{Pod: p, labels: o.Labels, generation: o.Generation}
	}
}

// run says what the pod runs.
func (p *Pod) run(containers []Container) {
	p.Containers, p.Image, p.Version = containers, "", ""
	if len(containers) > 0 {
		main := max(0, slices.IndexFunc(containers, func(c Container) bool { return c.Name == "manager" }))
		p.Image = containers[main].Image
		p.Version = tag(p.Image)
	}
}

// containersOf are those of a whole pod.
func containersOf(o *unstructured.Unstructured) (all []Container) {
	list, _, _ := unstructured.NestedSlice(o.Object, "spec", "containers")
	for _, c := range list {
		c, _ := c.(map[string]any)
		name, _ := c["name"].(string)
		image, _ := c["image"].(string)
		all = append(all, Container{name, image})
	}
	return all
}

func appOf(l map[string]string) string {
	for _, name := range []string{labelApp, labelComponent, labelName} {
		if l[name] != "" {
			return l[name]
		}
	}
	return ""
}

// tag is that of an image such as registry:5000/path/name:tag@sha256:digest.
func tag(image string) string {
	image, _, _ = strings.Cut(image, "@")
	_, tag, _ := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
	return tag
}

// fits reports whether one of the selectors does. The pod of a shard is tried as one of its
// controller, too: no label selector can ask for a prefix.
func fits(selectors []labels.Selector, l map[string]string) bool {
	if matches(selectors, l) {
		return true
	}
	controller, shard := parse.ControllerOfApp(l[labelApp])
	if shard == "" {
		return false
	}
	main := maps.Clone(l)
	main[labelApp] = controller
	return matches(selectors, main)
}

func matches(selectors []labels.Selector, l map[string]string) bool {
	return slices.ContainsFunc(selectors, func(s labels.Selector) bool { return s.Matches(labels.Set(l)) })
}
