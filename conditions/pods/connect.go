package pods

import (
	encoding "encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
	"k8s.io/client-go/transport"
)

// serviceAccount is where the kubelet puts what a pod needs to ask the API server.
const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount"

// errOff says that there is nothing to ask, and that this is fine.
var errOff = errors.New("off")

// connect finds the API server, and who we are to it. It sends nothing.
func (c Config) connect(env func(string) string) (*api, error) {
	if c.Enabled == Never {
		return nil, errOff
	}
	if c.Kubeconfig != "" {
		a, err := fromKubeconfig(c.Kubeconfig)
		if err != nil {
			return nil, fmt.Errorf("kubeconfig: %w", err)
		}
		return a, nil
	}
	host, port := env("KUBERNETES_SERVICE_HOST"), env("KUBERNETES_SERVICE_PORT")
	_, err := os.Stat(filepath.Join(serviceAccount, "token"))
	if inPod := host != "" && port != "" && err == nil; !inPod {
		if c.Enabled == Auto {
			return nil, errOff
		}
		return nil, errors.New("kubeconfig: is missing, and the process runs in no pod with a service account; set kube.enabled to auto or never")
	}
	return dial("https://"+net.JoinHostPort(host, port), transport.Config{
		BearerTokenFile: filepath.Join(serviceAccount, "token"),
		TLS:             transport.TLSConfig{CAFile: filepath.Join(serviceAccount, "ca.crt"), ReloadCAFiles: true},
	})
}

// dial makes a client. Package transport reads tokens again when the kubelet renews them, and finds out when a connection is dead.
func dial(server string, cfg transport.Config) (*api, error) {
	base, err := url.Parse(server)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("%q is no address of an API server", server)
	}
	rt, err := transport.New(&cfg)
	if err != nil {
		return nil, err
	}
	return &api{client: &http.Client{Transport: rt}, base: base}, nil
}

// kubeconfig is such a file, as far as it is understood here. Package clientcmd would understand all, for 2 MiB of memory on every node; what is
// missing are programs that make credentials, which are for people.
type kubeconfig struct {
	Current  string `yaml:"current-context"`
	Contexts []struct {
		Name    string
		Context struct{ Cluster, User string }
	}
	Clusters []struct {
		Name    string
		Cluster kubeCluster
	}
	Users []struct {
		Name string
		User kubeUser
	}
}

type kubeCluster struct {
	Server     string
	CAFile     string `yaml:"certificate-authority"`
	CAData     base64 `yaml:"certificate-authority-data"`
	ServerName string `yaml:"tls-server-name"`
	Insecure   bool   `yaml:"insecure-skip-tls-verify"`
	Proxy      string `yaml:"proxy-url"`
}

type kubeUser struct {
	Token              string
	TokenFile          string `yaml:"tokenFile"`
	CertFile           string `yaml:"client-certificate"`
	CertData           base64 `yaml:"client-certificate-data"`
	KeyFile            string `yaml:"client-key"`
	KeyData            base64 `yaml:"client-key-data"`
	Username, Password string
	Exec               yaml.Node
}

func fromKubeconfig(path string) (*api, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var k kubeconfig
	if err := yaml.Unmarshal(data, &k); err != nil {
		return nil, fmt.Errorf("%s: is no kubeconfig", path) // the parser's words may quote a secret
	}
	cluster, user, err := k.current()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	cfg, err := cluster.transport(user, filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return dial(cluster.Server, cfg)
}

// current is what the current context names.
func (k *kubeconfig) current() (cluster kubeCluster, user kubeUser, err error) {
	var clusterName, userName string
	for _, c := range k.Contexts {
		if c.Name == k.Current {
			clusterName, userName = c.Context.Cluster, c.Context.User
		}
	}
	for _, c := range k.Clusters {
		if c.Name == clusterName {
			cluster = c.Cluster
		}
	}
	for _, u := range k.Users {
		if u.Name == userName {
			user = u.User
		}
	}
	switch {
	case cluster.Server == "":
		return cluster, user, errors.New("the current context names no cluster with a server")
	case user.Exec.Kind != 0:
		return cluster, user, errors.New("the user's exec is not supported: use a token, a tokenFile or a client certificate")
	}
	return cluster, user, nil
}

// transport is how to reach the cluster as the user. Paths in a kubeconfig are relative to its directory.
func (c kubeCluster) transport(u kubeUser, dir string) (transport.Config, error) {
	abs := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(dir, path)
	}
	cfg := transport.Config{
		BearerToken: u.Token, BearerTokenFile: abs(u.TokenFile), Username: u.Username, Password: u.Password,
		TLS: transport.TLSConfig{
			CAFile: abs(c.CAFile), CAData: c.CAData, ServerName: c.ServerName, Insecure: c.Insecure,
			CertFile: abs(u.CertFile), CertData: u.CertData, KeyFile: abs(u.KeyFile), KeyData: u.KeyData,
		},
	}
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		if err != nil {
			return cfg, errors.New("proxy-url is no URL")
		}
		cfg.Proxy = http.ProxyURL(proxy)
	}
	return cfg, nil
}

// base64 is binary data of a kubeconfig.
type base64 []byte

// UnmarshalYAML decodes a text.
func (b *base64) UnmarshalYAML(n *yaml.Node) (err error) {
	*b, err = encoding.StdEncoding.DecodeString(n.Value)
	return err
}
