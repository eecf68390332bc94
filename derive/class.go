package derive

import (
	"strings"

	"fluxtrail/parse"
)

// class is one rule that gives an error text its reason. Reasons are Flux's own constants where there is one for the text; the
// condition has the reason, the log does not. The first rule that fits decides; a rule without kinds fits all.
type class struct {
	reason string
	kinds  string // kinds or controllers, separated by spaces
	begins string
	holds  string // a part of the text
	vague  bool   // says that something failed, neither what nor why
	bare   bool   // says what failed, not why
	line   string // a real text, or one composed as the source composes it: the rule's test
}

const (
	kust    = "kustomize-controller flux-operator"
	helm    = "helm-controller"
	sources = "source-controller"
	images  = "image-reflector-controller image-automation-controller"
)

// unclassified is the reason of an error that no rule knows; it is what Flux says, too, when it has no better one.
const unclassified = "ReconciliationFailed"

// classes were read in the controllers' sources and in published logs.
var classes = []class{
	// any controller
	{reason: "AccessDenied", holds: "cross-namespace references have been blocked", line: "can't access 'GitRepository/apps/web', cross-namespace references have been blocked"},
	{reason: "Panic", begins: "panic: ", line: "panic: runtime error: invalid memory address or nil pointer dereference [recovered]"},
	{reason: "DependencyNotReady", begins: "dependency '", line: "dependency 'flux-system/infra' is not ready"},
	{reason: "DependencyNotReady", begins: "unable to get '", holds: "' dependency", line: "unable to get 'flux-system/infra' dependency: not found"},
	{reason: "InvalidCELExpression", holds: "CEL expression", line: "failed to parse CEL expression: syntax error"},

	// kustomize-controller; flux-operator puts a word before the same texts
	{reason: "DirectoryCreationFailed", kinds: kust, begins: "tmp dir error", line: "tmp dir error: no space"},
	{reason: "ArtifactFailed", kinds: kust, begins: "failed to download artifact", line: "failed to download artifact from http://source-controller/x.tar.gz, status: 404 Not Found"},
	{reason: "ArtifactFailed", kinds: kust, begins: "failed to download archive", line: "failed to download archive: giving up after 10 attempt(s)"},
	{reason: "ArtifactFailed", kinds: kust, begins: "failed to untar", line: "failed to untar artifact, error: unexpected EOF"},
	{reason: "ArtifactFailed", kinds: kust, begins: "failed to verify ar", line: "failed to verify artifact: computed checksum 'a' doesn't match advertised 'b'"},
	{reason: "ArtifactFailed", kinds: kust, holds: "computed digest doesn't match", line: "failed: computed digest doesn't match provided"},
	{reason: "ArtifactFailed", kinds: kust, begins: "kustomization path not found", line: "kustomization path not found: stat /tmp/kustomization-3520463713/manifests/prod2: no such file or directory"},
	{reason: "ArtifactFailed", kinds: kust, begins: "unable to get source", line: "unable to get source 'GitRepository/a/b'"},
	{reason: "ArtifactFailed", kinds: kust, begins: "source '", holds: "not supported", line: "source 'x' kind 'y' not supported"},
	{reason: "ArtifactFailed", kinds: kust, begins: "fetch failed:", line: "fetch failed: x"},
	{reason: "BuildFailed", kinds: kust, begins: "kustomize build failed", line: "kustomize build failed: accumulating resources"},
	{reason: "BuildFailed", kinds: kust, begins: "build failed", line: "build failed: x"},
	{reason: "BuildFailed", kinds: kust, begins: "error decrypting", line: "error decrypting sources: x"},
	{reason: "BuildFailed", kinds: kust, begins: "decryption failed for", line: "decryption failed for 'app': x"},
	{reason: "BuildFailed", kinds: kust, begins: "var substitution failed", line: "var substitution failed for 'x'"},
	{reason: "BuildFailed", kinds: kust, begins: "post build failed", line: "post build failed for 'ingress-nginx': envsubst error: YAMLToJSON: yaml: line 30"},
	{reason: "BuildFailed", kinds: kust, holds: "envsubst error", line: "x: envsubst error: y"},
	{reason: "BuildFailed", kinds: kust, begins: "failed to decode Kubernetes", line: "failed to decode Kubernetes YAML from /tmp/x: y"},
	{reason: "BuildFailed", kinds: kust, begins: "recovered from kustomize build panic", line: "recovered from kustomize build panic: x"},
	{reason: "BuildFailed", kinds: kust, begins: "cannot get sops", line: "cannot get sops decryption Secret 'x'"},
	{reason: "BuildFailed", kinds: kust, begins: "cannot import '", line: "cannot import 'age.agekey' data from decryption Secret 'sops-age'"},
	{reason: "BuildFailed", kinds: kust, begins: "failed to import '", line: "failed to import 'age.agekey' data from age decryption Secret 'sops-age'"},
	{reason: "BuildFailed", kinds: kust, holds: "Failed to get the data key required to decrypt the SOPS file", line: "x Failed to get the data key required to decrypt the SOPS file."},
	{reason: "ValidationFailed", kinds: kust, begins: "validation ", line: "validation failed: x"},
	{reason: "PruneFailed", kinds: kust, begins: "delete failed", line: "delete failed, errors: x"},
	{reason: "PruneFailed", kinds: kust, begins: "garbage collection failed", line: "garbage collection failed: x"},
	{reason: "PruneFailed", kinds: kust, begins: "label selector failed", line: "label selector failed: x"},
	{reason: "PruneFailed", kinds: kust, holds: " delete failed", line: "Deployment/a/b delete failed: x"},
	{reason: "PruneFailed", kinds: kust, holds: " query failed", line: "Deployment/a/b query failed: x"},
	{reason: "HealthCheckFailed", kinds: kust, begins: "health check failed", line: "health check failed after 30.021072817s: timeout waiting for: [Deployment/default/never status: 'InProgress']"},
	{reason: "HealthCheckFailed", kinds: kust, begins: "Health check ", line: "Health check timed out for [deployment 'keycloak-operator/keycloak-operator']"},
	{reason: "HealthCheckFailed", kinds: kust, begins: "timeout waiting for", line: "timeout waiting for: [Deployment/a/b status: 'InProgress']"},
	{reason: "HealthCheckFailed", kinds: kust, begins: "can't determine status for", line: "can't determine status for x"},
	{reason: "ReconciliationFailed", kinds: kust, line: "ConfigMap/default/infra dry-run failed (Invalid): x"},

	// helm-controller
	{reason: "InstallFailed", kinds: helm, begins: "Helm install failed", line: "Helm install failed for release team-b/slow with chart slowpoke@1.0.0: context deadline exceeded"},
	{reason: "UpgradeFailed", kinds: helm, begins: "Helm upgrade failed", line: "Helm upgrade failed: timed out waiting for the condition"},
	{reason: "RollbackFailed", kinds: helm, begins: "Helm rollback", line: "Helm rollback to previous release a/b.v1 failed: x"},
	{reason: "TestFailed", kinds: helm, begins: "Helm test failed", line: "Helm test failed for release a/b: x"},
	{reason: "UninstallFailed", kinds: helm, begins: "Helm uninstall", line: "Helm uninstall failed for release a/b: x"},
	{reason: "PendingRelease", kinds: helm, begins: "Unlock of Helm release", line: "Unlock of Helm release a/b failed: x"},
	{reason: "PendingRelease", kinds: helm, holds: "another operation (install/upgrade/rollback) is in progress", line: "another operation (install/upgrade/rollback) is in progress"},
	{reason: "InstallFailed", kinds: helm, begins: "install retries exhausted", vague: true, line: "install retries exhausted"},
	{reason: "UpgradeFailed", kinds: helm, begins: "upgrade retries exhausted", vague: true, line: "upgrade retries exhausted"},
	{reason: "RetriesExceeded", kinds: helm, holds: "exceeded maximum retries", vague: true, line: "terminal error: exceeded maximum retries: cannot remediate failed release"},
	{reason: "RetriesExceeded", kinds: helm, begins: "previous release attempt remediation failed", vague: true, line: "previous release attempt remediation failed"},
	{reason: "MissingRollbackTarget", kinds: helm, holds: "missing target release for rollback", line: "terminal error: missing target release for rollback: x"},
	{reason: "InstallFailed", kinds: helm, begins: "release is in a failed state", holds: "after 'install'", bare: true, line: "release is in a failed state after 'install'"},
	{reason: "UpgradeFailed", kinds: helm, begins: "release is in a failed state", holds: "after 'upgrade'", bare: true, line: "release is in a failed state after 'upgrade'"},
	{reason: "RollbackFailed", kinds: helm, begins: "release is in a failed state", holds: "after 'rollback'", bare: true, line: "release is in a failed state after 'rollback'"},
	{reason: "TestFailed", kinds: helm, begins: "release is in a failed state", holds: "test", bare: true, line: "release is in a failed state: release has test in failed phase"},
	{reason: "ReconciliationFailed", kinds: helm, begins: "release is in a failed state", vague: true, line: "release is in a failed state"},
	{reason: "ReconciliationFailed", kinds: helm, begins: unsaidText, vague: true, line: unsaidText},
	{reason: "SourceNotReady", kinds: helm, holds: "' is not ready", line: "HelmChart 'a/b' is not ready"},
	{reason: "ArtifactFailed", kinds: helm, begins: "chart reconciliation failed", line: "chart reconciliation failed: x"},
	{reason: "GetLastReleaseFailed", kinds: helm, begins: "failed to get last release revision", line: "failed to get last release revision: query: failed to query with labels: Unauthorized"},
	{reason: "ArtifactFailed", kinds: helm, begins: "could not get Source object", line: "could not get Source object: x"},
	{reason: "ArtifactFailed", kinds: helm, begins: "failed to download", line: "failed to download chart from 'http://x' (status: 404)"},
	{reason: "ArtifactFailed", kinds: helm, begins: "failed to verify artifact", line: "failed to verify artifact: x"},
	{reason: "ValuesError", kinds: helm, begins: "could not resolve", line: "could not resolve ConfigMap chart values reference 'team-a/nope' with key 'values.yaml': not found"},
	{reason: "ValuesError", kinds: helm, begins: "could not find ", line: "could not find ConfigMap 'a/b'"},
	{reason: "ValuesError", kinds: helm, begins: "missing key '", line: "missing key 'values.yaml' in ConfigMap 'a/b'"},
	{reason: "ValuesError", kinds: helm, begins: "unable to read values", line: "unable to read values from key 'x'"},
	{reason: "ValuesError", kinds: helm, begins: "unable to merge value", line: "unable to merge value from key 'x'"},
	{reason: "StateError", kinds: helm, begins: "cannot determine release state", line: "cannot determine release state: x"},
	{reason: "StateError", kinds: helm, begins: "unable to determine cluster state", line: "unable to determine cluster state: x"},

	// source-controller
	{reason: "AuthenticationFailed", kinds: sources, begins: "failed to configure", line: "failed to configure authentication options: x"},
	{reason: "AuthenticationFailed", kinds: sources, begins: "failed to get secret", line: "failed to get secret 'a/b': not found"},
	{reason: "AuthenticationFailed", kinds: sources, begins: "failed to get credential", line: "failed to get credential from azure"},
	{reason: "AuthenticationFailed", kinds: sources, begins: "failed to generate transport", line: "failed to generate transport for 'x'"},
	{reason: "AuthenticationFailed", kinds: sources, begins: "failed to construct Helm client", line: "failed to construct Helm client: x"},
	{reason: "AuthenticationFailed", kinds: sources, begins: "auth ", line: "auth secret error: x"},
	{reason: "VerificationError", kinds: sources, begins: "signature verification", line: "signature verification of commit 'x' failed"},
	{reason: "VerificationError", kinds: sources, begins: "failed to verify the signature", line: "failed to verify the signature using provider 'cosign': x"},
	{reason: "VerificationError", kinds: sources, begins: "PGP public keys secret error", line: "PGP public keys secret error: x"},
	{reason: "DirectoryCreationFailed", kinds: sources, begins: "failed to create temporary working directory", line: "failed to create temporary working directory: x"},
	{reason: "StorageOperationFailed", kinds: sources, begins: "failed to create artifact directory", line: "failed to create artifact directory: x"},
	{reason: "ArchiveOperationFailed", kinds: sources, begins: "unable to archive artifact", line: "unable to archive artifact to storage: x"},
	{reason: "OCIArtifactPullFailed", kinds: sources, begins: "failed to determine artifact digest", line: "failed to determine artifact digest: GET https://ghcr.io: DENIED"},
	{reason: "OCIArtifactPullFailed", kinds: sources, begins: "failed to pull artifact", line: "failed to pull artifact from 'oci://x': y"},
	{reason: "ReadOperationFailed", kinds: sources, begins: "failed to determine the artifact tag", line: "failed to determine the artifact tag for 'oci://x': y"},
	{reason: "OCIArtifactLayerOperationFailed", kinds: sources, begins: "failed to extract layer", line: "failed to extract layer contents from artifact"},
	{reason: "OCIArtifactLayerOperationFailed", kinds: sources, begins: "failed to find layer", line: "failed to find layer with media type 'x'"},
	{reason: "OCIArtifactLayerOperationFailed", kinds: sources, begins: "failed to parse artifact manifest", line: "failed to parse artifact manifest: x"},
	{reason: "OCIArtifactLayerOperationFailed", kinds: sources, begins: "failed to copy layer", line: "failed to copy layer: x"},
	{reason: "Failed", kinds: sources, begins: "failed to fetch Helm repository index", line: "failed to fetch Helm repository index: failed to cache index to temporary file: x"},
	{reason: "IndexationFailed", kinds: sources, begins: "failed to download repository index", line: "failed to download repository index: x"},
	{reason: "IndexationFailed", kinds: sources, begins: "failed to load Helm repository", line: "failed to load Helm repository from index YAML: x"},
	{reason: "InvalidChartReference", kinds: sources, begins: "invalid chart reference", line: "invalid chart reference: failed to get chart version for remote reference: no chart name found"},
	{reason: "ChartPullError", kinds: sources, begins: "chart pull error", line: "chart pull error: failed to download chart for remote reference"},
	{reason: "DependencyBuildError", kinds: sources, begins: "dependency build error", line: "dependency build error: x"},
	{reason: "ChartPackageError", kinds: sources, begins: "chart package error", line: "chart package error: x"},
	{reason: "ValuesFilesError", kinds: sources, begins: "values files merge error", line: "values files merge error: x"},
	{reason: "ChartVerificationError", kinds: sources, begins: "chart verification error", line: "chart verification error: x"},
	{reason: "BucketOperationFailed", kinds: sources, begins: "fetch from bucket", line: "fetch from bucket 'x' failed"},
	{reason: "BucketOperationFailed", kinds: sources, holds: "bucket", line: "failed to confirm existence of 'x' bucket"},
	{reason: "URLInvalid", kinds: sources, begins: "URL validation failed", line: "URL validation failed for 'x'"},
	{reason: "URLInvalid", kinds: sources, begins: "failed to parse url", line: "failed to parse url 'x'"},
	{reason: "URLInvalid", kinds: sources, begins: "invalid Helm repository URL", line: "invalid Helm repository URL: x"},
	{reason: "SourceUnavailable", kinds: sources, begins: "failed to get source", line: "failed to get source: x"},
	{reason: "SourceUnavailable", kinds: sources, begins: "failed to retrieve source", line: `failed to retrieve source: GitRepository.source.toolkit.fluxcd.io "flux-system" not found`},
	{reason: "StorageOperationFailed", kinds: sources, holds: "no space left on device", line: "write /data/x: no space left on device"},
	{reason: "AuthenticationFailed", kinds: sources + " " + images, holds: "ssh: unable to authenticate", line: "git clone error: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey]"},
	{reason: "AuthenticationFailed", kinds: sources + " " + images, holds: "knownhosts: key", line: "unable to clone 'ssh://x', error: ssh: handshake failed: knownhosts: key mismatch"},
	{reason: "AuthenticationFailed", kinds: sources + " " + images, holds: "authentication required", line: "unable to clone 'https://x': authentication required"},
	{reason: "GitOperationFailed", kinds: "GitRepository", line: "failed to checkout and determine revision: unable to clone 'http://localhost:8000': connection refused"},
	{reason: "OCIArtifactPullFailed", kinds: "OCIRepository", line: "x"},
	{reason: "ChartPullError", kinds: "HelmChart", line: "x"},

	// image controllers
	{reason: "AuthenticationFailed", kinds: images, holds: "status code 401", line: "scan failed: GET https://x: unexpected status code 401 Unauthorized"},
	{reason: "AuthenticationFailed", kinds: images, holds: "UNAUTHORIZED: ", line: "GET https://x: UNAUTHORIZED: access to the requested resource is not authorized"},
	{reason: "DependencyNotReady", kinds: images, begins: "failed to get the referred ImageRepository", line: "failed to get the referred ImageRepository: x"},
	{reason: "InvalidPolicy", kinds: images, begins: "invalid policy", line: "invalid policy: x"},
	{reason: "UpdateFailed", kinds: images, begins: "failed to apply policies", line: "failed to apply policies: x"},
	{reason: "GitOperationFailed", kinds: "ImageUpdateAutomation", line: "failed to push to remote: object not found"},
	{reason: "ReadOperationFailed", kinds: "ImageRepository", line: "x"},
	{reason: "Failure", kinds: "ImagePolicy", line: "version list argument cannot be empty"},

	// source-watcher
	{reason: "SourceFetchFailed", kinds: "ArtifactGenerator", holds: "sources failed:", line: "fetch sources failed: x"},
	{reason: "BuildFailed", kinds: "ArtifactGenerator", holds: "build failed:", line: "ConfigMap/a build failed: x"},

	{reason: unclassified, line: "anything else"},
}

// classify gives an error text its reason.
func classify(kind, said string) *class {
	said = strings.TrimPrefix(said, "terminal error: ")
	controller := parse.ControllerOf(kind)
	for i := range classes {
		if classes[i].fits(kind, controller, said) {
			return &classes[i]
		}
	}
	return &classes[len(classes)-1]
}

func (c *class) fits(kind, controller, said string) bool {
	if c.kinds != "" && !word(c.kinds, kind) && (controller == "" || !word(c.kinds, controller)) {
		return false
	}
	return strings.HasPrefix(said, c.begins) && strings.Contains(said, c.holds)
}

func word(list, w string) bool {
	for list != "" {
		var f string
		f, list, _ = strings.Cut(list, " ")
		if f == w {
			return true
		}
	}
	return false
}
