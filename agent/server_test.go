package agent

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// TestServerWithTLSAndAuth serves as a web configuration of prometheus/exporter-toolkit says: encrypted, and to those who know the password.
func TestServerWithTLSAndAuth(t *testing.T) {
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
	a := testAgent(t.TempDir())
	a.once, a.cfg.Server.Listen, a.cfg.Server.WebConfig = false, "127.0.0.1:0", web
	sites, err := a.sites(a.registry(nil))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- sites[0].serve(ctx, slog.New(slog.DiscardHandler)) }()
	addr := sites[0].listener.Addr().String()
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
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestServerWithBadWebConfig wants a file that cannot be used to be named, rather than a server without a lock.
func TestServerWithBadWebConfig(t *testing.T) {
	web := filepath.Join(t.TempDir(), "web.yml")
	if err := os.WriteFile(web, []byte("basic_auth_user: {a: b}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := testAgent(t.TempDir())
	a.once, a.cfg.Server.Listen, a.cfg.Server.WebConfig = false, "127.0.0.1:0", web
	sites, err := a.sites(a.registry(nil))
	if err == nil {
		err = sites[0].serve(t.Context(), slog.New(slog.DiscardHandler))
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
