package agent

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"fluxtrail/derive/rules"
	"fluxtrail/parse"
	"fluxtrail/sinks"
	"fluxtrail/sinks/webhook"
)

// poster posts an event when an alert about an incident fires, and one when it is over. It goes by
// what the trail lane published last. What the process before this one has posted is known by the
// time of the state that it saved.
type poster struct {
	sink     sinks.Sink[webhook.Event]
	list     func() *episodes                 // what to tell of, nil for nothing
	note     func(steps map[string]time.Time) // what was posted, for another that leads later
	instance string                           // this pod
	now      func() time.Time
	log      *slog.Logger
	tried    func(error) // notes what became of an event

	caughtUp bool
	told     map[string]time.Time // incident and step, as far as incidents are in the state
	retryAt  time.Time
	trouble  bool
}

// run posts until ctx is done.
func (p *poster) run(ctx context.Context) error {
	for sinks.Sleep(ctx, notifyEvery) == nil {
		p.round(ctx, p.now())
	}
	return nil
}

// round posts what is new, in the order of the state. Like the notifier it wakes nobody for what is
// history.
func (p *poster) round(ctx context.Context, now time.Time) {
	state := p.list()
	if state == nil || now.Before(p.retryAt) {
		return
	}
	p.caughtUp = p.caughtUp || now.Sub(state.at) < behind
	if !p.caughtUp {
		return
	}
	told := map[string]time.Time{}
	for _, l := range state.list {
		if l.Incident == "" {
			continue
		}
		for _, s := range p.steps(l, now) {
			if at, ok := p.before(state, s); ok {
				told[s.id] = at
			} else if p.retryAt.Before(now) && p.post(ctx, s.event, now) {
				told[s.id] = now
			}
		}
	}
	p.told = told
	p.note(told)
}

// before is when a step was posted, if it was: by this process, by the one before it as far as its
// state goes, or by the agent that led before.
func (p *poster) before(state *episodes, s postStep) (time.Time, bool) {
	if at, ok := p.told[s.id]; ok {
		return at, true
	}
	if at, ok := state.posted[s.id]; ok {
		return at, true
	}
	return s.at, len(state.posted) == 0 && !s.at.After(state.before)
}

// step is a step in the life of an alert that is told.
type postStep struct {
	id    string
	at    time.Time
	event webhook.Event
}

// steps are those that an alert has taken. One that ended before it fired took none.
func (p *poster) steps(l rules.Live, now time.Time) []postStep {
	if now.Before(l.Fires) || !l.Ended.IsZero() && l.Ended.Before(l.Fires) {
		return nil
	}
	out := []postStep{{l.Incident + " fires", l.Fires, p.event(l, "error", l.Fires, l.Annotations["description"])}}
	if !l.Ended.IsZero() {
		text := fmt.Sprintf("%s %s/%s works again, after %s", l.Labels["kind"], l.Labels["exported_namespace"], l.Labels["name"],
			l.Ended.Sub(l.Since).Round(time.Second))
		out = append(out, postStep{l.Incident + " ends", l.Ended, p.event(l, "info", l.Ended, text)})
	}
	return out
}

// event is a step as notification-controller takes it.
func (p *poster) event(l rules.Live, severity string, at time.Time, text string) webhook.Event {
	kind := l.Labels["kind"]
	group := parse.GroupOf(kind)
	o := webhook.Object{Kind: kind, Namespace: l.Labels["exported_namespace"], Name: l.Labels["name"]}
	meta := map[string]string{"event.toolkit.fluxcd.io/incident": l.Incident}
	if group != "" {
		o.APIVersion = group + "/v1"
	}
	if revision := l.Annotations["revision"]; group != "" && revision != "" {
		meta[group+"/revision"] = revision
	}
	if cluster := l.Labels["cluster"]; cluster != "" {
		meta["event.toolkit.fluxcd.io/cluster"] = cluster
	}
	return webhook.Event{
		Object: o, Severity: severity, Time: at, Message: text, Reason: l.Annotations["reason"], Metadata: meta,
		Controller: "fluxtrail", Instance: p.instance,
	}
}

// post sends one event.
func (p *poster) post(ctx context.Context, e webhook.Event, now time.Time) bool {
	err := p.sink.Send(ctx, []webhook.Event{e})
	p.tried(err)
	switch {
	case err != nil && !p.trouble:
		p.log.Warn("cannot post events, trying again", "err", err)
	case err == nil && p.trouble:
		p.log.Info("events are posted again")
	}
	if p.trouble = err != nil; p.trouble {
		p.retryAt = now.Add(annotateAgain)
	}
	return err == nil
}

// newPoster makes the poster, nil without an address.
func (a *assembly) newPoster(list func() *episodes) (*poster, error) {
	if a.Webhook.URL == "" || a.Once {
		return nil, nil
	}
	client, err := a.Webhook.HTTP.Client("webhook")
	if err != nil {
		return nil, err
	}
	return &poster{
		sink: webhook.New(a.Webhook, client), list: list, note: a.status.notePosted, instance: a.Kube.Node, now: a.now,
		log: a.Log.With("sink", "webhook"), tried: a.tried("webhook"),
	}, nil
}
