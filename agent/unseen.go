package agent

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"fluxtrail/tail"
)

// unseen are the logs that came and went unread and that the agent's own log does not tell of yet.
// It tells of those of one container at most once a minute: who has no time to look writes no line
// for each. The counters count them at once.
type unseen map[string]*gap

type gap struct {
	told time.Time // zero for never
	loss tail.Loss // since then, the last of them with the number of all; without any, Reason is ""
}

// unseenEvery is how often the log tells of one container.
const unseenEvery = time.Minute

func (u *unseen) add(loss tail.Loss) {
	if *u == nil {
		*u = unseen{}
	}
	name := cmp.Or(loss.Source, loss.Path)
	g := (*u)[name]
	if g == nil {
		g = &gap{}
		(*u)[name] = g
	}
	loss.Lines += g.loss.Lines
	loss.Logs += g.loss.Logs
	g.loss = loss
}

// due returns what is to be told now, and forgets what was told long ago.
func (u unseen) due(now time.Time) (losses []tail.Loss) {
	if len(u) == 0 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(u)) {
		g := u[name]
		if !g.told.IsZero() && now.Sub(g.told) < unseenEvery {
			continue
		}
		if g.loss.Reason == "" {
			delete(u, name)
			continue
		}
		losses = append(losses, g.loss)
		*g = gap{told: now}
	}
	return losses
}

// together makes one loss of those in a row that are deleted files of one log: after an agent that
// held hundreds of them open was killed, they are missed all at once.
func together(losses []tail.Loss) (out []tail.Loss) {
	for _, loss := range losses {
		n := len(out) - 1
		if n < 0 || loss.Reason != tail.LossDeleted || out[n].Reason != loss.Reason || out[n].Source != loss.Source {
			out = append(out, loss)
			continue
		}
		sum := &out[n]
		sum.Logs = max(1, sum.Logs) + 1
		sum.Path, sum.Bytes, sum.AtLeast = loss.Path, sum.Bytes+loss.Bytes, sum.AtLeast || loss.AtLeast
		if sum.Lines < 0 || loss.Lines < 0 {
			sum.Lines = -1 // one of them is not known
		} else {
			sum.Lines += loss.Lines
		}
		sum.To = loss.To
	}
	return out
}
