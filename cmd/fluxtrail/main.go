// Command fluxtrail follows the trail from a red Flux resource to the log line, revision and root cause that explain it.
//
// This package is wiring only: it is the one place that starts goroutines, reads flags and picks writers. One file for each subcommand;
// stream.go and merge.go turn many logs into one sequence of records, which the subcommands feed to package derive.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// Exit codes.
const (
	exitOK      = 0
	exitRuntime = 1 // something went wrong while running
	exitUsage   = 2 // a flag, path or configuration cannot be used
	exitFailOn  = 3 // replay --fail-on: what it names was found
)

// streams are the process's standard streams, passed down so that tests can run a command in-process.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is a subcommand: its exit code comes from the error it returns.
type command struct {
	name, does string
	run        func(ctx context.Context, args []string, io streams) error
}

var commands = []command{
	{"replay", "what happened, from log files alone: incidents, causes, durations, silence", runReplay},
	{"run", "the agent: follow the logs of this node, ship them to Loki, serve metrics and incidents", runRun},
	{"config", "check or print the configuration of the agent, or an example of it", runConfig},
	{"version", "print the version", runVersion},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	code := dispatch(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// exitError carries an exit code; an empty message means that everything was said already.
type exitError struct {
	code int
	msg  string
}

func (e *exitError) Error() string { return e.msg }

func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Sprintf(format, args...)}
}

// dispatch runs the subcommand that args name and returns the exit code.
func dispatch(ctx context.Context, args []string, io streams) int {
	if len(args) == 0 {
		usage(io.err)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "--help", "-help":
		usage(io.out)
		return exitOK
	}
	for _, c := range commands {
		if c.name == args[0] {
			return exitCode(c.run(ctx, args[1:], io), io.err)
		}
	}
	fmt.Fprintf(io.err, "fluxtrail: there is no command %q; run fluxtrail help\n", args[0])
	return exitUsage
}

func exitCode(err error, w io.Writer) int {
	if err == nil {
		return exitOK
	}
	if err.Error() != "" {
		fmt.Fprintln(w, "fluxtrail:", err)
	}
	var e *exitError
	if errors.As(err, &e) {
		return e.code
	}
	return exitRuntime
}

func usage(w io.Writer) {
	fmt.Fprint(w, "fluxtrail follows the trail from a red Flux resource to the log line, revision and root cause that explain it.\n\nUsage: fluxtrail COMMAND [flags] [arguments]\n\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-9s %s\n", c.name, c.does)
	}
	fmt.Fprint(w, "\nfluxtrail COMMAND -h tells the flags of a command.\n")
}

// version is set by the linker for releases; builds from a module or a checkout know theirs anyway.
var version = ""

func runVersion(_ context.Context, _ []string, io streams) error {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok && v == "" {
		v = info.Main.Version
	}
	_, err := fmt.Fprintln(io.out, "fluxtrail", v)
	return err
}
