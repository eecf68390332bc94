package kube

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"fluxtrail/parse"
)

// kubeconfig writes a file with the current context x, in which a test may replace the cluster and
// the user.
func kubeconfig(t *testing.T, parts string) string {
	t.Helper()
	text := "apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n" + parts
	if !strings.Contains(parts, "clusters") {
		text += "\nclusters: [{name: c, cluster: {server: 'https://x'}}]"
	}
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConnect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, parts, context, want string
	}{
		{"token", `users: [{name: u, user: {token: secret}}]`, "", ""},
		{"nobody", `users: [{name: u, user: {}}]`, "", ""},
		{"exec", `users: [{name: u, user: {exec: {command: aws, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}}}]`, "", ""},
		{"exec of no version", `users: [{name: u, user: {exec: {command: aws}}}]`, "", "apiVersion must be specified"},
		{"no CA", "users: [{name: u}]\nclusters: [{name: c, cluster: {server: 'https://x', certificate-authority: none.crt}}]", "", "none.crt"},
		{"bad data", "users: [{name: u, user: {client-key-data: '@secret'}}]", "", "is no kubeconfig"},
		{"bad YAML", "users: [secret", "", "is no kubeconfig"},
		{"no list", "users: secret", "", "is no kubeconfig"},
		{"no cluster", "users: [{name: u}]\nclusters: [{name: other, cluster: {server: 'https://x'}}]", "", "names no cluster with a server"},
		{"no context", "users: [{name: u}]", "y", `context "y" does not exist`},
		{"no proxy", "users: [{name: u}]\nclusters: [{name: c, cluster: {server: 'https://x', proxy-url: 'http://me:secret@%zz'}}]", "", "proxy"},
	} {
		cfg := Config{Enabled: auto, Kubeconfig: kubeconfig(t, c.parts), Context: c.context}
		_, err := cfg.connect()
		switch {
		case (err == nil) != (c.want == ""):
			t.Errorf("%s: %v", c.name, err)
		case err == nil:
		case !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "kubeconfig: "+cfg.Kubeconfig):
			t.Errorf("%s: want %q without secrets and with the file, got %v", c.name, c.want, err)
		}
	}
	missing := filepath.Join(t.TempDir(), "none")
	_, err := Config{Enabled: auto, Kubeconfig: missing}.connect()
	if err == nil || !strings.Contains(err.Error(), missing+": no such file") {
		t.Errorf("no file: %v", err)
	}
}

func TestOff(t *testing.T) {
	t.Parallel()
	for _, enabled := range []string{never, auto} {
		if _, err := (Config{Enabled: enabled}).connect(); !errors.Is(err, errOff) {
			t.Errorf("%s: %v", enabled, err)
		}
		c, err := Connect(Config{Enabled: enabled}, slog.New(slog.DiscardHandler))
		if c != nil || err != nil {
			t.Errorf("%s: %v, %v", enabled, c, err)
		}
		if p, err := NewPods(c, Config{}, slog.New(slog.DiscardHandler)); p != nil || err != nil {
			t.Errorf("%s: %v, %v", enabled, p, err)
		}
	}
	if _, err := Connect(Config{Enabled: always}, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("always, in no pod, without a kubeconfig: no error")
	}
}

// TestCredentials has the server told what a kubeconfig says of the user, paths relative to the
// file and programs that make credentials included.
func TestCredentials(t *testing.T) {
	t.Parallel()
	for name, user := range map[string]string{
		"tokenFile": "tokenFile: token",
		"exec":      "exec: {command: ./login, args: [hunter2], apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := make(chan string, 10)
			s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				got <- r.Header.Get("Authorization")
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, listJSON("1"))
			}))
			defer s.Close()
			path := kubeconfig(t, "users: [{name: u, user: {"+user+"}}]\nclusters: [{name: c, cluster: {insecure-skip-tls-verify: true, server: '"+s.URL+"'}}]")
			for file, text := range map[string]string{
				"token": "hunter2\n",
				"login": "#!/bin/sh\necho '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"'$1'\"}}'\n",
			} {
				if err := os.WriteFile(filepath.Join(filepath.Dir(path), file), []byte(text), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			c, err := Config{Enabled: auto, Kubeconfig: path}.connect()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := metadataOf(c, pods, nil).list(t.Context(), listOptions); err != nil {
				t.Fatal(err)
			}
			if auth := <-got; auth != "Bearer hunter2" {
				t.Errorf("authorization: %q", auth)
			}
		})
	}
}

// TestManual has the manual show the rights that the manifests grant.
func TestManual(t *testing.T) {
	t.Parallel()
	role, err := os.ReadFile("../deploy/base/clusterrole.yaml")
	if err != nil {
		t.Fatal(err)
	}
	manual, err := os.ReadFile("../docs/agent.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(manual), "```yaml\n"+string(role)+"```\n") {
		t.Error("docs/agent.md does not show deploy/base/clusterrole.yaml as it is")
	}
}

// TestRights has the rights for conditions cover every group of the table of kinds.
func TestRights(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../deploy/base/clusterrole-conditions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var role struct {
		Rules []struct {
			APIGroups []string `yaml:"apiGroups"`
		}
	}
	if err := yaml.Unmarshal(text, &role); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(parse.Groups(), role.Rules[1].APIGroups); d != "" {
		t.Errorf("(-parse.Groups +role):\n%s", d)
	}
}
