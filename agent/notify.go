package agent

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive/rules"
	"fluxtrail/sinks"
	"fluxtrail/sinks/alertmanager"
)

// notifier sends to Alertmanager what the trail lane found. It goes by what the lane published
// last, so that the lane never waits for it, and sends all of it again and again: after a restart,
// or when Alertmanager was away, nothing has to be caught up with.
type notifier struct {
	sink   sinks.Sink[alertmanager.Alert]
	list   func() *episodes // what to tell of, nil for nothing
	resend time.Duration
	now    func() time.Time
	log    *slog.Logger
	tried  func(error) // notes what became of a batch
	warn   func(text string)

	reach   func(context.Context) error // asks whether anybody would take alerts, nil for not
	answers func(error)                 // notes what came of that
	reached time.Time                   // when that was asked last
	ruler   func(ctx context.Context, alertname string) (string, error)

	leads    bool                  // the list is that of all nodes
	caughtUp bool                  // the lane was once at the end of its logs
	firing   map[string]rules.Live // what was sent as firing last, by identity
	gone     map[string]rules.Live // what is over without an end of its own, for a while
	sent     string                // identities of what was sent last
	sentAt   time.Time
	retryAt  time.Time // zero after a success
	trouble  string    // why the last batch was not taken, "" if it was
	doubled  bool      // a ruler tells of the same, and that was said
}

// episodes are the alerts that a saved state stands for, with the engine's time in it, and in the
// state that this process began with.
type episodes struct {
	at, before time.Time
	list       []rules.Live

	leads  bool                 // of all nodes
	posted map[string]time.Time // steps of incidents that an agent posted
}

// Times of the notifier.
const (
	notifyEvery = time.Second
	notifyAgain = 5 * time.Second  // after a failure
	goneFor     = 15 * time.Minute // as Prometheus tells of what is over
	reachEvery  = 5 * time.Minute  // while there is nothing to send
	behind      = time.Minute      // a state this old is history that is being read
)

// run sends until ctx is done.
func (n *notifier) run(ctx context.Context) error {
	for sinks.Sleep(ctx, notifyEvery) == nil {
		n.round(ctx, n.now())
	}
	return nil
}

// round sends if something began or ended, or it is time to say it again. Before the lane was once
// at the end of its logs, what it has is history, and nobody is woken for that.
func (n *notifier) round(ctx context.Context, now time.Time) {
	state := n.list()
	if state == nil || state.leads != n.leads { // what is not told of here any more is not over
		n.firing, n.gone, n.sent = nil, map[string]rules.Live{}, ""
	}
	if state == nil {
		return
	}
	n.leads = state.leads
	n.caughtUp = n.caughtUp || now.Sub(state.at) < behind
	if !n.caughtUp {
		return
	}
	batch, ids := n.batch(state.list, now)
	due := now.Sub(n.sentAt) >= n.resend || ids != n.sent
	if len(batch) == 0 && n.reach != nil && now.Sub(n.reached) >= reachEvery {
		n.reached = now
		n.found(n.reach(ctx))
	}
	if len(batch) == 0 || !due || now.Before(n.retryAt) {
		return
	}
	n.lookForRuler(ctx, batch[0].Labels["alertname"]) // before what it said is overwritten
	n.delivered(n.sink.Send(ctx, batch), ids, now)
}

// found notes whether Alertmanager would take an alert, while there is none.
func (n *notifier) found(err error) {
	if err != nil && n.trouble == "" {
		n.log.Warn("Alertmanager does not answer; nothing is to be sent now", "err", err)
	} else if err == nil && n.trouble != "" {
		n.log.Info("Alertmanager answers again")
	}
	if n.trouble = ""; err != nil {
		n.trouble = err.Error()
	}
	n.answers(err)
}

// lookForRuler says so once where a ruler tells Alertmanager of the same alerts. That doubles no
// notification, but which texts an alert has depends on who told last.
func (n *notifier) lookForRuler(ctx context.Context, alertname string) {
	if n.doubled {
		return
	}
	if address, err := n.ruler(ctx, alertname); err == nil && address != "" {
		n.doubled = true
		n.warn("a ruler tells of the same alerts: " + address)
		n.log.Warn("a ruler tells Alertmanager of the same alerts: leave out alertmanager.urls here, or the rules there", "ruler", address)
	}
}

