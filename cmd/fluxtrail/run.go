package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"golang.org/x/sync/errgroup"

	"fluxtrail/config"
	"fluxtrail/derive/failure"
	"fluxtrail/parse"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

const runUsage = `Usage: fluxtrail run [flags] [PATH...]

Follows the logs of the Flux controllers on this node: ships every line to Loki, finds out what fails and since when, and serves metrics, a
status page and an API. PATH is a pod log tree, a directory, a file or a glob, instead of tail.include of the configuration.

Incidents that open, fire and end are printed on standard output, one JSON object a line; the agent's own log goes to standard error. What can
be set is in config/example.yaml; a variable such as FLUXTRAIL_LOKI__URL wins over the file.

  fluxtrail run --config /etc/fluxtrail/config.yaml
  FLUXTRAIL_LOKI__URL=http://loki:3100 fluxtrail run
  FLUXTRAIL_LOKI__ENABLED=false fluxtrail run --once /var/log/pods

Exit codes: 0 told to stop, or done with --once; 1 it went wrong; 2 a flag or the configuration cannot be used.

Flags:
`

// runRun is the agent, from top to bottom: configuration, registry, lanes, server, and the group that runs them.
func runRun(ctx context.Context, args []string, io streams) error {
	cfg, once, err := runFlags(args, io.out)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil
	case err != nil:
		return usageError("run: %v", err)
	}
	log, err := newLog(cfg.Log, cfg.Redact.Patterns, io.err)
	if err != nil {
		return usageError("run: %v", err)
	}
	keepSmall(log)
	fitOpenFiles(&cfg.Tail.FollowConfig, tail.OpenLimit(), log)

	dir, release, err := ownState(cfg.Agent.StateDir, log)
	if err != nil {
		return err
	}
	defer release()

	known, err := knownPods(ctx, cfg.Kube, log)
	if err != nil {
		return usageError("run: %v", err)
	}
	a := &agent{cfg: cfg, once: once, dir: dir, log: log, out: io.out, board: &board{}, now: time.Now, pods: lookup(known)}
	lanes, slots, err := a.lanes()
	if err != nil {
		return usageError("run: %v", err)
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
		return runLanes(soft, hard, lanes)
	})
	group.Go(func() error { return known.Run(serving) })
	for _, s := range sites {
		group.Go(func() error { return s.serve(serving, log) })
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

// runFlags reads flags, file and environment.
func runFlags(args []string, w io.Writer) (cfg config.Config, once bool, err error) {
	fl := flag.NewFlagSet("run", flag.ContinueOnError)
	fl.SetOutput(io.Discard)
	file := fl.String("config", "", "configuration file (default: the built-in one)")
	fl.BoolVar(&once, "once", false, "read to the current end, deliver, save, and exit; without a server, and with the records' own times as the clock")
	if err := fl.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(w, runUsage)
			fl.SetOutput(w)
			fl.PrintDefaults()
			return cfg, once, err
		}
		return cfg, once, fmt.Errorf("%w; run fluxtrail run -h", err)
	}
	cfg, err = config.Load(*file, os.Environ())
	if err == nil && fl.NArg() > 0 {
		cfg.Tail.Include = fl.Args()
		err = cfg.Tail.Validate()
	}
	return cfg, once, err
}

