package dashboards

// The uids, which links go by and which never change.
const (
	clusterUID      = "fluxtrail-cluster"
	controlPlaneUID = "fluxtrail-control-plane"
	logsUID         = "fluxtrail-logs"
	agentsUID       = "fluxtrail-agents"
)

var (
	clusterVar    = variable{name: "cluster", label: "Cluster", values: "label_values(fluxtrail_build_info, cluster)", source: prometheus}
	namespaceVar  = variable{name: "namespace", label: "Namespace", values: `label_values(fluxtrail_object_status{cluster=~"$cluster"}, exported_namespace)`, source: prometheus}
	kindVar       = variable{name: "kind", label: "Kind", values: `label_values(fluxtrail_object_status{cluster=~"$cluster"}, kind)`, source: prometheus}
	statusPageVar = variable{name: "status_page", label: "Status page of an agent", text: true, value: "http://127.0.0.1:8080"}
	fluxVar       = variable{name: "flux", label: "Namespace of Flux", values: "label_values(controller_runtime_reconcile_total, namespace)", source: prometheus}
	streamsVar    = variable{name: "flux", label: "Namespace of Flux", values: "label_values(namespace)", source: loki}
	controllerVar = variable{name: "controller", label: "Controller", values: `label_values({namespace=~"$flux"}, app)`, source: loki}
)

const (
	object   = `cluster, exported_namespace, kind, name`
	selected = `cluster=~"$cluster",exported_namespace=~"$namespace",kind=~"$kind"`
	named    = "{{kind}} {{exported_namespace}}/{{name}}"
)

func stat(title, description, unit, expr string, red float64) panel {
	return panel{
		kind: "stat", title: title, description: description, unit: unit, width: 4, height: 4,
		source: prometheus, targets: []target{{expr, ""}}, red: red,
	}
}

func graph(title, description, unit string, targets ...target) panel {
	return panel{kind: "timeseries", title: title, description: description, unit: unit, width: 12, height: 8, source: prometheus, targets: targets}
}

func table(title, description, unit, expr string) panel {
	return panel{
		kind: "table", title: title, description: description, unit: unit, width: 12, height: 9,
		source: prometheus, targets: []target{{expr, ""}},
	}
}

func (p panel) under(row string) panel { p.row = row; return p }
func (p panel) wide() panel            { p.width = 24; return p }

func (p panel) fromLoki() panel { p.source = loki; return p }