// delivered notes what became of a batch.
func (n *notifier) delivered(err error, ids string, now time.Time) {
	text := ""
	n.tried(err)
	if err != nil {
		text = err.Error()
		n.retryAt = now.Add(notifyAgain)
	} else {
		n.sent, n.sentAt, n.retryAt = ids, now, time.Time{}
	}
	switch {
	case err != nil && n.trouble == "":
		n.log.Warn("cannot send alerts to Alertmanager, trying again", "err", err)
	case err == nil && n.trouble != "":
		n.log.Info("alerts are sent to Alertmanager again")
	}
	n.trouble = text
}

// batch is what is to be sent now, in a fixed order, and what it is about.
func (n *notifier) batch(list []rules.Live, now time.Time) (batch []alertmanager.Alert, ids string) {
	firing, over := map[string]rules.Live{}, map[string]rules.Live{}
	for _, l := range list {
		switch {
		case l.Ended.IsZero() && !now.Before(l.Fires):
			firing[identity(l)] = l
		case !l.Ended.IsZero() && !l.Ended.Before(l.Fires):
			over[identity(l)] = l
		}
	}
	n.leave(firing, over, now)
	maps.Copy(over, n.gone)
	var names []string
	for _, id := range slices.Sorted(maps.Keys(firing)) {
		names = append(names, id)
		batch = append(batch, newAlert(firing[id], now.Add(4*n.resend)))
	}
	for _, id := range slices.Sorted(maps.Keys(over)) {
		names = append(names, "-"+id)
		batch = append(batch, newAlert(over[id], over[id].Ended))
	}
	return batch, strings.Join(names, "\n")
}

// leave notes what fired and is not there any more: it is over now, unless its end is known. What
// fires again is not over.
func (n *notifier) leave(firing, over map[string]rules.Live, now time.Time) {
	for id, l := range n.firing {
		_, fires := firing[id]
		if _, known := over[id]; !fires && !known {
			l.Ended = now
			n.gone[id] = l
		}
	}
	maps.DeleteFunc(n.gone, func(id string, l rules.Live) bool {
		_, fires := firing[id]
		return fires || now.Sub(l.Ended) > goneFor
	})
	maps.DeleteFunc(over, func(id string, _ rules.Live) bool { _, fires := firing[id]; return fires })
	n.firing = firing
}

// identity is what Alertmanager tells alerts apart by.
func identity(l rules.Live) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(l.Labels)) {
		b.WriteString(name + "=" + l.Labels[name] + "\x00")
	}
	return b.String()
}

func newAlert(l rules.Live, ends time.Time) alertmanager.Alert {
	return alertmanager.Alert{Labels: l.Labels, Annotations: l.Annotations, StartsAt: l.Since, EndsAt: ends}
}

// newNotifier makes the notifier, nil without an Alertmanager.
func (a *assembly) newNotifier(list func() *episodes) (*notifier, error) {
	if len(a.Alertmanager.URLs) == 0 || a.Once {
		return nil, nil
	}
	client, err := a.Alertmanager.HTTP.Client("alertmanager")
	if err != nil {
		return nil, err
	}
	log := a.Log.With("sink", "alertmanager")
	one := func(url string, err error) {
		switch {
		case len(a.Alertmanager.URLs) == 1: // the notifier tells
		case err != nil:
			log.Warn("an instance of Alertmanager does not take alerts", "url", url, "err", err)
		default:
			log.Info("an instance of Alertmanager takes alerts again", "url", url)
		}
	}
	sink := alertmanager.New(a.Alertmanager, client, one)
	return &notifier{
		sink: sink, ruler: sink.Ruler, reach: sink.Reach, answers: a.answers("alertmanager"), list: list, resend: cmp.Or(a.Alertmanager.Resend, alertmanager.DefaultResend),
		now: a.now, log: log, tried: a.tried("alertmanager"), warn: func(text string) {
			a.status.sinks.change("alertmanager", func(s *api.Sink) { s.Warning = text })
		},
		firing: map[string]rules.Live{}, gone: map[string]rules.Live{},
	}, nil
}
