package sinks_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/sinks"
)

func TestSecretIsNotShown(t *testing.T) {
	c := sinks.HTTP{Basic: sinks.Basic{Username: "joe", Password: "hunter2"}, Headers: []sinks.Header{{Name: "X", Value: "hunter2"}}}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "password", c.Basic.Password, "config", c)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c.Basic.Password, c.Basic.Password), log.String(), string(b)} {
		if strings.Contains(text, "hunter2") || !strings.Contains(text, "joe") && !strings.Contains(text, "secret") {
			t.Error(text)
		}
	}
	var s sinks.Secret
	if err := json.Unmarshal([]byte(`"hunter2"`), &s); err != nil || s != "hunter2" {
		t.Error(err)
	}
}

func TestHTTPValidate(t *testing.T) {
	c := sinks.HTTP{
		Timeout: -1,
		Basic:   sinks.Basic{Password: "x", PasswordFile: "y"},
		Bearer:  sinks.Bearer{Token: "x\n", File: "y"},
		TLS:     sinks.TLS{CertFile: "x"},
		Proxy:   "::",
		Headers: []sinks.Header{{Name: "Authorization", Value: "x"}, {Name: "Bad Header", Value: "x"}, {Name: "X-A", Value: "x\ny"}},
	}
	want := `timeout: is negative; leave it out for the default
basic.password_file: give the password or its file, not both
basic.username: is missing
bearer.file: give the token or its file, not both
bearer.token: has a line break or another character that no header may have; was it made with echo?
tls.cert_file: goes together with tls.key_file
proxy: is no URL
headers[0]: name: setting header "Authorization" is not allowed
headers[1]: name: want letters, digits and hyphens
headers[2]: value: has a line break or another character that no header may have`
	if diff := cmp.Diff(want, fmt.Sprint(c.Validate())); diff != "" {
		t.Error(diff)
	}
	if err := (sinks.HTTP{}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestCheckURL(t *testing.T) {
	for s, ok := range map[string]bool{
		"http://loki:3100": true, "https://loki/path": true, "loki:3100": false, "": false, "ftp://x": false, "http://joe:hunter2@loki": false, "http://x y": false,
	} {
		err := sinks.CheckURL(s)
		if (err == nil) != ok || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestOrigin(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "http://nc.flux-system": "http://nc.flux-system", "http://nc.flux-system/": "http://nc.flux-system/",
		"https://hooks:8443/in/hunter2": "https://hooks:8443/<secret>", "https://hooks?key=hunter2": "https://hooks/<secret>",
		"https://hooks/#hunter2": "https://hooks/<secret>", "https://joe:hunter2@hooks": "https://hooks/<secret>",
	} {
		if got := sinks.Origin(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// TestClientReadsTokenAgain wants a rotated token to be used without a restart.
func TestClientReadsTokenAgain(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Header.Get("Authorization")+" "+r.Header.Get("X-Team"))
		if r.URL.Path == "/moved" {
			http.Redirect(w, r, "/", http.StatusFound)
		}
	}))
	defer server.Close()
	file := filepath.Join(t.TempDir(), "token")
	client, err := sinks.HTTP{Bearer: sinks.Bearer{File: file}, Headers: []sinks.Header{{Name: "X-Team", Value: "a"}}}.Client("loki")
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"one", "two"} {
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Get(server.URL + "/moved"); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"Bearer one a", "Bearer two a"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestClientBasicAndMissingFiles(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "joe" || password != "hunter2" {
			t.Error(user, password)
		}
	}))
	defer server.Close()
	client, err := sinks.HTTP{Basic: sinks.Basic{Username: "joe", Password: "hunter2"}}.Client("loki")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(server.URL); err != nil {
		t.Error(err)
	}
	_, err = sinks.HTTP{TLS: sinks.TLS{CAFile: filepath.Join(t.TempDir(), "ca.pem")}}.Client("loki")
	if err == nil || !strings.Contains(err.Error(), "ca.pem") {
		t.Error(err)
	}
}

// TestClientTLS reaches a server by its own CA and shows it our certificate.
func TestClientTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got := r.TLS.PeerCertificates[0].Subject.CommonName; got != "agent" {
			t.Errorf("the server saw %q", got)
		}
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	defer server.Close()
	c := sinks.HTTP{TLS: ourCertificate(t)}
	c.TLS.CAFile = writePEM(t, "ca.pem", "CERTIFICATE", server.Certificate().Raw)
	client, err := c.Client("loki")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(server.URL); err != nil {
		t.Error(err)
	}
	if client, err = (sinks.HTTP{}).Client("loki"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get(server.URL); err == nil {
		t.Error("a server with an unknown CA was believed")
	}
}

// ourCertificate makes a certificate for the name agent.
func ourCertificate(t *testing.T) sinks.TLS {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "agent"}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return sinks.TLS{CertFile: writePEM(t, "cert.pem", "CERTIFICATE", cert), KeyFile: writePEM(t, "key.pem", "PRIVATE KEY", der)}
}

func writePEM(t *testing.T, name, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestClientProxy(t *testing.T) {
	var asked string
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked = r.URL.String() }))
	defer proxy.Close()
	client, err := sinks.HTTP{Proxy: proxy.URL}.Client("loki")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Get("http://loki.example/push"); err != nil || asked != "http://loki.example/push" {
		t.Error(asked, err)
	}
}

// TestSwitchedProtocols has a server change the protocol, and then say nothing.
func TestSwitchedProtocols(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Upgrade", "x")
		w.Header().Set("Connection", "Upgrade")
		w.WriteHeader(http.StatusSwitchingProtocols)
		_ = http.NewResponseController(w).Flush() // the client tells
		<-r.Context().Done()
	}))
	t.Cleanup(server.CloseClientConnections)
	client, err := sinks.HTTP{}.Client("x")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get(server.URL)
	if err == nil {
		resp.Body.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "101") {
		t.Error(err)
	}
}

// TestAnswersAreBounded has a server answer without end.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	block := make([]byte, 1<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	client, err := sinks.HTTP{}.Client("x")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n, err := io.Copy(io.Discard, resp.Body); !errors.Is(err, sinks.ErrLong) || n > 200<<20 {
		t.Errorf("%d bytes: %v", n, err)
	}
}
