package web

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// TestServerWithTLSAndAuth serves as a web configuration of prometheus/exporter-toolkit says:
// encrypted, and to those who know the password.
func TestServerWithTLSAndAuth(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	roots := writeCertificate(t, dir)
	hash, err := bcrypt.GenerateFromPassword([]byte("hunter22"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	web := filepath.Join(dir, "web.yml")
	text := fmt.Sprintf("tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {scraper: %s}\n", hash)
	if err := os.WriteFile(web, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	addr, stop := serve(t, web, Handler(&fakeAgent{}, options()))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, DisableKeepAlives: true}}
	for _, tt := range []struct {
		url, password string
		want          int
	}{
		{"https://" + addr + "/healthz", "hunter22", http.StatusOK},
		{"https://" + addr + "/healthz", "hunter23", http.StatusUnauthorized},
		{"https://" + addr + "/metrics", "", http.StatusUnauthorized},
		{"http://" + addr + "/healthz", "hunter22", http.StatusBadRequest},
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", tt.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tt.password != "" {
			req.SetBasicAuth("scraper", tt.password)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != tt.want {
			t.Errorf("%s with password %q: %s, want %d", tt.url, tt.password, resp.Status, tt.want)
		}
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

// serve serves on a port of its own until stop is called.
func serve(t *testing.T, file string, h http.Handler) (addr string, stop func() error) {
	t.Helper()
	site, err := Listen("127.0.0.1:0", file, h)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- site.Serve(ctx, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(cancel)
	return site.Addr(), func() error { cancel(); return <-ended }
}

// TestServerWithBadWebConfig wants a file that cannot be used to be named, rather than a server
// without a lock.
func TestServerWithBadWebConfig(t *testing.T) {
	t.Parallel()
	web := filepath.Join(t.TempDir(), "web.yml")
	if err := os.WriteFile(web, []byte("basic_auth_user: {a: b}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	site, err := Listen("127.0.0.1:0", web, http.NotFoundHandler())
	if err == nil {
		err = site.Serve(t.Context(), slog.New(slog.DiscardHandler))
	}
	if err == nil {
		t.Error("served with a web configuration that nobody understands")
	}
}

// writeCertificate writes cert.pem and key.pem for 127.0.0.1, and returns what trusts them.
func writeCertificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	return pool
}

// TestServerReadsNoBody sends the head of a request that announces a large body. The answer comes
// without any of it, and the connection is closed.
func TestServerReadsNoBody(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, "", Handler(&fakeAgent{}, options()))
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	head := "GET /api/v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n" +
		"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || !answer.Close || !json.Valid(body) {
		t.Errorf("%s, close is %v: %s %v", answer.Status, answer.Close, body, err)
	}
}

// TestServerHasTimeouts wants every limit of a connection to be set: 0 means none.
func TestServerHasTimeouts(t *testing.T) {
	t.Parallel()
	pages, err := Listen("127.0.0.1:0", "", http.NotFoundHandler())
	if err != nil {
		t.Fatal(err)
	}
	profiler, err := ListenProfiler("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, site := range []*Site{pages, profiler} {
		defer site.listener.Close()
		srv := site.server(slog.New(slog.DiscardHandler))
		for _, d := range []time.Duration{srv.ReadHeaderTimeout, srv.ReadTimeout, srv.WriteTimeout, srv.IdleTimeout} {
			if d <= 0 {
				t.Errorf("a time is not bounded: %+v", srv)
			}
		}
		if srv.MaxHeaderBytes <= 0 || srv.MaxHeaderBytes >= http.DefaultMaxHeaderBytes {
			t.Errorf("headers of %d bytes are taken", srv.MaxHeaderBytes)
		}
	}
}

// TestServerNeedsItsAddress has the address be in use.
func TestServerNeedsItsAddress(t *testing.T) {
	t.Parallel()
	first, err := Listen("127.0.0.1:0", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer first.listener.Close()
	if _, err := Listen(first.Addr(), "", nil); err == nil {
		t.Error("two sites on one address")
	}
}

// TestProfilerReadsNoBody asks for a profile with a form that would be parsed.
func TestProfilerReadsNoBody(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("GET", "/debug/pprof/trace", unread{t})
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.ContentLength = 1 << 30
	w := httptest.NewRecorder()
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // a trace ends with its request
	profiler().ServeHTTP(w, r.WithContext(ctx))
	if w.Header().Get("Connection") != "close" {
		t.Errorf("the connection is kept: %v", w.Header())
	}
}

// TestNoWebConfiguration names what is no file of settings: without an end, or one that somebody
// would have to write to.
func TestNoWebConfiguration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	pipe, long := filepath.Join(dir, "pipe"), filepath.Join(dir, "long.yml")
	if err := errors.Join(syscall.Mkfifo(pipe, 0o600), os.WriteFile(long, make([]byte, 2*maxConfig), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{pipe, long, "/dev/zero", dir, filepath.Join(dir, "none.yml")} {
		if _, err := Listen("127.0.0.1:0", file, nil); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", file, err)
		}
	}
}
