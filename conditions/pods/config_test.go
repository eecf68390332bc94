package pods

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDistill(t *testing.T) {
	type labels = map[string]string
	for _, c := range []struct {
		name   string
		labels labels
		image  string
		known  bool
		want   Pod
	}{
		{"Flux 2.7", labels{"app": "source-controller", labelPartOf: "flux", labelComponent: "source-controller", labelVersion: "v2.7.0"},
			"ghcr.io/fluxcd/source-controller:v1.7.0", true, Pod{App: "source-controller", Controller: "source-controller", Version: "v1.7.0", Flux: "v2.7.0"}},
		{"before 2.7 there is only app", labels{"app": "helm-controller"},
			"localhost:5000/helm-controller@sha256:abc", true, Pod{App: "helm-controller", Controller: "helm-controller"}},
		{"a shard", labels{"app": "source-controller-shard1"},
			"localhost:5000/source-controller:v1@sha256:abc", true, Pod{App: "source-controller-shard1", Controller: "source-controller", Shard: "shard1", Version: "v1"}},
		{"Flux Operator has no app", labels{labelName: "flux-operator", labelVersion: "v0.20.0"},
			"ghcr.io/controlplaneio-fluxcd/flux-operator:v0.20.0", true, Pod{App: "flux-operator", Controller: "flux-operator", Version: "v0.20.0"}},
		{"another part of Flux", labels{"app": "web", labelPartOf: "flux"}, "web", true, Pod{App: "web"}},
		{"a longer name is no shard", labels{"app": "source-controllers"}, "x", false, Pod{App: "source-controllers"}},
		{"something else", labels{"app": "podinfo"}, "podinfo:1", false, Pod{App: "podinfo", Version: "1"}},
		{"no labels", nil, "", false, Pod{}},
	} {
		var o object
		o.Metadata.Labels = c.labels
		o.Spec.Containers = []Container{{"sidecar", "proxy:7"}, {"manager", c.image}}
		c.want.Containers, c.want.Image = o.Spec.Containers, c.image
		if d := cmp.Diff(c.want, distill(&o)); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
		selectors, err := compile(Default().Selectors)
		if err != nil {
			t.Fatal(err)
		}
		if got := fits(selectors, c.labels); got != c.known {
			t.Errorf("%s: known is %v", c.name, got)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	err := Config{Enabled: "on", Namespaces: []string{"", "Flux"}, Selectors: []string{" ", "a in b", "x=y"}}.Validate()
	want := `enabled: "on" is not known: use auto, always or never
namespaces[0]: is empty; an empty list means all namespaces
namespaces[1]: "Flux" is no name of a namespace
selectors[0]: is empty and would fit every pod
selectors[1]: "a in b" is no label selector: unable to parse requirement: found 'b' expected: '('`
	if d := cmp.Diff(strings.Split(want, "\n"), strings.Split(err.Error(), "\n")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for want, cfg := range map[string]Config{
		"node: is missing; set the environment variable NODE_NAME from spec.nodeName": {Enabled: Always, Selectors: []string{"a"}},
		"selectors: names no pods: leave it out for those of Flux":                    {Enabled: Never},
	} {
		if err := cfg.Validate(); err == nil || err.Error() != want {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestConnect(t *testing.T) {
	none := func(string) string { return "" }
	for _, c := range []struct {
		name, file, want string
	}{
		{"token", `users: [{name: u, user: {token: secret}}]`, ""},
		{"nobody", ``, ""},
		{"exec", `users: [{name: u, user: {exec: {command: aws}}}]`, "exec is not supported"},
		{"no CA", "clusters: [{name: c, cluster: {server: 'https://x', certificate-authority: none.crt}}]", "none.crt"},
		{"bad data", "users: [{name: u, user: {client-key-data: '@secret'}}]", "is no kubeconfig"},
		{"no server", "clusters: [{name: other, cluster: {server: 'https://x'}}]", "names no cluster"},
		{"no address", "clusters: [{name: c, cluster: {server: 'x'}}]", `"x" is no address`},
		{"no proxy", "clusters: [{name: c, cluster: {server: 'https://x', proxy-url: 'http://me:secret@%zz'}}]", "proxy-url is no URL"},
	} {
		path := filepath.Join(t.TempDir(), "config")
		text := "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n" + c.file
		if !strings.Contains(text, "clusters") {
			text += "\nclusters: [{name: c, cluster: {server: 'https://x'}}]"
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Config{Enabled: Auto, Kubeconfig: path}.connect(none)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestOff(t *testing.T) {
	env := func(string) string { return "" }
	for _, enabled := range []string{Never, Auto} {
		if _, err := (Config{Enabled: enabled}).connect(env); !errors.Is(err, errOff) {
			t.Errorf("%s: %v", enabled, err)
		}
		if w, err := New(Config{Enabled: enabled}, env, slog.New(slog.DiscardHandler)); w != nil || err != nil {
			t.Errorf("%s: %v, %v", enabled, w, err)
		}
	}
	if _, err := New(Config{Enabled: Always}, env, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("always, in no pod, without a kubeconfig: no error")
	}
}

// What a kubeconfig says of the user is what the server is told.
func TestKubeconfigIsUsed(t *testing.T) {
	var auth string
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auth = r.Header.Get("Authorization")
		_, _ = w.Write([]byte(listJSON("1", podJSON("a", "1", "source-controller"))))
	}))
	defer s.Close()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"token": "hunter2\n",
		"config": "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {tokenFile: token}}]\n" +
			"clusters: [{name: c, cluster: {insecure-skip-tls-verify: true, server: '" + s.URL + "'}}]",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg := Default()
	cfg.Kubeconfig, cfg.Node = filepath.Join(dir, "config"), "n1"
	w, err := New(cfg, os.Getenv, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w.Load(t.Context())
	if _, ok := w.Lookup("flux-system", "a"); !ok || auth != "Bearer hunter2" {
		t.Errorf("known: %v, authorization: %s", ok, auth)
	}
}

// The rights that the manual names are those that the package is tested with.
func TestManual(t *testing.T) {
	manual, err := os.ReadFile("../../docs/agent.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(manual), "```yaml\n"+ClusterRole+"```\n") {
		t.Error("docs/agent.md does not have ClusterRole as it is")
	}
}