// cluster is about Flux's objects.
func cluster() Board {
	status := func(which string) string {
		return `count(max by (` + object + `) (fluxtrail_object_status{` + selected + `,status=~"` + which + `"}) == 1) or vector(0)`
	}
	since := `max by (` + object + `) (fluxtrail_incident_start_timestamp_seconds{` + selected + `})`
	info := `max by (` + object + `, reason, root_kind, root_namespace, root_name) (fluxtrail_incident_info{` + selected + `})`
	rate := func(part string) string {
		return `rate(fluxtrail_object_reconcile_duration_seconds_` + part + `{` + selected + `}[$__range])`
	}
	return Board{
		name: "cluster", uid: clusterUID, alias: "flux-cluster", title: "Flux / Cluster",
		description: "What fails, since when and why; what is suspended, silent, slow or flapping.",
		variables:   []variable{clusterVar, namespaceVar, kindVar, statusPageVar},
		panels: []panel{
			stat("Root causes", "Objects with an open incident that nothing else explains. Begin with these.", "short",
				`count(max by (`+object+`) (fluxtrail_incident_info{`+selected+`,root_name=""}) > 0) or vector(0)`, 1),
			stat("Failing", "Objects that fail, or stalled and are not tried again.", "short", status("failing|stalled"), 1),
			stat("Waiting", "Objects that wait for others.", "short", status("waiting"), 0),
			stat("Silent", "Objects of which a run was promised that did not come.", "short",
				`count(max by (`+object+`) (fluxtrail_object_silent_since_timestamp_seconds{`+selected+`})) or vector(0)`, 1),
			stat("Suspended", "Objects that somebody suspended.", "short", status("suspended"), 0),
			stat("Ready", "Objects that are ready.", "short", status("ready"), 0),
			table("Failing for", "Open incidents, with the reason of the latest error and the object that is the cause, if another is.", "s",
				`sort_desc((time() - `+since+`) * on (`+object+`) group_right () `+info+`)`).under("Now").wide(),
			graph("Incidents opened, by reason", "By the reason of their first error.", "short",
				target{`sum by (reason) (increase(fluxtrail_incidents_total{` + selected + `}[$__rate_interval]))`, "{{reason}}"}).under("Over time"),
			graph("Attempts, by outcome", "How the runs of all objects ended.", "ops",
				target{`sum by (outcome) (rate(fluxtrail_reconcile_attempts_total{cluster=~"$cluster",kind=~"$kind"}[$__rate_interval]))`, "{{outcome}}"}),
			graph("Failing and waiting", "How many objects are in each state that is not ready.", "short",
				target{`sum by (status) (max by (` + object + `, status) (fluxtrail_object_status{` + selected + `,status!~"ready|unknown"}))`, "{{status}}"}),
			graph("Mean time to recovery", "Of the incidents that were resolved in the time before.", "s",
				target{`sum by (kind) (increase(fluxtrail_incident_recovery_seconds_sum{` + selected + `}[$__range])) / sum by (kind) (increase(fluxtrail_incident_recovery_seconds_count{` + selected + `}[$__range]))`, "{{kind}}"}),
			table("Mean duration", "The ten slowest objects.", "s",
				`topk(10, sum by (`+object+`) (`+rate("sum")+`) / sum by (`+object+`) (`+rate("count")+` > 0))`).under("Where to look"),
			table("Incidents", "The ten objects with the most incidents: those that flap.", "short",
				`topk(10, sum by (`+object+`) (increase(fluxtrail_incidents_total{`+selected+`}[$__range])))`),
			table("Suspended objects", "They are not reconciled, and alerts leave them out.", "short",
				`max by (`+object+`) (fluxtrail_object_suspended{`+selected+`}) > 0`),
			table("Silent for", "Since when the run is due that the controller promised.", "s",
				`time() - max by (`+object+`) (fluxtrail_object_silent_since_timestamp_seconds{`+selected+`})`),
		},
	}
}

