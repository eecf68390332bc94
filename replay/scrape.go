package replay

import (
	"context"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/replay/alerts"
)

func newRecorder(opt *alerts.Options) (*alerts.Recorder, error) {
	if opt == nil {
		return nil, nil
	}
	return alerts.New(*opt)
}

// scrapeUntil has the recorder sample the engine at each time that comes before a record.
func scrapeUntil(
	ctx context.Context, record int64, rec *alerts.Recorder, engine *derive.Engine, observed *feed, window *windower,
) {
	for at, due := rec.Due(record); due; at, due = rec.Due(record) {
		observed.before(engine, rec, at+1)
		window.cross(engine, at)
		engine.Advance(at)
		rec.Scrape(ctx, engine)
	}
}

// endAlerts tells which alerts there were, about what is reported.
func endAlerts(rec *alerts.Recorder, rep *api.Report, engine *derive.Engine, only *Filter) (*api.Alerts, error) {
	wanted := func(r api.Ref) bool {
		return only.object(derive.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name})
	}
	return rec.End(rep.Incidents, engine.Config().Keep, wanted, only.Since.At)
}

// lastIn is the time of the latest record up to a time, 0 being none.
func lastIn(stats []fileStats, until int64) int64 {
	if last := lastRecord(stats); until == 0 || last < until {
		return last
	}
	return until
}
