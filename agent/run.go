// Package agent is the live program: it follows a node's logs, ships each line, derives what fails, and serves it.
//
// In: a Config with every setting compiled, and where its output goes. Out: entries in Loki, metrics, a status page, an
// API, and the transitions of incidents as JSON lines. Command run calls Run, which blocks until it is told to stop. Two
// lanes (lane.go) read the same files independently: ship sends lines, trail derives. Nothing is acknowledged before it is
// delivered and saved; what is lost or doubled all the same is counted and described in docs/agent.md.
package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"fluxtrail/agent/web"
	"fluxtrail/derive/failure"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

// Options are what Run needs beside the Config.
type Options struct {
	Config Config
	Shown  string    // the configuration as the status page shows it, secrets masked
	Once   bool      // read to the current end, deliver, save, and return; without a server, and by the records' own times
	Out    io.Writer // gets incidents that open, fire and end, one JSON object a line
	Log    io.Writer // gets the agent's own log
	Build  prom.Build
}

// UsageError is an error of the configuration: nothing was begun.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

func (e *UsageError) Unwrap() error { return e.Err }

// Run is the agent, from top to bottom: log, state directory, lanes, registry, server, and the group that runs them. It
// returns when ctx is done, or with Once at the end of the files. A UsageError says that the configuration cannot be used.
func Run(ctx context.Context, opt Options) error {
	cfg := opt.Config
	log, err := newLog(cfg.Log, cfg.Redact.Patterns, opt.Log)
	if err != nil {
		return &UsageError{err}
	}
	keepSmall(log)
	fitOpenFiles(&cfg.Tail.FollowConfig, tail.OpenLimit(), log)

	dir, release, err := ownState(cfg.Agent.StateDir, log)
	if err != nil {
		return err
	}
	defer release()

	known, err := knownPods(cfg.Kube, dir, log)
	if err != nil {
		return &UsageError{err}
	}
	a := &assembly{
		cfg: cfg, shown: opt.Shown, build: opt.Build, once: opt.Once, dir: dir, log: log, out: opt.Out, status: &status{now: time.Now},
		now: time.Now, pods: lookup(known),
	}
	lanes, slots, err := a.lanes()
	if err != nil {
		return &UsageError{err}
	}
	sites, err := a.sites(a.registry(slots))
	if err != nil {
		return err
	}

	hard, cancel := grace(ctx, cfg.Agent.ShutdownGrace)
	defer cancel()
	group, soft := errgroup.WithContext(ctx)
	serving, stopServing := context.WithCancel(soft)
	group.Go(func() error {
		defer stopServing()
		waitForPods(soft, known)
		return runLanes(soft, hard, lanes)
	})
	group.Go(func() error { return known.Run(serving) })
	for _, s := range sites {
		group.Go(func() error { return s.Serve(serving, log) })
	}
	return group.Wait()
}

// runLanes returns when all lanes have. The first that fails ends the others.
func runLanes(ctx, hard context.Context, lanes []*lane) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, l := range lanes {
		group.Go(func() error { return l.run(ctx, hard) })
	}
	return group.Wait()
}

// meanwhile calls f, and look every so often until f returns. They run at the same time: what one of them touches the other must not.
func meanwhile(every time.Duration, look func(), f func() error) error {
	var group errgroup.Group
	done := make(chan struct{})
	group.Go(func() error {
		defer close(done)
		return f()
	})
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return group.Wait()
		case <-tick.C:
			look()
		}
	}
}

// newLog is the agent's own log. Whatever it says, secrets are taken out.
func newLog(cfg Log, patterns []redact.Pattern, w io.Writer) (*slog.Logger, error) {
	secrets, err := redact.New(patterns)
	if err != nil {
		return nil, err
	}
	var opt slog.HandlerOptions
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Level)); err != nil {
		return nil, fmt.Errorf("log.level: %w", err)
	}
	opt.Level = level
	w = &cleanWriter{w, secrets}
	if cfg.Format == "text" {
		return slog.New(slog.NewTextHandler(w, &opt)), nil
	}
	return slog.New(slog.NewJSONHandler(w, &opt)), nil
}

// cleanWriter takes secrets out of what is written. A handler of slog writes whole lines, one at a time, so it needs no lock of its own.
type cleanWriter struct {
	w       io.Writer
	secrets *redact.Redactor
}

