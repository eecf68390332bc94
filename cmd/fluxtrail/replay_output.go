package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // for images without the database of time zones

	"golang.org/x/term"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/sinks/report"
)

// allSections is the value of --section that stands for all others.
const allSections = "all"

// colorWords are the values of --color.
func colorWords() []string { return []string{"auto", "always", "never"} }

// look are the flags about how the report looks for people.
type look struct {
	color, timezone              string
	sections                     []string
	all, noPager, verbose, local bool
}

// compile checks them. Without a colour or width of its own the report suits the terminal, if any.
func (l look) compile(bad *cli.Problems, terminal *os.File) report.Look {
	opt := report.Look{Sections: slices.Clone(l.sections)}
	color := bad.Word("color", l.color, colorWords())
	for i, name := range l.sections {
		opt.Sections[i] = bad.Word("section", name, sectionNames())
	}
	if l.verbose || slices.Contains(opt.Sections, allSections) {
		opt.Sections = report.SectionNames()
	}
	if l.all {
		opt.Limit = -1
	}
	var err error
	if opt.Zone, err = time.LoadLocation(l.timezone); err != nil {
		bad.Add("--timezone %s: there is no such zone; use a name such as Europe/Berlin", l.timezone)
		opt.Zone = time.UTC
	}
	if l.local {
		opt.Zone = time.Local
	}
	opt.Color = color == "always"
	if terminal != nil {
		plain := os.Getenv("NO_COLOR") != "" || strings.EqualFold(os.Getenv("TERM"), "dumb")
		opt.Color = opt.Color || color == "auto" && !plain
		opt.Width, _, _ = term.GetSize(int(terminal.Fd()))
	}
	return opt
}

// write writes the report in every form that is asked for. Text is shown even if it is written to a
// file.
func write(opt replayOptions, rep *api.Report, std cli.Streams) error {
	if opt.outDir == "" {
		return show(opt.forms[0], opt, rep, std)
	}
	if err := os.MkdirAll(opt.outDir, 0o755); err != nil {
		return fmt.Errorf("--out-dir: %w", err)
	}
	kept := opt.look // a file is to be kept, so it has all sections unless some were asked for
	if len(kept.Sections) == 0 {
		kept.Sections = report.SectionNames()
	}
	var wrote []string
	for _, out := range opt.forms {
		path := filepath.Join(opt.outDir, out.File)
		if err := cli.WriteFile(path, func(w io.Writer) error { return out.Write(w, rep, kept) }); err != nil {
			return err
		}
		wrote = append(wrote, path)
	}
	if !opt.quiet { // above the report, where it is not scrolled away
		fmt.Fprintln(std.Err, "wrote", strings.Join(wrote, ", "))
	}
	for _, out := range opt.forms {
		if out.Name == "text" {
			return show(out, opt, rep, std)
		}
	}
	return nil
}

// show writes a form to standard output, text for a terminal through a pager.
func show(out report.Form, opt replayOptions, rep *api.Report, std cli.Streams) error {
	write := func(w io.Writer) error { return out.Write(w, rep, opt.look) }
	if opt.terminal != nil && out.Name == "text" && !opt.noPager {
		return cli.Page(opt.terminal, std.Err, write)
	}
	return cli.Buffered(std.Out, write)
}
