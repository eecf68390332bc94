package prom

import (
	"slices"

	"fluxtrail/derive"
)

// family is a row of the table of metric families.
type family struct {
	Name      string // as in queries; counters end in _total
	Type      metricType
	Unit      string // seconds, bytes, or "" for numbers of things
	Labels    []string
	Stability stability
	Help      string

	collect func(*snapshot, *out)
}

// metricType is a type of metrics, as the exposition formats call it.
type metricType string

const (
	counterType   metricType = "counter"
	gaugeType     metricType = "gauge"
	histogramType metricType = "histogram"
)

// stability is what users may rely on.
type stability string

// stable families are not renamed and do not lose labels without a major version.
const stable stability = "stable"

// The families that State counts into by name.
const (
	attemptsFamily       = "fluxtrail_reconcile_attempts_total"
	endedFamily          = "fluxtrail_incidents_ended_total"
	linesFamily          = "fluxtrail_lines_total"
	unparsedFamily       = "fluxtrail_unparsed_lines_total"
	untrustedFamily      = "fluxtrail_untrusted_lines_total"
	eventsFamily         = "fluxtrail_controller_events_total"
	overflowFamily       = "fluxtrail_series_overflow_total"
	buildFamily          = "fluxtrail_build_info"
	failuresFamily       = "fluxtrail_object_failures_total"
	openedFamily         = "fluxtrail_incidents_total"
	recoveryFamily       = "fluxtrail_incident_recovery_seconds"
	durationFamily       = "fluxtrail_reconcile_duration_seconds"
	objectDurationFamily = "fluxtrail_object_reconcile_duration_seconds"
)

// byObject are the labels of a family by object. The namespace is called what Prometheus would make
// of it anyway, because a scraped target's own label namespace is that of its pod.
var byObject = []string{"exported_namespace", "kind", "name"}