func (c *cleanWriter) Write(line []byte) (int, error) {
	clean, _ := c.secrets.Bytes(nil, line)
	if _, err := c.w.Write(clean); err != nil {
		return 0, err
	}
	return len(line), nil
}

// keepSmall sets the garbage collector to spend time rather than memory: the agent runs on every node, mostly without any Flux pod to read. In a
// container with a memory limit it spends even more before it comes near to that. The program's own pages, 17 MB, count there too.
func keepSmall(log *slog.Logger) {
	debug.SetGCPercent(50)
	if _, err := memlimit.Set(memlimit.WithRatio(0.7)); err != nil {
		log.Warn("cannot find out how much memory the agent may use; the limit of its container, if any, is not heeded", "err", err)
	}
}

// ownState makes the process the only owner of the state directory. A directory that cannot be written to is no reason to stop: the lanes
// then keep their state in memory, and say so; "" stands for that.
func ownState(dir string, log *slog.Logger) (string, func(), error) {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		lock, lockErr := checkpoint.Lock(dir)
		if lockErr == nil {
			return dir, func() { _ = lock.Close() }, nil // the end of the process would do as well
		}
		err = lockErr
	}
	var broken *fs.PathError
	if !errors.As(err, &broken) {
		return "", nil, err
	}
	log.Error("cannot use the state directory, going on in memory: a restart reads everything again", "err", err)
	return "", func() {}, nil
}

// grace is a context that is done some time after ctx is.
func grace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	hard, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		pause(hard, d)
		cancel(errors.New("the time to stop in is over"))
	})
	return hard, func() { stop(); cancel(nil) }
}

// assembly is what the parts of the process are made from.
type assembly struct {
	cfg    Config
	shown  string // see Options
	build  prom.Build
	once   bool
	dir    string
	log    *slog.Logger
	out    io.Writer
	status *status
	now    func() time.Time
	pods   podLookup
}

// lanes makes the lanes that are to run, and where each publishes its metrics.
func (a *assembly) lanes() ([]*lane, []*prom.Slot, error) {
	trail, trailSlot, err := a.trail()
	if err != nil {
		return nil, nil, err
	}
	a.status.names = []string{trail.name}
	if !a.cfg.Loki.Enabled {
		return []*lane{trail}, []*prom.Slot{trailSlot}, nil
	}
	ship, shipSlot, err := a.ship()
	if err != nil {
		return nil, nil, err
	}
	a.status.names = []string{ship.name, trail.name}
	return []*lane{ship, trail}, []*prom.Slot{shipSlot, trailSlot}, nil
}

func (a *assembly) lane(name string) (*lane, error) {
	secrets, err := redact.New(a.cfg.Redact.Patterns)
	if err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	cfg := laneConfig{tail: a.cfg.Tail.FollowConfig, poll: a.cfg.Tail.Poll, every: a.cfg.Agent.CheckpointEvery, path: statePath(a.dir, name), once: a.once}
	cfg.tail.Select = a.follows
	return &lane{name: name, cfg: cfg, secrets: secrets, log: a.log.With("lane", name), status: a.status, now: a.now, pods: a.pods}, nil
}

// fitOpenFiles lowers the numbers of open files to what the process may have, with a part left over for connections and the program itself. A limit
// of 0 is none that is known.
func fitOpenFiles(cfg *tail.FollowConfig, limit int, log *slog.Logger) {
	const lanes, others = 2, 64
	want, may := cfg.MaxOpen+cfg.HoldFiles, max(8, (limit-others)/lanes)
	if limit == 0 || want <= may {
		return
	}
	log.Warn("the process may not have as many open files as the configuration allows, using fewer", "limit", limit, "tail.max_open", cfg.MaxOpen,
		"tail.hold_files", cfg.HoldFiles)
	cfg.MaxOpen = max(8, cfg.MaxOpen*may/want)
	cfg.HoldFiles = max(0, may-cfg.MaxOpen)
}

// follows reports whether a log is one of Flux: by its pod's metadata or name. A log that is no pod's was named by somebody.
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

