package alerts

import (
	"fluxtrail/derive"
	"fluxtrail/parse"
	"fluxtrail/sinks/prom"
)

// target is the agent as a scrape sees it: what it would export at each moment, and what an
// exporter would that tells of conditions.
type target struct {
	store  *store
	step   int64 // milliseconds between scrapes
	begun  int64 // first scrape, in nanoseconds
	want   func(string) bool
	counts *prom.State
	walk   *prom.Walk
	lines  int64
	groups map[derive.Ref][]*series
	facts  *facts
	had    map[string]bool // metrics that there were samples of
}

// everything is more than the engine knows at once, so that no object shares the overflow series.
const everything = 1 << 20

func newTarget(opt *Options, want func(string) bool) *target {
	t := &target{
		store: newStore(), step: opt.Scrape.Milliseconds(), want: want, groups: map[derive.Ref][]*series{}, had: map[string]bool{},
		facts:  newFacts(want, opt),
		counts: prom.New(prom.Config{Objects: everything, Durations: everything, Series: everything}),
	}
	t.forget()
	return t
}

// forget makes the next scrape tell of everything again.
func (t *target) forget() {
	t.walk = prom.NewWalk(prom.Config{Series: everything}, prom.Build{Version: "replay"}, t.want)
	t.facts.forget()
}

// line takes a record for what no engine counts.
func (t *target) line(r *parse.Record) {
	t.lines++
	if reason := r.Bad.String(); reason != "" {
		t.counts.Unparsed(r.Time, reason, 1)
	}
}

// take counts what the engine has to hand over.
func (t *target) take(e *derive.Engine) {
	t.counts.Add(e.TakeAttempts())
	t.counts.Lines(e.TakeCounts())
	t.counts.Incidents(e.TakeAnnouncements())
}

// scrape samples everything at a time in nanoseconds.
func (t *target) scrape(e *derive.Engine, at int64) {
	if t.begun == 0 {
		t.begun = at
	}
	t.take(e)
	t.counts.Observe(e.View())
	ms := at / 1e6
	lane := prom.Agent{Lane: "trail", Since: t.begun, SentLines: t.lines, SavedAt: at}
	t.walk.Step(t.counts, lane, at, func(of derive.Ref, all []prom.Series) { t.sample(of, all, ms) })
	t.facts.step(func(of derive.Ref, all []prom.Series) { t.sample(of, all, ms) })
	t.up(ms, 1)
}

// up is what Prometheus itself says of a scrape.
func (t *target) up(ms int64, v float64) {
	t.sample(derive.Ref{Kind: "up"}, []prom.Series{{
		Name: "up", Names: []string{"instance", "job"}, Values: []string{"replay", "fluxtrail"}, Value: v,
	}}, ms)
	t.store.until = ms
}

// sample takes the series of one object. What it had and has no more ends.
func (t *target) sample(of derive.Ref, all []prom.Series, ms int64) {
	was := t.groups[of]
	now := make([]*series, 0, len(all))
	for i := range all {
		if x := &all[i]; t.want(x.Name) {
			s := t.store.find(x.Name, x.Names, x.Values)
			s.set(ms, x.Value, t.step)
			s.seen = ms
			if len(s.runs) == 1 {
				t.had[x.Name] = true
			}
			now = append(now, s)
		}
	}
	for _, s := range was {
		if s.seen != ms {
			s.end(ms, t.step)
		}
	}
	if len(now) == 0 {
		delete(t.groups, of)
		return
	}
	t.groups[of] = now
}

// down is a scrape that fails: all series end, but for what Prometheus says itself.
func (t *target) down(at int64) {
	ms := at / 1e6
	for of, group := range t.groups {
		if of.Kind == "up" {
			continue
		}
		for _, s := range group {
			s.end(ms, t.step)
		}
		delete(t.groups, of)
	}
	t.up(ms, 0)
	t.forget()
}
