package agent

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"fluxtrail/derive/rules"
	"fluxtrail/sinks"
	"fluxtrail/sinks/webhook"
)

// posted is a sink that notes what it gets.
type posted struct {
	got []string
	err error
}

func (p *posted) Send(_ context.Context, batch []webhook.Event) error {
	for _, e := range batch {
		p.got = append(p.got, e.Severity+" "+e.Object.APIVersion+" "+e.Object.Name)
	}
	return p.err
}

func TestPoster(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	incident := func(name string, since, ended int) rules.Live {
		l := rules.Live{
			Incident: name, Since: at(since), Fires: at(since + 10),
			Labels: map[string]string{"kind": "Kustomization", "exported_namespace": "apps", "name": name}, Annotations: map[string]string{},
		}
		if ended != 0 {
			l.Ended = at(ended)
		}
		return l
	}
	const fires, ends = "error kustomize.toolkit.fluxcd.io/v1 ", "info kustomize.toolkit.fluxcd.io/v1 "
	sink, st, failures := &posted{}, &status{}, 0
	newOne := func() *poster {
		return &poster{sink: sink, list: st.episodes.Load, log: slog.New(slog.DiscardHandler), tried: counting(&failures), note: st.notePosted}
	}
	p, before := newOne(), time.Time{}
	for _, step := range []struct {
		at, state int
		list      []rules.Live
		err       error
		restart   int // the time of the state that the process before saved, in minutes; 0: no restart
		want      []string
	}{
		{at: 9, state: 9, list: []rules.Live{incident("a", 0, 0)}},
		{at: 10, state: 9, list: []rules.Live{incident("a", 0, 0)}, want: []string{fires + "a"}},
		{at: 11, state: 11, list: []rules.Live{incident("a", 0, 0), incident("short", 1, 5)}},
		// Not taken, or not now: tried again.
		{at: 13, state: 13, list: []rules.Live{incident("a", 0, 12)}, err: sinks.Permanent(&sinks.Error{Status: 503}), want: []string{ends + "a"}},
		{at: 14, state: 14, list: []rules.Live{incident("a", 0, 12)}, err: sinks.Permanent(&sinks.Error{Status: 429}), want: []string{ends + "a"}},
		{at: 15, state: 15, list: []rules.Live{incident("a", 0, 12)}, want: []string{ends + "a"}},
		{at: 16, state: 16, list: []rules.Live{incident("a", 0, 12)}},
		// A restart: what the process before saw is told, what happened meanwhile is not.
		{at: 40, state: 40, restart: 32, list: []rules.Live{incident("b", 20, 35), incident("c", 25, 0)}, want: []string{ends + "b", fires + "c"}},
		{at: 41, state: 41, list: []rules.Live{incident("b", 20, 35), incident("c", 25, 0)}},
		// History that is read after a long time wakes nobody.
		{at: 90, state: 60, restart: 41, list: []rules.Live{incident("d", 45, 0)}},
	} {
		if step.restart != 0 {
			p, before = newOne(), at(step.restart)
		}
		sink.err, sink.got = step.err, nil
		st.episodes.Store(&episodes{at: at(step.state), before: before, list: step.list})
		p.round(t.Context(), at(step.at))
		if !slices.Equal(sink.got, step.want) {
			t.Errorf("minute %d: %q, want %q", step.at, sink.got, step.want)
		}
	}
	// An agent that begins to lead posts what the one before it has not posted, by what that one told.
	p, sink.got = newOne(), nil
	st.episodes.Store(&episodes{
		at: at(41), before: at(41), leads: true, list: []rules.Live{incident("b", 20, 35), incident("c", 25, 0)},
		posted: map[string]time.Time{"b fires": at(30)},
	})
	p.round(t.Context(), at(41))
	if want := []string{ends + "b", fires + "c"}; !slices.Equal(sink.got, want) || len(*st.posted.Load()) != 3 {
		t.Errorf("after a takeover: %q, want %q; told others %v", sink.got, want, *st.posted.Load())
	}
	if failures != 2 {
		t.Error(failures)
	}
}

// counting counts the deliveries that failed.
func counting(n *int) func(error) {
	return func(err error) {
		if err != nil {
			*n++
		}
	}
}
