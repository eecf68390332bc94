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
	"io/fs"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/cmd/monitoring"
	"fluxtrail/cmd/setup"

	"github.com/spf13/cobra"

	"fluxtrail/tail/access"
)

func main() {
	runtime.MemProfileRate = 0 // where nobody can ask for a profile it only takes memory
	log.SetOutput(io.Discard)  // net/http would print what a server sends unasked
	access.Raise()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills
	code := execute(ctx, os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
	stop()
	os.Exit(code)
}

// execute runs the command that args name and returns the exit code.
func execute(ctx context.Context, args []string, std cli.Streams) int {
	out := cli.NewOutput(ctx, std.Out)
	std.Out = out
	root := newRoot(std)
	err := cli.SingleDash(root, args)
	if err == nil {
		root.SetArgs(args)
		err = root.ExecuteContext(ctx)
	}
	var e *cli.Exit
	if lost := out.Lost(); lost != nil && !errors.Is(err, lost) {
		if errors.As(err, &e) { // what it found was not told
			err, e = nil, nil
		}
		err = errors.Join(err, lost)
	}
	switch {
	case err == nil:
		return cli.OK
	case !errors.As(err, &e) && errors.Is(err, context.Canceled) && ctx.Err() != nil:
		e = &cli.Exit{Code: cli.Interrupted, Msg: "interrupted"}
	case e == nil:
		e = &cli.Exit{Code: cli.Failed, Msg: err.Error()}
	}
	if text := strings.TrimSpace(e.Msg); text != "" {
		fmt.Fprintln(std.Err, "fluxtrail:", message(text, err, args))
	}
	return e.Code
}

// message is the text of an error as it is shown: names of files stand in one line, whether they
// are of the command line or were found below a directory.
func message(text string, err error, args []string) string {
	names := pathsOf(err)
	for _, arg := range args {
		_, value, _ := strings.Cut(arg, "=")
		names = append(names, arg, value)
	}
	for _, name := range names {
		if strings.TrimSpace(name) != "" {
			text = strings.ReplaceAll(text, name, api.OneLine(name))
		}
	}
	return api.Shown(text)
}

// pathsOf are the paths that an error is about.
func pathsOf(err error) []string {
	switch e := err.(type) {
	case *fs.PathError:
		return []string{e.Path}
	case interface{ Unwrap() error }:
		return pathsOf(e.Unwrap())
	case interface{ Unwrap() []error }:
		var all []string
		for _, part := range e.Unwrap() {
			all = append(all, pathsOf(part)...)
		}
		return all
	}
	return nil
}

const about = `fluxtrail follows the trail from a red Flux resource to the log line, revision and root cause that explain it.

It reads the logs of Flux's controllers: replay tells what happened from log files alone, run is the agent that follows
them on every node.`

// newRoot makes the tree of commands.
func newRoot(std cli.Streams) *cobra.Command {
	root := &cobra.Command{
		Use: "fluxtrail", Short: "From a red Flux resource to the line that explains it", Long: about,
		Version: versionOf().Version, SilenceErrors: true, SilenceUsage: true, DisableAutoGenTag: true,
		Args: cobra.ArbitraryArgs, RunE: cli.NeedsCommand, PersistentPreRunE: cli.FlagGroupsHold,
	}
	root.SetIn(std.In)
	root.SetOut(std.Out)
	root.SetErr(std.Err)
	root.SetVersionTemplate("fluxtrail {{.Version}}\n")
	root.AddCommand(newReplay(std), newExplain(std), monitoring.NewRules(std), monitoring.NewDoctor(std), newRun(std), newConfig(std), newVersion(std))
	root.AddCommand(setup.Commands(std)...)
	root.SetHelpCommand(cli.NewHelp())
	root.SetFlagErrorFunc(cli.FlagError)
	root.SetUsageFunc(cli.GroupedUsage)
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = cobra.ArbitraryArgs, cli.NeedsCommand
		}
	}
	cli.RefuseArgs(root)
	return root
}
