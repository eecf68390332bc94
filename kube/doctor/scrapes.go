package doctor

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	serviceResource    = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	deploymentResource = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
)

// scrapes holds that each monitor about Flux finds pods with the port that it names, that each pod
// is scraped once, and that what it does to labels and metrics leaves what dashboards ask for.
func (x *examination) scrapes(ctx context.Context) (string, error) {
	w := wiring{x: x, by: map[string][]string{}}
	for _, part := range []struct {
		of   schema.GroupVersionResource
		into *[]unstructured.Unstructured
	}{
		{podResource, &w.pods}, {serviceResource, &w.services},
		{operatorResource("v1", "podmonitors"), &w.monitors}, {operatorResource("v1", "servicemonitors"), &w.monitors},
	} {
		list, err := x.list(ctx, part.of, "", "")
		if err != nil {
			return "", err
		}
		*part.into = append(*part.into, list...)
	}
	if err := w.templates(ctx); err != nil {
		return "", err
	}
	w.monitors = slices.DeleteFunc(w.monitors, func(m unstructured.Unstructured) bool { return !aboutFlux(&m) })
	if len(w.monitors) == 0 || len(w.pods) == 0 {
		return "", errors.New("there are no monitors about Flux, or no pods")
	}
	for i := range w.monitors {
		w.monitor(&w.monitors[i])
	}
	w.doubled()
	return fmt.Sprintf("%d monitors find %d pods, each once", len(w.monitors), len(w.by)), nil
}

// wiring is what monitors select.
type wiring struct {
	x                        *examination
	pods, services, monitors []unstructured.Unstructured
	by                       map[string][]string // pod → what scrapes it
}

// templates takes the pods that files would make, where they hold none of their own.
func (w *wiring) templates(ctx context.Context) error {
	if w.x.Files == nil {
		return nil
	}
	for _, of := range []schema.GroupVersionResource{deploymentResource, daemonSetResource} {
		list, err := w.x.list(ctx, of, "", "")
		if err != nil {
			return err
		}
		for i := range list {
			template, ok, _ := unstructured.NestedMap(list[i].Object, "spec", "template")
			owned := func(p unstructured.Unstructured) bool {
				return p.GetNamespace() == list[i].GetNamespace() && strings.HasPrefix(p.GetName(), list[i].GetName()+"-")
			}
			if !ok || slices.ContainsFunc(w.pods, owned) {
				continue
			}
			pod := unstructured.Unstructured{Object: template}
			pod.SetKind("Pod")
			pod.SetNamespace(list[i].GetNamespace())
			pod.SetName(list[i].GetName() + "-…")
			w.pods = append(w.pods, pod)
		}
	}
	return nil
}

// relabeling is a rule of a monitor as far as it is looked at.
type relabeling struct {
	SourceLabels []string `json:"sourceLabels"`
	Separator    string   `json:"separator"`
	Action       string   `json:"action"`
	Regex        string   `json:"regex"`
	TargetLabel  string   `json:"targetLabel"`
}

// endpoint is one of a monitor. A port is named, or is a number.
type endpoint struct {
	Port              string       `json:"port"`
	PortNumber        any          `json:"portNumber"`
	TargetPort        any          `json:"targetPort"`
	Interval          string       `json:"interval"`
	ScrapeTimeout     string       `json:"scrapeTimeout"`
	Relabelings       []relabeling `json:"relabelings"`
	MetricRelabelings []relabeling `json:"metricRelabelings"`
}

// monitor looks at one monitor, and notes what it scrapes.
func (w *wiring) monitor(m *unstructured.Unstructured) {
	bad := func(severity, text, remedy string) { w.x.add(severity, name(m), text, remedy) }
	field := "podMetricsEndpoints"
	if m.GetKind() == "ServiceMonitor" {
		field = "endpoints"
	}
	var spec struct {
		Endpoints []endpoint `json:"endpoints"`
	}
	list, _, _ := unstructured.NestedSlice(m.Object, "spec", field)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(map[string]any{"endpoints": list}, &spec); err != nil {
		bad(Warning, "cannot be read: "+err.Error(), "hold it against deploy/monitors")
		return
	}
	for _, e := range spec.Endpoints {
		e.check(bad)
	}
	selected := 0
	if m.GetKind() == "ServiceMonitor" {
		for i := range w.services {
			if s := &w.services[i]; selects(m, s) {
				selected++
				w.through(m, s, spec.Endpoints, bad)
			}
		}
	} else {
		for i := range w.pods {
			if p := &w.pods[i]; selects(m, p) {
				selected++
				w.scraped(m, p, nil, spec.Endpoints, bad)
			}
		}
	}
	if selected == 0 && (w.x.Files == nil || slices.ContainsFunc(w.pods, func(p unstructured.Unstructured) bool { return ofController(&p) })) {
		w.nothing(m, bad)
	}
}

