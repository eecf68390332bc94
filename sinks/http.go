package sinks

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
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
	if !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) { // Go would take it for http
		return promconfig.ProxyConfig{}, errors.New("want http://host, https://host or socks5://host")
	}
	return promconfig.ProxyConfig{ProxyURL: promconfig.URL{URL: u}}, nil
}

func (c HTTP) headers() *promconfig.Headers {
	h := &promconfig.Headers{Headers: map[string]promconfig.Header{}}
	for _, header := range c.Headers {
		all := h.Headers[header.Name]
		all.Secrets = append(all.Secrets, promconfig.Secret(header.Value))
		h.Headers[header.Name] = all
	}
	return h
}
