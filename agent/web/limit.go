package web

import (
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/sync/semaphore"
)

// limiter lets a number of requests through at a time.
type limiter struct{ free *semaphore.Weighted }

// limit tells requests beyond the number to come back.
func (l limiter) limit(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !l.free.TryAcquire(1) {
			w.Header().Set("Retry-After", "1")
			busy(w, r)
			return
		}
		defer l.free.Release(1)
		h(w, r)
	})
}

// busy says that too many requests are being answered.
func busy(w http.ResponseWriter, r *http.Request) {
	const why = "too many requests are being answered; come back in a second"
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		http.Error(w, why, http.StatusServiceUnavailable)
		return
	}
	jsonHeader(w)
	w.WriteHeader(http.StatusServiceUnavailable)
	fmt.Fprintf(w, `{"error":%q}`+"\n", why)
}

// withoutBody closes the connection after a request that has a body. No page reads one, and to keep
// the connection the server would have to.
func withoutBody(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			w.Header().Set("Connection", "close")
			r.Body = http.NoBody
		}
		h.ServeHTTP(w, r)
	})
}
