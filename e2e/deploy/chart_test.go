package deploy

import (
	"github.com/google/go-cmp/cmp"
	"slices"
	"strings"
	"testing"

	"k8s.io/pod-security-admission/api"

	"fluxtrail/e2e/env"
)

// matrix is the values that the chart is rendered with, each of which an API server has to accept.
var matrix = map[string]string{
	"defaults": "",
	"nonroot":  "security: {mode: nonroot}",
	"emptydir": "{security: {mode: nonroot}, state: {type: emptyDir}}",
	"no init":  "state: {init: never}",
	"no loki":  "loki: {enabled: false}",
	"alerts": `
config:
  conditions: {kube: {enabled: false}}
  alertmanager: {urls: ["http://alertmanager.monitoring:9093"]}
  grafana: {url: "http://grafana.monitoring"}
  webhook: {url: "http://notification-controller.flux-system"}
extraEnv:
  - {name: FLUXTRAIL_GRAFANA__HTTP__BEARER__TOKEN, valueFrom: {secretKeyRef: {name: grafana, key: token}}}
`,
	"one namespace": `
config: {kube: {namespaces: [flux-system]}, log: {level: debug}, incidents: {hold: 2m}}
rbac: {conditions: false}
`,
	"secrets": `
loki:
  url: https://logs.example.com
  tenant: team
  basicAuth: {secretName: loki}
  tls: {caSecretName: ca, clientSecretName: client}
extraEnv: [{name: HTTPS_PROXY, value: "http://proxy.example.com:3128"}]
extraEnvFrom: [{secretRef: {name: more, optional: true}}]
extraArgs: [--log-level=debug]
`,
	"bearer":           "loki: {bearer: {secretName: loki}, tls: {caConfigMapName: ca}}",
	"docker":           "logs: {docker: true}",
	"migrate":          "migrate: {positions: /run/promtail/positions.yaml}",
	"migrate, nonroot": "{migrate: {positions: /run/promtail/positions.yaml}, security: {mode: nonroot}, logs: {docker: true}}",
	"service monitor": `
clusterName: prod-1
serviceMonitor: {create: true, interval: 30s, scrapeTimeout: 10s, labels: {release: kube-prometheus-stack}}
controllerMonitor: {create: true, labels: {release: kube-prometheus-stack}}
`,
	"pod monitor": "{podMonitor: {create: true}, controllerMonitor: {create: true, selectBy: part-of}}",
	"rules": `
prometheusRule: {create: true, labels: {release: kps}, alertLabels: {team: platform}}
vmRule: {create: true, signal: ours}
`,
	"dashboards": "dashboards: {create: true, namespace: monitoring, annotations: {grafana_folder: Flux}}",
	"network": `
networkPolicy:
  enabled: true
  metricsFrom: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: monitoring}}}]
  egress:
    - to: [{ipBlock: {cidr: 10.0.0.1/32}}]
      ports: [{port: 443, protocol: TCP}]
`,
	"network, open": "networkPolicy: {enabled: true}",
	"openshift":     "{openshift: {scc: {create: true}}, security: {seLinuxOptions: {type: container_logreader_t}}}",
	"priority": `
priorityClassName: system-node-critical
resourceQuota: {create: true}
flowSchema: {create: true}
`,
	"everything else": `
commonLabels: {monitoring.k3s-flux.io/component: flux-metrics}
commonAnnotations: {example.com/owner: platform}
nodeSelector: {pool: system}
affinity: {}
tolerations: []
maxUnavailable: 1
podLabels: {sidecar.istio.io/inject: "false"}
podAnnotations: {example.com/a: b}
scrapeAnnotations: always
imagePullSecrets: [{name: registry}]
image: {repository: example.com/fluxtrail, digest: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
hostNetwork: true
port: 9090
serviceAccount: {annotations: {example.com/role: x}}
fullnameOverride: a-name-that-is-just-about-as-long-as-may-be
extraVolumes: [{name: more, emptyDir: {}}]
extraVolumeMounts: [{name: more, mountPath: /more}]
extraObjects:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: "{{ .Release.Name }}-more"}
  - |
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: {{ .Release.Name }}-text}
global: {anything: goes}
`,
}

