package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"fluxtrail/api"
	"fluxtrail/replay"
	"fluxtrail/sinks/report"
)

// rowsOfNoTerminal is how many rows a view has that goes to a pipe or a file.
const rowsOfNoTerminal = 50

// Follow shows a cluster until ctx is done, and then calls end with the report. A terminal, nil for
// none, is cleared for each view.
func Follow(
	ctx context.Context, opt replay.Options, look report.Look, terminal *os.File, std Streams, end func(context.Context, *api.Report) error,
) error {
	wipe, rows := "", rowsOfNoTerminal
	if terminal != nil {
		wipe = "\x1b[H\x1b[2J"
	}
	note := fmt.Sprintf("again every %s; Ctrl-C ends with the report", replay.Refresh)
	opt.Progress = nil
	return replay.Follow(ctx, opt, replay.Screen{
		Show: func(rep *api.Report, lines []report.LastLine) error {
			if terminal != nil {
				look.Width, rows, _ = term.GetSize(int(terminal.Fd()))
			}
			return Buffered(ctx, std.Out, func(w io.Writer) error {
				_, _ = io.WriteString(w, wipe) // an error comes again with the next write
				return report.WriteScreen(w, rep, lines, note, max(rows, 10), look)
			})
		},
		Failed: func(err error) {
			fmt.Fprintln(std.Err, "fluxtrail: cannot look again, trying on:", api.OneLine(err.Error()))
		},
		End: func(ctx context.Context, rep *api.Report) error {
			_, _ = io.WriteString(until(ctx, std.Out), wipe) // an error comes again with the report
			return end(ctx, rep)
		},
	})
}
