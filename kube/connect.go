package kube

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	scheme "k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"

	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
)

// Client is a connection to one API server. It is safe for concurrent use.
type Client struct {
	metadata metadata.Interface // what all kinds have in common, without the rest
	dynamic  dynamic.Interface  // whole objects of all kinds
	rest     rest.Interface     // anything, by its path
	clock    *serverClock

	// Namespace is that of the kubeconfig's context, "" for none.
	Namespace string
}

// errOff says that there is no API server to ask, and that this is fine.
var errOff = errors.New("off")

// Connect returns a Client for the API server that cfg names. It is nil where there is none to
// ask: when cfg says never, or says auto and the process runs in no pod and has no kubeconfig. The
// error is about a connection that cannot work as configured, without the secrets of the
// kubeconfig. Nothing is sent.
func Connect(cfg Config, log *slog.Logger) (*Client, error) {
	c, err := cfg.connect()
	switch {
	case errors.Is(err, errOff):
		return nil, nil
	case err != nil && cfg.Enabled == auto && cfg.Kubeconfig == "":
		log.Warn("cannot use the pod's service account: the API server is not asked", "err", err)
		return nil, nil
	}
	return c, err
}

// Login connects as kubectl does: with the file given or those that the variable KUBECONFIG names,
// or the one in the home directory, and in a pod without any with its service account. With ""
// the context is the current one. Nothing is sent. What client-go would print for itself is
// silenced, in the whole process: what goes wrong comes as errors.
func Login(file, context string) (*Client, error) {
	klog.SetSlogLogger(slog.New(slog.DiscardHandler))
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = file
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: context})
	cfg, err := loader.ClientConfig()
	switch {
	case clientcmd.IsEmptyConfig(err):
		return nil, errors.New("no kubeconfig names a cluster: set KUBECONFIG or --kubeconfig to one, as for kubectl")
	case err != nil:
		return nil, clean(fmt.Errorf("kubeconfig: %w", err))
	}
	c, err := newClient(cfg)
	if err != nil {
		return nil, clean(err)
	}
	c.Namespace, _, _ = loader.Namespace() // as far as it is known
	return c, nil
}

func (c Config) connect() (*Client, error) {
	cfg, err := c.restConfig()
	if errors.Is(err, errOff) {
		return nil, err
	}
	if err != nil {
		return nil, clean(err)
	}
	cl, err := newClient(cfg)
	if err != nil {
		return nil, clean(err)
	}
	return cl, nil
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
func newClient(cfg *rest.Config) (*Client, error) {
	cfg = rest.CopyConfig(cfg)
	cfg.UserAgent, cfg.QPS = "fluxtrail", -1
	clock := &serverClock{}
	if cfg.Dial == nil { // else the transport is one that others may have
		cfg.Dial = (&net.Dialer{Timeout: patience, KeepAlive: patience}).DialContext
	}
	cfg.Wrap(func(to http.RoundTripper) http.RoundTripper {
		limitHeaders(to)
		return bounded{sinks.Plain{RoundTripper: dated{to, clock}}}
	})
	client, err := rest.HTTPClientFor(cfg)
	if err != nil {
		return nil, err
	}
	client.CheckRedirect = sameHost
	m, err := metadata.NewForConfigAndClient(cfg, client)
	if err != nil {
		return nil, err
	}
	d, err := dynamic.NewForConfigAndClient(cfg, client)
	if err != nil {
		return nil, err
	}
	cfg.NegotiatedSerializer = scheme.Codecs.WithoutConversion() // of errors; answers are read raw
	r, err := rest.UnversionedRESTClientForConfigAndClient(cfg, client)
	if err != nil {
		return nil, err
	}
	return &Client{metadata: m, dynamic: d, rest: r, clock: clock}, nil
}

// sameHost follows an answer to another path of the server, as that of a proxy in front of it, and
// to no other server: each request has our credentials.
func sameHost(r *http.Request, via []*http.Request) error {
	first := via[0].URL
	if r.URL.Host != first.Host || r.URL.Scheme != first.Scheme || len(via) > maxRedirects {
		return fmt.Errorf("the API server sends us to %s, where nobody is asked", r.URL.Redacted())
	}
	return nil
}

const maxRedirects = 5

// clean takes secrets out of an error that is shown to the user.
func clean(err error) error {
	if err == nil {
		return nil
	}
	r, _ := redact.New(nil) // only patterns can be wrong
	return cleaned{r.String(said(err)), err}
}

// said is the text of an error. An answer of a server or a proxy may be a refusal without a word.
func said(err error) string {
	var answer apierrors.APIStatus
	if errors.As(err, &answer) && answer.Status().Message == "" {
		return fmt.Sprintf("%sthe API server answers %d %s, and nothing else", err, answer.Status().Code, answer.Status().Reason)
	}
	return err.Error()
}

// cleaned is an error whose text has no secrets.
type cleaned struct {
	text string
	err  error
}

func (c cleaned) Error() string { return c.text }

func (c cleaned) Unwrap() error { return c.err }
