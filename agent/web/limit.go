package web

import (
	"net/http"

	"golang.org/x/sync/semaphore"
)

// limiter lets a number of requests through at a time.
type limiter struct{ free *semaphore.Weighted }

// limit tells requests beyond the number to come back.
func (l limiter) limit(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !l.free.TryAcquire(1) {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "too many requests are being answered; come back in a second", http.StatusServiceUnavailable)
			return
		}
		defer l.free.Release(1)
		h(w, r)
	})
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
