package doctor

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"
	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var configMapResource = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

const (
	enforce   = "pod-security.kubernetes.io/enforce"
	canRead   = "DAC_READ_SEARCH"
	leastFree = 64 << 20 // bytes of memory below which an agent is killed on the node of a busy Flux
)

// settings holds what the manifests of the agent say against what is known to go wrong later, or
// silently.
func (x *examination) settings(ctx context.Context) (string, error) {
	sets, err := x.list(ctx, daemonSetResource, "", ownLabel)
	if err != nil {
		return "", err
	}
	namespaces, err := x.list(ctx, namespaceResource, "", "")
	if err != nil {
		return "", err
	}
	for i := range sets {
		x.daemonSet(&sets[i])
		for j := range namespaces {
			level := namespaces[j].GetLabels()[enforce]
			if namespaces[j].GetName() == sets[i].GetNamespace() && level != "" && level != "privileged" {
				x.add(Error, name(&sets[i]), "its pods are refused: its namespace enforces the level "+level, "label the namespace "+enforce+"=privileged: it mounts directories of the node")
			}
		}
	}
	maps, err := x.list(ctx, configMapResource, "", ownLabel)
	if err != nil {
		return "", err
	}
	for i := range maps {
		x.secretsIn(&maps[i])
	}
	if len(sets) == 0 {
		return "", fmt.Errorf("there is no DaemonSet with the label %s", ownLabel)
	}
	return "nothing in " + english.Plural(len(sets), "DaemonSet", "") + " is known to go wrong", nil
}

// daemonSet looks at one of ours.
func (x *examination) daemonSet(set *unstructured.Unstructured) {
	bad := func(severity, text, remedy string) { x.add(severity, name(set), text, remedy) }
	if set.GetLabels()["app.kubernetes.io/part-of"] == "flux" {
		bad(Error, "counts as a part of Flux: flux uninstall deletes it, and flux check waits for it", "label it app.kubernetes.io/part-of: fluxtrail")
	}
	surge, ok, _ := unstructured.NestedFieldNoCopy(set.Object, "spec", "updateStrategy", "rollingUpdate", "maxSurge")
	if ok && !slices.Contains([]string{"0", "0%"}, fmt.Sprint(surge)) {
		bad(Error, fmt.Sprintf("starts a second agent on a node before the first has ended (maxSurge %v): it exits, for they share the state", surge), "set maxSurge to 0")
	}
	var pod podSpec
	spec, _, _ := unstructured.NestedMap(set.Object, "spec", "template", "spec")
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(spec, &pod); err != nil {
		bad(Warning, "its template cannot be read: "+err.Error(), "hold it against deploy/base")
		return
	}
	for i := range pod.Containers {
		if c := &pod.Containers[i]; c.Name == "fluxtrail" || len(pod.Containers) == 1 {
			pod.check(c, bad)
		}
	}
}

// podSpec is what is looked at of a pod.
type podSpec struct {
	SecurityContext security    `json:"securityContext"`
	InitContainers  []container `json:"initContainers"`
	Containers      []container `json:"containers"`
	Volumes         []struct {
		Name     string         `json:"name"`
		EmptyDir map[string]any `json:"emptyDir"`
		HostPath map[string]any `json:"hostPath"`
	} `json:"volumes"`
}

type security struct {
	RunAsUser          *int64  `json:"runAsUser"`
	RunAsGroup         *int64  `json:"runAsGroup"`
	RunAsNonRoot       *bool   `json:"runAsNonRoot"`
	Privileged         *bool   `json:"privileged"`
	SupplementalGroups []int64 `json:"supplementalGroups"`
	Capabilities       struct {
		Add []string `json:"add"`
	} `json:"capabilities"`
}

type container struct {
	Name            string   `json:"name"`
	SecurityContext security `json:"securityContext"`
	VolumeMounts    []mount  `json:"volumeMounts"`
	ReadinessProbe  struct {
		HTTPGet struct {
			Path string `json:"path"`
		} `json:"httpGet"`
	} `json:"readinessProbe"`
	Resources struct {
		Limits map[string]any `json:"limits"`
	} `json:"resources"`
}

type mount struct {
	Name      string `json:"name"`
	MountPath string `json:"mountPath"`
}

