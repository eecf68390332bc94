package prom

import "fluxtrail/derive"

// Family is a row of the table of metric families.
type Family struct {
	Name      string // as in queries; counters end in _total
	Type      string // counter, gauge or histogram
	Unit      string // seconds, bytes, or "" for numbers of things
	Labels    []string
	Stability string // stable: not renamed and never fewer labels without a major version; experimental: may change
	Help      string

	collect func(*snapshot, *out)
}

// The families that State counts into by name.
const (
	attemptsFamily       = "fluxtrail_reconcile_attempts_total"
	endedFamily          = "fluxtrail_incidents_ended_total"
	linesFamily          = "fluxtrail_lines_total"
	unparsedFamily       = "fluxtrail_unparsed_lines_total"
	eventsFamily         = "fluxtrail_controller_events_total"
	overflowFamily       = "fluxtrail_series_overflow_total"
	buildFamily          = "fluxtrail_build_info"
	failuresFamily       = "fluxtrail_object_failures_total"
	openedFamily         = "fluxtrail_incidents_total"
	recoveryFamily       = "fluxtrail_incident_recovery_seconds"
	durationFamily       = "fluxtrail_reconcile_duration_seconds"
	objectDurationFamily = "fluxtrail_object_reconcile_duration_seconds"
)

// byObject are the labels of a family by object. The namespace is called what Prometheus would make of it anyway, because a scraped
// target's own label namespace is that of its pod.
var byObject = []string{"exported_namespace", "kind", "name"}

