package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"fluxtrail/config"
)

// unknownCommand refuses a word that is no command, with the one that is near.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return usageError("there is no command %q%s; run fluxtrail help", args[0], hint)
}

// noArgs refuses arguments.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError("%s: %q is too much: the command takes no arguments; run %s -h", name(c), args[0], c.CommandPath())
	}
	return nil
}

// name is the command as messages call it: "config check".
func name(c *cobra.Command) string { return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ") }

// flagError adds to pflag's error what was probably meant.
func flagError(c *cobra.Command, err error) error {
	text, hint := err.Error(), ""
	if wrong, ok := strings.CutPrefix(text, "unknown flag: --"); ok {
		if near := config.Closest(wrong, flagNames(c)); near != "" {
			hint = "; did you mean --" + near + "?"
		}
	}
	return usageError("%s: %s%s; run %s -h", name(c), text, hint, c.CommandPath())
}

func flagNames(c *cobra.Command) []string {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// singleDash refuses a long flag with one dash: pflag would take -output for -o with the value
// utput.
func singleDash(root *cobra.Command, args []string) error {
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
			return usageError("%s: write --%s with two dashes", arg, word)
		}
	}
	return nil
}

// group puts flags under a heading of the help.
func group(c *cobra.Command, title string, names ...string) {
	for _, n := range names {
		_ = c.Flags().SetAnnotation(n, groupKey, []string{title}) // a name that is not there is caught by TestFlagGroups
	}
}

const groupKey = "group"

const helpWidth = 100

// groupedUsage is the help behind the description: usage, examples, subcommands, and the flags by
// group.
func groupedUsage(c *cobra.Command) error {
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

// flagGroups are the visible flags of a command by heading, in the order in which the headings
// come.
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

// words completes a flag whose values are known. A list completes its last element.
func words(c *cobra.Command, flag string, values ...string) {
	complete := func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		out := make([]string, len(values))
		for i, v := range values {
			out[i] = before + v
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	_ = c.RegisterFlagCompletionFunc(flag, complete) // likewise
}
