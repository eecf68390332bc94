// Package look is what commands have in common that show a report: how it looks for people, where
// it goes, and how points in time are written.
//
// In go flags as they are written and a report; out come compiled values, and the report in the
// forms that are asked for. Its callers are the commands alone.
package look

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // for images without the database of time zones

	"golang.org/x/term"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/config"
	"fluxtrail/replay"
	"fluxtrail/sinks/report"
)

// allSections is the value of --section that stands for all others.
const allSections = "all"

// Colors are the values of --color.
func Colors() []string { return []string{"auto", "always", "never"} }

// SectionNames are the values of --section.
func SectionNames() []string { return append(report.SectionNames(), allSections) }

// Flags are the flags about how a report looks for people, as they are written.
type Flags struct {
	Color, Timezone     string
	Sections            []string
	All, Verbose, Local bool
}

// Compile checks them. Without a colour or width of its own the report suits the terminal, if any.
func (l *Flags) Compile(bad *cli.Problems, terminal *os.File) report.Look {
	opt := report.Look{Sections: slices.Clone(l.Sections)}
	color := bad.Word("color", l.Color, Colors())
	for i, name := range l.Sections {
		opt.Sections[i] = bad.Word("section", name, SectionNames())
	}
	if l.Verbose || slices.Contains(opt.Sections, allSections) {
		opt.Sections = report.SectionNames()
	}
	if l.All {
		opt.Limit = -1
	}
	var err error
	if opt.Zone, err = time.LoadLocation(l.Timezone); err != nil {
		bad.Add("--timezone %s: there is no such zone; use a name such as Europe/Berlin", l.Timezone)
		opt.Zone = time.UTC
	}
	if l.Local {
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

// Output is where a report goes, and in which forms.
type Output struct {
	Forms    []report.Form
	Dir      string // one file for each form; "" for standard output
	Quiet    bool   // no word of the files that were written
	NoPager  bool
	Look     report.Look
	Terminal *os.File // standard output, nil if it is none
}

// Write writes the report in every form that is asked for. Text is shown even if it is written to a
// file.
func (o *Output) Write(ctx context.Context, rep *api.Report, std cli.Streams) error {
	if o.Dir == "" {
		return o.show(ctx, o.Forms[0], rep, std)
	}
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return fmt.Errorf("--out-dir: %w", err)
	}
	kept := o.kept()
	var wrote []string
	for _, out := range o.Forms {
		path := filepath.Join(o.Dir, out.File)
		if out.Directory { // replay wrote it, if there was anything to write
			if _, err := os.Stat(path); err != nil {
				fmt.Fprintf(std.Err, "%s is not written: no time of a scrape (--scrape-interval) falls into the log\n", api.OneLine(path))
				continue
			}
			wrote = append(wrote, path)
			continue
		}
		if err := cli.WriteFile(path, func(w io.Writer) error { return out.Write(w, rep, kept) }); err != nil {
			return err
		}
		wrote = append(wrote, path)
	}
	if !o.Quiet && len(wrote) > 0 { // above the report, where it is not scrolled away
		fmt.Fprintln(std.Err, "wrote", api.OneLine(strings.Join(wrote, ", ")))
	}
	for _, out := range o.Forms {
		if out.Name == "text" {
			return o.show(ctx, out, rep, std)
		}
	}
	return nil
}

// kept is how a report looks in a file: with all sections unless some were asked for.
func (o *Output) kept() report.Look {
	look := o.Look
	if len(look.Sections) == 0 {
		look.Sections = report.SectionNames()
	}
	return look
}

// Durations reports whether a form, as it is written here, shows how long attempts took.
func (o *Output) Durations(form report.Form) bool {
	if o.Dir != "" {
		return form.Durations(o.kept())
	}
	return form.Durations(o.Look)
}

// show writes a form to standard output, text for a terminal through a pager.
func (o *Output) show(ctx context.Context, out report.Form, rep *api.Report, std cli.Streams) error {
	write := func(w io.Writer) error { return out.Write(w, rep, o.Look) }
	if o.Terminal != nil && out.Name == "text" && !o.NoPager {
		return cli.Page(ctx, o.Terminal, std.Err, write)
	}
	return cli.Buffered(ctx, std.Out, write)
}

// Instant reads a point in time: RFC 3339, a date, a date with time, a time of day, Unix seconds,
// or a span before the end of the log.
func Instant(flag, s string, zone *time.Location, bad *cli.Problems) replay.Instant {
	layouts := []string{time.RFC3339, "2006-01-02T15:04:05", time.DateTime, "2006-01-02T15:04", "2006-01-02 15:04",
		time.DateOnly}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return replay.Instant{At: nanoseconds(t)}
		}
	}
	for _, layout := range []string{time.TimeOnly, "15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return replay.Instant{Clock: t}
		}
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && n > 1e8 {
		return replay.Instant{At: nanoseconds(time.Unix(min(n, farthest), 0))}
	}
	if d, err := config.ParseDuration(s); err == nil && d > 0 {
		return replay.Instant{Before: d}
	}
	if s != "" {
		bad.Add("--%s %s: neither a time such as 2026-11-20T10:00:00Z nor a span such as 12h or 7d", flag, s)
	}
	return replay.Instant{}
}

// Date reads a point in time that has its date, in nanoseconds of Unix; 0 for none.
func Date(flag, s string, zone *time.Location, bad *cli.Problems) int64 {
	at := Instant(flag, s, zone, new(cli.Problems)).At
	if s != "" && at == 0 {
		bad.Add("--%s %s: want a time with its date, such as 2026-11-20T10:00:00Z", flag, s)
	}
	return at
}

// Until reads a point in time from which on nothing counts: none where that is behind all times, so
// that no server is asked for centuries to come.
func Until(s string, zone *time.Location, bad *cli.Problems) replay.Instant {
	i := Instant("until", s, zone, bad)
	if i.At == farthest*int64(time.Second) {
		return replay.Instant{}
	}
	return i
}

// farthest is the last time that counts, in Unix seconds: in 2262, a day before nanoseconds end.
const farthest = math.MaxInt64/int64(time.Second) - 24*60*60

// nanoseconds are those of a time since 1970. No record has an earlier one, or one behind farthest:
// such times become the first and the last that there are, as who writes 9999-12-31 means.
func nanoseconds(t time.Time) int64 {
	switch s := t.Unix(); {
	case s < 0:
		return 1
	case s > farthest:
		return farthest * int64(time.Second)
	}
	return max(t.UnixNano(), 1)
}
