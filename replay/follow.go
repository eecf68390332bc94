package replay

import (
	"context"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
	"fluxtrail/parse"
	"fluxtrail/sinks"
	"fluxtrail/sinks/report"
)

// Refresh is how long Follow waits from the end of one look at the cluster to the next. Where a
// look takes longer it waits as long as that, so that half of the API server's time is others'.
const Refresh = 10 * time.Second

// Screen gets what Follow sees.
type Screen struct {
	Show   func(*api.Report, []report.LastLine) error
	Failed func(error)                              // a look failed, what was shown is as it was
	End    func(context.Context, *api.Report) error // the last one, without another look
}

// Follow reads a cluster again and again until ctx is done: what its logs have more, and all
// objects. It blocks until then, and fails with the first look. Reports are valid during the calls,
// as those of Run are.
func Follow(ctx context.Context, opt Options, to Screen) error {
	c := *opt.Cluster
	c.follows = true
	opt.Cluster = &c
	defer c.close()
	seen := false
	for ctx.Err() == nil {
		began := time.Now()
		opt.last = &lastLines{filter: &opt.Filter}
		err := Run(ctx, opt, func(_ context.Context, rep *api.Report) error {
			seen = true
			return to.Show(rep, opt.last.all)
		})
		switch {
		case ctx.Err() != nil:
		case err != nil && !seen:
			return err
		case err != nil:
			to.Failed(err)
		}
		c.spool.Next(false)
		_ = sinks.Sleep(ctx, max(Refresh, time.Since(began))) // the loop looks at ctx
	}
	if !seen {
		return ctx.Err()
	}
	c.spool.Next(true)
	c.ended = true
	return Run(context.WithoutCancel(ctx), opt, to.End)
}

// lastLines are the latest lines about objects that the filter asks for. A nil one keeps none.
type lastLines struct {
	filter *Filter
	redact func(string) string
	all    []report.LastLine
}

const maxLast = 50

func (l *lastLines) begin(redact func(string) string) {
	if l != nil {
		l.all, l.redact = nil, redact
	}
}

func (l *lastLines) add(r *parse.Record) {
	if l == nil || r.Bad != parse.BadNone {
		return
	}
	ref := derive.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}
	if l.filter.narrow() && !l.filter.object(ref) {
		return
	}
	text := r.Msg
	if r.Object() {
		text = ref.String() + " " + text
	}
	if r.Error != "" {
		text += ": " + r.Error
	}
	if len(l.all) == maxLast {
		copy(l.all, l.all[1:])
		l.all = l.all[:maxLast-1]
	}
	l.all = append(l.all, report.LastLine{At: export.Time(r.Time), Bad: r.Level == parse.LevelError, Text: l.redact(text)})
}
