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
	exitOK      = 0
	exitRuntime = 1 // something went wrong while running
	exitUsage   = 2 // a flag, path or configuration cannot be used
	exitFailOn  = 3 // replay --fail-on: what it names was found
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
	if err == nil {
		return exitOK
	}
	if strings.TrimSpace(err.Error()) != "" {
		fmt.Fprintln(std.err, "fluxtrail:", err)
	}
	var e *exitError
	if errors.As(err, &e) {
		return e.code
	}
	return exitRuntime
}

const about = `fluxtrail follows the trail from a red Flux resource to the log line, revision and root cause that explain it.

It reads the logs of Flux's controllers: replay tells what happened from log files alone, run is the agent that follows
them on every node.`

// newRoot makes the tree of commands.
func newRoot(std streams) *cobra.Command {
	root := &cobra.Command{
		Use: "fluxtrail", Short: "From a red Flux resource to the line that explains it", Long: about,
		Version: versionOf().Version, SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true,
		SuggestionsMinimumDistance: 2,
		Args:                       unknownCommand,
		RunE: func(c *cobra.Command, _ []string) error {
			c.SetOut(std.err)
			return errors.Join(c.Usage(), &exitError{code: exitUsage})
		},
	}
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	root.SetVersionTemplate("fluxtrail {{.Version}}\n")
	root.AddCommand(newReplay(std), newRun(std), newConfig(std), newVersion(std))
	root.SetFlagErrorFunc(flagError)
	root.SetUsageFunc(groupedUsage)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	return root
}