// Families is the table of all families but go_* and process_*, which the caller registers beside. It must not be changed. docs/METRICS.md
// is written from it by a test.
var Families = []Family{
	{attemptsFamily, "counter", "", []string{"controller", "kind", "outcome", "reason"}, "stable",
		"Reconcile runs that are over, by outcome: succeeded, failed, waiting, stalled, suspended, deleted, canceled. A lower bound where a controller's logger samples bursts.",
		counters(attemptsFamily)},
	{durationFamily, "histogram", "seconds", []string{"kind"}, "stable",
		"How long runs took, where the log says it, by kind.",
		(*snapshot).kindDurations},
	{objectDurationFamily, "histogram", "seconds", byObject, "stable",
		"How long runs took, where the log says it, by object.",
		objectHistogram(durationQuads, func(o *object) *histogram { return o.Took })},
	{failuresFamily, "counter", "", byObject, "stable",
		"Runs that failed or stalled, by object.",
		objectCounter(func(o *object) (int64, exemplar) { return o.Failures, o.Failure })},
	{"fluxtrail_object_ready", "gauge", "", byObject, "stable",
		"Whether the object's Ready condition is True (1) or False (0), as far as the logs tell; no series while it is Unknown. The overflow series is 0 if one of its objects is.",
		(*snapshot).ready},
	{"fluxtrail_object_status", "gauge", "", append(byObject[:len(byObject):len(byObject)], "status"), "stable",
		"1 for the status that the object is in: unknown, ready, failing, waiting, progressing, stalled, silent, suspended. The overflow series count objects.",
		(*snapshot).status},
	{"fluxtrail_object_suspended", "gauge", "", byObject, "stable",
		"Whether the object is suspended. The overflow series counts objects.",
		objectGauge(func(g *gauges) int64 { return g.Statuses[derive.Suspended] })},
	{"fluxtrail_object_silent_since_timestamp_seconds", "gauge", "seconds", byObject, "stable",
		"When the run was due that the object's controller promised and that did not come; no series while promises are kept. The overflow series has the earliest.",
		objectTime(func(g *gauges) int64 { return g.SilentAt })},
	{"fluxtrail_incident_open", "gauge", "", byObject, "stable",
		"Open incidents of the object, pending ones included.",
		objectGauge(func(g *gauges) int64 { return g.Incidents })},
	{"fluxtrail_incident_start_timestamp_seconds", "gauge", "seconds", byObject, "stable",
		"When the object's open incident began; no series without one. The overflow series has the earliest.",
		objectTime(func(g *gauges) int64 { return g.OpenedAt })},
	{openedFamily, "counter", "", byObject, "stable",
		"Incidents opened, by object.",
		objectCounter(func(o *object) (int64, exemplar) { return o.Opened, exemplar{} })},
	{endedFamily, "counter", "", []string{"kind", "state", "reason"}, "stable",
		"Incidents that ended: resolved by a success that held, closed because the object was suspended or deleted, or withdrawn because it was a short wait after all.",
		counters(endedFamily)},
	{recoveryFamily, "histogram", "seconds", byObject, "stable",
		"Time from opening to resolution of the resolved incidents, by object.",
		objectHistogram(recoveryQuads, func(o *object) *histogram { return o.Recovered })},
	{linesFamily, "counter", "", []string{"controller", "level"}, "stable",
		"Lines read by the trail lane, by controller and level: info, error, debug, other.",
		counters(linesFamily)},
	{unparsedFamily, "counter", "", []string{"reason"}, "stable",
		"Lines that were not understood, by reason. They are shipped all the same.",
		counters(unparsedFamily)},
	{eventsFamily, "counter", "", []string{"controller", "event"}, "stable",
		"What controllers said about themselves: restart, panic, throttled (by the API server's client side), leader (lease won), notification_failed.",
		counters(eventsFamily)},
	{"fluxtrail_tracked_objects", "gauge", "", []string{"series"}, "stable",
		"Objects in the gauges by object: with series of their own (own), and folded into the overflow series (overflow).",
		(*snapshot).tracked},
	{overflowFamily, "counter", "", []string{"family"}, "stable",
		"Updates that went to the overflow series of a counter or histogram because its family was full. Sums over the family stay right; names are missing.",
		counters(overflowFamily)},
	{"fluxtrail_file_lag_bytes", "gauge", "bytes", []string{"lane", "file"}, "stable",
		"Bytes of the file that the lane has not delivered yet.",
		(*snapshot).lagBytes},
	{"fluxtrail_file_lag_seconds", "gauge", "seconds", []string{"lane", "file"}, "stable",
		"How long the oldest bytes wait that the lane has not delivered yet; 0 when there are none.",
		(*snapshot).lagSeconds},
	{"fluxtrail_unreadable_files", "gauge", "", []string{"lane"}, "stable",
		"Files and directories that the lane cannot read. The log and the status page name them.",
		(*snapshot).unreadable},
	{"fluxtrail_sent_lines_total", "counter", "", []string{"lane"}, "stable",
		"Lines that the lane delivered.",
		agentCounter(func(a *Agent) int64 { return a.SentLines })},
	{"fluxtrail_sent_bytes_total", "counter", "bytes", []string{"lane"}, "stable",
		"Bytes of the lines that the lane delivered; for ship with their structured metadata, as Loki counts.",
		agentCounter(func(a *Agent) int64 { return a.SentBytes })},
	{"fluxtrail_cut_lines_total", "counter", "", []string{"lane"}, "stable",
		"Lines of which only the beginning was delivered, because they are longer than loki.max_line.",
		agentCounter(func(a *Agent) int64 { return a.CutLines })},
	{"fluxtrail_late_lines_total", "counter", "", []string{"lane"}, "stable",
		"Lines that were delivered to a stream with the label late, because Loki has much later ones of their own stream.",
		agentCounter(func(a *Agent) int64 { return a.LateLines })},
	{"fluxtrail_retries_total", "counter", "", []string{"lane", "reason"}, "stable",
		"Deliveries that were tried again, by reason.",
		agentCounters(func(a *Agent) map[string]int64 { return a.Retries })},
	{"fluxtrail_dropped_lines_total", "counter", "", []string{"lane", "reason"}, "stable",
		"Lines that will not be delivered, by reason; a lower bound where a file is gone. The log names their places.",
		agentCounters(func(a *Agent) map[string]int64 { return a.DroppedLines })},
	{"fluxtrail_dropped_bytes_total", "counter", "bytes", []string{"lane", "reason"}, "stable",
		"Bytes that will not be delivered, by reason; where a file is gone, what it held beyond the mark as far as that was known.",
		agentCounters(func(a *Agent) map[string]int64 { return a.DroppedBytes })},
	{"fluxtrail_redactions_total", "counter", "", []string{"lane", "secret"}, "stable",
		"Secrets taken out of lines, by kind of secret.",
		agentCounters(func(a *Agent) map[string]int64 { return a.Redactions })},
	{"fluxtrail_checkpoint_timestamp_seconds", "gauge", "seconds", []string{"lane"}, "stable",
		"When the lane saved its marks and state last; no series before the first time.",
		(*snapshot).checkpoint},
	{"fluxtrail_checkpoint_failures_total", "counter", "", []string{"lane"}, "stable",
		"Times that the lane could not save its marks and state.",
		agentCounter(func(a *Agent) int64 { return a.CheckpointFailures })},
	{buildFamily, "gauge", "", []string{"version", "revision", "go_version"}, "stable",
		"1, with what the program was built from.",
		func(*snapshot, *out) {}},
}