// nothing tells of a monitor that selects nothing, and of the reason that is known.
func (w *wiring) nothing(m *unstructured.Unstructured, bad func(severity, text, remedy string)) {
	_, text, _ := selector(m, "selector")
	remedy := "hold its selector and namespaceSelector against kubectl get pods,services --show-labels"
	if m.GetKind() == "PodMonitor" && strings.Contains(text, "part-of") {
		remedy = "before Flux 2.7 pods of controllers have no label app.kubernetes.io/part-of: select them by app, as deploy/monitors/controllers-by-app"
	}
	bad(Error, "selects nothing: no "+map[bool]string{true: "Service", false: "pod"}[m.GetKind() == "ServiceMonitor"]+" has "+text, remedy)
}

// through notes the pods behind a Service.
func (w *wiring) through(m, service *unstructured.Unstructured, endpoints []endpoint, bad func(severity, text, remedy string)) {
	want, _, _ := unstructured.NestedStringMap(service.Object, "spec", "selector")
	for i := range w.pods {
		p := &w.pods[i]
		if len(want) > 0 && p.GetNamespace() == service.GetNamespace() && labels.SelectorFromSet(want).Matches(labels.Set(p.GetLabels())) {
			w.scraped(m, p, service, endpoints, bad)
		}
	}
}

// scraped notes that a monitor scrapes a pod, through a Service or not, or tells why it does not.
func (w *wiring) scraped(m, pod, service *unstructured.Unstructured, endpoints []endpoint, bad func(severity, text, remedy string)) {
	if phase := field(pod, "status", "phase"); phase == "Succeeded" || phase == "Failed" {
		return
	}
	for _, e := range endpoints {
		if !e.keeps(pod, service) {
			continue
		}
		has, ok := e.reaches(pod, service)
		if !ok {
			bad(Error, fmt.Sprintf("names the port %s, which %s does not have: it has %s", e.named(), name(cmpOr(service, pod)), strings.Join(has, ", ")),
				"controllers of Flux have http-prom (8080) for metrics; of a Service, which has port 80 only, take targetPort: http-prom")
			return
		}
		by := name(m)
		if service != nil {
			by += " through " + name(service)
		}
		w.by[name(pod)] = append(w.by[name(pod)], by)
	}
}

func cmpOr(a, b *unstructured.Unstructured) *unstructured.Unstructured {
	if a != nil {
		return a
	}
	return b
}

// doubled tells of pods that are scraped more than once, and of those of Flux that are not.
func (w *wiring) doubled() {
	flux := 0
	for i := range w.pods {
		if by := w.by[name(&w.pods[i])]; len(by) > 0 && ofController(&w.pods[i]) {
			flux++
		}
	}
	for i := range w.pods {
		p := &w.pods[i]
		by := w.by[name(p)]
		if p.GetAnnotations()["prometheus.io/scrape"] == "true" && p.GetLabels()["app.kubernetes.io/name"] == "fluxtrail" && len(by) > 0 {
			w.x.add(Warning, name(p), "is scraped through a monitor and asks to be by prometheus.io/scrape too", "scrapeAnnotations=auto of the chart takes it off where a monitor is on")
		}
		switch phase := field(p, "status", "phase"); {
		case len(by) > 1:
			slices.Sort(by)
			w.x.add(Error, name(p), "is scraped several times: "+strings.Join(by, ", "), "keep one of the monitors, or take deploy/monitors/hybrid: sums over the series count twice")
		case len(by) == 0 && flux > 0 && ofController(p) && phase != "Succeeded" && phase != "Failed":
			w.x.add(Warning, name(p), "no monitor scrapes it, while others of Flux are scraped", "add its label app to the monitor: shards, source-watcher and image controllers have their own")
		}
	}
}

// ofController reports whether a pod is a controller of Flux.
func ofController(pod *unstructured.Unstructured) bool {
	app := pod.GetLabels()["app"]
	return fluxApp.MatchString(app) || app == "source-watcher"
}

var fluxApp = regexp.MustCompile(`^(source|kustomize|helm|notification|image-reflector|image-automation)-controller`)

// selects reports whether a monitor selects an object.
func selects(m, o *unstructured.Unstructured) bool {
	sel, _, ok := selector(m, "selector")
	if !ok || !sel.Matches(labels.Set(o.GetLabels())) {
		return false
	}
	all, _, _ := unstructured.NestedBool(m.Object, "spec", "namespaceSelector", "any")
	names, _, _ := unstructured.NestedStringSlice(m.Object, "spec", "namespaceSelector", "matchNames")
	return all || slices.Contains(names, o.GetNamespace()) || len(names) == 0 && m.GetNamespace() == o.GetNamespace()
}

