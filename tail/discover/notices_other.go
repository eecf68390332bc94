//go:build !linux

package discover

import (
	"context"
	"time"
)

// watches tells nothing: the agent looks at the directories several times a second.
type watches struct{}

func openWatches() watches { return watches{} }

func (*watches) work() bool                                              { return false }
func (*watches) close() error                                            { return nil }
func (*watches) watch(string, uint64) bool                               { return false }
func (*watches) tells(string) bool                                       { return false }
func (*watches) met()                                                    {}
func (*watches) forget(string)                                           {}
func (*watches) pending(func(notice))                                    {}
func (*watches) await(context.Context, time.Duration, func(notice) bool) {}
