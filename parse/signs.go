package parse

// Sign is what a line's message means for the run that it belongs to. The zero Sign is a message that says nothing about an
// outcome: most lines.
type Sign uint8

// The signs.
const (
	None Sign = iota

	// Outcomes of a run.
	Succeeded       // the run went well
	Finished        // the run is over; it went well unless the same run also shows a failure (Finished alone proves nothing in 2020 and in helm-controller before 0.37)
	Failed          // the run failed and will be tried again
	ReconcilerError // controller-runtime's own word for a run that returned an error
	Stalled         // the run failed and will not be tried again before something changes
	FailedState     // helm-controller: the release is in a failed state (said at info; Helm's own error is only in the condition)
	WaitDependency  // an object in dependsOn is not ready
	WaitSource      // the source, or its artifact, is not there yet
	Suspended       // the object is suspended
	Deleted         // the object is being deleted
	Canceled        // the run gave way to a newer one
	Born            // the controller puts its finalizer on the object: it is new

	// Progress within a run.
	Progress   // something was done: Ready is Unknown until the run is over
	DepsReady  // all dependencies are ready: the run goes on
	Action     // helm-controller runs an action
	Link       // the line names the object's source
	Warning    // an event recorded as a line: its reason and text describe the failure that follows
	FetchRetry // the artifact could not be fetched and is tried again within the run

	// The controller's own life.
	Start        // a process starts
	Shutdown     // a process stops
	LeaseGot     // leadership won
	LeaseLost    // leadership lost; the process exits
	Throttled    // client-side throttling by client-go
	Panicked     // a panic that was recovered; an unrecovered one is FormPanic
	Event        // an event seen by notification-controller's event server
	MirrorEvent  // controller-runtime's copy of an event, at debug
	NotifyFailed // notification-controller could not deliver
)

func (s Sign) String() string {
	return [...]string{"none", "succeeded", "finished", "failed", "reconciler-error", "stalled", "failed-state", "wait-dependency",
		"wait-source", "suspended", "deleted", "canceled", "born", "progress", "deps-ready", "action", "link", "warning", "fetch-retry", "start",
		"shutdown", "lease-got", "lease-lost", "throttled", "panicked", "event", "mirror-event", "notify-failed"}[s]
}

// row is one message of the catalogue: all of Flux's own texts that begin with Text (and contain Also).
// Errs limits the row to lines of level error (yes) or below (no). Next says after which words the promise stands.
type row struct {
	sign Sign
	text string
	also string
	errs tri
	took string // the run's duration follows these words
	next string // the promised time until the next run follows these words
	rev  string // the revision follows these words, in quotes; what users write (a commit's message, a chart's name) may not come before
	line string // a real message, or one composed as the source composes it: the row's test
}

type tri uint8

const (
	any tri = iota
	yes
	no
)

const runEnd = ", next run in "