// controlPlane is about Flux's controllers, by their own metrics and by what they log.
func controlPlane() Board {
	const in = `namespace=~"$flux"`
	return Board{
		name: "control-plane", uid: controlPlaneUID, alias: "flux-control-plane", title: "Flux / Control plane",
		description: "Whether the controllers keep up: queues, errors, requests to the API server, memory and CPU.",
		variables:   []variable{fluxVar, clusterVar},
		panels: []panel{
			stat("Controllers", "Pods that are scraped.", "short", `count(max by (pod) (controller_runtime_active_workers{`+in+`} >= 0))`, 0),
			stat("Longest run", "The longest run that is still going on.", "s", `max(workqueue_longest_running_processor_seconds{`+in+`})`, 600),
			stat("Deepest queue", "Objects that wait for a worker.", "short", `max(workqueue_depth{`+in+`})`, 100),
			stat("Refused by the API server", "Requests that were answered with 429, per second.", "reqps",
				`sum(max by (pod, code, method) (rate(rest_client_requests_total{`+in+`,code="429"}[$__rate_interval]))) or vector(0)`, 1),
			stat("Panics", "Runs that panicked, over the time that is shown.", "short",
				`sum(increase(controller_runtime_reconcile_panics_total{`+in+`}[$__range])) or vector(0)`, 1),
			stat("Restarts", "Starts of controllers, as their logs tell.", "short",
				`sum(increase(fluxtrail_controller_events_total{cluster=~"$cluster",event="restart"}[$__range])) or vector(0)`, 0),
			graph("Runs, by controller", "Each run once, however many scrape it.", "ops",
				target{`sum by (controller) (max by (pod, controller, result) (rate(controller_runtime_reconcile_total{` + in + `}[$__rate_interval])))`, "{{controller}}"}).under("Work"),
			graph("Errors, by controller", "Runs that returned an error.", "ops",
				target{`sum by (controller) (max by (pod, controller) (rate(controller_runtime_reconcile_errors_total{` + in + `}[$__rate_interval])))`, "{{controller}}"}),
			graph("Queues", "Objects that wait for a worker.", "short", target{`max by (name) (workqueue_depth{` + in + `})`, "{{name}}"}),
			graph("Workers that are busy", "1 means that all are: raise --concurrent.", "percentunit",
				target{`max by (pod, controller) (controller_runtime_active_workers{` + in + `}) / max by (pod, controller) (controller_runtime_max_concurrent_reconciles{` + in + `})`, "{{controller}}"}),
			graph("Duration of runs, 95th percentile", "As the controllers measure it.", "s",
				target{`histogram_quantile(0.95, sum by (controller, le) (rate(controller_runtime_reconcile_time_seconds_bucket{` + in + `}[$__rate_interval])))`, "{{controller}}"}),
			graph("Requests to the API server, by code", "429 is a refusal, 409 a conflict that is tried again.", "reqps",
				target{`sum by (code) (max by (pod, code, method) (rate(rest_client_requests_total{` + in + `}[$__rate_interval])))`, "{{code}}"}),
			graph("Memory", "Resident memory of each pod.", "bytes", target{`max by (pod) (process_resident_memory_bytes{` + in + `,pod=~".*-controller.*|source-watcher.*"})`, "{{pod}}"}).under("Resources"),
			graph("CPU", "Cores that each pod uses.", "short", target{`max by (pod) (rate(process_cpu_seconds_total{` + in + `,pod=~".*-controller.*|source-watcher.*"}[$__rate_interval]))`, "{{pod}}"}),
			graph("Goroutines", "A steady rise is a leak.", "short", target{`max by (pod) (go_goroutines{` + in + `,pod=~".*-controller.*|source-watcher.*"})`, "{{pod}}"}),
			graph("What controllers say of themselves", "Restarts, panics, throttling by their own client, leases, and notifications that failed.", "short",
				target{`sum by (controller, event) (increase(fluxtrail_controller_events_total{cluster=~"$cluster"}[$__rate_interval]))`, "{{controller}} {{event}}"}),
		},
	}
}

// logs is about the lines in Loki.
func logs() Board {
	const in = `{namespace=~"$flux", app=~"$controller"}`
	of := in + ` |= "$text" | object_name=~"$object.*"`
	lines := func(title, description, expr string) panel {
		return panel{kind: "logs", title: title, description: description, unit: "none", width: 24, height: 12, source: loki, targets: []target{{expr, ""}}}
	}
	return Board{
		name: "logs", uid: logsUID, alias: "flux-logs", title: "Flux / Logs", logs: true,
		description: "The lines of the controllers, by what the agent knows of each: object, outcome, reason and fingerprint of the error.",
		variables: []variable{streamsVar, controllerVar,
			{name: "object", label: "Object's name", text: true}, {name: "text", label: "Text", text: true}},
		panels: []panel{
			graph("Lines, by controller", "All lines that were shipped.", "short",
				target{`sum by (app) (count_over_time(` + in + ` [$__auto]))`, "{{app}}"}).fromLoki(),
			graph("Failed attempts, by reason", "What single lines say; incidents go by the whole run.", "short",
				target{`sum by (reason) (count_over_time(` + in + ` | outcome=~"failed|stalled" [$__auto]))`, "{{reason}}"}).fromLoki(),
			graph("Errors, by object", "The ten objects with the most.", "short",
				target{`topk(10, sum by (object_kind, object_namespace, object_name) (count_over_time(` + in + ` | outcome=~"failed|stalled" | object_name!="" [$__auto])))`,
					"{{object_kind}} {{object_namespace}}/{{object_name}}"}).fromLoki(),
			graph("Errors, by fingerprint", "One fingerprint is one error, whatever revision, time or digest is in its text.", "short",
				target{`topk(10, sum by (fingerprint, reason) (count_over_time(` + in + ` | fingerprint!="" [$__auto])))`, "{{reason}} {{fingerprint}}"}).fromLoki(),
			graph("Revisions", "What the controllers came upon, by revision: a change of the revision before a failure is where to look first.", "short",
				target{`topk(20, sum by (object_kind, object_namespace, object_name, revision) (count_over_time(` + of + ` | revision!="" [$__auto])))`,
					"{{object_kind}} {{object_namespace}}/{{object_name}} {{revision}}"}).fromLoki().wide(),
			lines("Errors", "Lines of attempts that failed.", of+` | outcome=~"failed|stalled"`),
			lines("All lines", "What the controllers wrote, with secrets taken out.", of),
		},
	}
}

