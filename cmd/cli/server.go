package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/api"
	"fluxtrail/config/bounded"
	"fluxtrail/sinks"
)

// Server is what a command line says of a server that the command asks: its address and how to
// reach it. Secrets have no flags, which everybody on the machine can see: they come from files, or
// from the environment.
type Server struct {
	URL string // "" when there is none

	name                                     string
	tenant, username                         string
	passwordFile, tokenFile, headersFile     string
	caFile, certFile, keyFile, tlsServerName string
	insecure                                 bool
	timeout                                  time.Duration
	password, token                          sinks.Secret

	errs func() io.Writer
}

// AddTo gives a command the flags --NAME for the address, with that usage, and --NAME-… for the
// rest. It returns their names.
func (s *Server) AddTo(c *cobra.Command, name, usage string) (names []string) {
	s.name, s.errs = name, c.ErrOrStderr
	c.Flags().StringVar(&s.URL, name, "", usage)
	names = append(names, name)
	for _, f := range []struct {
		to          *string
		name, usage string
	}{
		{&s.tenant, "tenant", "`tenant`, sent in the header X-Scope-OrgID"},
		{&s.username, "username", "`user` of basic authentication"},
		{&s.passwordFile, "password-file", "`file` with the password; or the variable …_PASSWORD"},
		{&s.tokenFile, "token-file", "`file` with a bearer token; or the variable …_TOKEN"},
		{&s.headersFile, "headers-file", "`file` with more headers, one a line as Name: value"},
		{&s.caFile, "ca-file", "certificates to trust (PEM `file`) instead of the system's"},
		{&s.certFile, "cert-file", "our own certificate (PEM `file`)"},
		{&s.keyFile, "key-file", "its key (PEM `file`)"},
		{&s.tlsServerName, "tls-server-name", "`name` in the server's certificate, where it is not that of the address"},
	} {
		c.Flags().StringVar(f.to, name+"-"+f.name, "", f.usage)
		names = append(names, name+"-"+f.name)
		if strings.HasSuffix(f.name, "-file") {
			_ = c.MarkFlagFilename(name + "-" + f.name)
		}
	}
	c.Flags().Var((*Span)(&s.timeout), name+"-timeout", "longest `time` for one question, answer included (default 2m, of doctor 30s)")
	names = append(names, name+"-timeout")
	c.Flags().BoolVar(&s.insecure, name+"-insecure-skip-verify", false, "believe any certificate")
	names = append(names, name+"-insecure-skip-verify")
	Needs(c, name, names[1:]...)
	return names
}

// Secrets takes the server's secrets from the environment, and returns the rest of that.
func (s *Server) Secrets(environ []string, prefix string) (rest []string) {
	prefix += "_" + strings.ToUpper(s.name)
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		switch name {
		case prefix + "_PASSWORD":
			s.password = sinks.Secret(value)
		case prefix + "_TOKEN":
			s.token = sinks.Secret(value)
		default:
			rest = append(rest, pair)
		}
	}
	return rest
}

// HTTP is how to reach the server. The error names the flag.
func (s *Server) HTTP() (sinks.HTTP, error) {
	c := sinks.HTTP{
		Timeout: s.timeout,
		Basic:   sinks.Basic{Username: s.username, Password: s.password, PasswordFile: s.passwordFile},
		Bearer:  sinks.Bearer{Token: s.token, File: s.tokenFile},
		TLS: sinks.TLS{
			CAFile: s.caFile, CertFile: s.certFile, KeyFile: s.keyFile, ServerName: s.tlsServerName, InsecureSkipVerify: s.insecure,
		},
	}
	if s.tenant != "" {
		c.Headers = append(c.Headers, sinks.Header{Name: "X-Scope-OrgID", Value: sinks.Secret(s.tenant)})
	}
	more, err := readHeaders(s.headersFile)
	c.Headers = append(c.Headers, more...)
	if err == nil {
		err = c.Validate()
	}
	if err != nil {
		err = fmt.Errorf("--%s-…: %w", s.name, err)
	}
	for _, f := range []struct{ name, path string }{
		{"password", s.passwordFile}, {"token", s.tokenFile}, {"ca", s.caFile}, {"cert", s.certFile}, {"key", s.keyFile},
	} {
		if _, bad := os.Stat(f.path); f.path != "" && bad != nil {
			err = errors.Join(err, fmt.Errorf("--%s-%s-file: %w", s.name, f.name, bad))
		}
	}
	return c, err
}

// Policy tries again, and tells each failure that it has not told yet, so that nobody waits for a
// server without knowing why. url is what is asked.
func (s *Server) Policy(url string) sinks.Policy {
	var mu sync.Mutex // several requests may be under way
	told := map[string]bool{}
	return sinks.Policy{Failed: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if text := api.OneLine(err.Error()); !told[text] && len(told) < maxTold {
			told[text] = true
			fmt.Fprintf(s.errs(), "fluxtrail: %s: %s; trying again\n", api.OneLine(url), text)
		}
	}}
}

// maxTold is how many failures of a server are told.
const maxTold = 10

// maxHeaders bounds a file of headers, in bytes.
const maxHeaders = 1 << 20

func readHeaders(path string) (all []sinks.Header, err error) {
	if path == "" {
		return nil, nil
	}
	text, err := bounded.File(path, maxHeaders)
	if err != nil {
		return nil, err
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, ":")
		switch {
		case line == "" || line[0] == '#':
		case !ok:
			return nil, fmt.Errorf("%s:%d: want Name: value", path, n)
		default:
			all = append(all, sinks.Header{Name: strings.TrimSpace(name), Value: sinks.Secret(strings.TrimSpace(value))})
		}
	}
	return all, nil
}
