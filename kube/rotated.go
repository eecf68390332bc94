package kube

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"time"
)

// containerState is what a container does since when. The times are zero where nobody says.
type containerState struct {
	Running, Terminated *struct{ StartedAt time.Time }
	Waiting             *struct{}
}

// started is when the container began, the zero time where that is not said.
func (s containerState) started() time.Time {
	for _, began := range []*struct{ StartedAt time.Time }{s.Running, s.Terminated} {
		if began != nil {
			return began.StartedAt
		}
	}
	return time.Time{}
}

// speaksWithin is how soon after its start every controller has logged something.
const speaksWithin = time.Minute

// rotated says what of a log lies in rotated files, nil where nothing does: the kubelet gives the
// newest file only. Oldest is the time of the first line that came, and all that is needed where
// the log was asked for from its beginning.
func (s *Spool) rotated(ctx context.Context, l *Log, previous bool, oldest time.Time) error {
	from := l.Started
	if previous {
		from = l.PreviousStarted
	}
	if from.IsZero() {
		return nil
	}
	if s.since.After(from) {
		from = s.since
		query := l.query(previous, time.Time{})
		query["limitBytes"] = "4096"
		head := reframer{to: bufio.NewWriter(io.Discard)}
		if err := s.stream(ctx, l, query, head.read); err != nil {
			return fmt.Errorf("whether lines lie in rotated files: %w", err)
		}
		oldest = head.first
	}
	if oldest.Sub(from) < speaksWithin {
		return nil
	}
	return fmt.Errorf("what was logged from %s to %s lies in rotated files on node %s, which the API server does not give",
		from.UTC().Format(time.RFC3339), oldest.UTC().Format(time.RFC3339), cmp.Or(l.Node, "?"))
}