// named is how an endpoint names its port.
func (e *endpoint) named() string {
	for _, port := range []any{e.Port, e.PortNumber, e.TargetPort} {
		if port != nil && port != "" {
			return fmt.Sprint(port)
		}
	}
	return "(none)"
}

// reaches reports whether a pod, or the Service before it, has the port; if not, which it has.
func (e *endpoint) reaches(pod, service *unstructured.Unstructured) (has []string, ok bool) {
	if service != nil && e.Port != "" {
		for _, p := range elements(service.Object, "spec", "ports") {
			has = append(has, fmt.Sprint(p["name"]))
		}
		return has, slices.Contains(has, e.Port)
	}
	for _, c := range elements(pod.Object, "spec", "containers") {
		for _, p := range elements(c, "ports") {
			has = append(has, fmt.Sprint(p["name"]))
			ok = ok || e.named() == fmt.Sprint(p["name"]) || e.named() == fmt.Sprint(p["containerPort"])
		}
	}
	return has, ok
}

// used are metrics that dashboards of Flux ask for beside those of Flux itself, which filters of
// what is kept often forget.
var used = []string{
	"go_goroutines", "go_memstats_alloc_bytes", "process_cpu_seconds_total", "process_resident_memory_bytes",
	"controller_runtime_reconcile_total", "workqueue_depth",
}

// check looks at what an endpoint says by itself.
func (e *endpoint) check(bad func(severity, text, remedy string)) {
	every, timeout := span(e.Interval), span(e.ScrapeTimeout)
	if every > 0 && timeout > every {
		bad(Error, fmt.Sprintf("has a scrapeTimeout of %s and an interval of %s: the operator leaves it out", e.ScrapeTimeout, e.Interval), "let scrapeTimeout be no longer than interval")
	}
	for _, r := range e.Relabelings {
		if r.TargetLabel == "controller" || r.TargetLabel == "name" || r.TargetLabel == "kind" {
			text := fmt.Sprintf("gives targets the label %[1]s, which the metrics have themselves: theirs becomes exported_%[1]s, and panels and rules by it are empty", r.TargetLabel)
			bad(Error, text, "call it flux_"+r.TargetLabel)
		}
	}
	for _, r := range e.MetricRelabelings {
		if !slices.Equal(r.SourceLabels, []string{"__name__"}) || r.Action != "keep" && r.Action != "drop" {
			continue
		}
		var lost []string
		for _, metric := range used {
			if r.matches(metric) != (r.Action == "keep") {
				lost = append(lost, metric)
			}
		}
		if len(lost) > 0 && len(lost) < len(used) {
			bad(Warning, "drops "+strings.Join(lost, ", ")+", which dashboards of Flux ask for", "deploy/monitors has a filter that keeps what they need")
		}
	}
}

func span(text string) time.Duration {
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0
	}
	return time.Duration(d)
}

// keeps reports whether the relabelings of an endpoint leave a target.
func (e *endpoint) keeps(pod, service *unstructured.Unstructured) bool {
	meta := map[string]string{
		"__meta_kubernetes_namespace": pod.GetNamespace(), "__meta_kubernetes_pod_name": pod.GetName(),
		"__meta_kubernetes_pod_phase": "Running", "__meta_kubernetes_pod_container_port_name": e.named(),
	}
	for key, value := range pod.GetLabels() {
		meta["__meta_kubernetes_pod_label_"+unlabel.ReplaceAllString(key, "_")] = value
	}
	if service != nil {
		meta["__meta_kubernetes_service_name"] = service.GetName()
		for key, value := range service.GetLabels() {
			meta["__meta_kubernetes_service_label_"+unlabel.ReplaceAllString(key, "_")] = value
		}
	}
	for _, r := range e.Relabelings {
		separator, values := r.Separator, []string(nil)
		if separator == "" {
			separator = ";"
		}
		for _, label := range r.SourceLabels {
			values = append(values, meta[label])
		}
		if match := r.matches(strings.Join(values, separator)); r.Action == "keep" && !match || r.Action == "drop" && match {
			return false
		}
	}
	return true
}

var unlabel = regexp.MustCompile(`[^a-zA-Z0-9_]`)

// matches reports whether the whole of a text matches; what is no regular expression matches
// nothing.
func (r *relabeling) matches(text string) bool {
	expr := r.Regex
	if expr == "" {
		expr = "(.*)"
	}
	re, err := regexp.Compile("^(?s:" + expr + ")$")
	return err == nil && re.MatchString(text)
}
