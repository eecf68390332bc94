package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // for images without the database of time zones

	"github.com/google/renameio/v2"
	"golang.org/x/term"

	"fluxtrail/api"
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
func (l look) compile(bad *problems, terminal *os.File) report.Look {
	opt := report.Look{Sections: slices.Clone(l.sections)}
	color := bad.word("color", l.color, colorWords())
	for i, name := range l.sections {
		opt.Sections[i] = bad.word("section", name, sectionNames())
	}
	if l.verbose || slices.Contains(opt.Sections, allSections) {
		opt.Sections = report.SectionNames()
	}
	if l.all {
		opt.Limit = -1
	}
	var err error
	if opt.Zone, err = time.LoadLocation(l.timezone); err != nil {
		bad.add("--timezone %s: there is no such zone; use a name such as Europe/Berlin", l.timezone)
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
func write(opt replayOptions, rep *api.Report, std streams) error {
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
		if err := writeFile(path, func(w io.Writer) error { return out.Write(w, rep, kept) }); err != nil {
			return err
		}
		wrote = append(wrote, path)
	}
	if !opt.quiet { // above the report, where it is not scrolled away
		fmt.Fprintln(std.err, "wrote", strings.Join(wrote, ", "))
	}
	for _, out := range opt.forms {
		if out.Name == "text" {
			return show(out, opt, rep, std)
		}
	}
	return nil
}

// writeFile writes a file so that it is either whole or not there.
func writeFile(path string, f func(io.Writer) error) error {
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() { _ = file.Cleanup() }() // does nothing once the file is in its place
	w := bufio.NewWriterSize(file, 256<<10)
	if err = errors.Join(f(w), w.Flush()); err == nil {
		err = file.CloseAtomicallyReplace()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// terminalOf is standard output if that is a terminal, or nil.
func terminalOf(out io.Writer) *os.File {
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return f
}

// show writes a form to standard output, text for a terminal through a pager.
func show(out report.Form, opt replayOptions, rep *api.Report, std streams) error {
	var pager *exec.Cmd
	if opt.terminal != nil && out.Name == "text" && !opt.noPager {
		pager = newPager(os.LookupEnv)
	}
	if pager == nil {
		w := bufio.NewWriterSize(std.out, 64<<10)
		return errors.Join(out.Write(w, rep, opt.look), w.Flush())
	}
	pager.Stdout, pager.Stderr = opt.terminal, std.err
	in, err := pager.StdinPipe()
	if err != nil {
		return fmt.Errorf("pager: %w", err)
	}
	if err := pager.Start(); err != nil {
		return fmt.Errorf("pager: %w", err)
	}
	_ = out.Write(in, rep, opt.look) // whoever leaves the pager early has read enough
	_ = in.Close()
	return pager.Wait()
}

// newPager is the pager that FLUXTRAIL_PAGER or else PAGER names, or else less. It is nil where the
// name is empty or cat, or there is no such program.
func newPager(env func(string) (string, bool)) *exec.Cmd {
	command := "less"
	for _, name := range []string{"FLUXTRAIL_PAGER", "PAGER"} {
		if value, ok := env(name); ok {
			command = value
			break
		}
	}
	program, _, _ := strings.Cut(strings.TrimSpace(command), " ")
	if _, err := exec.LookPath(program); err != nil || program == "cat" {
		return nil
	}
	pager := exec.Command("sh", "-c", command)
	if _, ok := env("LESS"); !ok {
		pager.Env = append(os.Environ(), "LESS=FRX") // short text is left on the screen, colours are shown
	}
	return pager
}
