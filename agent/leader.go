package agent

import (
	"cmp"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"fluxtrail/derive/rules"
	"fluxtrail/kube"
)

// telling is what the tellers tell of. With an API server the agents of a cluster agree on one that
// leads: it tells of all nodes, and the others of nothing. Without, each tells of its own node. It
// is safe for concurrent use.
type telling struct {
	status *status
	// standing is what this agent is among the others, nil where there is none to lead.
	standing func() (kube.Standing, string)
	lease    time.Duration
	opt      rules.LiveOptions
	now      func() time.Time

	caughtUp atomic.Bool // the lane was once at the end of its logs
}

// list is what to tell of now. It is nil where another agent tells, or where it is not known yet
// who does.
func (t *telling) list() *episodes {
	own := t.status.episodes.Load()
	if t.standing == nil {
		return own
	}
	standing, _ := t.standing()
	now := t.now()
	all := t.status.peers.Load()
	switch {
	case standing == kube.Alone:
		return own
	case standing != kube.Leads || all == nil && t.status.sharing.waits(now, 2*t.lease):
		return nil
	case all == nil:
		return own
	}
	if own != nil && now.Sub(own.at) < behind {
		t.caughtUp.Store(true)
	}
	if !t.caughtUp.Load() {
		own = nil
	}
	return t.merged(own, all, now)
}

// merged are the alerts of all nodes. Of an incident that went on at another node those of that
// node count, and of a controller that moved those of where it is.
func (t *telling) merged(own *episodes, all *peers, now time.Time) *episodes {
	view := &peers{all: maps.Clone(all.all), lease: all.lease}
	out := &episodes{at: now, leads: true, posted: map[string]time.Time{}}
	if own != nil {
		out.at, out.before = own.at, own.before
		if mine := t.status.share.Load(); mine != nil {
			view.all[mine.Node] = peer{mine, now}
		}
	}
	objects := 0
	for _, node := range slices.Sorted(maps.Keys(view.all)) {
		p := view.all[node]
		objects += p.Objects
		maps.Copy(out.posted, p.Posted)
		for i := range p.Alerts {
			if a := &p.Alerts[i]; !view.elsewhere(p, a, now) {
				out.list = append(out.list, a.Live)
			}
		}
	}
	// Where two nodes tell of one thing, what lasts longest is told.
	slices.SortStableFunc(out.list, func(a, b rules.Live) int { return cmp.Or(b.Since.Compare(a.Since)) })
	out.list = append(out.list, rules.Many(out.list, objects, t.opt)...)
	return out
}

// elsewhere reports whether an alert of a share is another node's by now.
func (ps *peers) elsewhere(p peer, a *sharedAlert, now time.Time) bool {
	if a.Incident != "" {
		return ps.taken(p, a.Incident)
	}
	return ps.moved(p, a.Of, now)
}

// sharing is when it began that notes of other agents are waited for.
type sharing struct{ begun time.Time }

// waits reports whether the first of them may still come.
func (s sharing) waits(now time.Time, patience time.Duration) bool {
	return now.Sub(s.begun) < patience
}

// connectLeader makes what agrees with the agents of other nodes, where there is an API server and
// somebody to tell.
func (a *assembly) connectLeader(client *kube.Client) error {
	asked := client != nil && a.Kube.Node != "" && !a.ShipOnly && !a.Once
	wanted, err := a.Leader.Wanted(asked)
	if err != nil || !wanted {
		return err
	}
	n := kube.NewNotes(client, a.Leader, a.Kube.Node, a.now, a.Log)
	a.readNotes, a.notes = n, n
	a.status.sharing.begun = a.now()
	if a.tells() {
		a.candidate = kube.NewLease(client, a.Leader, a.Kube.Node, a.now, a.Log)
		a.status.standing = a.candidate.Standing
	}
	return nil
}

// tells reports whether anybody is to be told of alerts.
func (a *assembly) tells() bool {
	return (len(a.Alertmanager.URLs) > 0 || a.Grafana.URL != "" || a.Webhook.URL != "") && !a.Once
}

func (a *assembly) leaseTime() time.Duration { return cmp.Or(a.Leader.Lease, kube.DefaultLease) }

// newTelling is what all tellers tell of.
func (a *assembly) newTelling() *telling {
	return &telling{status: a.status, standing: a.status.standing, lease: a.leaseTime(), opt: a.Alerts, now: a.now}
}
