package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// limiter lets a number of requests through at a time. Who reads answers slowly cannot keep others
// out: where all places are taken, an answer that is being read makes room for one to somebody who
// has fewer. It may be used by any number of goroutines.
type limiter struct {
	free *semaphore.Weighted // places

	mu      sync.Mutex
	answers []*answer // in the order in which they began
}

// answer is a request that is worked on.
type answer struct {
	http.ResponseWriter
	to      string // whose request it is: an address without its port
	began   time.Time
	written atomic.Bool // its text is made, and the client reads it
	cut     bool        // it was told to end
}

func newLimiter(most int64) *limiter { return &limiter{free: semaphore.NewWeighted(most)} }

const (
	// fairTime is how long an answer is left alone whose client has no other.
	fairTime = time.Second
	// cutTime is how long one may take to end that is told to.
	cutTime = time.Second
)

// limit tells requests beyond the number to come back.
func (l *limiter) limit(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &answer{ResponseWriter: w, began: time.Now()}
		a.to, _, _ = net.SplitHostPort(r.RemoteAddr)
		if !l.begin(r.Context(), a) {
			w.Header().Set("Retry-After", "1")
			busy(w, r)
			return
		}
		defer l.end(a)
		h(a, r)
	})
}

// begin waits for a place if it can be made, and reports whether there is one.
func (l *limiter) begin(ctx context.Context, a *answer) bool {
	if !l.free.TryAcquire(1) {
		ctx, cancel := context.WithTimeout(ctx, cutTime)
		defer cancel()
		if !l.makeRoom(a) || l.free.Acquire(ctx, 1) != nil {
			return false
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers = append(l.answers, a)
	return true
}

func (l *limiter) end(a *answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answers = slices.DeleteFunc(l.answers, func(other *answer) bool { return other == a })
	l.free.Release(1)
}

// makeRoom cuts off the oldest answer to who has the most, if that are more than who asks has.
func (l *limiter) makeRoom(asks *answer) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	has := map[string]int{}
	for _, a := range l.answers {
		has[a.to]++
	}
	var last *answer
	for _, a := range l.answers {
		slow := a.written.Load() && !a.cut && (has[a.to] > 1 || asks.began.Sub(a.began) >= fairTime)
		if slow && has[a.to] > has[asks.to] && (last == nil || has[a.to] > has[last.to]) {
			last = a
		}
	}
	if last == nil {
		return false
	}
	last.cut = true
	return http.NewResponseController(last.ResponseWriter).SetWriteDeadline(asks.began) == nil
}

// Write implements [io.Writer].
func (a *answer) Write(p []byte) (int, error) {
	a.written.Store(true)
	return a.ResponseWriter.Write(p)
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
