package kube

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/conditions"
	"fluxtrail/conditions/conditionstest"
	"fluxtrail/derive"
	"fluxtrail/kube"
	"fluxtrail/parse/redact"
)

// apiServer is what an API server answers, by path; other paths are not found. "forbidden"
// stands for a refusal.
type apiServer map[string]string

func (s apiServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, ok := s[r.URL.Path]
	w.Header().Set("Content-Type", "application/json")
	switch {
	case !ok:
		status(w, http.StatusNotFound, "NotFound")
	case text == "forbidden":
		status(w, http.StatusForbidden, "Forbidden")
	case strings.HasSuffix(r.URL.Path, "/events") && r.FormValue("fieldSelector") != "source=helm-controller":
		_, _ = io.WriteString(w, list())
	default:
		_, _ = io.WriteString(w, text)
	}
}

func status(w http.ResponseWriter, code int, reason string) {
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":%q,"message":"is %s","code":%d}`,
		reason, strings.ToLower(reason), code)
}

func list(items ...map[string]any) string {
	text, _ := json.Marshal(map[string]any{"kind": "List", "apiVersion": "v1", "metadata": map[string]any{}, "items": items})
	return string(text)
}

func (s apiServer) client(t *testing.T) *kube.Client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	path := filepath.Join(t.TempDir(), "config")
	text := fmt.Sprintf("apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: c}}]\n"+
		"clusters: [{name: c, cluster: {server: %q}}]\n", server.URL)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := kube.Login(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const (
	kustomize = "/apis/kustomize.toolkit.fluxcd.io"
	helm      = "/apis/helm.toolkit.fluxcd.io"
	crds      = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
	noCRDs    = `{"kind":"List","apiVersion":"v1","metadata":{},"items":[]}`
)

func group(name, version string) string {
	return fmt.Sprintf(`{"kind":"APIGroup","apiVersion":"v1","name":%q,"versions":[{"groupVersion":"%[1]s/%[2]s","version":%[2]q}]}`, name, version)
}

func resources(kind, plural string) string {
	return fmt.Sprintf(`{"kind":"APIResourceList","apiVersion":"v1","resources":[{"name":%q,"kind":%q,"namespaced":true,"verbs":["list","watch"]}]}`,
		plural, kind)
}

func TestOnce(t *testing.T) {
	t.Parallel()
	base := apiServer{
		crds:      noCRDs,
		kustomize: group("kustomize.toolkit.fluxcd.io", "v1"), kustomize + "/v1": resources("Kustomization", "kustomizations"),
		helm: group("helm.toolkit.fluxcd.io", "v2"), helm + "/v2": resources("HelmRelease", "helmreleases"),
		kustomize + "/v1/kustomizations": list(object("a", "False", "x").Object, object("b", "True", "x").Object),
		helm + "/v2/helmreleases":        list(),
		"/api/v1/events": list(map[string]any{
			"apiVersion": "v1", "kind": "Event", "type": "Warning", "reason": "InstallFailed", "message": "no",
			"involvedObject": map[string]any{"apiVersion": "helm.toolkit.fluxcd.io/v2", "kind": "HelmRelease", "namespace": "a", "name": "c"},
			"lastTimestamp":  "2026-11-20T10:00:00Z",
		}),
	}
	for _, c := range []struct {
		name   string
		change apiServer
		want   string
	}{
		{"all", nil, "Kustomization 2; Event 1; all HelmRelease; all Kustomization"},
		{"a kind refused", apiServer{helm + "/v2/helmreleases": "forbidden"},
			"HelmRelease 0: is forbidden; Kustomization 2; Event 1; all Kustomization"},
		{"all but one namespace refused", apiServer{
			kustomize + "/v1/kustomizations": "forbidden", kustomize + "/v1/namespaces/a/kustomizations": list(object("a", "False", "x").Object),
		}, "Kustomization 1: only in a: is forbidden; Event 1; all HelmRelease; all Kustomization in a"},
		{"events refused", apiServer{"/api/v1/events": "forbidden"},
			"Kustomization 2; Event 0: is forbidden; all HelmRelease; all Kustomization"},
		{"definitions refused", apiServer{crds: "forbidden"},
			"kinds of Flux's objects 0: is forbidden; Kustomization 2; Event 1; all HelmRelease; all Kustomization"},
		{"an answer that is none", apiServer{helm + "/v2/helmreleases": "<html>"},
			"HelmRelease 0: …; Kustomization 2; Event 1; all Kustomization"},
		{"a server that is gone, or none", apiServer{helm + "/v2/helmreleases": "<html>", kustomize + "/v1/kustomizations": "<html>"},
			"HelmRelease 0: …; Kustomization 0: …; Event 0: …"},
		{"no Flux", apiServer{kustomize: "forbidden"}, "kinds of Flux's objects 0: is forbidden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := apiServer{}
			for _, part := range []apiServer{base, c.change} {
				for path, text := range part {
					server[path] = text
				}
			}
			r, err := redact.New(nil)
			if err != nil {
				t.Fatal(err)
			}
			told, err := Once(server.client(t), ReadOptions{Namespaces: []string{"a", "b"}, Redact: r.String})(t.Context(), 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			conditionstest.Check(t, told.Observations)
			var got []string
			for _, in := range told.Inputs {
				row := fmt.Sprintf("%s %d", strings.TrimPrefix(in.Name, "kube: "), in.Objects)
				switch {
				case in.Err != nil && kube.Refused(in.Err):
					row += ": " + in.Err.Error()
				case in.Err != nil:
					row += ": …"
				}
				got = append(got, row)
			}
			for _, l := range told.Listings {
				row := "all " + l.Kind
				if l.Namespace != "" {
					row += " in " + l.Namespace
				}
				got = append(got, row)
			}
			if d := cmp.Diff(c.want, strings.Join(got, "; ")); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestObservationsAreBounded gives up before what objects say takes too much.
func TestObservationsAreBounded(t *testing.T) {
	t.Parallel()
	r := &once{told: &conditions.Evidence{}}
	o := derive.Observation{Conditions: make([]derive.Condition, 100)}
	n := 0
	for ; n < maxHeld; n++ {
		if err := r.take(o); err != nil {
			if !strings.Contains(err.Error(), "more than 96 MiB") {
				t.Error(err)
			}
			break
		}
	}
	if len(r.told.Observations) != n || n < 5000 || n > 20000 {
		t.Errorf("%d of %d kept", len(r.told.Observations), n)
	}
}
