// Package cli is what the commands of fluxtrail have in common: exit codes and errors, help by
// groups of flags, completion and check of values with a hint at what was meant, progress, the
// pager, and files that are written whole.
//
// In goes what a command line has and what a command writes; out comes the same in the form of a
// command line. Its callers are the commands alone. It has nothing of what fluxtrail is about.
package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"fluxtrail/config"
)

// Exit codes.
const (
	OK          = 0
	Failed      = 1   // it went wrong, or nothing was read
	badUsage    = 2   // a flag, path or configuration cannot be used, or a filter leaves nothing
	Found       = 3   // replay --fail-on: what it names was found, or there is no verdict
	Interrupted = 130 // a signal ended it before it was done
)

// Streams are the process's standard streams, passed down so that tests can run a command
// in-process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Exit carries an exit code; an empty message means that everything was said already.
type Exit struct {
	Code int
	Msg  string

	from []error // what Msg was made of
}

func (e *Exit) Error() string { return e.Msg }

// Unwrap returns the errors that the message was made of.
func (e *Exit) Unwrap() []error { return e.from }

// Usage is the error of a command line that cannot be used.
func Usage(format string, args ...any) error {
	e := &Exit{Code: badUsage, Msg: fmt.Sprintf(format, args...)}
	for _, a := range args {
		if err, ok := a.(error); ok {
			e.from = append(e.from, err)
		}
	}
	return e
}

// Problems collects what is wrong with the flags, so that all of it is told at once.
type Problems []error

// Add adds a problem.
func (p *Problems) Add(format string, args ...any) { *p = append(*p, fmt.Errorf(format, args...)) }

// Usage is the error of a command with all of the problems.
func (p *Problems) Usage(command string) error {
	return Usage("%s: %v", command, errors.Join(*p...))
}

// Word reads one of a few words, in any case of letters. It returns "" for one that is not known.
func (p *Problems) Word(flag, given string, right []string) string {
	name := strings.ToLower(strings.TrimSpace(given))
	if slices.Contains(right, name) {
		return name
	}
	p.Add("--%s %s: there is no such value; %s", flag, given, Instead(name, right))
	return ""
}

// Instead says what may be written instead of a word that is not known.
func Instead(wrong string, right []string) string {
	if near := config.Closest(wrong, right); near != "" {
		return "did you mean " + near + "?"
	}
	return "use " + english.WordSeries(right, "or")
}

// Span is a duration that is also written in days and weeks.
type Span time.Duration

// String implements pflag.Value, whose help shows no default that is 0.
func (s *Span) String() string {
	if *s == 0 {
		return "0"
	}
	return time.Duration(*s).String()
}

// Type implements pflag.Value.
func (s *Span) Type() string { return "duration" }

// Set implements pflag.Value.
func (s *Span) Set(text string) error {
	d, err := config.ParseDuration(text)
	*s = Span(d)
	return err
}