// families is the table of all families but go_* and process_*, which the caller registers beside
// it. It must not be changed. A test writes docs/METRICS.md from it.
var families = []family{
	{
		Name: attemptsFamily, Type: counterType, Stability: stable,
		Labels: []string{"controller", "kind", "outcome", "reason"},
		Help: "Attempts that are over, by outcome: succeeded, failed, waiting, stalled, suspended, deleted, " +
			"canceled. A lower bound where a controller's logger samples bursts.",
		collect: counters(attemptsFamily),
	},
	{
		Name: durationFamily, Type: histogramType, Unit: "seconds", Stability: stable,
		Labels:  []string{"kind"},
		Help:    "How long attempts took, where the log says it, by kind.",
		collect: (*snapshot).kindDurations,
	},
	{
		Name: objectDurationFamily, Type: histogramType, Unit: "seconds", Stability: stable,
		Labels:  byObject,
		Help:    "How long attempts took, where the log says it, by object.",
		collect: objectHistogram(durationBounds, func(o *object) *histogram { return o.Took }),
	},
	{
		Name: failuresFamily, Type: counterType, Stability: stable, Labels: byObject,
		Help:    "Attempts that failed or stalled, by object.",
		collect: objectCounter(func(o *object) (int64, exemplar) { return o.Failures, o.Failure }),
	},
	{
		Name: "fluxtrail_object_ready", Type: gaugeType, Stability: stable, Labels: byObject,
		Help: "Whether the object's Ready condition is True (1) or False (0), as far as the logs tell; no series " +
			"while it is Unknown. The overflow series is 0 if one of its objects is.",
		collect: (*snapshot).ready,
	},
	{
		Name: "fluxtrail_object_status", Type: gaugeType, Stability: stable,
		Labels: append(slices.Clone(byObject), "status"),
		Help: "1 for the status that the object is in: unknown, ready, failing, waiting, progressing, stalled, " +
			"silent, suspended. The overflow series count objects.",
		collect: (*snapshot).status,
	},
	{
		Name: "fluxtrail_object_suspended", Type: gaugeType, Stability: stable, Labels: byObject,
		Help:    "Whether the object is suspended. The overflow series counts objects.",
		collect: objectGauge(func(g *gauges) int64 { return g.Statuses[derive.Suspended] }),
	},
	{
		Name: "fluxtrail_object_silent_since_timestamp_seconds", Type: gaugeType, Unit: "seconds", Stability: stable,
		Labels: byObject,
		Help: "When the attempt was due that the object's controller promised and that did not come; no series while " +
			"promises are kept. The overflow series has the earliest.",
		collect: objectTime(func(g *gauges) int64 { return g.SilentAt }),
	},
	{
		Name: "fluxtrail_incident_open", Type: gaugeType, Stability: stable, Labels: byObject,
		Help:    "Open incidents of the object, pending ones included.",
		collect: objectGauge(func(g *gauges) int64 { return g.Incidents }),
	},
	{
		Name: "fluxtrail_incident_start_timestamp_seconds", Type: gaugeType, Unit: "seconds", Stability: stable,
		Labels:  byObject,
		Help:    "When the object's open incident began; no series without one. The overflow series has the earliest.",
		collect: objectTime(func(g *gauges) int64 { return g.OpenedAt }),
	},
	{
		Name: "fluxtrail_incident_info", Type: gaugeType, Stability: stable,
		Labels: append(slices.Clone(byObject), "reason", "access", "root_kind", "root_namespace", "root_name"),
		Help: "1 for the object's open incident, pending ones included, with the reason of its latest error, the kind of " +
			"access that it lacks (authentication, certificate, or nothing), and the object that is its root cause; nothing " +
			"there for one that fails for itself. The overflow series counts incidents.",
		collect: (*snapshot).incident,
	},
	{
		Name: openedFamily, Type: counterType, Stability: stable,
		Labels:  append(slices.Clone(byObject), "reason"),
		Help:    "Incidents opened, by object and by the reason of their first error.",
		collect: (*snapshot).opened,
	},
	{
		Name: endedFamily, Type: counterType, Stability: stable,
		Labels: []string{"kind", "state", "reason"},
		Help: "Incidents that ended: resolved by a success that held, closed because the object was suspended or " +
			"deleted, handed_over because its controller moved to another node, where it goes on, or withdrawn because it was a short wait " +
			"after all, or was opened by a clock that was ahead, and opens anew.",
		collect: counters(endedFamily),
	},
	{
		Name: recoveryFamily, Type: histogramType, Unit: "seconds", Stability: stable, Labels: byObject,
		Help:    "Time from opening to resolution of the resolved incidents, by object.",
		collect: objectHistogram(recoveryBounds, func(o *object) *histogram { return o.Recovered }),
	},
	{
		Name: linesFamily, Type: counterType, Stability: stable, Labels: []string{"controller", "level"},
		Help:    "Lines read by the trail lane, by controller and level: info, error, debug, other.",
		collect: counters(linesFamily),
	},
	{
		Name: unparsedFamily, Type: counterType, Stability: stable, Labels: []string{"reason"},
		Help:    "Lines that were not understood, by reason. They are shipped all the same.",
		collect: counters(unparsedFamily),
	},
	{
		Name: untrustedFamily, Type: counterType, Stability: stable, Labels: []string{"reason"},
		Help: "Lines that change nothing because their pod may not speak for Flux (namespace), or not for objects of " +
			"that kind (kind). They are shipped all the same.",
		collect: counters(untrustedFamily),
	},
	{
		Name: eventsFamily, Type: counterType, Stability: stable,
		Labels: []string{"controller", "event"},
		Help: "What controllers said about themselves: restart, panic, throttled (by the API server's client side), " +
			"leader (lease won), notification_failed; too_many_objects are lines about objects for which there was no room.",
		collect: counters(eventsFamily),
	},
	{
		Name: "fluxtrail_tracked_objects", Type: gaugeType, Stability: stable,
		Labels: []string{"series"},
		Help: "Objects in the gauges by object: with series of their own (own), and folded into the overflow series " +
			"(overflow).",
		collect: (*snapshot).tracked,
	},
	{
		Name: overflowFamily, Type: counterType, Stability: stable, Labels: []string{"family"},
		Help: "Updates that went to the overflow series of a counter or histogram because its family was full. Sums " +
			"over the family stay right; names are missing.",
		collect: counters(overflowFamily),
	},
	{
		Name: "fluxtrail_file_lag_bytes", Type: gaugeType, Unit: "bytes", Stability: stable,
		Labels:  []string{"lane", "file"},
		Help:    "Bytes of the file that the lane has not delivered yet.",
		collect: (*snapshot).lagBytes,
	},
	{
		Name: "fluxtrail_file_lag_seconds", Type: gaugeType, Unit: "seconds", Stability: stable,
		Labels:  []string{"lane", "file"},
		Help:    "How long the oldest bytes wait that the lane has not delivered yet; 0 when there are none.",
		collect: (*snapshot).lagSeconds,
	},
	{
		Name: "fluxtrail_unreadable_files", Type: gaugeType, Stability: stable, Labels: []string{"lane"},
		Help:    "Files and directories that the lane cannot read. The log and the status page name them.",
		collect: (*snapshot).unreadable,
	},
	{
		Name: "fluxtrail_sent_lines_total", Type: counterType, Stability: stable,
		Labels:  []string{"lane"},
		Help:    "Lines that the lane delivered.",
		collect: agentCounter(func(a *Agent) int64 { return a.SentLines }),
	},
	{
		Name: "fluxtrail_sent_bytes_total", Type: counterType, Unit: "bytes", Stability: stable,
		Labels:  []string{"lane"},
		Help:    "Bytes of the lines that the lane delivered; for ship with their structured metadata, as Loki counts.",
		collect: agentCounter(func(a *Agent) int64 { return a.SentBytes }),
	},
	{
		Name: "fluxtrail_cut_lines_total", Type: counterType, Stability: stable,
		Labels:  []string{"lane"},
		Help:    "Lines of which only the beginning was delivered, because they are longer than loki.max_line.",
		collect: agentCounter(func(a *Agent) int64 { return a.CutLines }),
	},
	{
		Name: "fluxtrail_late_lines_total", Type: counterType, Stability: stable,
		Labels: []string{"lane"},
		Help: "Lines that were delivered to a stream with the label late, because Loki has much later ones of their " +
			"own stream.",
		collect: agentCounter(func(a *Agent) int64 { return a.LateLines }),
	},
	{
		Name: "fluxtrail_retries_total", Type: counterType, Stability: stable,
		Labels:  []string{"lane", "reason"},
		Help:    "Deliveries that were tried again, by reason.",
		collect: agentCounters(func(a *Agent) map[string]int64 { return a.Retries }),
	},
	{
		Name: "fluxtrail_dropped_lines_total", Type: counterType, Stability: stable,
		Labels: []string{"lane", "reason"},
		Help: "Lines that will not be delivered, by reason; a lower bound where a file is gone. The log names their " +
			"places.",
		collect: agentCounters(func(a *Agent) map[string]int64 { return a.DroppedLines }),
	},
	{
		Name: "fluxtrail_dropped_bytes_total", Type: counterType, Unit: "bytes", Stability: stable,
		Labels: []string{"lane", "reason"},
		Help: "Bytes that will not be delivered, by reason; where a file is gone, what it held beyond the mark as " +
			"far as that was known.",
		collect: agentCounters(func(a *Agent) map[string]int64 { return a.DroppedBytes }),
	},
	{
		Name: "fluxtrail_lost_parts_total", Type: counterType, Stability: stable,
		Labels: []string{"lane", "reason"},
		Help: "Parts of logs that will not be delivered, by reason, also where nobody knows what they held: logs that " +
			"came and went unread, and logs that were written to until they were cut short or deleted.",
		collect: agentCounters(func(a *Agent) map[string]int64 { return a.LostParts }),
	},
	{
		Name: "fluxtrail_redactions_total", Type: counterType, Stability: stable,
		Labels:  []string{"lane", "secret"},
		Help:    "Secrets taken out, by kind: by ship of each line, by trail of what it keeps.",
		collect: agentCounters(func(a *Agent) map[string]int64 { return a.Redactions }),
	},
	{
		Name: "fluxtrail_checkpoint_timestamp_seconds", Type: gaugeType, Unit: "seconds", Stability: stable,
		Labels:  []string{"lane"},
		Help:    "When the lane saved its marks and state last; no series before the first time.",
		collect: (*snapshot).checkpoint,
	},
	{
		Name: "fluxtrail_checkpoint_failures_total", Type: counterType, Stability: stable,
		Labels:  []string{"lane"},
		Help:    "Times that the lane could not save its marks and state.",
		collect: agentCounter(func(a *Agent) int64 { return a.CheckpointFailures }),
	},
	{
		Name: buildFamily, Type: gaugeType, Stability: stable,
		Labels:  []string{"version", "revision", "go_version"},
		Help:    "1, with what the program was built from.",
		collect: func(*snapshot, *out) {},
	},
}
