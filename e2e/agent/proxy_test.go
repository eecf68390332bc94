package agent

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

// A fault is what the proxy does to a push instead of passing it on.
type fault struct {
	name string
	do   func(p *proxy, w http.ResponseWriter, r *http.Request)
}

func refuse(code int, header ...string) func(*proxy, http.ResponseWriter, *http.Request) {
	return func(_ *proxy, w http.ResponseWriter, _ *http.Request) {
		if len(header) == 2 {
			w.Header().Set(header[0], header[1])
		}
		http.Error(w, "made by the test", code)
	}
}

// faults are those of a Loki, a gateway and a network. The last is the worst: Loki has
// the lines, and the agent does not know.
var faults = []fault{
	{"429", refuse(http.StatusTooManyRequests, "Retry-After", "1")},
	{"500", refuse(http.StatusInternalServerError)},
	{"503", refuse(http.StatusServiceUnavailable)},
	{"hang", func(_ *proxy, _ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // before that, a server does not notice that the client has gone
		<-r.Context().Done()
	}},
	{"reset", func(*proxy, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
	{"answer lost", func(p *proxy, w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet { // the agent asks what Loki has
			p.pass.ServeHTTP(w, r)
			return
		}
		p.pass.ServeHTTP(httptest.NewRecorder(), r)
		http.Error(w, "made by the test", http.StatusBadGateway)
	}},
}

// A proxy stands before a Loki and does what it is told to.
type proxy struct {
	*httptest.Server
	pass  http.Handler
	fault atomic.Pointer[fault] // nil passes everything on
	hits  atomic.Int64          // pushes that the fault was done to
}

func startProxy(t testing.TB, to string) *proxy {
	t.Helper()
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{pass: httputil.NewSingleHostReverseProxy(target)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := p.fault.Load()
		if f == nil {
			p.pass.ServeHTTP(w, r)
			return
		}
		p.hits.Add(1)
		f.do(p, w, r)
	}))
	t.Cleanup(func() {
		p.CloseClientConnections()
		p.Close()
	})
	return p
}
