package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	namespaceResource     = schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	networkPolicyResource = schema.GroupVersionResource{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"}
)

func operatorResource(version, plural string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "monitoring.coreos.com", Version: version, Resource: plural}
}

// selections are the kinds by which Prometheus Operator's servers find what they scrape and
// evaluate, with the fields that select them.
var selections = []struct{ plural, field string }{
	{"servicemonitors", "serviceMonitor"}, {"podmonitors", "podMonitor"}, {"prometheusrules", "rule"},
}

// monitors holds that some Prometheus selects each monitor and rule about Flux, and that our own
// pods have one monitor.
func (x *examination) monitors(ctx context.Context) (string, error) {
	servers, err := x.prometheuses(ctx)
	if err != nil {
		return "", err
	}
	namespaces, err := x.namespaces(ctx)
	if err != nil {
		return "", err
	}
	seen, own := 0, map[string][]string{}
	for _, s := range selections {
		list, err := x.list(ctx, operatorResource("v1", s.plural), "", "")
		if err != nil {
			return "", err
		}
		list = slices.DeleteFunc(list, func(o unstructured.Unstructured) bool { return !aboutFlux(&o) })
		seen += len(list)
		for i := range list {
			o := &list[i]
			if s.field != "rule" && o.GetLabels()["app.kubernetes.io/name"] == "fluxtrail" && !strings.HasSuffix(o.GetName(), "-controllers") {
				own[o.GetNamespace()] = append(own[o.GetNamespace()], name(o))
			}
			if len(servers) > 0 || x.Files == nil {
				x.selected(o, s.field, servers, namespaces)
			}
		}
	}
	for _, namespace := range slices.Sorted(maps.Keys(own)) {
		if list := own[namespace]; len(list) > 1 {
			x.add(Error, list[0], "the agent's pods have two monitors: "+strings.Join(list, ", "), "delete one: each series is there twice")
		}
	}
	switch {
	case len(servers) == 0 && x.Files != nil:
		return "", errors.New("there is no Prometheus among the files")
	case seen == 0 && len(servers) == 0:
		return "there is no Prometheus Operator, nor anything for one", nil
	case seen == 0:
		x.add(Warning, "", "no ServiceMonitor, PodMonitor or PrometheusRule is about Flux or fluxtrail", "turn serviceMonitor.create and prometheusRule.create of the chart on")
	}
	return fmt.Sprintf("each of %d monitors and rules is selected by a Prometheus", seen), nil
}

