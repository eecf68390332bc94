package agent

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"fluxtrail/conditions"
	"fluxtrail/conditions/scrape"
	"fluxtrail/derive"
	"fluxtrail/kube"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
)

// scraper asks the controllers on this node for their metrics, and puts what these say of objects
// where the trail lane takes it. It is one goroutine, for which no lane waits.
type scraper struct {
	pods     func() []kube.Pod
	address  func(ctx context.Context, namespace, pod string) (string, error)
	evidence *evidence
	secrets  *redact.Redactor
	every    time.Duration
	most     int // objects that one controller may tell of
	now      func() time.Time
	log      *slog.Logger

	failed map[string]bool   // pods that did not answer last
	said   map[string]string // by pod: what its metrics said to be wrong, without the figures
}

// run scrapes until ctx is done; it always returns nil. With a nil scraper it returns at once.
func (s *scraper) run(ctx context.Context) error {
	for s != nil && ctx.Err() == nil {
		s.round(ctx)
		_ = sinks.Sleep(ctx, s.every) // the loop looks at ctx
	}
	return nil
}

// round asks each controller once. What a controller's metrics do not have may well be there.
func (s *scraper) round(ctx context.Context) {
	all, failed := s.pods(), map[string]bool{}
	for i := range all {
		p := &all[i]
		if p.Controller == "" {
			continue
		}
		at := s.now()
		told, err := s.ask(ctx, p, at)
		if ctx.Err() != nil {
			return
		}
		if failed[p.Name] = err != nil; err != nil && !s.failed[p.Name] {
			s.log.Warn("cannot read the metrics of a controller: its log alone tells of its objects", "pod", p.Name, "err", err)
		} else if err == nil && s.failed[p.Name] {
			s.log.Info("the metrics of a controller can be read again", "pod", p.Name)
		}
		if told == nil {
			continue
		}
		s.evidence.observe(believed(p, told.Observations, at.UnixNano()))
		s.judge(p, told.Health)
	}
	s.failed = failed
}

// believed are those observations that a controller's metrics may tell: of now, and of its own
// kinds, as its log; the Flux Operator has those of all. One of another time would hold up what
// comes after it until then.
func believed(p *kube.Pod, all []derive.Observation, now int64) []derive.Observation {
	everybody := parse.ControllerOf("FluxInstance")
	all = slices.DeleteFunc(all, func(o derive.Observation) bool {
		return o.At != now || p.Controller != everybody && p.Controller != parse.ControllerOf(o.Kind)
	})
	for n := range all {
		all[n].Shard = p.Shard
	}
	return all
}

// judge logs what begins to be wrong with a controller's process by its metrics, and its end.
func (s *scraper) judge(p *kube.Pod, all []conditions.Health) {
	var troubles []string
	for i := range all {
		troubles = append(troubles, all[i].Troubles...)
	}
	text := strings.Join(troubles, "; ")
	kind := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, text)
	switch before := s.said[p.Name]; {
	case kind == before:
		return
	case kind == "":
		s.log.Info("the metrics of a controller say that all is well again", "pod", p.Name)
	default:
		s.log.Warn("the metrics of a controller say that something is wrong", "pod", p.Name, "what", text)
	}
	if s.said == nil {
		s.said = map[string]string{}
	}
	s.said[p.Name] = kind
}

// ask asks a controller, nil for one that cannot be asked yet.
func (s *scraper) ask(ctx context.Context, p *kube.Pod, now time.Time) (*conditions.Evidence, error) {
	address, err := s.address(ctx, p.Namespace, p.Name)
	if err != nil || address == "" {
		return nil, err
	}
	cfg := scrape.Config{
		URL: "http://" + address + "/metrics", Name: "metrics of " + p.App, At: now.UnixNano(),
		Redact: s.secrets.String, Policy: sinks.Policy{Tries: 1}, Most: s.most,
	}
	told, err := cfg.Read(ctx, 0, 0)
	if err == nil && len(told.Inputs) > 0 {
		err = told.Inputs[0].Err
	}
	return told, err
}

// scrapes makes the scraper, nil where nothing is to be scraped.
func (a *assembly) scrapes(client *kube.Client, known *kube.Pods) (*scraper, error) {
	if client == nil || known == nil || a.Once || !a.Scrape.Enabled {
		return nil, nil
	}
	secrets, err := redact.New(a.Secrets)
	if err != nil {
		return nil, err
	}
	if a.evidence == nil {
		a.evidence = &evidence{}
	}
	return &scraper{
		pods: known.All, address: client.MetricsAddress, evidence: a.evidence, secrets: secrets, every: a.Scrape.Every,
		most: cmp.Or(a.Incidents.MaxObjects, derive.MostObjects), now: a.now, log: a.Log,
	}, nil
}
