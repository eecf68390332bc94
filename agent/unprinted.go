package agent

import (
	"log/slog"
	"sync"
	"time"
)

// unprinted counts the events that could not be printed, and tells of them in the log at most once
// in tellEvery, with how many they were. It has a lock because two meet such events: the lane, and
// the goroutine that prints what waits.
type unprinted struct {
	count func(events int64)
	log   *slog.Logger
	now   func() time.Time

	mu     sync.Mutex
	events int       // that were not told of yet
	told   time.Time // when that was done last, zero for never
}

// tellEvery is how often the log tells of events that cannot be printed.
const tellEvery = time.Minute

func (u *unprinted) add(events int, err error) {
	u.count(int64(events))
	u.mu.Lock()
	defer u.mu.Unlock()
	u.events += events
	now := u.now()
	if !u.told.IsZero() && now.Sub(u.told) < tellEvery {
		return
	}
	u.log.Error("cannot print events; they are counted as dropped, with the reason unprinted", "events", u.events, "err", err)
	u.events, u.told = 0, now
}