// catalogue holds the messages that mean something. Sources: the controllers at the tags that the docs/eras.md table names.
// A row is found by its first byte, so order only matters among rows with the same beginning: the longer first.
var catalogue = []row{
	// controller-runtime, all controllers
	{sign: ReconcilerError, text: "Reconciler error", errs: yes, line: "Reconciler error"},
	{sign: Panicked, text: "Observed a panic", line: `Observed a panic in reconciler: runtime error: index out of range`},
	{sign: Born, text: "metadata.finalizers: ", also: "prefer a domain-qualified finalizer name", line: `metadata.finalizers: "finalizers.fluxcd.io": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers`},
	{sign: Start, text: "starting manager", line: "starting manager"},
	{sign: Shutdown, text: "Shutdown signal received", line: "Shutdown signal received, waiting for all workers to finish"},
	{sign: LeaseLost, text: "problem running manager", errs: yes, line: "problem running manager"},
	{sign: LeaseLost, text: "leader election lost", line: "leader election lost"},
	{sign: LeaseGot, text: "successfully acquired lease", line: "successfully acquired lease flux-system/source-controller-leader-election\n"},
	{sign: LeaseGot, text: "Successfully acquired lease", line: "Successfully acquired lease"},
	{sign: Throttled, text: "Waited for ", also: "throttling", line: "Waited for 1.044697004s due to client-side throttling, not priority and fairness, request: GET:https://172.20.0.1:443/apis"},
	{sign: Throttled, text: "Waited before sending request", line: "Waited before sending request"},

	// ends of runs that log their duration: kustomize-controller, source-controller to 0.21, helm-controller to 0.36,
	// image-reflector-controller to 0.24, notification-controller's Receiver, flux-operator
	{sign: Finished, text: "Reconciliation finished in ", took: "finished in ", next: runEnd, line: "Reconciliation finished in 1.578240643s, next run in 10m0s"},
	{sign: Finished, text: "Reconciliation finished, next run in ", next: runEnd, line: "Reconciliation finished, next run in 10m0s"},
	{sign: Finished, text: "reconcilation finished in ", took: "finished in ", next: runEnd, line: "reconcilation finished in 87.45015ms, next run in 30m0s"},
	{sign: Finished, text: "reconciliation finished in ", took: "finished in ", next: runEnd, line: "reconciliation finished in 204.1ms, next run in 1m0s"},
	{sign: Finished, text: "Kustomization sync finished in ", took: "finished in ", next: runEnd, line: "Kustomization sync finished in 1.2s, next run in 1m0s"},
	{sign: Finished, text: "Kustomization reconciliation finished in ", took: "finished in ", next: runEnd, line: "Kustomization reconciliation finished in 1.2s, next run in 1m0s"},
	{sign: Failed, text: "Reconciliation failed after ", errs: yes, took: "failed after ", next: ", next try in ", line: "Reconciliation failed after 467.22062ms, next try in 1m0s"},

	// kustomize-controller
	{sign: Failed, text: "Kustomization apply failed", errs: yes, line: "Kustomization apply failed"},
	{sign: Failed, text: "Kustomization reconciliation failed", errs: yes, line: "Kustomization reconciliation failed"},
	{sign: Failed, text: "Access denied to cross-namespace source", errs: yes, line: "Access denied to cross-namespace source"},
	{sign: Failed, text: "access denied to cross-namespace source", errs: yes, line: "access denied to cross-namespace source"},
	{sign: Progress, text: "server-side apply ", line: "server-side apply completed"},
	{sign: Progress, text: "Kustomization applied in ", line: "Kustomization applied in 1.436096591s"},
	{sign: DepsReady, text: "All dependencies are", line: "All dependencies are ready, proceeding with reconciliation"},
	{sign: WaitDependency, text: "Dependencies do not meet ready condition", next: "retrying in ", line: "Dependencies do not meet ready condition, retrying in 30s"},
	{sign: WaitSource, text: "Source '", also: "not found", line: "Source 'GitRepository/flux-system/apps' not found"},
	{sign: WaitSource, text: "Source not found", line: "Source not found"},
	{sign: WaitSource, text: "Source artifact not found", next: "retrying in ", line: "Source artifact not found, retrying in 30s"},
	{sign: WaitSource, text: "Source is not ready", next: "retrying in ", line: "Source is not ready, artifact not found"},
	{sign: WaitSource, text: "Source not ready", next: "Retrying in ", line: "Source not ready: artifact not found. Retrying in 30s"},
	{sign: WaitSource, text: "GitRepository '", also: "not found", line: "GitRepository 'flux-system/apps' not found"},
	{sign: Suspended, text: "Reconciliation is suspended for this object", line: "Reconciliation is suspended for this object"},
	{sign: Suspended, text: "reconciliation is suspended for this object", line: "reconciliation is suspended for this object"},
	{sign: Canceled, text: "New reconciliation triggered, canceling health checks", line: "New reconciliation triggered, canceling health checks"},
	{sign: Stalled, text: "to use spec.", also: " feature gate", errs: yes, line: "to use spec.decryption.serviceAccountName for decryption authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller"},
	{sign: FetchRetry, text: "request failed", line: "request failed"},
	{sign: FetchRetry, text: "retrying request", line: "retrying request"},

	// source-controller
	{sign: Succeeded, text: "no changes since last reconcil", errs: no, rev: "observed revision '", line: "no changes since last reconcilation: observed revision 'main@sha1:b7c5a953620aa4a55ac5592ff78f551edbabf47c'"},
	{sign: Succeeded, text: "artifact up-to-date with remote digest: '", rev: "remote digest: '", line: "artifact up-to-date with remote digest: 'latest/3b6cdcc7'"},
	{sign: Succeeded, text: "artifact up-to-date", rev: "with remote revision: '", line: "artifact up-to-date with remote revision: '0.21.0'"},
	{sign: Succeeded, text: "stored artifact with revision '", rev: "with revision '", line: "stored artifact with revision 'latest@sha256:3b6cdcc7' from 'oci://ghcr.io/org/apps'"},
	{sign: Succeeded, text: "stored artifact ", line: "stored artifact for commit 'chart version increased'"},
	{sign: Succeeded, text: "stored fetched index ", line: "stored fetched index of size 1.2MB from 'https://charts.example.com'"},
	{sign: Succeeded, text: "pulled '", also: "' chart with version '", rev: "' chart with version '", line: "pulled 'shop' chart with version '1.0.0'"},
	{sign: Succeeded, text: "packaged '", also: "' chart with version '", rev: "' chart with version '", line: "packaged 'shop' chart with version '1.0.0' and merged values files [values.yaml]"},
	{sign: Succeeded, text: "new '", also: "' chart with version '", rev: "' chart with version '", line: "new 'shop' chart with version '1.0.0'"},
	{sign: Succeeded, text: "Git repository sync succeeded", line: "Git repository sync succeeded"},
	{sign: Succeeded, text: "Helm repository sync succeeded", line: "Helm repository sync succeeded"},
	{sign: Succeeded, text: "Helm chart sync succeeded", line: "Helm chart sync succeeded"},
	{sign: Failed, text: "Git repository sync failed", line: "Git repository sync failed"},
	{sign: Failed, text: "Helm repository sync failed", line: "Helm repository sync failed"},
	{sign: Failed, text: "Helm chart sync failed", line: "Helm chart sync failed"},
	{sign: Deleted, text: "garbage collected artifacts for deleted resource", line: "garbage collected artifacts for deleted resource"},
	{sign: WaitSource, text: "reconciliation waiting", line: "reconciliation waiting"},
	{sign: WaitSource, text: "no artifact available for ", line: "no artifact available for HelmRepository source 'charts'"},
	{sign: Stalled, text: "reconciliation stalled", errs: yes, line: "reconciliation stalled"},
	{sign: Stalled, text: "Reconciliation has stalled", line: "Reconciliation has stalled"},

	// helm-controller
	{sign: Succeeded, text: "release in-sync with desired state", line: "release in-sync with desired state"},
	{sign: FailedState, text: "release is in a failed state", line: "release is in a failed state"},
	{sign: Failed, text: "failed to run '", also: "' action", errs: yes, line: "failed to run 'upgrade' action"},
	{sign: Action, text: "running '", also: "' action", next: "with timeout of ", line: "running 'install' action with timeout of 25s"},
	{sign: DepsReady, text: "all dependencies are", line: "all dependencies are ready, proceeding with release"},
	{sign: WaitDependency, text: "dependencies do not meet ready condition", next: "retrying in ", line: "dependencies do not meet ready condition (dependency 'team-a/shop' is not ready): retrying in 5s"},
	{sign: WaitSource, text: "HelmChart '", also: "is not ready", line: "HelmChart 'flux-system/team-a-ghost' is not ready: no chart name found"},
	{sign: WaitSource, text: "OCIRepository '", also: "is not ready", line: "OCIRepository 'apps/podinfo' is not ready: latest generation of object has not been reconciled"},
	{sign: WaitSource, text: "ExternalArtifact '", also: "is not ready", line: "ExternalArtifact 'apps/podinfo' is not ready"},
	{sign: WaitSource, text: "could not get Source object", line: `could not get Source object: helmcharts.source.toolkit.fluxcd.io "team-a-shop" not found`},
	{sign: Link, text: "HelmChart/", also: " with SourceRef '", line: "HelmChart/flux-system/team-a-shop with SourceRef 'HelmRepository/flux-system/charts' is in-sync"},
	{sign: Link, text: "Created HelmChart/", line: "Created HelmChart/flux-system/team-a-shop with SourceRef 'HelmRepository/flux-system/charts'"},
	{sign: Link, text: "Configured HelmChart/", line: "Configured HelmChart/flux-system/team-a-shop with SourceRef 'HelmRepository/flux-system/charts'"},
	{sign: Deleted, text: "uninstalled Helm release for deleted resource", line: "uninstalled Helm release for deleted resource"},
	{sign: Deleted, text: "skipping Helm uninstall", line: "skipping Helm uninstall for suspended resource"},
	{sign: Deleted, text: "skipping Helm release uninstallation", line: "skipping Helm release uninstallation: no storage namespace configured"},

	// image-reflector-controller, image-automation-controller
	{sign: Succeeded, text: "successful scan", next: "next scan in ", line: "successful scan, next scan in 5m0s"},
	{sign: Succeeded, text: "tags did not change", next: "next scan in ", line: "tags did not change, next scan in 5m0s"},
	{sign: Succeeded, text: "no new tags found", next: "next scan in ", line: "no new tags found, next scan in 5m0s"},
	{sign: Succeeded, text: "no change in repository configuration", next: "next scan in ", line: "no change in repository configuration since last scan, next scan in 5m0s"},
	{sign: Succeeded, text: "Latest image tag for ", line: "Latest image tag for 'ghcr.io/org/app' resolved to 1.2.3"},
	{sign: WaitDependency, text: "no tags found in '", next: "retrying in ", line: "no tags found in 'my-image-policy', retrying in 1m0s"},
	{sign: WaitDependency, text: "referenced ImageRepository has not been scanned yet", line: "referenced ImageRepository has not been scanned yet"},
	{sign: Suspended, text: "ImageRepository is suspended", line: "ImageRepository is suspended, skipping reconciliation"},
	{sign: Suspended, text: "ImageUpdateAutomation is suspended", line: "ImageUpdateAutomation is suspended, skipping automation run"},
	{sign: Succeeded, text: "pushed commit ", errs: no, line: "pushed commit to origin"},
	{sign: Succeeded, text: "no changes made in ", errs: no, line: "no changes made in the source; no commit"},
	{sign: Succeeded, text: "repository up-to-date", errs: no, line: "repository up-to-date"},
	{sign: WaitSource, text: "referenced git repository ", also: "does not exist", line: "referenced git repository apps does not exist."},

	// notification-controller
	{sign: Succeeded, text: "Alert initiali", line: "Alert initialized"},
	{sign: Succeeded, text: "Provider initiali", line: "Provider initialised"},
	{sign: Succeeded, text: "Receiver initiali", line: "Receiver initialized"},
	{sign: NotifyFailed, text: "failed to send notification", errs: yes, line: "failed to send notification"},
	{sign: NotifyFailed, text: "failed to dispatch notification", errs: yes, line: "failed to dispatch notification"},
	{sign: Event, text: "dispatching event", line: "dispatching event"},
	{sign: Event, text: "Dispatching event", line: "Dispatching event: Helm upgrade succeeded"},

	// source-watcher, flux-operator
	{sign: Succeeded, text: "No drift detected", line: "No drift detected, 2 artifact(s) up to date"},
	{sign: Succeeded, text: "reconciliation succeeded, generated ", line: "reconciliation succeeded, generated 2 artifact(s)"},
	{sign: Progress, text: "Drift detected, ", line: "Drift detected, source revision changed"},
	{sign: Progress, text: "Reconciliation in progress", line: "Reconciliation in progress"},
	{sign: Failed, text: "failed to get sources, retrying", errs: yes, line: "failed to get sources, retrying"},
	{sign: Failed, text: "failed to fetch sources, retrying", errs: yes, line: "failed to fetch sources, retrying"},
	{sign: Progress, text: "Server-side apply completed", line: "Server-side apply completed"},
	{sign: WaitDependency, text: "dependency check failed", line: "dependency check failed"},
	{sign: Stalled, text: "build failed: ", errs: yes, line: "build failed: failed to build resources: template: parse error"},
	{sign: Stalled, text: "Reconciliation failed terminally", errs: yes, line: "Reconciliation failed terminally due to configuration error"},
	{sign: Deleted, text: "Uninstallation compleated in ", line: "Uninstallation compleated in 1.2s"},
}
