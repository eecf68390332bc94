package parse

// row is one message of the catalogue: all of Flux's own texts that begin with text and contain
// also. Users' words (a commit's message, a chart's name) must not stand before what rev finds.
type row struct {
	meaning Meaning
	text    string
	also    string
	level   levels
	took    string // the attempt's duration follows these words
	next    string // the promised time until the next attempt follows these words
	rev     string // the revision follows these words, in quotes
	line    string // the row's test: a real message, or one composed as the controller composes it
}

// levels limits a row to lines of some levels.
type levels uint8

const (
	anyLevel levels = iota
	onlyErrors
	noErrors
)

const runEnd = ", next run in "

// catalogue holds the messages that mean something. Sources: the controllers at the tags that
// docs/eras.md names. A row is found by its first byte, so order only matters among rows with the
// same beginning: the longer first.
var catalogue = []row{
	// controller-runtime, all controllers
	{meaning: ReconcilerError, text: "Reconciler error", level: onlyErrors, line: "Reconciler error"},
	{meaning: Panicked, text: "Observed a panic",
		line: `Observed a panic in reconciler: runtime error: index out of range`},
	{meaning: Created, text: "metadata.finalizers: ", also: "prefer a domain-qualified finalizer name",
		line: `metadata.finalizers: "finalizers.fluxcd.io": prefer a domain-qualified finalizer name including a path ` +
			`(/) to avoid accidental conflicts with other finalizer writers`},
	{meaning: Start, text: "starting manager", line: "starting manager"},
	{meaning: Shutdown, text: "Shutdown signal received",
		line: "Shutdown signal received, waiting for all workers to finish"},
	{meaning: LeaseLost, text: "problem running manager", level: onlyErrors, line: "problem running manager"},
	{meaning: LeaseLost, text: "leader election lost", line: "leader election lost"},
	{meaning: LeaseGot, text: "successfully acquired lease",
		line: "successfully acquired lease flux-system/source-controller-leader-election\n"},
	{meaning: LeaseGot, text: "Successfully acquired lease", line: "Successfully acquired lease"},
	{meaning: Throttled, text: "Waited for ", also: "throttling",
		line: "Waited for 1.044697004s due to client-side throttling, not priority and fairness, request: GET:https://172.20.0.1/apis"},
	{meaning: Throttled, text: "Waited before sending request", line: "Waited before sending request"},

	// ends of attempts that log their duration: kustomize-controller, source-controller to 0.21,
	// helm-controller to 0.36, image-reflector-controller to 0.24, notification-controller's
	// Receiver, flux-operator
	{meaning: Finished, text: "Reconciliation finished in ", took: "finished in ", next: runEnd,
		line: "Reconciliation finished in 1.578240643s, next run in 10m0s"},
	{meaning: Finished, text: "Reconciliation finished, next run in ", next: runEnd,
		line: "Reconciliation finished, next run in 10m0s"},
	{meaning: Finished, text: "reconcilation finished in ", took: "finished in ", next: runEnd,
		line: "reconcilation finished in 87.45015ms, next run in 30m0s"},
	{meaning: Finished, text: "reconciliation finished in ", took: "finished in ", next: runEnd,
		line: "reconciliation finished in 204.1ms, next run in 1m0s"},
	{meaning: Finished, text: "Kustomization sync finished in ", took: "finished in ", next: runEnd,
		line: "Kustomization sync finished in 1.2s, next run in 1m0s"},
	{meaning: Finished, text: "Kustomization reconciliation finished in ", took: "finished in ", next: runEnd,
		line: "Kustomization reconciliation finished in 1.2s, next run in 1m0s"},
	{meaning: Failed, text: "Reconciliation failed after ", level: onlyErrors, took: "failed after ", next: ", next try in ",
		line: "Reconciliation failed after 467.22062ms, next try in 1m0s"},

	// kustomize-controller
	{meaning: Failed, text: "Kustomization apply failed", level: onlyErrors, line: "Kustomization apply failed"},
	{meaning: Failed, text: "Kustomization reconciliation failed", level: onlyErrors,
		line: "Kustomization reconciliation failed"},
	{meaning: Failed, text: "Access denied to cross-namespace source", level: onlyErrors,
		line: "Access denied to cross-namespace source"},
	{meaning: Failed, text: "access denied to cross-namespace source", level: onlyErrors,
		line: "access denied to cross-namespace source"},
	{meaning: Progress, text: "server-side apply ", line: "server-side apply completed"},
	{meaning: Progress, text: "Kustomization applied in ", line: "Kustomization applied in 1.436096591s"},
	{meaning: DepsReady, text: "All dependencies are",
		line: "All dependencies are ready, proceeding with reconciliation"},
	{meaning: WaitDependency, text: "Dependencies do not meet ready condition", next: "retrying in ",
		line: "Dependencies do not meet ready condition, retrying in 30s"},
	{meaning: WaitSource, text: "Source '", also: "not found",
		line: "Source 'GitRepository/flux-system/apps' not found"},
	{meaning: WaitSource, text: "Source not found", line: "Source not found"},
	{meaning: WaitSource, text: "Source artifact not found", next: "retrying in ",
		line: "Source artifact not found, retrying in 30s"},
	{meaning: WaitSource, text: "Source is not ready", next: "retrying in ",
		line: "Source is not ready, artifact not found"},
	{meaning: WaitSource, text: "Source not ready", next: "Retrying in ",
		line: "Source not ready: artifact not found. Retrying in 30s"},
	{meaning: WaitSource, text: "GitRepository '", also: "not found",
		line: "GitRepository 'flux-system/apps' not found"},
	{meaning: Suspended, text: "Reconciliation is suspended for this object",
		line: "Reconciliation is suspended for this object"},
	{meaning: Suspended, text: "reconciliation is suspended for this object",
		line: "reconciliation is suspended for this object"},
	{meaning: Canceled, text: "New reconciliation triggered, canceling health checks",
		line: "New reconciliation triggered, canceling health checks"},
	{meaning: Stalled, text: "to use spec.", also: " feature gate", level: onlyErrors,
		line: "to use spec.decryption.serviceAccountName for decryption authentication please enable the " +
			"ObjectLevelWorkloadIdentity feature gate in the controller"},
	{meaning: FetchRetry, text: "request failed", line: "request failed"},
	{meaning: FetchRetry, text: "retrying request", line: "retrying request"},

	// source-controller
	{meaning: Succeeded, text: "no changes since last reconcil", level: noErrors, rev: "observed revision '",
		line: "no changes since last reconcilation: observed revision 'main@sha1:b7c5a953620aa4a55ac5592ff78f551edbabf47c'"},
	{meaning: Succeeded, text: "artifact up-to-date with remote digest: '", rev: "remote digest: '",
		line: "artifact up-to-date with remote digest: 'latest/3b6cdcc7'"},
	{meaning: Succeeded, text: "artifact up-to-date", rev: "with remote revision: '",
		line: "artifact up-to-date with remote revision: '0.21.0'"},
	{meaning: Succeeded, text: "stored artifact with revision '", rev: "with revision '",
		line: "stored artifact with revision 'latest@sha256:3b6cdcc7' from 'oci://ghcr.io/org/apps'"},
	{meaning: Succeeded, text: "stored artifact ", line: "stored artifact for commit 'chart version increased'"},
	{meaning: Succeeded, text: "stored fetched index ",
		line: "stored fetched index of size 1.2MB from 'https://charts.example.com'"},
	{meaning: Succeeded, text: "pulled '", also: "' chart with version '", rev: "' chart with version '",
		line: "pulled 'shop' chart with version '1.0.0'"},
	{meaning: Succeeded, text: "packaged '", also: "' chart with version '", rev: "' chart with version '",
		line: "packaged 'shop' chart with version '1.0.0' and merged values files [values.yaml]"},
	{meaning: Succeeded, text: "new '", also: "' chart with version '", rev: "' chart with version '",
		line: "new 'shop' chart with version '1.0.0'"},
	{meaning: Succeeded, text: "Git repository sync succeeded", line: "Git repository sync succeeded"},
	{meaning: Succeeded, text: "Helm repository sync succeeded", line: "Helm repository sync succeeded"},
	{meaning: Succeeded, text: "Helm chart sync succeeded", line: "Helm chart sync succeeded"},
	{meaning: Failed, text: "Git repository sync failed", line: "Git repository sync failed"},
	{meaning: Failed, text: "Helm repository sync failed", line: "Helm repository sync failed"},
	{meaning: Failed, text: "Helm chart sync failed", line: "Helm chart sync failed"},
	{meaning: Deleted, text: "garbage collected artifacts for deleted resource",
		line: "garbage collected artifacts for deleted resource"},
	{meaning: WaitSource, text: "reconciliation waiting", line: "reconciliation waiting"},
	{meaning: WaitSource, text: "no artifact available for ",
		line: "no artifact available for HelmRepository source 'charts'"},
	{meaning: Stalled, text: "reconciliation stalled", level: onlyErrors, line: "reconciliation stalled"},
	{meaning: Stalled, text: "Reconciliation has stalled", line: "Reconciliation has stalled"},

	// helm-controller
	{meaning: Succeeded, text: "release in-sync with desired state", line: "release in-sync with desired state"},
	{meaning: FailedState, text: "release is in a failed state", line: "release is in a failed state"},
	{meaning: Failed, text: "failed to run '", also: "' action", level: onlyErrors,
		line: "failed to run 'upgrade' action"},
	{meaning: Action, text: "running '", also: "' action", next: "with timeout of ",
		line: "running 'install' action with timeout of 25s"},
	{meaning: DepsReady, text: "all dependencies are", line: "all dependencies are ready, proceeding with release"},
	{meaning: WaitDependency, text: "dependencies do not meet ready condition", next: "retrying in ",
		line: "dependencies do not meet ready condition (dependency 'team-a/shop' is not ready): retrying in 5s"},
	{meaning: Suspended, text: "HelmRelease is suspended", line: "HelmRelease is suspended, skipping reconciliation"},
	{meaning: WaitSource, text: "HelmChart '", also: "is not ready",
		line: "HelmChart 'flux-system/team-a-ghost' is not ready: no chart name found"},
	{meaning: WaitSource, text: "OCIRepository '", also: "is not ready",
		line: "OCIRepository 'apps/podinfo' is not ready: latest generation of object has not been reconciled"},
	{meaning: WaitSource, text: "ExternalArtifact '", also: "is not ready",
		line: "ExternalArtifact 'apps/podinfo' is not ready"},
	{meaning: WaitSource, text: "could not get Source object",
		line: `could not get Source object: helmcharts.source.toolkit.fluxcd.io "team-a-shop" not found`},
	{meaning: Link, text: "HelmChart/", also: " with SourceRef '",
		line: "HelmChart/flux-system/team-a-shop with SourceRef 'HelmRepository/flux-system/charts' is in-sync"},
	{meaning: Link, text: "Created HelmChart/",
		line: "Created HelmChart/flux-system/team-a-shop with SourceRef 'HelmRepository/flux-system/charts'"},
	{meaning: Link, text: "Configured HelmChart/",
		line: "Configured HelmChart/flux-system/team-a-shop with SourceRef 'HelmRepository/flux-system/charts'"},
	{meaning: Deleted, text: "uninstalled Helm release for deleted resource",
		line: "uninstalled Helm release for deleted resource"},
	{meaning: Deleted, text: "skipping Helm uninstall", line: "skipping Helm uninstall for suspended resource"},
	{meaning: Deleted, text: "skipping Helm release uninstallation",
		line: "skipping Helm release uninstallation: no storage namespace configured"},

	// image-reflector-controller, image-automation-controller
	{meaning: Succeeded, text: "successful scan", next: "next scan in ", line: "successful scan, next scan in 5m0s"},
	{meaning: Succeeded, text: "tags did not change", next: "next scan in ",
		line: "tags did not change, next scan in 5m0s"},
	{meaning: Succeeded, text: "no new tags found", next: "next scan in ",
		line: "no new tags found, next scan in 5m0s"},
	{meaning: Succeeded, text: "no change in repository configuration", next: "next scan in ",
		line: "no change in repository configuration since last scan, next scan in 5m0s"},
	{meaning: Succeeded, text: "Latest image tag for ",
		line: "Latest image tag for 'ghcr.io/org/app' resolved to 1.2.3"},
	{meaning: WaitDependency, text: "retrying in ", also: "no tags in database", level: onlyErrors, next: "retrying in ",
		line: "retrying in 5s error: no tags in database"},
	{meaning: WaitDependency, text: "no tags in database", level: onlyErrors, line: "no tags in database"},
	{meaning: WaitDependency, text: "no tags found in '", next: "retrying in ",
		line: "no tags found in 'my-image-policy', retrying in 1m0s"},
	{meaning: WaitDependency, text: "referenced ImageRepository has not been scanned yet",
		line: "referenced ImageRepository has not been scanned yet"},
	{meaning: Suspended, text: "ImageRepository is suspended",
		line: "ImageRepository is suspended, skipping reconciliation"},
	{meaning: Suspended, text: "ImageUpdateAutomation is suspended",
		line: "ImageUpdateAutomation is suspended, skipping automation run"},
	{meaning: Succeeded, text: "pushed commit ", level: noErrors, line: "pushed commit to origin"},
	{meaning: Succeeded, text: "no change since last reconciliation", level: noErrors,
		line: "no change since last reconciliation"},
	{meaning: Succeeded, text: "no changes made in ", level: noErrors,
		line: "no changes made in the source; no commit"},
	{meaning: Succeeded, text: "repository up-to-date", level: noErrors, line: "repository up-to-date"},
	{meaning: WaitSource, text: "referenced git repository ", also: "does not exist",
		line: "referenced git repository apps does not exist."},

	// notification-controller
	{meaning: Succeeded, text: "Alert initiali", line: "Alert initialized"},
	{meaning: Succeeded, text: "Provider initiali", line: "Provider initialised"},
	{meaning: Succeeded, text: "Receiver initiali", line: "Receiver initialized"},
	{meaning: NotifyFailed, text: "failed to send notification", level: onlyErrors,
		line: "failed to send notification"},
	{meaning: NotifyFailed, text: "failed to dispatch notification", level: onlyErrors,
		line: "failed to dispatch notification"},
	{meaning: Event, text: "dispatching event", line: "dispatching event"},
	{meaning: Event, text: "Dispatching event", line: "Dispatching event: Helm upgrade succeeded"},

	// tofu-controller
	{meaning: Failed, text: "Hit an error", level: onlyErrors, line: "Hit an error"},

	// source-watcher, flux-operator
	{meaning: Succeeded, text: "No drift detected", line: "No drift detected, 2 artifact(s) up to date"},
	{meaning: Generated, text: "ExternalArtifact/", also: " reconciled with revision ", level: noErrors,
		line: "ExternalArtifact/flux-system/extra reconciled with revision latest@sha256:e49bba31"},
	{meaning: Generated, text: "ExternalArtifact/", also: " is up to date", level: noErrors,
		line: "ExternalArtifact/flux-system/extra is up to date"},
	{meaning: Removed, text: "ExternalArtifact/", also: " deleted from cluster", level: noErrors,
		line: "ExternalArtifact/flux-system/extra deleted from cluster"},
	{meaning: Created, text: "Adding finalizer", level: noErrors, line: "Adding finalizer"},
	{meaning: Deleted, text: "Removed finalizer", level: noErrors, line: "Removed finalizer"},
	{meaning: Succeeded, text: "reconciliation succeeded, generated ",
		line: "reconciliation succeeded, generated 2 artifact(s)"},
	{meaning: Suspended, text: "Reconciliation is disabled", level: onlyErrors, line: "Reconciliation is disabled"},
	{meaning: Progress, text: "Drift detected, ", line: "Drift detected, source revision changed"},
	{meaning: Progress, text: "Reconciliation in progress", line: "Reconciliation in progress"},
	{meaning: Failed, text: "failed to get sources, retrying", level: onlyErrors,
		line: "failed to get sources, retrying"},
	{meaning: Failed, text: "failed to fetch sources, retrying", level: onlyErrors,
		line: "failed to fetch sources, retrying"},
	{meaning: Progress, text: "Server-side apply completed", line: "Server-side apply completed"},
	{meaning: WaitDependency, text: "dependency check failed", line: "dependency check failed"},
	{meaning: Stalled, text: "build failed: ", level: onlyErrors,
		line: "build failed: failed to build resources: template: parse error"},
	{meaning: Stalled, text: "Reconciliation failed terminally", level: onlyErrors,
		line: "Reconciliation failed terminally due to configuration error"},
	{meaning: Deleted, text: "Uninstallation compleated in ", line: "Uninstallation compleated in 1.2s"},
}
