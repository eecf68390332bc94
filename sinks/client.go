package sinks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"time"

	promconfig "github.com/prometheus/common/config"
)

// MaxHeaders bounds the headers of an answer, in bytes. Go's default is 10 MiB, which can take
// fifteen times as much memory.
const MaxHeaders = 128 << 10

const (
	// idlePerHost is how many connections are kept that nobody uses, and idleTimeout for how long.
	idlePerHost = 100
	idleTimeout = 5 * time.Minute
	// pingTimeout is how long a server of HTTP/2 may be silent before it is asked for a sign of life.
	pingTimeout = time.Minute
)

// Client returns an HTTP client for the sink of the given name. It follows no redirects.
// The error names a file that cannot be read.
func (c HTTP) Client(name string) (*http.Client, error) {
	to, err := c.transport()
	if err != nil {
		return nil, fmt.Errorf("set up the client of %s: %w", name, err)
	}
	client := &http.Client{Transport: short{Plain{c.authorized(to)}}, Timeout: c.Timeout, CheckRedirect: stay}
	if client.Timeout == 0 {
		client.Timeout = DefaultTimeout
	}
	return client, nil
}

// stay follows no redirect: a POST would turn into a GET, and each request has our credentials.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// transport reaches servers.
func (c HTTP) transport() (http.RoundTripper, error) {
	proxy, err := c.proxy()
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	to := func(t *tls.Config) (http.RoundTripper, error) {
		return &http.Transport{
			Proxy: proxy.Proxy(), TLSClientConfig: t, TLSHandshakeTimeout: DefaultTimeout,
			Protocols: protocols, HTTP2: &http.HTTP2Config{SendPingTimeout: pingTimeout},
			MaxResponseHeaderBytes: MaxHeaders, DisableCompression: true,
			MaxIdleConnsPerHost: idlePerHost, IdleConnTimeout: idleTimeout,
		}, nil
	}
	files := promconfig.TLSConfig{
		CARef: c.TLS.CAFile, CertRef: c.TLS.CertFile, KeyRef: c.TLS.KeyFile,
		ServerName: c.TLS.ServerName, InsecureSkipVerify: c.TLS.InsecureSkipVerify,
	}
	t, err := promconfig.NewTLSConfig(&files, promconfig.WithSecretManager(byPath{}))
	if err != nil {
		return nil, err
	}
	if files.CARef == "" && files.CertRef == "" {
		return to(t)
	}
	return promconfig.NewTLSRoundTripper(t, promconfig.TLSRoundTripperSettings{
		CA: secretOf("", files.CARef), Cert: secretOf("", files.CertRef), Key: secretOf("", files.KeyRef),
	}, to)
}

// authorized sends the credentials and the headers with each request.
func (c HTTP) authorized(to http.RoundTripper) http.RoundTripper {
	if c.Bearer != (Bearer{}) {
		to = promconfig.NewAuthorizationCredentialsRoundTripper("Bearer", inHeader{secretOf(c.Bearer.Token, c.Bearer.File)}, to)
	}
	if c.Basic.Username != "" {
		user := promconfig.NewInlineSecret(c.Basic.Username)
		to = promconfig.NewBasicAuthRoundTripper(user, secretOf(c.Basic.Password, c.Basic.PasswordFile), to)
	}
	return promconfig.NewHeadersRoundTripper(c.headers(), to)
}

// maxAnswer bounds all answers, in bytes: libraries read them whole. Who knows better takes less.
const maxAnswer = 128 << 20

// maxValues is the same of their values, as far as they are JSON: half a million samples of a
// Prometheus have 1.5 million.
const maxValues = 4_000_000

// short ends answers that are longer than any that is wanted.
type short struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = BoundValues(Bound(resp.Body, maxAnswer), maxValues)
	}
	return resp, err
}

// Bound returns the body of an answer that ends with ErrLong behind so many bytes.
func Bound(body io.ReadCloser, most int) io.ReadCloser { return &shortBody{body, most} }

type shortBody struct {
	io.ReadCloser
	left int
}

// Read implements [io.Reader].
func (b *shortBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, ErrLong
	}
	return n, err
}

// Plain refuses answers that change the protocol: nothing here asks for that, and what comes behind
// them ends with no timeout. And it ends a request that takes more and more connections: where a
// server tells with each that it answers nothing on it, Go's client makes the next one at once, and
// keeps the memory of each for minutes.
type Plain struct{ http.RoundTripper }

// maxConnections is how many a request may take: that of an idle connection often ends just then.
const maxConnections = 4

// RoundTrip implements [http.RoundTripper].
func (p Plain) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, end := context.WithCancelCause(r.Context())
	taken := 0
	resp, err := p.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GetConn: func(string) {
		if taken++; taken > maxConnections {
			end(errors.New("the server closes each connection before it answers"))
		}
	}})))
	if err == nil && resp.StatusCode == http.StatusSwitchingProtocols {
		err = errors.Join(errors.New("answered 101 Switching Protocols, which nobody asked for"), resp.Body.Close())
	}
	if err != nil {
		end(nil)
		return nil, err
	}
	resp.Body = closing{resp.Body, func() { end(nil) }}
	return resp, nil
}

// closing calls a function when it is closed.
type closing struct {
	io.ReadCloser
	closed func()
}

// Close implements [io.Closer].
func (c closing) Close() error {
	defer c.closed()
	return c.ReadCloser.Close()
}
