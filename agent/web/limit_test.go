package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
)

// TestSlowReadersMakeRoom has one client take all places with answers that it does not read. It gets
// no more of them; another one does, for which one of the others ends.
func TestSlowReadersMakeRoom(t *testing.T) {
	t.Parallel()
	const places = 3
	begun, ended := make(chan bool, places), make(chan bool, places)
	block := make([]byte, 1<<20)
	server := httptest.NewServer(newLimiter(places).limit(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/short" {
			return
		}
		_, err := w.Write(block)
		begun <- true
		for err == nil {
			_, err = w.Write(block)
		}
		ended <- true
	}))
	t.Cleanup(server.Close)
	ask := func(from, path string) int {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		transport := &http.Transport{DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", addr)
		}}
		t.Cleanup(transport.CloseIdleConnections)
		resp, err := (&http.Client{Transport: transport}).Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp.StatusCode
	}
	for range places {
		if code := ask("127.0.0.1", "/long"); code != http.StatusOK {
			t.Fatal(code)
		}
		<-begun
	}
	if code := ask("127.0.0.1", "/short"); code != http.StatusServiceUnavailable {
		t.Error("who has all places got one more:", code)
	}
	if code := ask("127.0.0.2", "/short"); code != http.StatusOK || len(ended) != 1 {
		t.Errorf("another client got %d, and %d answers ended", code, len(ended))
	}
}

// TestScrapeLog wants a client that is gone to be no error.
func TestScrapeLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := scrapeLog{slog.New(slog.NewTextHandler(&out, nil))}
	log.Println("error encoding and sending metric family:", &net.OpError{Op: "write", Err: syscall.EPIPE})
	if out.Len() > 0 {
		t.Error(out.String())
	}
	log.Println("error gathering metrics:", errors.New("two of one name"))
	if !strings.Contains(out.String(), `level=ERROR msg="error gathering metrics: two of one name"`) {
		t.Error(out.String())
	}
}
