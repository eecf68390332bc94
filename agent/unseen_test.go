package agent

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/tail"
)

// TestUnseen tells of each container once a minute, and then of all that came meanwhile.
func TestUnseen(t *testing.T) {
	t.Parallel()
	begin, u := time.Unix(1e9, 0), unseen{}
	lost := func(source, path string, n int) tail.Loss {
		return tail.Loss{Source: source, Path: path, Reason: tail.LossVanished, Lines: int64(n), Logs: n, AtLeast: true}
	}
	for _, step := range []struct {
		after time.Duration
		lost  []tail.Loss
		told  []tail.Loss
	}{
		{0, nil, nil},
		{0, []tail.Loss{lost("b", "b/1", 1), lost("a", "a/1", 2), lost("", "", 1)}, []tail.Loss{lost("", "", 1), lost("a", "a/1", 2), lost("b", "b/1", 1)}},
		{time.Second, []tail.Loss{lost("a", "a/2", 3)}, nil},
		{30 * time.Second, []tail.Loss{lost("a", "a/3", 4), lost("c", "c/1", 1)}, []tail.Loss{lost("c", "c/1", 1)}},
		{59 * time.Second, nil, nil},
		{time.Minute, nil, []tail.Loss{lost("a", "a/3", 7)}},
		{2 * time.Minute, nil, nil},
		{3 * time.Minute, nil, nil},
	} {
		for _, loss := range step.lost {
			u.add(loss)
		}
		if diff := cmp.Diff(step.told, u.due(begin.Add(step.after))); diff != "" {
			t.Errorf("after %v: -want +got\n%s", step.after, diff)
		}
	}
	if len(u) > 0 {
		t.Errorf("%d are kept for ever", len(u))
	}
}