func (a *assembly) trail() (*lane, *prom.Slot, error) {
	l, err := a.lane("trail")
	if err != nil {
		return nil, nil, err
	}
	rules := a.cfg.Incidents
	// A line is redacted when it is read; its error text is once more, because what JSON hides in it stands in plain words there.
	rules.Redact, rules.KeepRuns, rules.KeepText, rules.NoTransitions = l.secrets.String, true, true, true
	t := newTrail(rules, a.cfg.Metrics)
	t.slot, t.status, t.out, t.log, t.once = &prom.Slot{}, a.status, a.out, l.log, a.once
	t.slack = a.cfg.Tail.Poll + 2*time.Second
	l.job = t
	return l, t.slot, nil
}

func (a *assembly) ship() (*lane, *prom.Slot, error) {
	l, err := a.lane("ship")
	if err != nil {
		return nil, nil, err
	}
	client, err := a.cfg.Loki.HTTP.Client("loki")
	if err != nil {
		return nil, nil, err
	}
	sink, err := loki.New(a.cfg.Loki.Config, client, l.log, l.counters())
	if err != nil {
		return nil, nil, fmt.Errorf("loki: %w", err)
	}
	s := &ship{
		cfg: shipConfig{
			labels: slices.Concat([]loki.Label{{Name: "cluster", Value: a.cfg.Agent.Cluster}}, a.cfg.Agent.Labels), node: a.cfg.Kube.Node,
			namespace: "flux-system", maxBytes: a.cfg.Loki.BatchBytes, maxLines: a.cfg.Loki.BatchEntries,
		},
		sink: sink, texts: failure.NewCache(l.secrets.String), pods: a.pods, slot: &prom.Slot{}, log: l.log, now: a.now,
		restored: map[string]streamsSaved{},
	}
	s.knows = func(log string) bool { return l.follow.Knows(log) }
	if _, err := loki.Labels(s.labels("", "unknown", tail.Stderr)); err != nil {
		return nil, nil, fmt.Errorf("agent.labels: %w", err)
	}
	l.job, l.cfg.waits = s, true
	if !a.once {
		l.cfg.wait = a.cfg.Loki.Wait
	}
	return l, s.slot, nil
}

// counters count what becomes of entries. The sink calls them while the job delivers.
func (l *lane) counters() loki.Counters {
	count := func(f func(*prom.Agent)) {
		l.counts.Lock()
		defer l.counts.Unlock()
		f(&l.agent)
	}
	return loki.Counters{
		Sent: func(entries, bytes int) {
			count(func(a *prom.Agent) { a.SentLines, a.SentBytes = a.SentLines+int64(entries), a.SentBytes+int64(bytes) })
			l.status.blocked.Store(nil)
		},
		Dropped: func(reason string, entries, bytes int) {
			count(func(a *prom.Agent) {
				a.DroppedLines[reason] += int64(entries)
				a.DroppedBytes[reason] += int64(bytes)
			})
			l.status.blocked.Store(nil)
		},
		Late: func(entries int) { count(func(a *prom.Agent) { a.LateLines += int64(entries) }) },
		Cut: func(bytes int) {
			count(func(a *prom.Agent) {
				a.CutLines++
				a.DroppedBytes["cut"] += int64(bytes)
			})
		},
		Retried: func(class sinks.Class) {
			count(func(a *prom.Agent) { a.Retries[string(class)]++ })
			l.status.blocked.CompareAndSwap(nil, &blocked{l.now(), string(class)})
		},
	}
}

// registry has the lanes' metrics and those of the process. Nothing else gets in: no default registry is used.
func (a *assembly) registry(slots []*prom.Slot) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(prom.NewCollector(a.cfg.Metrics, a.build, a.now, slots...),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// sites opens the addresses that are served on, before anything else begins: one that is taken is told at once.
func (a *assembly) sites(registry *prometheus.Registry) ([]*web.Site, error) {
	if a.once {
		return nil, nil
	}
	rules := a.cfg.Incidents
	rules.Redact = nil
	a.status.rules = rules
	pages := web.Handler(a.status, web.Options{
		Version: a.build.Version, Config: a.shown, Metrics: registry, Now: a.now, Log: a.log,
	})
	site, err := web.Listen(a.cfg.Server.Listen, a.cfg.Server.WebConfig, pages)
	if err != nil || a.cfg.Server.Pprof == "" {
		return []*web.Site{site}, err
	}
	profiler, err := web.ListenProfiler(a.cfg.Server.Pprof)
	return []*web.Site{site, profiler}, err
}
