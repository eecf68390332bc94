package deploy

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// controllerPod is a controller as Flux deploys it, as far as monitors look at it. The address of
// its container is that of a server of the test.
const controllerPod = `apiVersion: v1
kind: Pod
metadata:
  name: %[1]s-1
  namespace: flux-system
  labels: {app: %[1]s, app.kubernetes.io/part-of: flux}
spec:
  nodeName: node-1
  automountServiceAccountToken: false
  containers:
  - {name: manager, image: x, ports: [{name: http, containerPort: 9090}, {name: healthz, containerPort: 9440}, {name: http-prom, containerPort: %[2]s}]}
---
`

// controllerService is a Service as Flux has them: for one port, which is not that of the metrics.
const controllerService = `apiVersion: v1
kind: Service
metadata:
  name: %[1]s
  namespace: flux-system
  labels: {app.kubernetes.io/part-of: flux, control-plane: controller}
spec:
  selector: {app: %[2]s}
  ports: [{name: http, port: 80, targetPort: http}]
---
`

// TestControllersAreScrapedOnce has the Prometheus Operator's own generator and Prometheus' own
// discovery take each set of monitors for controllers, and a real Prometheus scrape what they find.
// The pair of monitors that doubles everything in guides is harmless here.
func TestControllersAreScrapedOnce(t *testing.T) {
	t.Parallel()
	kube := env.StartCluster(t)
	kube.Kubectl(t, "", "create", "namespace", "flux-system")
	controllers := []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller", "source-watcher"}
	// Of a pod on a node that is not there the controller of endpoints tells nothing.
	objects := "apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n---\n"
	for _, app := range controllers {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, "controller_runtime_active_workers{controller=%q} 1\ngo_goroutines 1\nrest_client_rate_limiter_duration_seconds_count 1\n", app)
		}))
		t.Cleanup(server.Close)
		objects += fmt.Sprintf(controllerPod, app, server.URL[strings.LastIndexByte(server.URL, ':')+1:])
	}
	for service, app := range map[string]string{
		"source-controller": "source-controller", "notification-controller": "notification-controller", "webhook-receiver": "notification-controller",
	} {
		objects += fmt.Sprintf(controllerService, service, app)
	}
	env.Until(t, "the account of pods", func() bool {
		return strings.Contains(kube.Kubectl(t, "", "-n", "flux-system", "get", "serviceaccounts", "-o", "name"), "default")
	})
	kube.Kubectl(t, objects, "apply", "-f", "-")
	for i, app := range controllers {
		kube.Kubectl(t, "", "-n", "flux-system", "patch", "pod", app+"-1", "--subresource=status", "--type=merge", "-p", fmt.Sprintf(
			`{"status":{"phase":"Running","podIP":"10.244.0.%[1]d","podIPs":[{"ip":"10.244.0.%[1]d"}],"conditions":[{"type":"Ready","status":"True"}]}}`, i+1))
	}
	env.Until(t, "endpoints of the Services", func() bool {
		return strings.Count(kube.Kubectl(t, "", "-n", "flux-system", "get", "endpointslices", "-o", "jsonpath={.items[*].endpoints[*].addresses}"), "10.244.0.") == 3
	})
	for _, dir := range []string{"controllers-by-app", "controllers-by-part-of", "hybrid"} {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			scrapedOnce(t, kube.Monitoring(t, kube.Kubectl(t, "", "kustomize", root+"monitors/"+dir)), controllers)
		})
	}
	for _, file := range []string{"flux-podmonitor.yaml", "flux-servicemonitor.yaml"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(root + "examples/" + file)
			if err != nil {
				t.Fatal(err)
			}
			want := controllers
			if file == "flux-servicemonitor.yaml" {
				want = []string{"source-controller", "notification-controller"} // the only ones with a Service
			}
			scrapedOnce(t, kube.Monitoring(t, string(text)), want)
		})
	}
	t.Run("chart", func(t *testing.T) {
		t.Parallel()
		monitor := render(t, "{clusterName: prod-1, controllerMonitor: {create: true}}", "--show-only", "templates/monitors.yaml")
		p := kube.Monitoring(t, monitor)
		scrapedOnce(t, p, controllers)
		if got := p.Query(t, `count(go_goroutines{cluster="prod-1", node="node-1"})`, time.Now()); len(got) != 1 || got[0].Value != "5" {
			t.Errorf("labels: %+v", got)
		}
	})
}

// scrapedOnce holds that each controller is there once, with its own label controller.
func scrapedOnce(t *testing.T, p *env.Prometheus, controllers []string) {
	t.Helper()
	// The first scrapes are spread over one interval: after three of one target all others had theirs.
	env.Until(t, "the first scrapes", func() bool {
		all := fmt.Sprintf("sum(up) >= %d and max(count_over_time(up[1m])) >= 3", len(controllers))
		return len(p.Query(t, all, time.Now())) == 1
	})
	for _, app := range controllers {
		got := p.Query(t, fmt.Sprintf("sum(controller_runtime_active_workers{controller=%q})", app), time.Now())
		if len(got) != 1 || got[0].Value != "1" {
			t.Errorf("%s: %+v, want it scraped once", app, got)
		}
	}
	got := p.Query(t, "count(go_goroutines)", time.Now())
	if want := fmt.Sprint(len(controllers)); len(got) != 1 || got[0].Value != want {
		t.Errorf("%+v pods are scraped, want %s", got, want)
	}
}
