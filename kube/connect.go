package kube

import (
	"errors"
	"fmt"
	"io/fs"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"fluxtrail/parse/redact"
)

// client is a connection to one API server. It is safe for concurrent use.
type client struct {
	metadata metadata.Interface // what all kinds have in common, without the rest
	dynamic  dynamic.Interface  // whole objects of all kinds
}

// errOff says that there is no API server to ask, and that this is fine.
var errOff = errors.New("off")

// connect returns a client for the API server that the configuration names, or errOff. It sends
// nothing. Secrets of the kubeconfig are not in the error.
func (c Config) connect() (*client, error) {
	cfg, err := c.restConfig()
	if err == nil {
		var cl *client
		if cl, err = newClient(cfg); err == nil {
			return cl, nil
		}
	}
	if errors.Is(err, errOff) {
		return nil, err
	}
	return nil, clean(err)
}

func (c Config) restConfig() (*rest.Config, error) {
	switch {
	case c.Enabled == never:
		return nil, errOff
	case c.Kubeconfig != "":
		return fromKubeconfig(c.Kubeconfig, c.Context)
	}
	cfg, err := rest.InClusterConfig()
	if errors.Is(err, rest.ErrNotInCluster) || errors.Is(err, fs.ErrNotExist) {
		if c.Enabled == auto {
			return nil, errOff
		}
		return nil, errors.New("kubeconfig: is missing, and the process runs in no pod with a service account; " +
			"set kube.enabled to auto or never")
	}
	return cfg, err
}

// fromKubeconfig reads a kubeconfig as kubectl does: relative paths, proxies, programs that make
// credentials. With "" the context is the file's current one.
func fromKubeconfig(path, context string) (*rest.Config, error) {
	rules := &clientcmd.ClientConfigLoadingRules{ExplicitPath: path}
	overrides := &clientcmd.ConfigOverrides{CurrentContext: context}
	raw, err := rules.Load()
	var notRead *fs.PathError
	switch {
	case errors.As(err, &notRead):
		return nil, fmt.Errorf("kubeconfig: %w", err)
	case err != nil: // the parser's words may quote a secret
		return nil, fmt.Errorf("kubeconfig: %s: is no kubeconfig", path)
	}
	cfg, err := clientcmd.NewNonInteractiveClientConfig(*raw, context, overrides, rules).ClientConfig()
	switch {
	case clientcmd.IsEmptyConfig(err): // the library's words are about its own environment variable
		return nil, fmt.Errorf("kubeconfig: %s: the context names no cluster with a server", path)
	case err != nil:
		return nil, fmt.Errorf("kubeconfig: %s: %w", path, err)
	}
	return cfg, nil
}

// newClient limits nothing on its side: the API server shares itself out among its clients.
func newClient(cfg *rest.Config) (*client, error) {
	cfg = rest.CopyConfig(cfg)
	cfg.UserAgent, cfg.QPS = "fluxtrail", -1
	http, err := rest.HTTPClientFor(cfg)
	if err != nil {
		return nil, err
	}
	m, err := metadata.NewForConfigAndClient(cfg, http)
	if err != nil {
		return nil, err
	}
	d, err := dynamic.NewForConfigAndClient(cfg, http)
	if err != nil {
		return nil, err
	}
	return &client{m, d}, nil
}

// clean takes secrets out of an error that is shown to the user.
func clean(err error) error {
	r, _ := redact.New(nil) // only patterns can be wrong
	return errors.New(r.String(err.Error()))
}
