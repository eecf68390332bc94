// Package replay is the offline program: it reads log files to their end and makes one report of
// them.
//
// In: paths, and the options of the command. Out: an api.Report, which the caller writes. All files
// are read at the same time, one goroutine each, and their records merged in the order of time
// (read.go); one goroutine derives. Memory does not grow with the input: what is over goes to
// temporary files. It writes nothing else, and loses no line without saying so in the report's
// input.
package replay

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"fluxtrail/api"
	"fluxtrail/conditions"
	"fluxtrail/conditions/prom"
	"fluxtrail/conditions/scrape"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/parse/redact"
	"fluxtrail/replay/alerts"
	"fluxtrail/tail"
	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// Options say what is read and what is kept for the report.
type Options struct {
	Paths        []string
	Format       tail.Format     // of the lines' framing
	Stdin        io.Reader       // read for the path -
	Logs         []Logs          // more logs
	Cluster      *Cluster        // read it, nil for none
	last         *lastLines      // gets the latest lines, nil for nobody
	Filter       Filter          // what of it is reported
	Homes        []string        // namespaces whose pods speak for Flux, "*" for all; none to find them
	Rules        derive.Config   // Redact, and what is kept, are set by Run
	Baseline     map[string]bool // fingerprints of known errors, nil for no baseline
	BaselineName string          // what the report calls it
	Transitions  bool            // keep them: they can be very many
	Durations    bool            // keep how long attempts took
	EvidenceText bool            // keep the lines of evidence, too
	Progress     Progress        // nil for none

	Conditions   []string            // files and directories with what is known of the objects beside the logs
	ConditionsAt int64               // when snapshots were saved that do not say it; 0 takes the newest time in each
	Metrics      []scrape.Config     // controllers and exporters that are asked once
	Prometheus   []prom.Config       // servers with the like, asked about the span that is reported
	Evidence     []conditions.Source // more of that
	Alerts       *alerts.Options     // rules to evaluate, nil for none

	EvidenceSpan bool // the sources want the log's span: all of it is read once before
}

// Logs finds logs that a server has: their files have an Open. What cannot be read is told beside
// the rest. The error is one that leaves nothing to go on with.
type Logs func(context.Context) ([]tail.Source, []tail.PathError, error)

// Progress is told at the start how many bytes lie on the disk, 0 for unknown. It gives what is
// called with each number of bytes read, by several goroutines, and what is called at the end.
type Progress func(total int64) (read func(n int64), done func())

func (p Progress) begin(sources []tail.Source) (func(int64), func()) {
	if p == nil {
		return func(int64) {}, func() {}
	}
	return p(sizeOf(sources))
}

// PathError says that the paths, the window of time or the filters leave nothing to report.
type PathError struct{ Err error }

func (e *PathError) Error() string { return e.Err.Error() }

func (e *PathError) Unwrap() error { return e.Err }

// Run reads everything that the paths name and calls use with the report. The report is valid
// during the call: part of it may lie in temporary files. Run blocks until all is read, or ctx is
// done; where that only ended the reading of a pipe, the context that use gets is not done. A
// PathError says that there is nothing to read.
func Run(ctx context.Context, opt Options, use func(context.Context, *api.Report) error) error {
	secrets, err := redact.New(nil)
	if err != nil {
		return err
	}
	defer opt.Cluster.begin(&opt, secrets.String)()
	if !slices.Contains(opt.Paths, "-") {
		opt.Stdin = nil
	}
	ctx, stdin, done := untilInterrupt(ctx, opt.Stdin)
	defer done()
	scratch := discover.Scratch{Context: ctx}
	defer scratch.Close() //nolint:errcheck // it lies in the directory for temporary files
	stdin, paths, err := unpackStdin(stdin, opt.Paths, &scratch)
	if err != nil {
		return err
	}
	sources, problems, err := find(ctx, opt, paths, &scratch)
	if err != nil {
		return err
	}
	in := reading{
		sources: sources, options: tail.Options{Format: opt.Format, MaxLine: longestLine(len(sources))}, stdin: newReplayable(stdin), sort: map[int]bool{},
		homes: opt.homes(sources),
	}
	opt.settle(secrets.String)
	rep, hist, err := opt.read(ctx, in, secrets.String)
	if hist != nil {
		defer hist.close()
	}
	if err != nil {
		return err
	}
	rep.Input.Files = append(rep.Input.Files, unreadable(problems)...)
	rep.Input.LooksLike = guess(rep.Input, sources)
	rep.Input.WithoutRecords = withoutRecords(opt.Paths, rep.Input.Files)
	if err := use(ctx, rep); err != nil {
		return err
	}
	return hist.readError()
}

// longestLine is how much of a line is kept, so that a line of this length in each of so many logs
// fits into memory: each log holds a few at a time.
func longestLine(logs int) int {
	const most, least, all = 10 << 20, 256 << 10, 64 << 20
	return min(most, max(least, all/max(logs, 1)))
}

// settle sets what Run sets of the rules.
func (opt *Options) settle(secrets func(string) string) {
	opt.Rules.Redact, opt.Rules.KeepText = secrets, opt.EvidenceText
	opt.Rules.NoTransitions, opt.Rules.NoDurations = !opt.Transitions, !opt.Durations
	opt.Rules.OpenEvidence = !opt.Transitions && opt.Alerts == nil // as in builder.incidents
	opt.Rules.KeepAttempts, opt.Rules.Announce = opt.Alerts != nil, opt.Alerts != nil
}

