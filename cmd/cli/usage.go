package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fluxtrail/config"
)

// NeedsCommand is what a command does that has others below it: it refuses a word that is none of
// them, with the one that is near, and without a word shows its usage.
func NeedsCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		c.SetOut(c.ErrOrStderr())
		return errors.Join(c.Usage(), &Exit{Code: badUsage})
	}
	hint := ""
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return Usage("there is no command %q%s; run %s -h", c.CommandPath()+" "+args[0], hint, c.CommandPath())
}

// NewHelp makes the command that shows the help of the command that its arguments name.
func NewHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND...]", Short: "Show the help of a command",
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			if at, _, err := c.Root().Find(args); err == nil {
				for _, sub := range at.Commands() {
					names = append(names, sub.Name())
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			at, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return NeedsCommand(at, rest)
			}
			return at.Help()
		},
	}
}

// FlagGroupsHold makes a usage error of flags that exclude each other.
func FlagGroupsHold(c *cobra.Command, _ []string) error {
	err := c.ValidateFlagGroups()
	if err == nil {
		return nil
	}
	text := err.Error()
	if _, set, ok := strings.Cut(text, "none of the others can be; ["); ok {
		set, _, _ = strings.Cut(set, "]")
		text = "--" + strings.Join(strings.Fields(set), " and --") + " exclude each other"
	}
	return Usage("%s: %s; run %s -h", Name(c), text, c.CommandPath())
}

// NoArgs refuses arguments.
func NoArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return Usage("%s: %q is too much: the command takes no arguments; run %s -h", Name(c), args[0], c.CommandPath())
	}
	return nil
}

// RefuseArgs makes usage errors of what cobra says of arguments to the commands below c.
func RefuseArgs(c *cobra.Command) {
	for _, sub := range c.Commands() {
		if check := sub.Args; check != nil {
			sub.Args = func(c *cobra.Command, args []string) error {
				err, e := check(c, args), (*Exit)(nil)
				if err == nil || errors.As(err, &e) {
					return err
				}
				return Usage("%s: %v; run %s -h", Name(c), err, c.CommandPath())
			}
		}
		RefuseArgs(sub)
	}
}

// Needs says that flags of a command, which it has, are of no use without another one. Called again
// for the same flags it adds one that is enough, too.
func Needs(c *cobra.Command, other string, flags ...string) {
	for _, n := range flags {
		f := c.Flags().Lookup(n)
		_ = c.Flags().SetAnnotation(n, needsKey, append(f.Annotations[needsKey], other))
	}
}

const needsKey = "needs"

// Environment sets the flags that the command line does not from variables that begin with prefix.
// The error has what is wrong with these, and which flags of the command line are of no use.
func Environment(c *cobra.Command, prefix string, environ []string) error {
	var given []*pflag.Flag
	c.Flags().Visit(func(f *pflag.Flag) { given = append(given, f) })
	errs := []error{config.FromEnvironment(c.Flags(), prefix, environ)}
	for _, f := range given {
		if others := f.Annotations[needsKey]; len(others) > 0 && !slices.ContainsFunc(others, c.Flags().Changed) {
			errs = append(errs, fmt.Errorf("--%s: needs --%s", f.Name, strings.Join(others, " or --")))
		}
	}
	return errors.Join(errs...)
}

// Name is the command as messages call it: "config check".
func Name(c *cobra.Command) string { return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ") }

// FlagError adds to pflag's error what was probably meant.
func FlagError(c *cobra.Command, err error) error {
	text, hint := err.Error(), ""
	if wrong, ok := strings.CutPrefix(text, "unknown flag: --"); ok {
		if near := meant(wrong, flagNames(c)); near != "" {
			hint = "; did you mean --" + near + "?"
		}
	}
	return Usage("%s: %s%s; run %s -h", Name(c), text, hint, c.CommandPath())
}

// meant is the name that a wrong one is nearly, or that it ends with, as --agent-state-dir does.
func meant(wrong string, names []string) string {
	if near := config.Closest(wrong, names); near != "" {
		return near
	}
	if _, end, _ := strings.Cut(wrong, "-"); slices.Contains(names, end) {
		return end
	}
	return ""
}

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// SingleDash refuses a long flag with one dash: for pflag, -output is -o with the value utput.
func SingleDash(root *cobra.Command, args []string) error {
	c, rest, err := root.Find(args)
	if err != nil {
		c, rest = root, args
	}
	names := flagNames(c)
	for _, arg := range rest {
		if arg == "--" {
			return nil
		}
		word, ok := strings.CutPrefix(arg, "-")
		word, _, _ = strings.Cut(word, "=")
		if ok && len(word) > 1 && slices.Contains(names, word) {
			return Usage("%s: write --%s with two dashes", arg, word)
		}
	}
	return nil
}

// Group puts flags under a heading of the help.
func Group(c *cobra.Command, title string, names ...string) {
	for _, n := range names {
		_ = c.Flags().SetAnnotation(n, groupKey, []string{title}) // TestFlagGroups finds wrong names
	}
}

const groupKey = "group"

const helpWidth = 100

// GroupedUsage is the help behind the description: usage, examples, subcommands, and the flags by
// group.
func GroupedUsage(c *cobra.Command) error {
	w := c.OutOrStderr()
	fmt.Fprintf(w, "Usage:\n  %s\n", c.UseLine())
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s COMMAND\n\nCommands:\n", c.CommandPath())
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(w, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	}
	if c.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", c.Example)
	}
	titles, groups := flagGroups(c)
	for _, title := range titles {
		fmt.Fprintf(w, "\n%s:\n%s", title, groups[title].FlagUsagesWrapped(helpWidth))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\nRun %s COMMAND -h for the flags of a command.\n", c.CommandPath())
	}
	return nil
}

// flagGroups are the visible flags of a command by heading, in the order of the headings.
func flagGroups(c *cobra.Command) (titles []string, groups map[string]*pflag.FlagSet) {
	groups = map[string]*pflag.FlagSet{}
	c.InitDefaultHelpFlag()
	all := c.Flags()
	all.SortFlags = false
	all.VisitAll(func(f *pflag.Flag) {
		title := "Flags"
		if g := f.Annotations[groupKey]; len(g) > 0 {
			title = g[0]
		}
		if f.Hidden {
			return
		}
		if groups[title] == nil {
			groups[title] = pflag.NewFlagSet(title, pflag.ContinueOnError)
			groups[title].SortFlags = false
			titles = append(titles, title)
		}
		groups[title].AddFlag(f)
	})
	return titles, groups
}

// Words completes a flag whose values are known. A list completes its last element.
func Words(c *cobra.Command, flag string, values ...string) {
	complete := func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		out := make([]string, len(values))
		for i, v := range values {
			out[i] = before + v
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	_ = c.RegisterFlagCompletionFunc(flag, complete) // TestCompletedFlags finds wrong names
}
