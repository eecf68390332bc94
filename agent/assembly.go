package agent

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"fluxtrail/agent/resident"
	"fluxtrail/agent/web"
	"fluxtrail/derive/failure"
	"fluxtrail/kube"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

// assembly makes the parts of the process from the options.
type assembly struct {
	Options
	dir        *checkpoint.Dir // the state directory, nil for none
	pods       podLookup
	fluxPods   func() int // how many pods of Flux are on this node
	now        func() time.Time
	status     *status
	slots      []*prom.Slot      // where the lanes publish their metrics
	sinkFailed func(sink string) // counts what a sink of alerts did not take; set with the trail lane
	events     *outbox           // what is printed beside the lane, nil where the lane prints
	unprinted  *unprinted        // what of it could not be; set with the trail lane
	candidate  *kube.Lease       // nil where there is nothing to lead
	readNotes  *kube.Notes       // nil where nothing is shared
	notes      notes             // the same
	evidence   *evidence         // what is observed of objects beside their logs, nil for nothing
}

// parts are what the process consists of.
type parts struct {
	known   *kube.Pods  // nil where no API server is asked
	lease   *kube.Lease // nil where there is nothing to lead
	notes   *kube.Notes // nil where nothing is shared
	sharer  *sharer     // likewise
	scrapes *scraper    // nil where nothing is scraped
	watch   *watcher    // nil where nothing is observed beside the logs
	lanes   []*lane
	tellers []func(context.Context) error // they tell of incidents
	sites   []*web.Site
	events  *outbox          // nil where the lane prints
	refused func(int, error) // takes that events could not be printed
	running func() []string
	program *resident.Program
}

// assemble makes everything that the process consists of, and starts none of it. A UsageError says
// that the configuration cannot be used.
func assemble(opt Options, dir *checkpoint.Dir, mem *memory) (*parts, error) {
	client, err := connect(opt.Kube, opt.Log)
	if err != nil {
		return nil, &UsageError{err}
	}
	p := &parts{}
	if p.known, err = knownPods(client, opt.Kube, dir, opt.Log); err != nil {
		return nil, &UsageError{err}
	}
	a := newAssembly(opt, dir, lookup(p.known), time.Now)
	a.fluxPods = p.known.Here
	p.events, p.running = a.events, a.status.running
	a.status.memory, p.program = mem, &a.status.program
	secrets, err := redact.New(opt.Secrets)
	if err != nil {
		return nil, &UsageError{fmt.Errorf("redact: %w", err)}
	}
	a.status.sinks.redact = secrets.String
	if p.watch, err = a.watch(client); err != nil {
		return nil, &UsageError{err}
	}
	if p.scrapes, err = a.scrapes(client, p.known); err != nil {
		return nil, &UsageError{err}
	}
	if err = a.connectLeader(client); err != nil {
		return nil, &UsageError{err}
	}
	p.lease, p.notes, p.sharer = a.candidate, a.readNotes, a.newSharer()
	if p.lanes, err = a.lanes(); err != nil {
		return nil, &UsageError{err}
	}
	if p.tellers, err = a.tellers(); err != nil {
		return nil, &UsageError{err}
	}
	p.refused = a.unprinted.add
	p.sites, err = a.sites(a.registry())
	return p, err
}

func newAssembly(opt Options, dir *checkpoint.Dir, pods podLookup, now func() time.Time) *assembly {
	rules := opt.Incidents
	rules.Redact = nil // what is saved was redacted
	a := &assembly{Options: opt, dir: dir, pods: pods, fluxPods: func() int { return 0 }, now: now}
	if !opt.Once { // else the end waits for whoever reads
		a.events = newOutbox(now)
	}
	a.status = &status{now: now, rules: rules, poll: opt.Poll, events: a.events}
	return a
}

// watch makes what observes objects beside their logs, nil where nothing does.
func (a *assembly) watch(client *kube.Client) (*watcher, error) {
	if client == nil || a.Once || !a.Conditions.Enabled {
		return nil, nil
	}
	secrets, err := redact.New(a.Secrets)
	if err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	a.evidence = &evidence{}
	return &watcher{client: client, evidence: a.evidence, secrets: secrets, log: a.Log, now: a.now}, nil
}

// lanes makes the lanes that are to run.
func (a *assembly) lanes() ([]*lane, error) {
	var lanes []*lane
	if a.Ship {
		l, err := a.ship()
		if err != nil {
			return nil, err
		}
		lanes = append(lanes, l)
	}
	if !a.ShipOnly {
		l, err := a.trail()
		if err != nil {
			return nil, err
		}
		lanes = append(lanes, l)
	}
	for _, l := range lanes {
		a.status.names = append(a.status.names, l.name)
	}
	return lanes, nil
}

// lane makes a lane without a job.
func (a *assembly) lane(name string) (*lane, error) {
	secrets, err := redact.New(a.Secrets)
	if err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	cfg := laneConfig{tail: a.Follow, poll: a.Poll, every: a.CheckpointEvery, file: a.dir.File(name + ".json"), once: a.Once}
	cfg.tail.Select = a.follows
	// Eighths: each lane's lines that are read ahead, and its beginnings of lines; ship's copies of
	// the lines before a batch, and two for what Loki does not take.
	share := a.InFlight / 8
	cfg.ahead, cfg.unsent, cfg.largest = share, 2*share, a.status.memory.largestState()
	cfg.tail.MaxPartial = max(min(cfg.tail.MaxPartial, share), cfg.tail.MaxLine)
	return &lane{
		name: name, cfg: cfg, secrets: secrets, log: a.Log.With("lane", name), status: a.status, now: a.now, pods: a.pods,
		fluxPods: a.fluxPods,
	}, nil
}

