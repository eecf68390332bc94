package sinks

import "context"

// Classify lets the tests of this package see how answers are classified.
var Classify = classify

// Retry is retry.
func Retry(ctx context.Context, p Policy, try func() error) error { return retry(ctx, p, try) }