// TestAccepted has an API server with all definitions take everything that we have for it, one
// thing beside the other.
func TestAccepted(t *testing.T) {
	t.Parallel()
	kube, program := cluster(t), env.Fluxtrail(t)
	schemas := schemasOf(t, kube)
	refuses(t, schemas)
	t.Run("chart", func(t *testing.T) { charts(t, kube, program, schemas) })
	t.Run("manifests", func(t *testing.T) { manifests(t, kube, program, schemas) })
}

// charts renders every row of the matrix: both versions of Helm make the same of it and have nothing
// against it, nor has the API server, kubeconform, or the agent against its configuration; every
// object has our labels; and Pod Security has against the pods what the documentation says, and no
// more.
func charts(t *testing.T, kube *env.Kube, program, schemas string) {
	for name, values := range matrix {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, err := env.Helm(t, "", values, "lint", "--strict", chart, "--values", "-"); err != nil {
				t.Errorf("helm lint: %s %v", out, err)
			}
			manifests := render(t, values)
			sameByHelm3(t, values, manifests)
			accepted(t, kube, manifests)
			conforms(t, schemas, manifests)
			for _, o := range objects(t, manifests) {
				if own := strings.Contains(o.GetName(), "-more") || strings.Contains(o.GetName(), "-text"); own {
					continue
				}
				labels := o.GetLabels()
				if labels["app.kubernetes.io/name"] != "fluxtrail" || labels["app.kubernetes.io/part-of"] != "fluxtrail" {
					t.Errorf("%s %s has the labels %v", o.GetKind(), o.GetName(), labels)
				}
			}
			for _, c := range objects(t, manifests) {
				if c.GetKind() == "ConfigMap" && c.Object["data"] != nil && c.GetNamespace() == "fluxtrail" {
					configured(t, program, c)
				}
			}
			secure(t, manifests, strings.Contains(values, "nonroot"), strings.Contains(values, "state: {type: emptyDir}"))
		})
	}
}

// sameByHelm3 holds that Helm 3 makes the same of values as Helm 4 does.
func sameByHelm3(t *testing.T, values, want string) {
	t.Helper()
	// Built from its module, Helm 3 takes clusters for Kubernetes 1.20 unless it is told.
	text, err := env.HelmOf(t, "helm3", "", values, "template", "fluxtrail", chart, "--namespace", "fluxtrail", "--values", "-", "--kube-version", "1.36.0")
	if err != nil {
		t.Fatalf("helm 3: %v", err)
	}
	if diff := cmp.Diff(objects(t, want), objects(t, text)); diff != "" {
		t.Errorf("Helm 3 makes something else (-4 +3):\n%s", diff)
	}
}

// secure holds the pods to what the page on security says of the two modes.
func secure(t *testing.T, manifests string, nonroot, emptyDir bool) {
	t.Helper()
	pod := podOf(t, one(t, manifests, "DaemonSet"))
	allowed := map[string]bool{"hostPath volumes": true}
	if nonroot {
		allowed["non-default capabilities"] = true
	}
	for _, c := range pod.Spec.InitContainers {
		allowed["non-default capabilities"] = allowed["non-default capabilities"] || c.Name == "state"
	}
	if pod.Spec.HostNetwork {
		allowed["host namespaces"], allowed["hostPort"] = true, true
	}
	allowed["seLinuxOptions"] = pod.Spec.Containers[0].SecurityContext.SELinuxOptions != nil
	if got := offences(t, pod, api.LevelPrivileged); len(got) > 0 {
		t.Errorf("privileged: %q", got)
	}
	for _, reason := range offences(t, pod, api.LevelBaseline) {
		if !allowed[reason] {
			t.Errorf("baseline: %s", reason)
		}
	}
	c := pod.Spec.Containers[0].SecurityContext
	if *c.AllowPrivilegeEscalation || !*c.ReadOnlyRootFilesystem || !slices.Contains(c.Capabilities.Drop, "ALL") {
		t.Errorf("%+v", c)
	}
	if got := *pod.Spec.SecurityContext.RunAsNonRoot; got != nonroot || len(c.Capabilities.Add) > 0 != nonroot {
		t.Errorf("nonroot %v: runAsNonRoot %v, capabilities %v", nonroot, got, c.Capabilities.Add)
	}
	for _, v := range pod.Spec.Volumes {
		if v.Name == "state" && (v.EmptyDir != nil) != emptyDir {
			t.Errorf("state: %+v", v)
		}
	}
}