// newLog is the agent's own log. Whatever it says, secrets are taken out.
func newLog(cfg config.Log, patterns []redact.Pattern, w io.Writer) (*slog.Logger, error) {
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

// agent is what the parts of the process are made from.
type agent struct {
	cfg   config.Config
	once  bool
	dir   string
	log   *slog.Logger
	out   io.Writer
	board *board
	now   func() time.Time
	pods  podLookup
}

// lanes makes the lanes that are to run, and where each publishes its metrics.
func (a *agent) lanes() ([]*lane, []*prom.Slot, error) {
	trail, trailSlot, err := a.trail()
	if err != nil {
		return nil, nil, err
	}
	a.board.names = []string{trail.name}
	if !a.cfg.Loki.Enabled {
		return []*lane{trail}, []*prom.Slot{trailSlot}, nil
	}
	ship, shipSlot, err := a.ship()
	if err != nil {
		return nil, nil, err
	}
	a.board.names = []string{ship.name, trail.name}
	return []*lane{ship, trail}, []*prom.Slot{shipSlot, trailSlot}, nil
}

func (a *agent) lane(name string) (*lane, error) {
	secrets, err := redact.New(a.cfg.Redact.Patterns)
	if err != nil {
		return nil, fmt.Errorf("redact: %w", err)
	}
	cfg := laneConfig{tail: a.cfg.Tail.FollowConfig, poll: a.cfg.Tail.Poll, every: a.cfg.Agent.CheckpointEvery, path: statePath(a.dir, name), once: a.once}
	cfg.tail.Select = a.follows
	return &lane{name: name, cfg: cfg, secrets: secrets, log: a.log.With("lane", name), board: a.board, now: a.now, pods: a.pods}, nil
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
func (a *agent) follows(src tail.Source) bool {
	if src.Pod == "" || parse.ControllerOfPod(src.Pod) != "" {
		return true
	}
	if a.pods == nil {
		return false
	}
	_, ok := a.pods(src.Namespace, src.Pod)
	return ok
}

func (a *agent) trail() (*lane, *prom.Slot, error) {
	l, err := a.lane("trail")
	if err != nil {
		return nil, nil, err
	}
	rules := a.cfg.Incidents
	// A line is redacted when it is read; its error text is once more, because what JSON hides in it stands in plain words there.
	rules.Redact, rules.KeepRuns, rules.KeepText, rules.NoTransitions = l.secrets.String, true, true, true
	t := newTrail(rules, a.cfg.Metrics)
	t.slot, t.board, t.out, t.log, t.once = &prom.Slot{}, a.board, a.out, l.log, a.once
	t.slack = a.cfg.Tail.Poll + 2*time.Second
	l.job = t
	return l, t.slot, nil
}

func (a *agent) ship() (*lane, *prom.Slot, error) {
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
			l.board.block.Store(nil)
		},
		Dropped: func(reason string, entries, bytes int) {
			count(func(a *prom.Agent) {
				a.DroppedLines[reason] += int64(entries)
				a.DroppedBytes[reason] += int64(bytes)
			})
			l.board.block.Store(nil)
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
			l.board.block.CompareAndSwap(nil, &blockage{l.now(), string(class)})
		},
	}
}

// registry has the lanes' metrics and those of the process. Nothing else gets in: no default registry is used.
func (a *agent) registry(slots []*prom.Slot) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(prom.NewCollector(a.cfg.Metrics, buildInfo(), a.now, slots...),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// sites opens the addresses that are served on, before anything else begins: one that is taken is told at once.
func (a *agent) sites(registry *prometheus.Registry) ([]site, error) {
	if a.once {
		return nil, nil
	}
	text, err := a.cfg.YAML()
	if err != nil {
		return nil, fmt.Errorf("show the configuration: %w", err)
	}
	rules := a.cfg.Incidents
	rules.Redact = nil
	s := &server{board: a.board, cfg: rules, now: a.now, config: string(text), log: a.log}
	all := []site{{addr: a.cfg.Server.Listen, web: a.cfg.Server.WebConfig, handler: s.handler(registry)}, {addr: a.cfg.Server.Pprof, handler: profiler()}}
	all = slices.DeleteFunc(all, func(s site) bool { return s.addr == "" })
	for i := range all {
		if all[i].listener, err = net.Listen("tcp", all[i].addr); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// buildInfo is what the program was built from.
func buildInfo() prom.Build {
	b := prom.Build{Version: version}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.GoVersion = info.GoVersion
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Revision = s.Value
		}
	}
	return b
}