// read reads the span that the filters name, the evidence about it, and then the logs.
func (opt *Options) read(ctx context.Context, in reading, secrets func(string) string) (*api.Report, *history, error) {
	in.options.Stdin = in.stdin.again()
	if opt.Filter.relative() {
		if err := opt.Filter.settle(ctx, in); err != nil {
			return nil, nil, err
		}
		in.options.Stdin = in.stdin.again()
	}
	known, err := readEvidence(ctx, opt, in, secrets)
	if err != nil {
		return nil, nil, err
	}
	in.options.Stdin = in.stdin.again()
	return replay(ctx, *opt, in, known)
}

// find finds all logs.
func find(ctx context.Context, opt Options, paths []string, scratch *discover.Scratch) ([]tail.Source, []tail.PathError, error) {
	sources, problems := discover.Find(paths, scratch)
	if ctx.Err() != nil {
		return nil, nil, context.Cause(ctx)
	}
	if err := unusable(opt, sources, problems); err != nil {
		return nil, nil, &PathError{err}
	}
	for _, logs := range opt.Logs {
		more, bad, err := logs(ctx)
		if err != nil {
			return nil, nil, err
		}
		sources, problems = append(sources, more...), append(problems, bad...)
	}
	return sources, problems, nil
}

// guess says what the first file looks like when nothing was understood.
func guess(in api.Input, sources []tail.Source) string {
	if in.Records > 0 || in.Lines == 0 || len(sources) == 0 || len(sources[0].Files) == 0 {
		return ""
	}
	first := &sources[0].Files[0]
	if first.Open != nil {
		return ""
	}
	f, err := os.Open(first.Path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, _ := io.ReadFull(f, head)
	return frame.Guess(head[:n])
}

// replay reads everything and makes the report, whose parts lie in the history. Where files turn
// out to be out of order it begins again, and puts them in order.
func replay(ctx context.Context, opt Options, in reading, known *evidence) (*api.Report, *history, error) {
	for {
		hist := newHistory(opt.Transitions, opt.Filter)
		rep, disordered, err := replayOnce(ctx, &opt, in, known, hist)
		askew := err == nil && len(disordered) == 0 && known.offset != 0 && !known.moved
		if (len(disordered) == 0 || err != nil) && !askew {
			return rep, hist, err
		}
		if askew { // the conditions have another clock than the log
			known.shift(known.offset)
		}
		hist.close()
		in.again(disordered)
	}
}

// sizeOf is the size of all files in bytes, as they lie on the disk; 0 where some come from a
// server that does not tell.
func sizeOf(sources []tail.Source) (n int64) {
	for _, s := range sources {
		for _, file := range s.Files {
			if file.Open != nil && file.Size == 0 {
				return 0
			}
			n += file.Size
			if file.Open != nil {
				continue
			}
			if st, err := os.Stat(file.OnDisk()); err == nil {
				n += st.Size()
			}
		}
	}
	return n
}

// report puts everything together.
func (b *builder) report(e *derive.Engine, sources []tail.Source, stats []fileStats) *api.Report {
	files, input, from, to := fileReports(sources, stats)
	if from != 0 { // there are records
		from = max(from, b.filter.Since.At)
	}
	if b.filter.Until.At != 0 {
		to = min(to, b.filter.Until.At)
	}
	path := func(file int32) string { return files[file].Path }
	b.Exporter = export.New(e.View(), e.Config(), path)
	b.Middle = from + (to-from)/2
	for _, i := range b.View.Open {
		b.history.incident(i)
	}
	return &api.Report{
		Window: api.Window{From: export.Time(from), To: export.Time(to)}, Input: input,
		Objects: b.objects(), Transitions: b.history.allTransitions(), Incidents: b.incidents(), Causes: b.causes(), Errors: b.errors(),
		Controllers: b.controllers(), Durations: b.kindDurations(), Silences: b.silences(),
		Totals: api.Totals{
			Seen: int64(len(b.View.Objects)), Matched: b.matched(),
			Transitions: b.history.count, Incidents: b.history.total, ByState: b.history.byState,
		},
		Settings: api.Settings{Hold: b.Config.Hold, Keep: b.Config.Keep, Grace: b.Config.Grace, Baseline: b.baselineName},
	}
}

// unusable decides whether the paths can be used at all. A path that was named and does not exist
// is a mistake to be told before hours of reading. What cannot be read below a path is told in the
// report.
func unusable(opt Options, sources []tail.Source, problems []tail.PathError) error {
	paths, errs := opt.Paths, []error(nil)
	for _, p := range problems {
		named := slices.ContainsFunc(paths, func(path string) bool { return filepath.Clean(path) == filepath.Clean(p.Path) })
		if len(sources) == 0 || named && errors.Is(p, fs.ErrNotExist) {
			errs = append(errs, p)
		}
	}
	if len(sources) == 0 && len(errs) == 0 && len(opt.Logs) == 0 {
		return errors.New("no log file in the given paths; logs end in .log (rotated: .log.20060102-150405), .txt, .json, .jsonl, .csv, with .gz, .zst, .xz or .bz2 behind, or lie in a .tar or .zip")
	}
	return errors.Join(errs...)
}

func unreadable(problems []tail.PathError) []api.File {
	var out []api.File
	for _, p := range problems {
		text := p.Err.Error()
		if p.Hint != "" {
			text += "; " + p.Hint
		}
		out = append(out, api.File{Path: p.Path, Error: &text})
	}
	return out
}
