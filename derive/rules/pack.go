package rules

// row is an alert: what it says, how patient it is, and its expression for each source that has a
// signal for it. Summaries have no templates and descriptions do, which is the convention of
// monitoring mixins.
type row struct {
	name, group, severity string
	hold, keep            string
	summary, description  string
	exprs                 map[Source]string
	auto                  string // for Auto, where that is not the first source with a signal
}

// The names that other rows and inhibition refer to.
const (
	failing        = "FluxReconciliationFailing"
	sourceFailing  = "FluxSourceFailing"
	stalled        = "FluxReconciliationStalled"
	silent         = "FluxObjectSilent"
	notReady       = "FluxNotReadyTooLong"
	blocked        = "FluxDependencyBlocked"
	manyFail       = "FluxFailingManyObjects"
	controllerDown = "FluxControllerDown"
	accessFailing  = "FluxAuthenticationFailing"
	signalMissing  = "FluxSignalMissing"
)

// Groups, and how often those are evaluated that read long ranges.
const (
	objectGroup     = "flux-objects"
	trendGroup      = "flux-trends"
	controllerGroup = "flux-controllers"
	signalGroup     = "flux-signal"
	agentGroup      = "fluxtrail"
)

var intervals = map[string]string{trendGroup: "5m"}

// object begins descriptions of objects.
const object = "{{ $labels.kind }} {{ $labels.exported_namespace }}/{{ $labels.name }}"

// reads says where the cause stands.
const reads = " Run `flux events --for {{ $labels.kind }}/{{ $labels.name }} -n {{ $labels.exported_namespace }}`, or fluxtrail's page, for the error."

// seed is the alert of Flux's guide for Prometheus. Its name, labels, patience and summary are as
// they were there.
var seed = row{
	name: "ReconciliationFailure", group: objectGroup, severity: "page", hold: "10m",
	summary: object + " reconciliation has been failing for more than ten minutes.",
	exprs:   failingBy(anyKind),
}

