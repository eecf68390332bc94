// Command fluxtrail follows the trail from a red Flux resource to the log line, revision and root
// cause that explain it.
//
// This package holds the commands only, one file for each: it turns flags into options, calls one
// function of package replay, agent or config, and turns its error into an exit code.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitOK          = 0
	exitRuntime     = 1   // it went wrong, or nothing was read
	exitUsage       = 2   // a flag, path or configuration cannot be used, or a filter leaves nothing
	exitFailOn      = 3   // replay --fail-on: what it names was found, or there is no verdict
	exitInterrupted = 130 // a signal ended it before it was done
)

// streams are the process's standard streams, passed down so that tests can run a command
// in-process.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	code := execute(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
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

// execute runs the command that args name and returns the exit code.
func execute(ctx context.Context, args []string, std streams) int {
	root := newRoot(std)
	err := singleDash(root, args)
	if err == nil {
		root.SetArgs(args)
		err = root.ExecuteContext(ctx)
	}
	var e *exitError
	switch {
	case err == nil:
		return exitOK
	case !errors.As(err, &e) && errors.Is(err, context.Canceled) && ctx.Err() != nil:
		e = &exitError{exitInterrupted, "interrupted"}
	case e == nil:
		e = &exitError{exitRuntime, err.Error()}
	}
	if text := strings.TrimSpace(e.msg); text != "" {
		fmt.Fprintln(std.err, "fluxtrail:", text)
	}
	return e.code
}

const about = `fluxtrail follows the trail from a red Flux resource to the log line, revision and root cause that explain it.

It reads the logs of Flux's controllers: replay tells what happened from log files alone, run is the agent that follows
them on every node.`

// newRoot makes the tree of commands.
func newRoot(std streams) *cobra.Command {
	root := &cobra.Command{
		Use: "fluxtrail", Short: "From a red Flux resource to the line that explains it", Long: about,
		Version: versionOf().Version, SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true,
		Args: cobra.ArbitraryArgs, RunE: needsCommand, PersistentPreRunE: flagGroupsHold,
	}
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	root.SetVersionTemplate("fluxtrail {{.Version}}\n")
	root.AddCommand(newReplay(std), newRun(std), newConfig(std), newVersion(std))
	root.SetHelpCommand(newHelp())
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(groupedUsage)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = cobra.ArbitraryArgs, needsCommand
		}
	}
	return root
}