// agents is about fluxtrail itself.
func agents() Board {
	const in = `cluster=~"$cluster"`
	return Board{
		name: "agents", uid: agentsUID, title: "Flux / Agents of fluxtrail",
		description: "Whether the agents read and deliver everything, and what it costs.",
		variables:   []variable{clusterVar},
		panels: []panel{
			stat("Agents", "Agents that are scraped.", "short", `count(fluxtrail_build_info{`+in+`})`, 0),
			stat("Longest lag", "How long the oldest bytes wait.", "s", `max(fluxtrail_file_lag_seconds{`+in+`}) or vector(0)`, 60),
			stat("Lines lost", "Lines that will not be delivered, over the time that is shown. The agents' logs name them.", "short",
				`sum(increase(fluxtrail_dropped_lines_total{`+in+`}[$__range])) or vector(0)`, 1),
			stat("Unreadable", "Files and directories that may not be read. The log and the page of the agent name the setting that is missing.", "short",
				`max(fluxtrail_unreadable_files{`+in+`}) or vector(0)`, 1),
			stat("State not saved for", "After a crash this much is read again.", "s",
				`time() - min(fluxtrail_checkpoint_timestamp_seconds{`+in+`})`, 300),
			stat("Series overflow", "Updates that went to the series of all others, over the time that is shown: raise metrics.objects.", "short",
				`sum(increase(fluxtrail_series_overflow_total{`+in+`}[$__range])) or vector(0)`, 1),
			graph("Lines, by level", "Read by the trail lane.", "short", target{`sum by (level) (rate(fluxtrail_lines_total{` + in + `}[$__rate_interval]))`, "{{level}}"}).under("Lines"),
			graph("Delivered", "Bytes per second, by lane.", "Bps", target{`sum by (lane) (rate(fluxtrail_sent_bytes_total{` + in + `}[$__rate_interval]))`, "{{lane}}"}),
			graph("Waiting", "Bytes that are not delivered yet, by lane.", "bytes", target{`sum by (lane) (fluxtrail_file_lag_bytes{` + in + `})`, "{{lane}}"}),
			graph("Tried again", "Deliveries that failed, by reason.", "ops",
				target{`sum by (lane, reason) (rate(fluxtrail_retries_total{` + in + `}[$__rate_interval]))`, "{{lane}} {{reason}}"}),
			graph("Not understood, not believed", "Lines that change nothing. They are shipped all the same.", "ops",
				target{`sum by (reason) (rate(fluxtrail_unparsed_lines_total{` + in + `}[$__rate_interval]))`, "not understood: {{reason}}"},
				target{`sum by (reason) (rate(fluxtrail_untrusted_lines_total{` + in + `}[$__rate_interval]))`, "not believed: {{reason}}"}),
			graph("Secrets taken out", "By kind.", "ops",
				target{`sum by (secret) (rate(fluxtrail_redactions_total{` + in + `}[$__rate_interval]))`, "{{secret}}"}),
			graph("Memory", "Resident memory of each agent.", "bytes", target{`max by (instance) (process_resident_memory_bytes{} and on (instance) fluxtrail_build_info{` + in + `})`, "{{instance}}"}).under("Cost"),
			graph("CPU", "Cores.", "short", target{`max by (instance) (rate(process_cpu_seconds_total{}[$__rate_interval]) and on (instance) fluxtrail_build_info{` + in + `})`, "{{instance}}"}),
			graph("Objects", "Objects with series of their own, and those that share one.", "short",
				target{`sum by (series) (fluxtrail_tracked_objects{` + in + `})`, "{{series}}"}),
			graph("Versions", "How many agents run which.", "short", target{`count by (version) (fluxtrail_build_info{` + in + `})`, "{{version}}"}),
		},
	}
}
