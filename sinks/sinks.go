// Package sinks is the contract between a lane and what it delivers to: Loki, Alertmanager,
// Grafana and the like, each of which is a package below this one.
//
// In goes a batch, out comes nil once it is delivered. What an answer means, whether to try
// again, to wait for somebody to mend something, to send less, or to give up, is said in one
// place, the table in answer.go. Policy.Try is the one way to try again. HTTP is the part of the
// configuration that all sinks share. Package sinktest tests that a sink keeps the contract.
//
// The package starts no goroutine and keeps no batch. Nothing is lost here without an error
// that says so: a lane reads on only after Send returned.
package sinks

import (
	"context"
	"errors"
	"fmt"
)

// Sink delivers batches to one place. It is owned by one goroutine.
//
// Send blocks until all of the batch is accepted, until it is known that a part will never
// be, or until ctx is done. It returns nil in the first case, an error for which IsPermanent
// is true in the second, when the rest has been delivered and there is nothing left to send
// again, and an error that wraps the cause of ctx in the third, when any part may or may not
// have been delivered. A sink whose batches become obsolete, because a later one holds all
// that an earlier one did, may make one attempt only and call its failure permanent. Send
// keeps neither the slice nor what it points to, and may change its order. An empty batch is
// legal.
type Sink[T any] interface {
	Send(ctx context.Context, batch []T) error
}

// permanent is an error that trying again does not cure.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks err as one that trying again does not cure. Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// Once is how the Send of a sink ends that makes one attempt, which failed with err or, with nil,
// did not fail: with the cause of ctx if that is done, and else for good.
func Once(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w; %w", context.Cause(ctx), err)
	}
	return Permanent(err)
}

// IsPermanent reports whether err, or one that it wraps, was marked by Permanent or is an
// answer of class Refused or TooLarge.
func IsPermanent(err error) bool {
	var p permanent
	if errors.As(err, &p) {
		return true
	}
	var e *Error
	return errors.As(err, &e) && (e.Class == Refused || e.Class == TooLarge)
}