// TestChartRefuses gives values that would fail later, or silently.
func TestChartRefuses(t *testing.T) {
	t.Parallel()
	for values, want := range map[string]string{
		"bogus: 1":                         "additional properties 'bogus' not allowed",
		"loki: {uri: x}":                   "additional properties 'uri' not allowed",
		"loki: {url: logs.example}":        "does not match pattern",
		"loki: {url: ''}":                  "loki.url: is missing",
		"config: {tials: {}}":              "additional properties 'tials' not allowed",
		"security: {mode: noroot}":         "value must be one of",
		"image: {digest: abc}":             "does not match pattern",
		"terminationGracePeriodSeconds: 5": "minimum",
		"{serviceMonitor: {create: true}, podMonitor: {create: true}}": "one of them, or every agent is scraped twice",
		"{serviceMonitor: {create: true}, service: {create: false}}":   "needs service.create",
		"config: {loki: {http: {basic: {password: secret}}}}":          "do not belong into a ConfigMap",
		"config: {loki: {http: {bearer: {token: secret}}}}":            "do not belong into a ConfigMap",
		"config: {loki: {http: {headers: [{name: a, value: b}]}}}":     "do not belong into a ConfigMap",
		"config: {grafana: {http: {bearer: {token: secret}}}}":         "FLUXTRAIL_GRAFANA__HTTP__BEARER__TOKEN",
		"config: {alertmanager: {http: {basic: {password: secret}}}}":  "do not belong into a ConfigMap",
		"loki: {basicAuth: {secretName: a}, bearer: {secretName: b}}":  "one of them",
		"commonLabels: {app.kubernetes.io/part-of: flux}":              "flux uninstall would delete it",
		"resourceQuota: {create: true}":                                "needs priorityClassName",
	} {
		_, err := env.Helm(t, "", values, "template", "fluxtrail", chart, "--values", "-")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", values, err, want)
		}
	}
}

// TestChartSettings looks at what single values come to.
func TestChartSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ values, has, hasNot string }{
		{"", `prometheus.io/scrape: "true"`, "kind: ServiceMonitor"},
		{"podMonitor: {create: true}", "kind: PodMonitor", "prometheus.io/scrape"},
		{"scrapeAnnotations: never", "kind: DaemonSet", "prometheus.io/scrape"},
		{"", "maxSurge: 0", "path: /readyz"},
		{"", "path: /healthz", "priorityClassName"},
		{"loki: {basicAuth: {secretName: s}}", "secretKeyRef: {name: s, key: password}", "password: "},
		{"config: {kube: {namespaces: [a]}}", "kind: RoleBinding", "kind: SecurityContextConstraints"},
		{"migrate: {positions: /run/promtail/positions.yaml}", "hostPath: {path: \"/run/promtail\", type: DirectoryOrCreate}", "kind: ServiceMonitor"},
		{"rbac: {create: false}", "kind: DaemonSet", "kind: ClusterRole"},
		{"serviceAccount: {create: false, name: mine}", "serviceAccountName: mine", "kind: ServiceAccount\nmetadata"},
		{"dashboards: {create: true}", "kustomize.toolkit.fluxcd.io/substitute: disabled", "kind: PodMonitor"},
		{"prometheusRule: {create: true, alertLabels: {team: a}}", "team: a", "kind: VMRule"},
		{"prometheusRule: {create: true, signal: ours}", "{{ $labels.name }}", "gotk_"},
	} {
		text := render(t, c.values)
		if !strings.Contains(text, c.has) || strings.Contains(text, c.hasNot) {
			t.Errorf("%q: has to have %q, and not %q:\n%s", c.values, c.has, c.hasNot, text)
		}
	}
}

// TestChartRollsPods changes one setting of the agent: the template of the pods has to change too.
func TestChartRollsPods(t *testing.T) {
	t.Parallel()
	const key = "checksum/config"
	before := podOf(t, one(t, render(t, ""), "DaemonSet")).Annotations[key]
	after := podOf(t, one(t, render(t, "config: {log: {level: debug}}"), "DaemonSet")).Annotations[key]
	if before == "" || before == after {
		t.Errorf("%q and %q", before, after)
	}
}
