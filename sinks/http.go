package sinks

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	promconfig "github.com/prometheus/common/config"
	"golang.org/x/net/http/httpguts"
)

// Secret is a text that is not shown: not when printed, logged, or written as JSON or YAML.
type Secret string

const shownSecret = "<secret>"

// String returns a placeholder, or nothing for an empty secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return shownSecret
}

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// MarshalText returns String, which is what JSON and YAML show then.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the secret itself.
func (s *Secret) UnmarshalText(b []byte) error {
	*s = Secret(b)
	return nil
}

// LogValue returns String.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// HTTP is how a sink reaches its server. Files are read again when they change, so that
// rotated tokens and certificates need no restart. The zero value of a field means its
// default.
type HTTP struct {
	Timeout time.Duration // of one request, answer included; default 10s

	Basic   Basic
	Bearer  Bearer
	TLS     TLS
	Proxy   string   // URL; default: from HTTPS_PROXY, HTTP_PROXY and NO_PROXY
	Headers []Header // sent with each request
}

// Basic is HTTP basic authentication.
type Basic struct {
	Username     string
	Password     Secret
	PasswordFile string
}

// Bearer is a token that is sent in the Authorization header.
type Bearer struct {
	Token Secret
	File  string
}

// TLS says whom to trust and who we are.
type TLS struct {
	CAFile             string // PEM; default: the system's
	CertFile           string // PEM, our own certificate, for mTLS
	KeyFile            string // PEM, its key
	ServerName         string // default: the host of the URL
	InsecureSkipVerify bool   // believe any certificate
}

// Header is one HTTP header. The value may be a credential and is not shown.
type Header struct {
	Name  string
	Value Secret
}

// DefaultTimeout is long enough for a slow Loki and short enough to notice a hanging one.
const DefaultTimeout = 10 * time.Second

// Validate returns all that is wrong, each with the key that it stands under.
func (c HTTP) Validate() error {
	var errs []error
	wrong := func(when bool, text string) {
		if when {
			errs = append(errs, errors.New(text))
		}
	}
	wrong(c.Timeout < 0, "timeout: is negative; leave it out for the default")
	wrong(c.Basic.Password != "" && c.Basic.PasswordFile != "", "basic.password_file: give the password or its file, not both")
	wrong(c.Basic.Username == "" && (c.Basic.Password != "" || c.Basic.PasswordFile != ""), "basic.username: is missing")
	wrong(c.Bearer.Token != "" && c.Bearer.File != "", "bearer.file: give the token or its file, not both")
	wrong(!httpguts.ValidHeaderFieldValue(string(c.Bearer.Token)),
		"bearer.token: has a line break or another character that no header may have; was it made with echo?")
	wrong(c.Basic.Username != "" && (c.Bearer.Token != "" || c.Bearer.File != ""), "bearer: give basic or bearer, not both")
	wrong((c.TLS.CertFile == "") != (c.TLS.KeyFile == ""), "tls.cert_file: goes together with tls.key_file")
	if _, err := c.proxy(); err != nil {
		errs = append(errs, fmt.Errorf("proxy: %w", err))
	}
	for i, h := range c.Headers {
		where := fmt.Sprintf("headers[%d]: ", i)
		wrong(!httpguts.ValidHeaderFieldName(h.Name), where+"name: want letters, digits and hyphens")
		wrong(!httpguts.ValidHeaderFieldValue(string(h.Value)), where+"value: has a line break or another character that no header may have")
		one := promconfig.Headers{Headers: map[string]promconfig.Header{h.Name: {}}}
		if err := one.Validate(); err != nil { // a name that belongs to HTTP itself
			errs = append(errs, fmt.Errorf("%sname: %w", where, err))
		}
	}
	return errors.Join(errs...)
}

// CheckURL returns what keeps s from being the address of a server.
func CheckURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil: // the error of Parse would show a password in s
		return errors.New("is no URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("want http://host or https://host")
	case u.User != nil:
		return errors.New("has a user in it; give that under basic")
	}
	return nil
}

// Origin is an address of which only the host is shown, because the rest may be a credential.
func Origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return shownSecret
	}
	origin := u.Scheme + "://" + u.Host
	if address == "" || address == origin || address == origin+"/" {
		return address
	}
	return origin + "/" + shownSecret
}

// CheckServer returns all that is wrong with an address, which may be missing, and with how it is
// reached, each with the key that it stands under.
func CheckServer(address string, by HTTP) error {
	var errs []error
	if address != "" {
		if err := CheckURL(address); err != nil {
			errs = append(errs, fmt.Errorf("url: %w", err))
		}
	}
	if err := by.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("http: %w", err))
	}
	return errors.Join(errs...)
}

func (c HTTP) proxy() (promconfig.ProxyConfig, error) {
	if c.Proxy == "" {
		return promconfig.ProxyConfig{ProxyFromEnvironment: true}, nil
	}
	u, err := url.Parse(c.Proxy)
	if err != nil || u.Host == "" {
		return promconfig.ProxyConfig{}, errors.New("is no URL")
	}
	return promconfig.ProxyConfig{ProxyURL: promconfig.URL{URL: u}}, nil
}

func (c HTTP) headers() *promconfig.Headers {
	if len(c.Headers) == 0 {
		return nil
	}
	h := &promconfig.Headers{Headers: map[string]promconfig.Header{}}
	for _, header := range c.Headers {
		all := h.Headers[header.Name]
		all.Secrets = append(all.Secrets, promconfig.Secret(header.Value))
		h.Headers[header.Name] = all
	}
	return h
}

// Client returns an HTTP client for the sink of the given name. It follows no redirects.
// The error names a file that cannot be read.
func (c HTTP) Client(name string) (*http.Client, error) {
	proxy, err := c.proxy()
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	cfg := promconfig.HTTPClientConfig{
		EnableHTTP2: true,
		ProxyConfig: proxy,
		HTTPHeaders: c.headers(),
		TLSConfig: promconfig.TLSConfig{
			CAFile: c.TLS.CAFile, CertFile: c.TLS.CertFile, KeyFile: c.TLS.KeyFile,
			ServerName: c.TLS.ServerName, InsecureSkipVerify: c.TLS.InsecureSkipVerify,
		},
	}
	if c.Basic.Username != "" {
		cfg.BasicAuth = &promconfig.BasicAuth{
			Username: c.Basic.Username, Password: promconfig.Secret(c.Basic.Password), PasswordFile: c.Basic.PasswordFile,
		}
	}
	if c.Bearer.Token != "" || c.Bearer.File != "" {
		cfg.Authorization = &promconfig.Authorization{
			Type: "Bearer", Credentials: promconfig.Secret(c.Bearer.Token), CredentialsFile: c.Bearer.File,
		}
	}
	client, err := promconfig.NewClientFromConfig(cfg, name)
	if err != nil {
		return nil, fmt.Errorf("set up the client of %s: %w", name, err)
	}
	client.Timeout = c.Timeout
	if client.Timeout == 0 {
		client.Timeout = DefaultTimeout
	}
	client.Transport = short{Plain{client.Transport}}
	return client, nil
}

// maxAnswer bounds all answers, in bytes: libraries read them whole. Who knows better takes less.
const maxAnswer = 128 << 20

// short ends answers that are longer than any that is wanted.
type short struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (s short) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := s.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = Bound(resp.Body, maxAnswer)
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
// them ends with no timeout.
type Plain struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (p Plain) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := p.RoundTripper.RoundTrip(r)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		return resp, err
	}
	return nil, errors.Join(errors.New("answered 101 Switching Protocols, which nobody asked for"), resp.Body.Close())
}
