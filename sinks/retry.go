package sinks

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"
)

// Policy says how trying again behaves. The zero value of a field means its default.
type Policy struct {
	Min time.Duration // the first wait is up to this long, each next up to twice as long; default 500ms
	Max time.Duration // but no longer than this; default 1m

	Tries int              // after so many the last failure is returned, marked as permanent; default: no limit
	Final func(error) bool // failures that are returned at once, marked likewise; default: none

	What   string          // what is tried, for the log, such as "push to loki"
	Log    *slog.Logger    // told the first failure, one of another kind, and the recovery; default: nobody
	Failed func(err error) // told each failure; default: nobody
}

// Defaults of Policy. A minute is short against an hour of Loki being down, and long
// enough to do no harm to one that comes back.
const (
	DefaultMin = 500 * time.Millisecond
	DefaultMax = time.Minute
)

// maxRetryAfter bounds what a server may ask for, so that a wrong header cannot stop us.
const maxRetryAfter = 5 * time.Minute

func (p Policy) withDefaults() Policy {
	if p.Min == 0 {
		p.Min = DefaultMin
	}
	if p.Max == 0 {
		p.Max = DefaultMax
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Failed == nil {
		p.Failed = func(error) {}
	}
	return p
}

// Tries is what is known of one thing that is tried again and again. The zero value has not been
// tried. It belongs to one goroutine.
type Tries struct {
	Next time.Time // when it may be tried again; zero for at once

	failed int       // in a row
	since  time.Time // of the first failure
	last   string    // kind of the last failure
}

// Failing reports whether the last try failed.
func (t *Tries) Failing() bool { return t.failed > 0 }

// Try calls try once and returns its error. After one that is not permanent, t.Next says when to
// try again: after a random time that grows with the number of failures ("full jitter"), longer
// where the server asks for it, and long at once where the answer is of class Held. A failure
// because ctx is done does not count.
func (p Policy) Try(ctx context.Context, t *Tries, try func() error) error {
	p = p.withDefaults()
	start, err := time.Now(), try()
	switch {
	case err == nil && t.failed > 0:
		p.Log.Info("delivered again", "what", p.What, "tries", t.failed+1, "after", time.Since(t.since).Round(time.Millisecond).String())
		fallthrough
	case err == nil, IsPermanent(err):
		*t = Tries{}
		return err
	case ctx.Err() != nil:
		return err
	}
	p.Failed(err)
	if text := kind(err); text != t.last {
		p.Log.Warn("cannot deliver, trying again", "what", p.What, "class", ClassOf(err), "err", err)
		t.last = text
	}
	if t.failed == 0 {
		t.since = start
	}
	t.Next = time.Now().Add(p.wait(t.failed, err))
	t.failed++
	return err
}

// retry calls try until it returns nil or a permanent error, and returns that. It waits in between
// as Try says, and gives up where the policy has a limit; a lane has none, its queue is the log
// file. When ctx is done retry returns an error that wraps the cause of it and the last failure.
func retry(ctx context.Context, p Policy, try func() error) error {
	for t := (Tries{}); ; {
		err := p.Try(ctx, &t, try)
		if err == nil || IsPermanent(err) {
			return err
		}
		if ctx.Err() == nil && (t.failed == p.Tries || p.Final != nil && p.Final(err)) {
			return Permanent(err)
		}
		if ctx.Err() != nil || Sleep(ctx, time.Until(t.Next)) != nil {
			return gaveUp(ctx, err)
		}
	}
}

func gaveUp(ctx context.Context, last error) error {
	return fmt.Errorf("%w; last failure: %w", context.Cause(ctx), last)
}

// wait returns how long to wait after the failure number n, counted from zero.
func (p Policy) wait(n int, err error) time.Duration {
	limit := p.Max
	if ClassOf(err) != Held && p.Min <= p.Max>>min(n, 62) {
		limit = p.Min << n
	}
	wait := rand.N(limit) + 1
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		wait = min(e.RetryAfter, maxRetryAfter) + rand.N(p.Min)
	}
	return wait
}

// Sleep waits for d. It returns the cause of ctx if that is done before.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// kind is the text of err without its digits: ports, sizes and times change with each
// failure and are no reason to log it again.
func kind(err error) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, err.Error())
}
