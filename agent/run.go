// Package agent is the live program: it follows a node's logs, ships each line, derives what fails,
// and serves it.
//
// In: Options, compiled from flags and configuration, which say where its output goes. Out: entries
// in Loki, metrics, a status page, an API, and the incidents' events as JSON lines. Command run
// calls Run, which blocks until it is told to stop. Two lanes (lane.go) read the same files
// independently: ship sends lines, trail derives. Nothing is acknowledged before it is delivered
// and saved; what is lost or doubled all the same is counted and described in docs/agent.md.
package agent

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"fluxtrail/sinks"
	"fluxtrail/tail"
)

// Run is the agent, from top to bottom: state directory, parts, and the group that runs them. It
// returns when ctx is done, or with Once at the end of the files. A UsageError says that the
// configuration cannot be used.
func Run(ctx context.Context, opt Options) error {
	defer outliveReaders()()
	mem := keepSmall(opt.Pprof != "", opt.Log)
	defer mem.release()
	fitOpenFiles(&opt.Follow, tail.OpenLimit(), opt.Log)
	fitObjects(&opt.Incidents, mem.most, opt.Log)
	dir, release, err := ownState(opt.StateDir, opt.Log)
	if err != nil {
		return err
	}
	defer release()
	p, err := assemble(opt, dir, mem)
	if err != nil {
		return err
	}
	hard, cancel := grace(ctx, opt.ShutdownGrace)
	defer cancel()
	if p.events != nil {
		defer p.events.end()
		go p.events.print(opt.Out, p.refused)
	}
	defer refuseReload(opt.Log)()
	group, soft := errgroup.WithContext(ctx)
	serving, stopServing := context.WithCancel(soft)
	group.Go(func() error {
		defer stopServing()
		waitForPods(soft, p.known)
		debug.FreeOSMemory() // what the start left behind
		p.program.Drop()
		return runLanes(soft, hard, p.lanes)
	})
	group.Go(func() error { return p.known.Run(serving) })
	for _, tell := range p.tellers {
		group.Go(func() error { return tell(serving) })
	}
	group.Go(func() error { return p.watch.run(serving) })
	group.Go(func() error { return p.scrapes.run(serving) })
	group.Go(func() error { return p.lease.Run(serving) })
	group.Go(func() error { return p.notes.Run(serving) })
	if p.sharer != nil {
		group.Go(func() error { return p.sharer.run(serving) })
	}
	for _, s := range p.sites {
		group.Go(func() error { return s.Serve(serving, opt.Log) })
	}
	return within(hard, group.Wait, p.running)
}

// refuseReload has SIGHUP do nothing but say so, until stop is called. Without it the signal kills.
func refuseReload(log *slog.Logger) (stop func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	go func() {
		for range hup {
			log.Warn("SIGHUP does nothing: the configuration is read at the start only; restart the agent, nothing is lost by that")
		}
	}()
	return func() { signal.Stop(hup); close(hup) }
}

// outliveReaders has the agent go on when who reads its output or its log is gone, until stop is
// called. Without it the signal kills, and no line would be shipped any more.
func outliveReaders() (stop func()) {
	gone := make(chan os.Signal, 1) // nobody looks at it: what is written fails, and that is counted
	signal.Notify(gone, syscall.SIGPIPE)
	return func() { signal.Stop(gone) }
}

// StuckError says that the agent was told to stop and a part of it did not come to an end in time.
// It still runs: the process has to end.
type StuckError struct{ Lanes []string }

func (e *StuckError) Error() string {
	parts := cmp.Or(strings.Join(e.Lanes, ", "), "what is beside the lanes")
	return "told to stop, but not at an end in time: " + parts +
		"; the process ends, and goes on from the last checkpoint when it is started again"
}

// lastMoment is how long what is cut off by the end of the grace has to return.
const lastMoment = time.Second

// within calls wait, and returns a StuckError if that does not return in time. Nothing that blocks
// outside of the agent's power, such as a disk that does not answer, keeps it from stopping.
func within(hard context.Context, wait func() error, running func() []string) error {
	done := make(chan error, 1)
	go func() { done <- wait() }()
	select {
	case err := <-done:
		return err
	case <-hard.Done():
	}
	select {
	case err := <-done:
		return err
	case <-time.After(lastMoment):
		return &StuckError{running()}
	}
}

// runLanes returns when all lanes have. The first that fails ends the others. ctx ends reading,
// hard ends deliveries that are under way.
func runLanes(ctx, hard context.Context, lanes []*lane) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, l := range lanes {
		group.Go(func() error { return l.run(ctx, hard) })
	}
	return group.Wait()
}

// meanwhile calls f, and look every so often until f returns. They run at the same time: what one
// of them touches the other must not.
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

var errTimeIsOver = errors.New("the time to stop in is over")

// grace is a context that is done some time after ctx is.
func grace(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	hard, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if sinks.Sleep(hard, d) == nil {
			cancel(errTimeIsOver)
		}
	})
	return hard, func() { stop(); cancel(nil) }
}