// follows reports whether a log is one of Flux: by its pod's metadata or name. A log that is no
// pod's was named by somebody.
func (a *assembly) follows(src tail.Source) bool {
	if src.Pod == "" || parse.ControllerOfPod(src.Pod) != "" {
		return true
	}
	if a.pods == nil {
		return false
	}
	_, ok := a.pods(src.Namespace, src.Pod)
	return ok
}

// trail makes the lane that derives.
func (a *assembly) trail() (*lane, error) {
	l, err := a.lane("trail")
	if err != nil {
		return nil, err
	}
	l.cfg.raw = true // of most lines nothing is kept
	rules := a.Incidents
	rules.Redact = l.secrets.String
	rules.KeepAttempts, rules.Announce, rules.KeepText, rules.NoTransitions = true, true, true, true
	t := newTrail(rules, a.Metrics)
	t.slot, t.status, t.out, t.log, t.once = a.slot(), a.status, a.Out, l.log, a.Once
	if a.events != nil {
		t.out, t.waiting = a.events, a.events
	}
	if a.notes != nil {
		t.moves = &takeover{node: a.Kube.Node, peers: a.status.peers.Load, now: a.now}
		t.moves.there = func(log string) bool { return l.input.follow.There(log) }
	}
	if a.tells() || a.notes != nil {
		t.alerting = &a.Alerts
	}
	a.sinkFailed = func(sink string) { l.counts.add(func(now *prom.Agent) { now.Retries[sink]++ }) }
	a.unprinted = &unprinted{count: func(n int64) { l.counts.dropped("unprinted", n, 0) }, log: l.log, now: a.now}
	t.refused = a.unprinted.add
	t.slack = a.Poll + 2*time.Second
	t.evidence = a.evidence
	t.trust = newTrust(a.Kube.Namespaces, a.pods, l.log)
	l.job = t
	return l, nil
}

// ship makes the lane that sends lines to Loki.
func (a *assembly) ship() (*lane, error) {
	l, err := a.lane("ship")
	if err != nil {
		return nil, err
	}
	client, err := a.Loki.HTTP.Client("loki")
	if err != nil {
		return nil, err
	}
	sink, err := loki.New(a.Loki, client, l.log, l.counters())
	if err != nil {
		return nil, fmt.Errorf("loki: %w", err)
	}
	s := &ship{
		cfg: shipConfig{
			labels: a.Labels, node: a.Kube.Node, namespace: fluxNamespace,
			maxBytes: a.Loki.BatchBytes, maxLines: a.Loki.BatchEntries,
		},
		sink: sink, texts: failure.NewCache(l.secrets.String), pods: a.pods, slot: a.slot(), log: l.log, now: a.now,
		resting: map[string]savedStreams{},
	}
	s.marked = func(log string) bool { return l.input.follow.Knows(log) }
	if _, err := loki.Labels(s.labels("", "unknown", tail.Stderr)); err != nil {
		return nil, fmt.Errorf("agent.labels: %w", err)
	}
	l.job, l.cfg.waits = s, true
	if !a.Once {
		l.cfg.wait = a.Loki.Wait
	}
	return l, nil
}

// slot is a new place for a lane to publish its metrics in.
func (a *assembly) slot() *prom.Slot {
	s := &prom.Slot{}
	a.slots = append(a.slots, s)
	return s
}

// unchecked is a collector whose metrics a registry does not hold against their descriptions one by
// one: a third of what a scrape costs. The tests of the collector do.
type unchecked struct{ prometheus.Collector }

// Describe implements prometheus.Collector.
func (unchecked) Describe(chan<- *prometheus.Desc) {}

// registry has the lanes' metrics and those of the process. No default registry is used.
func (a *assembly) registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(unchecked{prom.NewCollector(a.Metrics, a.Build, a.now, a.slots...)},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// sites opens the addresses that are served on, before anything else begins: an address that is
// taken is an error at once.
func (a *assembly) sites(registry *prometheus.Registry) ([]*web.Site, error) {
	if a.Once {
		return nil, nil
	}
	pages := web.Handler(a.status, web.Options{
		Cluster: a.Cluster, Node: a.Kube.Node,
		Version: a.Build.Version, Config: a.Shown, Metrics: registry, Now: a.now, Log: a.Log,
	})
	site, err := web.Listen(a.Listen, a.WebConfig, pages)
	if err != nil || a.Pprof == "" {
		return []*web.Site{site}, err
	}
	profiler, err := web.ListenProfiler(a.Pprof)
	return []*web.Site{site, profiler}, err
}

// tellers are what tells others of alerts until its context is done, as far as there are any.
func (a *assembly) tellers() ([]func(context.Context) error, error) {
	var all []func(context.Context) error
	tell := a.newTelling()
	n, err := a.newNotifier(tell.list)
	if err != nil {
		return nil, fmt.Errorf("alertmanager: %w", err)
	}
	if n != nil {
		all = append(all, n.run)
	}
	m, err := a.newAnnotator(tell.list)
	if err != nil {
		return nil, fmt.Errorf("grafana: %w", err)
	}
	if m != nil {
		all = append(all, m.run)
	}
	p, err := a.newPoster(tell.list)
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	if p != nil {
		all = append(all, p.run)
	}
	return all, nil
}
