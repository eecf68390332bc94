package doctor

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// ownLabel is on every object of the chart and the manifests.
const ownLabel = "app.kubernetes.io/name=fluxtrail"

var (
	daemonSetResource = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "daemonsets"}
	podResource       = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	eventResource     = schema.GroupVersionResource{Version: "v1", Resource: "events"}
)

// own is where fluxtrail runs.
type own struct {
	namespaces []string
	pods       []unstructured.Unstructured
}

// daemonSets holds that there is an agent on each node that is to have one. A DaemonSet is accepted
// where its pods are refused: only an event tells.
func (x *examination) daemonSets(ctx context.Context) (string, error) {
	sets, err := x.list(ctx, daemonSetResource, "", ownLabel)
	if err != nil {
		return "", err
	}
	if len(sets) == 0 {
		return "", x.absent("there is no DaemonSet with the label "+ownLabel, "install the agent: docs/install.md")
	}
	nodes, told := int64(0), false
	for i := range sets {
		set := &sets[i]
		x.own.namespaces = append(x.own.namespaces, set.GetNamespace())
		if _, ok := set.Object["status"]; !ok && x.Files != nil {
			continue // a manifest
		}
		told = true
		want, current, ready := number(set, "status", "desiredNumberScheduled"), number(set, "status", "currentNumberScheduled"), number(set, "status", "numberReady")
		nodes += want
		switch {
		case want == 0:
			x.add(Warning, name(set), "no node fits it", "look at its nodeSelector, affinity and tolerations")
		case current < want:
			text, remedy := x.refusal(ctx, set)
			x.add(Error, name(set), fmt.Sprintf("has pods on %d of %d nodes%s", current, want, text), remedy)
		case ready < want:
			x.add(Error, name(set), fmt.Sprintf("%d of %d pods are ready", ready, want), "the check pods says why")
		}
	}
	if !told {
		return "", errors.New("manifests do not tell whether pods run")
	}
	return fmt.Sprintf("pods are ready on all of %d nodes", nodes), nil
}

// absent tells of what a cluster lacks. That files do not have it says nothing: it comes back as an
// error then.
func (x *examination) absent(text, remedy string) error {
	if x.Files != nil {
		return errors.New(text)
	}
	x.add(Error, "", text, remedy)
	return nil
}

// refusals are what keeps a pod from being made, by what the event about it says.
var refusals = []struct {
	text   *regexp.Regexp
	remedy string
}{
	{regexp.MustCompile(`violates PodSecurity`), "run it in a namespace with the label pod-security.kubernetes.io/enforce=privileged: it mounts directories of the node"},
	{regexp.MustCompile(`security context constraint`), "on OpenShift add the overlay openshift, or openshift.scc.create of the chart: it has the constraints that fit"},
	{regexp.MustCompile(`exceeded quota|insufficient quota`), "raise the ResourceQuota of the namespace, or take priorityClassName away where a quota is on that class"},
	{regexp.MustCompile(`no PriorityClass|PriorityClass .*not found`), "set priorityClassName to one that exists"},
	{regexp.MustCompile(`serviceaccount .*not found`), "create the ServiceAccount that it names"},
	{regexp.MustCompile(`admission webhook|denied the request`), "the policy that refused it is named there: make an exception for its namespace"},
}

// refusal is the latest event that says why pods of a DaemonSet are not made.
func (x *examination) refusal(ctx context.Context, set *unstructured.Unstructured) (text, remedy string) {
	const look = "kubectl describe the DaemonSet, and look at its events"
	events, err := x.list(ctx, eventResource, set.GetNamespace(), "")
	if err != nil {
		return "; its events could not be read: " + err.Error(), look
	}
	latest := ""
	for i := range events {
		e := &events[i]
		about := field(e, "involvedObject", "kind") == "DaemonSet" && field(e, "involvedObject", "name") == set.GetName()
		at := max(field(e, "lastTimestamp"), field(e, "eventTime"), field(e, "firstTimestamp"))
		if about && field(e, "reason") == "FailedCreate" && at >= latest {
			latest, text = at, ": "+field(e, "message")
		}
	}
	for _, r := range refusals {
		if r.text.MatchString(text) {
			return text, r.remedy
		}
	}
	return text, look
}

// states are why a container of the agent does not run, by the reason that Kubernetes gives.
var states = map[string]string{
	"ImagePullBackOff":           "the image cannot be pulled: look at its name, and at imagePullSecrets",
	"ErrImagePull":               "the image cannot be pulled: look at its name, and at imagePullSecrets",
	"ErrImageNeverPull":          "the image is not on the node, and imagePullPolicy is Never",
	"CreateContainerConfigError": "a Secret or ConfigMap that it names is missing, or has not the key",
	"CrashLoopBackOff":           "it ends at once: kubectl logs --previous says why",
	"OOMKilled":                  "raise the memory limit, or lower what is in flight: docs/agent.md",
	"RunContainerError":          "the runtime refuses it: kubectl describe pod says why",
}

// pods holds that the agent's pods run.
func (x *examination) pods(ctx context.Context) (string, error) {
	pods, err := x.list(ctx, podResource, "", ownLabel)
	if err != nil {
		return "", err
	}
	x.own.pods = pods
	if len(pods) == 0 {
		return "", errors.New("there are no pods with the label " + ownLabel)
	}
	for i := range pods {
		x.pod(&pods[i])
	}
	return fmt.Sprintf("all of %d run and are ready", len(pods)), nil
}

func (x *examination) pod(pod *unstructured.Unstructured) {
	before := len(x.findings)
	for _, list := range []string{"initContainerStatuses", "containerStatuses"} {
		for _, c := range elements(pod.Object, "status", list) {
			status := unstructured.Unstructured{Object: c}
			reason, text := field(&status, "state", "waiting", "reason"), field(&status, "state", "waiting", "message")
			if last := field(&status, "lastState", "terminated", "reason"); last == "OOMKilled" {
				reason, text = last, "the container "+field(&status, "name")+" needed more memory than its limit"
			}
			if remedy := states[reason]; remedy != "" {
				x.add(Error, name(pod), strings.TrimSuffix(reason+": "+text, ": "), remedy)
			}
		}
	}
	if len(x.findings) > before {
		return
	}
	for _, c := range elements(pod.Object, "status", "conditions") {
		condition := unstructured.Unstructured{Object: c}
		kind, status, text := field(&condition, "type"), field(&condition, "status"), field(&condition, "message")
		switch {
		case kind == "PodScheduled" && status == "False":
			x.add(Error, name(pod), "is on no node: "+text, "make room for it, or give it a priorityClassName")
			return
		case kind == "Ready" && status == "False":
			x.add(Error, name(pod), "is not ready: "+text, "ask its /readyz, which says why; give --agent to have it read here")
		}
	}
}

func name(o *unstructured.Unstructured) string {
	if o.GetNamespace() == "" {
		return o.GetKind() + "/" + o.GetName()
	}
	return o.GetKind() + "/" + o.GetNamespace() + "/" + o.GetName()
}

// field is a text in an object, "" for none.
func field(o *unstructured.Unstructured, path ...string) string {
	s, _, _ := unstructured.NestedString(o.Object, path...)
	return s
}

func number(o *unstructured.Unstructured, path ...string) int64 {
	n, _, _ := unstructured.NestedInt64(o.Object, path...)
	return n
}

// elements are the elements of a list in an object.
func elements(o map[string]any, path ...string) []map[string]any {
	list, _, _ := unstructured.NestedSlice(o, path...)
	var out []map[string]any
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// compact sorts names and leaves each once.
func compact(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