// check looks at the agent's container.
func (pod *podSpec) check(c *container, bad func(severity, text, remedy string)) {
	user, group, known, adds := identity(pod, c)
	reads := user == 0 || group == 0 || slices.Contains(adds, canRead) || slices.Contains(adds, "ALL")
	switch {
	case known && user == 0 && insistsNonRoot(pod, c):
		bad(Error, "is user 0 and has runAsNonRoot: the kubelet refuses to start it", "set both from security.mode of the chart")
	case known && !reads:
		bad(Error, fmt.Sprintf("runs as user %d, who may not read logs, which are root's", user), "add "+canRead+" to capabilities.add, with an image whose program has it, or run as user 0 without capabilities")
	}
	for _, v := range pod.Volumes {
		if !holdsState(c, v.Name) {
			continue
		}
		switch {
		case v.EmptyDir != nil:
			bad(Warning, "keeps its state in an emptyDir: each upgrade forgets the positions", "state.type=hostPath, where the platform allows it")
		case v.HostPath != nil && known && user != 0 && !anyChowns(pod):
			bad(Error, fmt.Sprintf("the state directory on the node is root's, and user %d cannot write there", user), "state.init=auto of the chart has an init container give it away")
		}
	}
	if strings.HasSuffix(c.ReadinessProbe.HTTPGet.Path, "/readyz") {
		bad(Warning, "is not ready while Loki is away, which stops every rollout at its first nodes", "let readiness ask /healthz")
	}
	if _, ok := c.Resources.Limits["cpu"]; ok {
		bad(Warning, "has a limit on CPU: throttling shows as lag only", "take the limit away, and keep the request")
	}
	if m, err := resource.ParseQuantity(fmt.Sprint(c.Resources.Limits["memory"])); err == nil && m.Value() < leastFree {
		bad(Warning, "may use "+m.String()+" of memory, which is too little beside a busy Flux", "256Mi is what the chart gives")
	}
}

// identity is whom a container runs as, as far as the manifest says so, and what is added to what
// it may do.
func identity(pod *podSpec, c *container) (user, group int64, known bool, adds []string) {
	user, group = -1, -1
	for _, s := range []*security{&pod.SecurityContext, &c.SecurityContext} {
		if s.RunAsUser != nil {
			user, known = *s.RunAsUser, true
		}
		if s.RunAsGroup != nil {
			group = *s.RunAsGroup
		}
		if slices.Contains(s.SupplementalGroups, 0) {
			group = 0
		}
		for _, a := range s.Capabilities.Add {
			adds = append(adds, strings.TrimPrefix(a, "CAP_"))
		}
		if s.Privileged != nil && *s.Privileged {
			adds = append(adds, "ALL")
		}
	}
	return user, group, known, adds
}

func insistsNonRoot(pod *podSpec, c *container) bool {
	if v := c.SecurityContext.RunAsNonRoot; v != nil {
		return *v
	}
	v := pod.SecurityContext.RunAsNonRoot
	return v != nil && *v
}

// holdsState reports whether a volume is mounted where the agent keeps its state.
func holdsState(c *container, volume string) bool {
	return slices.ContainsFunc(c.VolumeMounts, func(m mount) bool {
		return m.Name == volume && path.Clean(m.MountPath) == "/var/lib/fluxtrail"
	})
}

// anyChowns reports whether an init container may give directories away.
func anyChowns(pod *podSpec) bool {
	for i := range pod.InitContainers {
		user, _, known, adds := identity(pod, &pod.InitContainers[i])
		if known && user == 0 && (slices.Contains(adds, "CHOWN") || slices.Contains(adds, "ALL")) {
			return true
		}
	}
	return false
}

// secretsIn looks for credentials in a configuration that all may read who may read ConfigMaps.
func (x *examination) secretsIn(m *unstructured.Unstructured) {
	data, _, _ := unstructured.NestedStringMap(m.Object, "data")
	for _, key := range sortedKeys(data) {
		var doc yaml.Node
		if yaml.Unmarshal([]byte(data[key]), &doc) != nil {
			continue
		}
		if found := secretKey(&doc); found != "" {
			x.add(Error, name(m), key+" has a "+found+" in clear", "take it from a Secret: extraEnv, loki.basicAuth or loki.bearer of the chart")
		}
	}
}

// secretKey is the first key below a node whose value is a secret, "" for none.
func secretKey(n *yaml.Node) string {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			value := n.Content[i+1]
			if (child.Value == "password" || child.Value == "token") && value.Kind == yaml.ScalarNode && value.Value != "" && value.Tag != "!!null" {
				return child.Value
			}
		}
		if found := secretKey(child); found != "" {
			return found
		}
	}
	return ""
}
