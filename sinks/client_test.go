package sinks_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"

	"fluxtrail/sinks"
)

// TestHeadersAreBounded has a server answer with far more headers than any answer has.
func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X", strings.Repeat("x", 1<<20))
	}))
	t.Cleanup(server.Close)
	client, err := sinks.HTTP{}.Client("x")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Get(server.URL)
	if err == nil {
		resp.Body.Close()
		t.Error("a megabyte of headers was taken")
	}
}

// TestProxyIsOneThatGoKnows refuses a scheme that Go would pass over.
func TestProxyIsOneThatGoKnows(t *testing.T) {
	t.Parallel()
	for proxy, want := range map[string]bool{"http://p": true, "https://p:1": true, "socks5://me:secret@p:1": true, "socks://p:1": false, "p://me:secret@p": false} {
		if err := (sinks.HTTP{Proxy: proxy}).Validate(); (err == nil) != want || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", proxy, err)
		}
	}
}

// TestServerThatAnswersOnNoConnection has a server of HTTP/2 say, as an overloaded proxy may, that it
// takes no request on a connection, and on the next one, and so on.
func TestServerThatAnswersOnNoConnection(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(nil)
	server.EnableHTTP2 = true
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
		"h2": func(_ *http.Server, c *tls.Conn, _ http.Handler) {
			connections.Add(1)
			goAway(c)
		},
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := sinks.HTTP{TLS: sinks.TLS{InsecureSkipVerify: true}}.Client("x")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Post(server.URL, "text/plain", strings.NewReader("x"))
	if err == nil {
		resp.Body.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "closes each connection") || connections.Load() > 10 {
		t.Errorf("%d connections: %v", connections.Load(), err)
	}
}

// TestAnswerOfVeryManyValues has a server answer with values that take far more memory than text. It
// is not asked again. Those in a text count as none.
func TestAnswerOfVeryManyValues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, most string }{{"{},", "values"}, {`"{},{},{},{},",`, "MiB"}} {
		asked, block := 0, "["+strings.Repeat(c.value, 1<<16)
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked++
			for _, err := io.WriteString(w, block); err == nil; {
				_, err = io.WriteString(w, block[1:])
			}
		}))
		t.Cleanup(server.Close)
		client, err := sinks.HTTP{}.Client("x")
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		err = sinks.Ask(t.Context(), client, sinks.Policy{}, 32<<20, &body, func() (*http.Request, error) {
			return http.NewRequest(http.MethodGet, server.URL, nil)
		})
		if !errors.Is(err, sinks.ErrLong) || !strings.Contains(err.Error(), c.most) || asked != 1 {
			t.Errorf("%s: %v, asked %d times", c.value, err, asked)
		}
	}
}

// goAway waits for a request, and tells that it is not going to be answered.
func goAway(c io.ReadWriteCloser) {
	defer c.Close()
	_, _ = io.ReadFull(c, make([]byte, len(http2.ClientPreface)))
	f := http2.NewFramer(c, c)
	_ = f.WriteSettings()
	for {
		frame, err := f.ReadFrame()
		if _, ok := frame.(*http2.HeadersFrame); ok || err != nil {
			_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
			return
		}
	}
}

// TestCredentialFiles has files that are none, or hold what cannot be sent. Each is an error that
// names the file and does not tell what it holds.
func TestCredentialFiles(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Error("was asked with", r.Header.Get("Authorization"))
	}))
	defer server.Close()
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) string {
		if err := os.WriteFile(path(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path(name)
	}
	if err := errors.Join(os.Symlink(path("loop"), path("loop")), os.Truncate(write("huge", ""), 1<<40)); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{
		path("missing"), dir, "/dev/zero", path("loop"), path("huge"),
		write("lines", "hunter2\r\nX-Scope-OrgID: other"), write("nul", "hunter2\x00"),
	} {
		for _, c := range []sinks.HTTP{{Bearer: sinks.Bearer{File: file}}, {TLS: sinks.TLS{CAFile: file}}, {TLS: sinks.TLS{CertFile: file, KeyFile: file}}} {
			client, err := c.Client("loki")
			if err == nil {
				_, err = client.Get(server.URL)
			}
			if err == nil || !strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}
