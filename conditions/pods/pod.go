package pods

import (
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
)

// Pod is what is known of a pod beyond the path of its log. It is never written again after it was handed out.
type Pod struct {
	Namespace, Name, UID string
	Node                 string
	App                  string // the label app, with the shard; flux-operator, which has no such label, gets its name
	Controller           string // App without the shard; "" for what is none of Flux's controllers
	Shard                string // of App; "" for a controller without shards, and for the main one
	Containers           []Container
	Image                string // of the container manager, or else of the first one
	Version              string // the controller's: tag of Image; "" when it has none
	Flux                 string // Flux's, such as v2.7.0; "" before 2.7, where pods do not have it
}

// Container is one of a pod's containers.
type Container struct {
	Name  string `json:"name"`
	Image string `json:"image"`
}

// Labels of Flux's pods, from the manifests of fluxcd/flux2 and of the Flux Operator. Only app is there in all versions.
const (
	labelApp       = "app"
	labelName      = "app.kubernetes.io/name"
	labelPartOf    = "app.kubernetes.io/part-of"
	labelComponent = "app.kubernetes.io/component"
	labelVersion   = "app.kubernetes.io/version"
)

const operator = "flux-operator"

// controllers are the values of the label app that Flux's own manifests give. Deployments of a shard append a hyphen and its name.
var controllers = []string{
	"source-controller", "kustomize-controller", "helm-controller", "notification-controller",
	"image-reflector-controller", "image-automation-controller", "source-watcher",
}

// split parts the name of a shard from that of its controller.
func split(app string) (controller, shard string) {
	for _, name := range append([]string{operator}, controllers...) {
		if rest, ok := strings.CutPrefix(app, name); ok && (rest == "" || rest[0] == '-') {
			return name, strings.TrimPrefix(rest, "-")
		}
	}
	return "", ""
}

// distill keeps what is of use of a pod.
func distill(o *object) Pod {
	m := &o.Metadata
	out := Pod{Namespace: m.Namespace, Name: m.Name, UID: m.UID, Node: o.Spec.NodeName, App: appOf(m.Labels), Containers: o.Spec.Containers}
	out.Controller, out.Shard = split(out.App)
	if m.Labels[labelPartOf] == "flux" {
		out.Flux = m.Labels[labelVersion]
	}
	if len(out.Containers) > 0 {
		main := max(0, slices.IndexFunc(out.Containers, func(c Container) bool { return c.Name == "manager" }))
		out.Image = out.Containers[main].Image
		out.Version = tag(out.Image)
	}
	return out
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

// fits reports whether one of the selectors does. The pod of a shard is tried as one of its controller, too: no selector of labels can ask for
// a prefix.
func fits(selectors []labels.Selector, l map[string]string) bool {
	if matches(selectors, l) {
		return true
	}
	controller, shard := split(l[labelApp])
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