// alerts is the pack.
var alerts = []row{
	{
		name: failing, group: objectGroup, severity: "warning", hold: "10m", keep: "5m",
		summary:     "A Flux object has been failing to reconcile.",
		description: object + " has been failing for more than 10 minutes, and nothing that it depends on is the cause." + reads,
		exprs:       rooted(failingBy(noSource)),
	},
	{
		name: sourceFailing, group: objectGroup, severity: "warning", hold: "30m", keep: "10m",
		summary:     "A source of Flux has been failing to fetch.",
		description: object + " has been failing for more than 30 minutes. What is built from it stays at its last artifact." + reads,
		exprs:       rooted(failingBy(onlySource)),
	},
	{
		name: stalled, group: objectGroup, severity: "warning", hold: "5m",
		summary:     "Flux has given up on an object.",
		description: object + " is stalled: it will not be tried again before it is changed or reconciled by hand." + reads,
		exprs: map[Source]string{
			Ours:         `max by (BY) (fluxtrail_object_status{status="stalled"}) > 0`,
			FluxOperator: `max by (BY) ({FLUX_INFO,ready="False",suspended!="True",reason=~"RetriesExceeded|MissingRollbackTarget|InvalidSpec|URLInvalid|InvalidCELExpression"}) > 0`,
			Loki:         lines(`outcome="stalled"`, "1h") + "\nunless on (BY) " + lines(`outcome="succeeded"`, "1h"),
		},
	},
	{
		name: accessFailing, group: objectGroup, severity: "warning", hold: "15m", keep: "10m",
		summary:     "Flux is refused access to a source or a registry.",
		description: object + " fails because a credential or a certificate is refused, is missing or has expired. Others with the same one will follow." + reads,
		exprs: map[Source]string{
			Ours:         `max by (BY) (fluxtrail_incident_info{access!="",root_name=""}) > 0`,
			FluxOperator: operatorFailing(`reason=~"AuthenticationFailed|AccessDenied"`),
			Loki:         lines(`reason="AuthenticationFailed"`, recent) + " > 0\nunless on (BY) " + lines(`outcome="succeeded"`, recent) + " > 0",
		},
	},
	{
		name: silent, group: objectGroup, severity: "warning", hold: "5m",
		summary:     "A Flux object has not been reconciled when it was due.",
		description: object + " was due {{ $value | humanizeDuration }} ago, and its controller has not written of it since. Nothing is applied, and nothing is reported.",
		exprs: map[Source]string{
			Ours: `time() - min by (BY) (fluxtrail_object_silent_since_timestamp_seconds) > 600`,
		},
	},
	{
		name: notReady, group: objectGroup, severity: "warning", hold: "30m", keep: "5m",
		summary:     "A Flux object has neither become ready nor failed.",
		description: object + " has been in progress for more than 30 minutes: a health check, a hook or an upgrade hangs." + reads,
		exprs: map[Source]string{
			Ours:         `max by (BY) (fluxtrail_object_status{status="progressing"}) > 0`,
			FluxOperator: `max by (BY) ({FLUX_INFO,ready="Unknown",suspended!="True"}) > 0`,
			KSM:          `max by (BY) (` + kind(`gotk_resource_info{ready="Unknown",suspended!="true"}`) + `) > 0`,
			GOTK: `max by (BY) (gotk_reconcile_condition{type="Ready",status="Unknown"}) == 1
unless on (BY) max by (BY) (gotk_suspend_status) == 1`,
		},
	},
	{
		name: blocked, group: objectGroup, severity: "info", hold: "30m",
		summary:     "A Flux object waits for another one.",
		description: object + " has been waiting for more than 30 minutes for what it depends on{{ with $labels.root }}; at the end of the chain is {{ . }}{{ end }}.",
		exprs: map[Source]string{
			Ours: `max by (BY, root) (label_join(fluxtrail_incident_info{root_name!=""}, "root", "/", "root_kind", "root_namespace", "root_name")) > 0
or on (BY) max by (BY) (fluxtrail_incident_info{root_name="",reason="DependencyNotReady"}) > 0`,
			FluxOperator: `max by (BY) ({FLUX_INFO,ready="False",suspended!="True",reason="DependencyNotReady"}) > 0`,
		},
	},
	{
		name: "FluxSuspendedTooLong", group: objectGroup, severity: "info", hold: "24h",
		summary:     "A Flux object has been suspended for a day.",
		description: object + " has been suspended for more than a day: changes in its source do not reach the cluster. Resume it, or remove it.",
		exprs: map[Source]string{
			Ours:         `max by (BY) (fluxtrail_object_suspended) > 0`,
			FluxOperator: `max by (BY) ({FLUX_INFO,suspended="True"}) > 0`,
			KSM:          `max by (BY) (` + kind(`gotk_resource_info{suspended="true"}`) + `) > 0`,
			GOTK:         `max by (BY) (gotk_suspend_status) == 1`,
		},
	},
	{
		name: manyFail, group: objectGroup, severity: "critical", hold: "10m", keep: "5m",
		summary:     "Many Flux objects fail at once.",
		description: "{{ $value | humanize }} objects{{ with $labels.cluster }} of cluster {{ . }}{{ end }} have been failing for more than 10 minutes, each for itself. Look for what they have in common: the API server, the network, a webhook, a controller.",
		exprs:       manyFailing(),
	},
	{
		name: "FluxReconciliationFlapping", group: trendGroup, severity: "info",
		summary:     "A Flux object keeps failing and recovering.",
		description: object + " has failed and recovered several times within two hours.",
		exprs: map[Source]string{
			Ours: `max by (BY) (changes(fluxtrail_incident_start_timestamp_seconds[2h])) >= 3`,
			GOTK: `max by (BY) (changes(gotk_reconcile_condition{type="Ready",status="True"}[2h])) >= 8`,
		},
	},
	{
		name: "FluxReconciliationSlow", group: trendGroup, severity: "info", hold: "1h",
		summary:     "A Flux object takes much longer than it used to.",
		description: object + " took {{ $value | humanizeDuration }} on average over 6 hours, more than twice its average of the last week.",
		exprs: map[Source]string{
			Ours: slow("fluxtrail_object_reconcile_duration_seconds"),
			GOTK: slow("gotk_reconcile_duration_seconds"),
		},
	},
	{
		name: controllerDown, group: controllerGroup, severity: "critical", hold: "10m",
		summary:     "A Flux controller does nothing.",
		description: "Flux's controller {{ with $labels.controller }}of {{ . }} {{ end }}{{ with $labels.kind }}of kind {{ . }} {{ end }}is gone or hangs: nothing of its kinds is reconciled.",
		exprs: map[Source]string{
			Ours: `(
  count by (cluster, kind) (max by (BY) (fluxtrail_object_silent_since_timestamp_seconds)) >= 2
)
>= on (cluster, kind)
  0.8 * count by (cluster, kind) (max by (BY) (fluxtrail_object_status{status!~"suspended|unknown"}))`,
			FluxOperator: controllerGone,
			KSM:          controllerGone,
			GOTK: `absent(controller_runtime_active_workers{controller="kustomization"})
or absent(controller_runtime_active_workers{controller="gitrepository"})
or ` + controllerGone,
			Loki: `absent_over_time({namespace="flux-system",app="kustomize-controller"}[1h])
or absent_over_time({namespace="flux-system",app="source-controller"}[1h])`,
		},
	},
	{
		name: "FluxControllerRestarting", group: controllerGroup, severity: "warning",
		summary:     "A Flux controller keeps restarting.",
		description: "{{ $labels.controller }} has restarted or panicked {{ $value | humanize }} times within an hour. What it did at that time was cut off.",
		exprs: map[Source]string{
			Ours: `sum by (cluster, controller) (increase(fluxtrail_controller_events_total{event="panic"}[1h])) > 0
or sum by (cluster, controller) (increase(fluxtrail_controller_events_total{event="restart"}[1h])) > 2.5`,
			GOTK: `max by (cluster, controller) (label_replace(changes(process_start_time_seconds{pod=~"(source|kustomize|helm|notification|image-reflector|image-automation)-controller-.+"}[1h]), "controller", "$1", "pod", "(.+-controller)-.+")) >= 2`,
			Loki: `sum by (app) (count_over_time({namespace="flux-system"} |= "panic" |= "goroutine" [1h])) > 0`,
		},
	},
	{
		name: "FluxControllerThrottled", group: controllerGroup, severity: "info", hold: "15m",
		summary:     "A Flux controller is slowed down by its own limit of requests.",
		description: "{{ $labels.controller }} waited {{ $value | humanize }} times within an hour to be allowed to ask the API server. Raise --kube-api-qps and --kube-api-burst, or reduce --concurrent.",
		exprs: map[Source]string{
			Ours: `sum by (cluster, controller) (increase(fluxtrail_controller_events_total{event="throttled"}[1h])) > 30`,
			Loki: `sum by (app) (count_over_time({namespace="flux-system"} |= "client-side throttling" [1h])) > 30`,
		},
	},
	{
		name: "FluxNotificationFailing", group: controllerGroup, severity: "warning", hold: "15m",
		summary:     "Flux cannot deliver notifications.",
		description: "notification-controller could not deliver {{ $value | humanize }} notifications within half an hour: what else fails may not have been told.",
		exprs: map[Source]string{
			Ours: `sum by (cluster) (increase(fluxtrail_controller_events_total{event="notification_failed"}[30m])) > 0`,
			Loki: `sum by (app) (count_over_time({namespace="flux-system",app="notification-controller"} |= "failed to send notification" [30m])) > 0`,
		},
	},
	{
		name: signalMissing, group: signalGroup, severity: "critical", hold: "15m",
		summary:     "The alerts about Flux have nothing to go by.",
		description: "{{ with $labels.signal }}{{ . }}{{ else }}The signal{{ end }} is not there{{ with $labels.cluster }} in cluster {{ . }}{{ end }}: alerts that read it cannot fire, whatever fails.",
		exprs: map[Source]string{
			Ours:         missing("fluxtrail_build_info", "fluxtrail_object_status"),
			FluxOperator: missing("flux_resource_info"),
			KSM:          missing("gotk_resource_info"),
			GOTK:         missing("gotk_reconcile_condition", "controller_runtime_active_workers", "gotk_reconcile_duration_seconds_count"),
			Loki:         `absent_over_time({namespace="flux-system"}[15m])`,
		},
		auto: `absent(fluxtrail_object_status or flux_resource_info or gotk_resource_info or gotk_reconcile_condition)
or
(
  group by (cluster) (max_over_time({__name__=~"fluxtrail_object_status|flux_resource_info|gotk_resource_info|gotk_reconcile_condition"}[1d]))
  unless on (cluster) group by (cluster) ({__name__=~"fluxtrail_object_status|flux_resource_info|gotk_resource_info|gotk_reconcile_condition"})
)`,
	},
	{
		name: "FluxtrailBehind", group: agentGroup, severity: "warning", hold: "10m",
		summary:     "Fluxtrail is behind the logs that it reads.",
		description: "Lane {{ $labels.lane }} of {{ with $labels.instance }}{{ . }}{{ else }}fluxtrail{{ end }} is {{ $value | humanizeDuration }} behind: what it tells is late by as much.",
		exprs: map[Source]string{
			Ours: `max by (cluster, instance, lane) (fluxtrail_file_lag_seconds) > 60
or max by (cluster, instance, lane) (time() - fluxtrail_checkpoint_timestamp_seconds) > 120`,
		},
	},
	{
		name: "FluxtrailDropping", group: agentGroup, severity: "warning",
		summary:     "Fluxtrail could not deliver lines.",
		description: "Lane {{ $labels.lane }} has given up {{ $value | humanize }} lines within an hour: {{ $labels.reason }}. The agent's log names their places.",
		exprs: map[Source]string{
			Ours: `sum by (cluster, lane, reason) (increase(fluxtrail_dropped_lines_total[1h])) > 0`,
		},
	},
}

// controllerGone are controllers that were there within a day and are not now.
const controllerGone = `(
  group by (cluster, controller) (max_over_time(controller_runtime_active_workers{controller=~"kustomization|helmrelease|gitrepository|ocirepository|helmrepository|imagerepository|imageupdateautomation"}[1d]))
  unless on (cluster, controller) group by (cluster, controller) (controller_runtime_active_workers)
)`

// slow compares the average of 6 hours with that of a week, where it is more than a minute.
func slow(family string) string {
	mean := func(window string) string {
		return `(
  sum by (BY) (increase(` + family + `_sum[` + window + `]))
  / sum by (BY) (increase(` + family + `_count[` + window + `]))
)`
	}
	return "(" + mean("6h") + " > 60)\n> 2 * " + mean("7d")
}
