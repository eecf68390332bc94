// Command house measures the layout of the code: it prints the package graph with its floors, the
// size of each package, the longest functions and files, and what breaks a rule. Its test holds the
// rules. Run it at the top of a checkout: `make house`.
package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

func main() {
	h, err := load(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
	h.print(os.Stdout)
}

// print writes the report. Packages come lowest floor first.
func (h *house) print(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FLOOR\tDEPTH\tPACKAGE\tFILES\tLINES\tTEST\tIMPORTS")
	pkgs := slices.Clone(h.packages)
	slices.SortStableFunc(pkgs, func(a, b *pkg) int { return cmp.Compare(a.floor(), b.floor()) })
	for _, p := range pkgs {
		fmt.Fprintf(t, "%d\t%d\t%s\t%d\t%d\t%d\t%s\n", p.floor(), h.depth(p), p.dir, len(p.files), p.lines(),
			p.testLines, strings.Join(p.imports, " "))
	}
	_ = t.Flush() // what cannot be written to w cannot be told on it either
	longest(w, "longest functions", h.functions())
	longest(w, "longest files", h.fileLengths())
	for _, r := range h.rules() {
		fmt.Fprintf(w, "\nbreaks of the rule %s: %d\n", r.name, len(r.breaks))
		for _, b := range r.breaks {
			fmt.Fprintln(w, "  "+b)
		}
	}
}

// measured is a thing of the code with its length in lines.
type measured struct {
	name  string
	lines int
}

const listed = 10

func longest(w io.Writer, title string, all []measured) {
	slices.SortStableFunc(all, func(a, b measured) int { return cmp.Compare(b.lines, a.lines) })
	fmt.Fprintf(w, "\n%s\n", title)
	for _, m := range all[:min(listed, len(all))] {
		fmt.Fprintf(w, "%6d  %s\n", m.lines, m.name)
	}
}