// prometheuses are the servers of the Prometheus Operator.
func (x *examination) prometheuses(ctx context.Context) (all []unstructured.Unstructured, err error) {
	for _, r := range []schema.GroupVersionResource{operatorResource("v1", "prometheuses"), operatorResource("v1alpha1", "prometheusagents")} {
		list, err := x.list(ctx, r, "", "")
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// aboutFlux reports whether a monitor or rule is about Flux or about us, by its names or its text.
func aboutFlux(o *unstructured.Unstructured) bool {
	text := strings.ToLower(fmt.Sprint(o.GetName(), o.GetNamespace(), o.GetLabels(), o.Object["spec"]))
	return strings.Contains(text, "flux") || strings.Contains(text, "gotk_")
}

// namespaces are the labels of all namespaces.
func (x *examination) namespaces(ctx context.Context) (map[string]labels.Set, error) {
	list, err := x.list(ctx, namespaceResource, "", "")
	out := map[string]labels.Set{}
	for i := range list {
		out[list[i].GetName()] = list[i].GetLabels()
	}
	return out, err
}

// selected adds a finding if no server selects the object.
func (x *examination) selected(o *unstructured.Unstructured, field string, servers []unstructured.Unstructured, namespaces map[string]labels.Set) {
	var why []string
	for i := range servers {
		s := &servers[i]
		if field == "rule" && s.GetKind() == "PrometheusAgent" {
			continue // it evaluates nothing
		}
		reason := refuses(s, o, field, namespaces)
		if reason == "" {
			return
		}
		why = append(why, name(s)+" "+reason)
	}
	if len(why) == 0 {
		x.add(Error, name(o), "there is no Prometheus of the operator that could select it", "install one, or configure the scrape where yours is configured")
		return
	}
	x.add(Error, name(o), "no Prometheus selects it: "+strings.Join(why, "; "), "give it the labels, or the server the selector: serviceMonitor.labels and prometheusRule.labels of the chart")
}

// refuses says why a server does not select an object, "" if it does. No selector selects nothing,
// an empty one everything; no selector of namespaces stands for the server's own.
func refuses(server, o *unstructured.Unstructured, field string, namespaces map[string]labels.Set) string {
	sel, text, ok := selector(server, field+"Selector")
	switch {
	case !ok:
		return "has no " + field + "Selector"
	case !sel.Matches(labels.Set(o.GetLabels())):
		return "wants the labels " + text
	}
	sel, text, ok = selector(server, field+"NamespaceSelector")
	switch {
	case !ok && server.GetNamespace() != o.GetNamespace():
		return "looks in its own namespace only"
	case ok && !sel.Matches(namespaces[o.GetNamespace()]):
		return "wants a namespace with the labels " + text
	}
	return ""
}

// selector is a selector in the spec of an object; ok is false where there is none.
func selector(o *unstructured.Unstructured, field string) (sel labels.Selector, text string, ok bool) {
	m, found, _ := unstructured.NestedMap(o.Object, "spec", field)
	if !found {
		return nil, "", false
	}
	var s metav1.LabelSelector
	if runtime.DefaultUnstructuredConverter.FromUnstructured(m, &s) != nil {
		return labels.Nothing(), "of a selector that cannot be read", true
	}
	sel, err := metav1.LabelSelectorAsSelector(&s)
	if err != nil {
		return labels.Nothing(), "of a selector that cannot be read", true
	}
	return sel, sel.String(), true
}

// networkPolicies holds that Prometheus may reach the pods whose metrics it is to scrape: those of
// the agent, and those of Flux.
func (x *examination) networkPolicies(ctx context.Context) (string, error) {
	policies, err := x.list(ctx, networkPolicyResource, "", "")
	if err != nil {
		return "", err
	}
	flux, err := x.list(ctx, podResource, "", "app.kubernetes.io/part-of=flux")
	if err != nil {
		return "", err
	}
	pods := slices.Concat(x.own.pods, flux)
	if len(pods) == 0 {
		return "", errors.New("there are no pods of the agent or of Flux")
	}
	for i := range pods {
		x.reachable(&pods[i], policies)
	}
	return fmt.Sprintf("no policy keeps others from the metrics of %d pods", len(pods)), nil
}

// reachable adds a finding if policies apply to a pod and none lets anything from elsewhere in.
func (x *examination) reachable(pod *unstructured.Unstructured, policies []unstructured.Unstructured) {
	var shut []string
	for i := range policies {
		p := &policies[i]
		sel, _, ok := selector(p, "podSelector")
		types, given, _ := unstructured.NestedStringSlice(p.Object, "spec", "policyTypes")
		if p.GetNamespace() != pod.GetNamespace() || !ok || !sel.Matches(labels.Set(pod.GetLabels())) || given && !slices.Contains(types, "Ingress") {
			continue
		}
		if letsOthersIn(p) {
			return
		}
		shut = append(shut, name(p))
	}
	if len(shut) > 0 {
		x.add(Warning, name(pod), "only its own namespace may reach its metrics: "+strings.Join(shut, ", "), "allow the namespace of Prometheus: networkPolicy.enabled of the chart, or a policy as Flux's allow-scraping")
	}
}

// letsOthersIn reports whether a rule of a policy has a peer that is not in the namespace alone.
func letsOthersIn(policy *unstructured.Unstructured) bool {
	for _, rule := range elements(policy.Object, "spec", "ingress") {
		peers := elements(rule, "from")
		if len(peers) == 0 {
			return true
		}
		for _, peer := range peers {
			if peer["namespaceSelector"] != nil || peer["ipBlock"] != nil {
				return true
			}
		}
	}
	return false
}
