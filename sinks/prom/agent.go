package prom

import (
	"fmt"
	"maps"
	"slices"
)

// Agent holds the numbers of a lane. The lane fills it and passes it to Slot.Publish; what
// has to continue over restarts (the counts and Since) it saves with its marks. Times are in Unix
// nanoseconds, 0 for never.
type Agent struct {
	Lane  string // ship or trail
	Since int64  // when the counts began

	Files      []FileLag
	Unreadable int64 // paths

	SentLines, SentBytes int64
	CutLines             int64            // of those sent, were too long
	LateLines            int64            // of those sent, went to a stream for late lines
	Retries              map[string]int64 // deliveries tried again, by reason; a closed set
	DroppedLines         map[string]int64 // by reason
	DroppedBytes         map[string]int64
	LostParts            map[string]int64 // of logs, also where it is not known what they held
	Redactions           map[string]int64 // by kind of secret

	SavedAt            int64 // when marks and state were saved last
	CheckpointFailures int64
}

// FileLag is how far a lane is behind in one file.
type FileLag struct {
	Path         string
	Bytes        int64 // not delivered yet
	WaitingSince int64 // when the oldest of them was found, 0 when there are none
}

// Validate reports what no lane saves: numbers below zero.
func (a *Agent) Validate() error {
	for _, n := range []int64{a.Since, a.Unreadable, a.SentLines, a.SentBytes, a.CutLines, a.LateLines, a.SavedAt, a.CheckpointFailures} {
		if n < 0 {
			return fmt.Errorf("a number of the lane is %d", n)
		}
	}
	for _, f := range a.Files {
		if f.Bytes < 0 || f.WaitingSince < 0 {
			return fmt.Errorf("%s is %d bytes behind since %d", f.Path, f.Bytes, f.WaitingSince)
		}
	}
	for _, m := range []map[string]int64{a.Retries, a.DroppedLines, a.DroppedBytes, a.LostParts, a.Redactions} {
		for what, n := range m {
			if n < 0 {
				return fmt.Errorf("the number of the lane for %s is %d", what, n)
			}
		}
	}
	return nil
}

func (a Agent) clone() Agent {
	a.Files = slices.Clone(a.Files)
	for _, m := range []*map[string]int64{&a.Retries, &a.DroppedLines, &a.DroppedBytes, &a.LostParts, &a.Redactions} {
		*m = maps.Clone(*m)
	}
	return a
}

// agentCounter shows one number of the lane, from zero on.
func agentCounter(of func(*Agent) int64) func(*snapshot, *out) {
	return func(s *snapshot, o *out) {
		if s.agent.Lane != "" {
			o.counter(of(&s.agent), s.agent.Since, exemplar{}, clean(s.agent.Lane))
		}
	}
}

// agentCounters shows numbers of the lane by one more label.
func agentCounters(of func(*Agent) map[string]int64) func(*snapshot, *out) {
	return func(s *snapshot, o *out) {
		for _, name := range slices.Sorted(maps.Keys(of(&s.agent))) {
			o.counter(of(&s.agent)[name], s.agent.Since, exemplar{}, clean(s.agent.Lane), clean(name))
		}
	}
}

func (s *snapshot) unreadable(o *out) {
	if s.agent.Lane != "" {
		o.gauge(float64(s.agent.Unreadable), clean(s.agent.Lane))
	}
}

func (s *snapshot) checkpoint(o *out) {
	if s.agent.SavedAt != 0 {
		o.gauge(seconds(s.agent.SavedAt), clean(s.agent.Lane))
	}
}

// lags are the lane's files by label value. Those beyond the limit share the overflow series: bytes
// add up, the longest wait counts.
func (s *snapshot) lags(limit int) map[string]FileLag {
	files := map[string]FileLag{}
	for _, f := range s.agent.Files {
		name := clean(f.Path)
		if _, known := files[name]; !known && len(files) >= limit {
			name = overflowLabel
		}
		sum := files[name]
		files[name] = FileLag{name, sum.Bytes + f.Bytes, earliest(sum.WaitingSince, f.WaitingSince)}
	}
	return files
}

func (s *snapshot) lagBytes(o *out) {
	for name, f := range s.lags(o.limit) {
		o.gauge(float64(f.Bytes), clean(s.agent.Lane), name)
	}
}

func (s *snapshot) lagSeconds(o *out) {
	for name, f := range s.lags(o.limit) {
		lag := int64(0)
		if f.WaitingSince != 0 {
			lag = max(o.now-f.WaitingSince, 0)
		}
		o.gauge(seconds(lag), clean(s.agent.Lane), name)
	}
}
