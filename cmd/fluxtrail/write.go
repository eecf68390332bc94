package main

import (
	"bufio"
	"cmp"
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
	"fluxtrail/derive"
	"fluxtrail/sinks/report"
)

// look says how the report looks for people.
type look struct {
	color    string
	noPager  bool
	sections []string // none for the usual ones
	verbose  bool
	timezone string
	local    bool

	zone *time.Location // of timezone or local
}

// compile checks the words.
func (l *look) compile() error {
	var bad problems
	if !slices.Contains([]string{"auto", "always", "never"}, l.color) {
		bad.add("--color %s: use auto, always or never", l.color)
	}
	for _, name := range l.sections {
		if !slices.Contains(report.SectionNames(), name) {
			bad.add("--section %s: there is no such section%s", name, use(name, report.SectionNames()))
		}
	}
	if l.verbose {
		l.sections = report.SectionNames()
	}
	var err error
	if l.zone, err = time.LoadLocation(l.timezone); err != nil {
		bad.add("--timezone %s: there is no such zone; use a name such as Europe/Berlin", l.timezone)
	}
	if l.local {
		l.zone = time.Local
	}
	return errors.Join(bad...)
}

// whole is the same for a file: it is to be kept, so it has all sections unless some were asked
// for.
func (l look) whole() look {
	if len(l.sections) == 0 {
		l.sections = report.SectionNames()
	}
	return l
}

// write writes the report in every form that is asked for.
func write(opt replayOptions, rep *api.Report, std streams) error {
	if opt.outDir == "" {
		out := opt.outputs[0]
		return paged(out, opt, std, func(w io.Writer) error { return out.write(w, rep, opt) })
	}
	if err := os.MkdirAll(opt.outDir, 0o755); err != nil {
		return fmt.Errorf("--out-dir: %w", err)
	}
	var wrote []string
	file := opt
	file.look = opt.look.whole()
	for _, out := range opt.outputs {
		path := filepath.Join(opt.outDir, out.file)
		if err := writeFile(path, func(w io.Writer) error { return out.write(w, rep, file) }); err != nil {
			return err
		}
		wrote = append(wrote, path)
	}
	if !opt.quiet { // above the report, where it is not scrolled away
		fmt.Fprintln(std.err, "wrote", strings.Join(wrote, ", "))
	}
	if opt.wants("text") {
		return writeText(std.out, rep, opt)
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

// writeText writes text as it suits standard output, whatever it is written to.
func writeText(w io.Writer, rep *api.Report, opt replayOptions) error {
	text := report.TextOptions{Sections: opt.look.sections, Zone: opt.look.zone, Limit: opt.limit, Color: opt.look.color == "always"}
	if f := opt.terminal; f != nil {
		plain := os.Getenv("NO_COLOR") != "" || strings.EqualFold(os.Getenv("TERM"), "dumb")
		text.Color = text.Color || opt.look.color == "auto" && !plain
		text.Width, _, _ = term.GetSize(int(f.Fd()))
	}
	return report.WriteText(w, rep, text)
}

// terminalOf is standard output if that is a terminal, or nil.
func terminalOf(out io.Writer) *os.File {
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return f
}

// paged writes a form to standard output. Text for a terminal goes through a pager, as git does it:
// FLUXTRAIL_PAGER or PAGER, else less if it is there. A pager that cannot be started is none.
func paged(out output, opt replayOptions, std streams, f func(io.Writer) error) error {
	w := bufio.NewWriterSize(std.out, 64<<10)
	name := cmp.Or(os.Getenv("FLUXTRAIL_PAGER"), os.Getenv("PAGER"), "less")
	if opt.terminal == nil || out.name != "text" || opt.look.noPager || name == "cat" {
		return errors.Join(f(w), w.Flush())
	}
	pager := exec.Command("sh", "-c", name)
	pager.Stdout, pager.Stderr = opt.terminal, std.err
	if os.Getenv("LESS") == "" {
		pager.Env = append(os.Environ(), "LESS=FRX") // leave short text alone, show colours, keep it on the screen
	}
	in, err := pager.StdinPipe()
	if err == nil {
		err = pager.Start()
	}
	if err != nil {
		return errors.Join(f(w), w.Flush())
	}
	_ = f(in) // who leaves the pager early has read enough
	_ = in.Close()
	return pager.Wait()
}

// failStates are what --fail-on knows.
func failStates() []string {
	return []string{"pending", "firing", "stalled", "silent", "new", "unread", "any"}
}

// judge is what --fail-on asks for. It fails closed: where no object was judged, nothing is known
// to be well.
//
// Without --fail-on it is an error that nothing was read.
func judge(states []string, rep *api.Report) error {
	doubt := report.Doubt(rep)
	switch {
	case len(states) > 0 && rep.Totals.Matched == 0:
		return &exitError{exitFailOn, "--fail-on: no object was judged, so nothing is known to be well: " + doubt}
	case rep.Input.Records == 0:
		return &exitError{exitRuntime, "replay: No verdict: " + doubt}
	case len(states) == 0:
		return nil
	}
	var found []string
	for _, state := range states {
		if n := count(state, rep); n > 0 {
			found = append(found, fmt.Sprintf("--fail-on %s: %d found", state, n))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return &exitError{exitFailOn, strings.Join(found, "; ")}
}

func count(state string, rep *api.Report) (n int64) {
	open := rep.Totals.ByState[string(derive.Firing)]
	switch state {
	case "pending":
		return open + rep.Totals.ByState[string(derive.Pending)]
	case "firing":
		return open
	case "any":
		return rep.Totals.Incidents
	case "new":
		for _, g := range rep.Errors {
			if g.New {
				n++
			}
		}
	case "unread":
		n = rep.Input.Unparsed
		for _, f := range rep.Input.Files {
			if f.Error != nil {
				n++
			}
		}
	default:
		for i := range rep.Objects {
			if rep.Objects[i].Status == state {
				n++
			}
		}
	}
	return n
}
