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

// endAlerts tells which alerts there were, about what is reported.
func endAlerts(ctx context.Context, rec *alerts.Recorder, rep *api.Report, engine *derive.Engine, only *Filter) (*api.Alerts, error) {
	wanted := func(r api.Ref) bool {
		return only.object(derive.Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name})
	}
	return rec.End(ctx, rep.Incidents, engine.Config().Keep, wanted, only.Since.At)
}

// lastIn is the time of the latest record up to a time, 0 being none.
func lastIn(stats []fileStats, until int64) int64 {
	if last := lastRecord(stats); until == 0 || last < until {
		return last
	}
	return until
}
