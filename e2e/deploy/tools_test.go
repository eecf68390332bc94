package deploy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/e2e/env"
)

// TestUnits runs the unit tests that lie in the chart.
func TestUnits(t *testing.T) {
	t.Parallel()
	out, err := exec.Command(env.Built(t, "charts", "helm-unittest"), "-f", "tests/*_test.yaml", chart).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "passed") {
		t.Errorf("%v\n%s", err, out)
	}
}

// ignored are the checks of kube-score that do not fit, each with the reason.
var ignored = map[string]string{
	"container-image-pull-policy":              "a version never changes, and nodes need no registry to start what they have",
	"container-security-context-user-group-id": "logs belong to root: user 0 without capabilities, or 65532, which is above the 10,000 it asks for",
	"container-resources":                      "a limit on CPU shows as lag; there is one on memory",
	"pod-probes-identical":                     "readiness and liveness ask the same: readiness must not stop a rollout while Loki is away",
	"pod-networkpolicy":                        "networkPolicy.enabled; what may be reached differs from cluster to cluster",
}

// TestScore has kube-score look at the chart, in both modes and with everything that it can ask for.
func TestScore(t *testing.T) {
	t.Parallel()
	args := []string{"score", "--output-format", "ci", "--kubernetes-version", "v1.25"}
	for check := range ignored {
		args = append(args, "--ignore-test", check)
	}
	for _, values := range []string{"", "security: {mode: nonroot}", "networkPolicy: {enabled: true}", "state: {type: emptyDir}"} {
		cmd := exec.Command(env.Built(t, "score", "kube-score"), append(args, "-")...)
		cmd.Stdin = strings.NewReader(render(t, values))
		out, err := cmd.CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if !strings.HasPrefix(line, "[OK]") && !strings.HasPrefix(line, "[SKIPPED]") {
				t.Errorf("%q: %s", values, line)
			}
		}
		if err != nil {
			t.Errorf("%q: %v", values, err)
		}
	}
}

// schemasOf writes the JSON schemas of all kinds that an API server knows, as kubeconform wants
// them, and returns where they are. What is not in a schema is not allowed.
func schemasOf(t *testing.T, kube *env.Kube) string {
	t.Helper()
	var api struct {
		Definitions map[string]map[string]any `json:"definitions"`
	}
	if err := json.Unmarshal([]byte(kube.Kubectl(t, "", "get", "--raw", "/openapi/v2")), &api); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, d := range api.Definitions {
		kinds, _ := d["x-kubernetes-group-version-kind"].([]any)
		if len(kinds) != 1 { // those of many are parts of all, such as DeleteOptions
			continue
		}
		kind, _ := kinds[0].(map[string]any)
		group, _, _ := strings.Cut(text(kind["group"]), ".")
		name := strings.ToLower(text(kind["kind"])) + "-" + strings.TrimPrefix(group+"-"+text(kind["version"]), "-") + ".json"
		schema, err := json.Marshal(resolved(d, api.Definitions, 0))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), schema, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// maxDepth is where schemas that contain themselves are cut off: deeper than any object of ours.
const maxDepth = 40

// resolved is a part of a schema with what it refers to in its place, and closed to other keys.
func resolved(v any, all map[string]map[string]any, depth int) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = resolved(v[i], all, depth+1)
		}
		return out
	case map[string]any:
		if ref := text(v["$ref"]); ref != "" && depth < maxDepth {
			name := strings.TrimPrefix(ref, "#/definitions/")
			if strings.HasSuffix(name, ".JSONSchemaProps") || strings.HasSuffix(name, ".Quantity") || strings.HasSuffix(name, ".IntOrString") {
				return map[string]any{} // contains itself; a text or a number
			}
			return resolved(all[name], all, depth+1)
		}
		out := map[string]any{}
		for key, part := range v {
			if !strings.HasPrefix(key, "x-kubernetes-") && key != "description" && key != "default" {
				out[key] = resolved(part, all, depth+1)
			}
		}
		_, properties := v["properties"].(map[string]any)
		if _, open := v["additionalProperties"]; properties && !open && v["x-kubernetes-preserve-unknown-fields"] != true {
			out["additionalProperties"] = false
		}
		if v["format"] == "int-or-string" || v["x-kubernetes-int-or-string"] == true {
			delete(out, "type")
			delete(out, "format")
		}
		return out
	}
	return v
}

// conforms has kubeconform hold manifests against the schemas.
func conforms(t *testing.T, schemas, manifests string) {
	t.Helper()
	if out, err := kubeconform(t, schemas, manifests); err != nil {
		t.Errorf("kubeconform: %v\n%s", err, out)
	}
}

func kubeconform(t *testing.T, schemas, manifests string) (out []byte, err error) {
	t.Helper()
	cmd := exec.Command(env.Built(t, "charts", "kubeconform"), "-strict", "-summary",
		"-schema-location", schemas+"/{{.ResourceKind}}{{.KindSuffix}}.json", "-")
	cmd.Stdin = strings.NewReader(manifests)
	return cmd.CombinedOutput()
}

// refuses holds that kubeconform finds what is misspelt, deep in an object.
func refuses(t *testing.T, schemas string) {
	t.Helper()
	right := render(t, "{podMonitor: {create: true}}")
	for _, wrong := range []string{
		strings.Replace(right, "interval: 60s", "intervall: 60s", 1), strings.Replace(right, "readOnly: true", "readonly: true", 1),
		strings.Replace(right, "containerPort: 8080", "containerPort: http", 1),
	} {
		if out, err := kubeconform(t, schemas, wrong); err == nil || wrong == right {
			t.Errorf("kubeconform takes what is misspelt: %s", out)
		}
	}
}
