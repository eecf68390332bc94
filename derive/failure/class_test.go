package failure

import (
	"os"
	"strings"
	"testing"

	"fluxtrail/parse"
)

var allKinds = strings.Fields("Kustomization HelmRelease GitRepository OCIRepository HelmRepository HelmChart Bucket ExternalArtifact Alert Provider Receiver " +
	"ImageRepository ImagePolicy ImageUpdateAutomation ArtifactGenerator FluxInstance FluxReport ResourceSet ResourceSetInputProvider")

// kindsOf are the kinds that a rule is for.
func (c *class) kindsOf() []string {
	if c.kinds == "" {
		return append([]string{"", "Terraform"}, allKinds...)
	}
	var kinds []string
	for _, k := range allKinds {
		if hasWord(c.kinds, k) || hasWord(c.kinds, parse.ControllerOf(k)) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Every rule explains its own line for at least one of its kinds, and for the others no rule before
// it gives another reason without being more special: a rule for one kind alone, in front of those
// for a controller.
func TestClasses(t *testing.T) {
	t.Parallel()
	for i := range classes {
		c := &classes[i]
		kinds := c.kindsOf()
		if len(kinds) == 0 {
			t.Errorf("%q is for no kind: %q", c.line, c.kinds)
		}
		reached := false
		for _, kind := range kinds {
			got := classify(kind, c.line)
			reached = reached || got == c
			if got != c && got.reason != c.reason && c.begins+c.contains != "" {
				t.Errorf("%s %q is %s by %q%q, want %s", kind, c.line, got.reason, got.begins, got.contains, c.reason)
			}
		}
		if !reached {
			t.Errorf("%q: the rule is never reached", c.line)
		}
	}
}

// The error texts that the controllers' sources compose, by controller. A text that the next line
// lacks has no better reason.
func TestTaxonomy(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ kinds, reason, text string }{
		// kustomize-controller
		{"Kustomization", "DirectoryCreationFailed", "tmp dir error: mkdir /tmp/x: no space left on device"},
		{"Kustomization", "ArtifactFailed", "failed to download artifact, error: Get \"http://x\": dial tcp: i/o timeout"},
		{"Kustomization", "ArtifactFailed", "failed to download artifact from http://source-controller.flux-system.svc.cluster.local./gitrepository/flux-system/apps/x.tar.gz, status: 404 Not Found"},
		{"Kustomization", "ArtifactFailed", "failed to download archive: GET http://x giving up after 10 attempt(s): dial tcp: lookup x: no such host"},
		{"Kustomization", "ArtifactFailed", "failed to untar artifact, error: requires gzip-compressed body: EOF"},
		{"Kustomization", "ArtifactFailed", "failed to verify artifact: computed checksum 'a' doesn't match advertised 'b'"},
		{"Kustomization", "ArtifactFailed", "failed to verify archive: computed digest doesn't match provided"},
		{"Kustomization", "ArtifactFailed", "computed digest doesn't match provided"},
		{"Kustomization", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-3520463713/manifests/prod2: no such file or directory"},
		{"Kustomization", "ArtifactFailed", "unable to get source 'flux-system/apps': etcdserver: request timed out"},
		{"Kustomization", "ArtifactFailed", "source 'apps' kind 'Pod' not supported"},
		{"Kustomization", "BuildFailed", "kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'x.yaml': open /tmp/x.yaml: no such file or directory'"},
		{"Kustomization", "BuildFailed", "error decrypting sources: failed to decrypt and format data"},
		{"Kustomization", "BuildFailed", "error decrypting .env file: x"},
		{"Kustomization", "BuildFailed", "decryption failed for 'app-secret': failed to decrypt and format 'apps/app-secret' Secret field 'x': Failed to get the data key required to decrypt the SOPS file."},
		{"Kustomization", "BuildFailed", "var substitution failed for 'x': YAMLToJSON: yaml: line 3"},
		{"Kustomization", "BuildFailed", "post build failed for 'ingress-nginx': envsubst error: variable substitution failed: variable not set (strict mode): \"x\""},
		{"Kustomization", "BuildFailed", "failed to decode Kubernetes apiVersion, kind and name from: a.yaml"},
		{"Kustomization", "BuildFailed", "failed to decode Kubernetes YAML from /tmp/x/a.yaml: MalformedYAMLError"},
		{"Kustomization", "BuildFailed", "recovered from kustomize build panic: runtime error: index out of range"},
		{"Kustomization", "BuildFailed", "cannot get sops decryption Secret 'flux-system/sops-age': secrets \"sops-age\" not found"},
		{"Kustomization", "BuildFailed", "cannot import 'age.agekey' data from decryption Secret 'x'"},
		{"Kustomization", "BuildFailed", "failed to import 'age.agekey' data from age decryption Secret 'flux-system/sops-age': malformed"},
		{"Kustomization", "ValidationFailed", "validation failed: The Service \"backend\" is invalid: spec.type: Unsupported value: \"Ingress\""},
		{"Kustomization", "ValidationFailed", "validation timeout: context deadline exceeded"},
		{"Kustomization", "ReconciliationFailed", "failed to build kube client: KubeConfig secret not found"},
		{"Kustomization FluxInstance ResourceSet", "ReconciliationFailed", "Service/msdemo/frontend dry-run failed, reason: Invalid, error: Service frontend is invalid: spec.type: Unsupported value: Ingress"},
		{"Kustomization FluxInstance ResourceSet", "ReconciliationFailed", "Deployment/apps/web dry-run failed (Forbidden): deployments.apps \"web\" is forbidden: User \"system:serviceaccount:apps:flux\" cannot patch resource"},
		{"Kustomization", "ReconciliationFailed", "ConfigMap/apps/bucket-import dry-run failed (Invalid): it does import 'x'"},
		{"Kustomization", "ReconciliationFailed", "Deployment/apps/web apply failed: x"},
		{"Kustomization", "ReconciliationFailed", "Deployment/apps/web dry-run failed: immutable field detected, failed to delete object, error: x"},
		{"Kustomization", "ReconciliationFailed", "Secret/apps/db is SOPS encrypted, configuring decryption is required for this secret to be reconciled"},
		{"Kustomization", "ReconciliationFailed", "apply timeout: context deadline exceeded"},
		{"Kustomization", "ReconciliationFailed", "kubectl process was killed, probably due to OOM"},
		{"Kustomization", "PruneFailed", "delete failed, errors: Deployment/apps/old delete failed: x"},
		{"Kustomization", "PruneFailed", "Deployment/apps/old delete failed: context deadline exceeded"},
		{"Kustomization", "PruneFailed", "Deployment/apps/old query failed: x"},
		{"Kustomization", "PruneFailed", "label selector failed: x"},
		{"Kustomization", "PruneFailed", "garbage collection failed: x"},
		{"Kustomization", "HealthCheckFailed", "health check failed after 30.021072817s: timeout waiting for: [Deployment/default/never status: 'InProgress']"},
		{"Kustomization", "HealthCheckFailed", "health check failed after 1.02s: failed early due to stalled resources: [HelmRelease/apps/podinfo status: 'Failed']"},
		{"Kustomization", "HealthCheckFailed", "Health check failed after 10m0.2s, timeout waiting for: [Deployment/a/b status: 'NotFound']"},
		{"Kustomization", "HealthCheckFailed", "Health check timed out for [deployments.apps 'keycloak-operator/keycloak-operator']"},
		{"Kustomization", "HealthCheckFailed", "can't determine status for Deployment/a/b, error: x"},
		{"FluxInstance ResourceSet", "HealthCheckFailed", "timeout waiting for: [Deployment/flux-system/source-controller status: 'InProgress']"},
		{"Kustomization HelmRelease", "DependencyNotReady", "dependency 'flux-system/infra' is not ready"},
		{"Kustomization HelmRelease", "DependencyNotReady", "dependency 'flux-system/infra' not found: x"},
		{"Kustomization", "DependencyNotReady", "dependency 'flux-system/infra' revision is not up to date"},
		{"Kustomization HelmRelease", "DependencyNotReady", "unable to get 'flux-system/infra' dependency: kustomizations \"infra\" not found"},
		{"Kustomization HelmRelease HelmChart ImagePolicy", "AccessDenied", "can't access 'GitRepository/infra/apps', cross-namespace references have been blocked"},
		{"Kustomization HelmRelease", "AccessDenied", "terminal error: can't access 'GitRepository/infra/apps', cross-namespace references have been blocked"},
		{"Kustomization HelmRelease", "InvalidCELExpression", "terminal error: failed to parse CEL expression: ERROR: <input>:1:5"},
		{"Kustomization", "ReconciliationFailed", "context deadline exceeded"},

		// source-controller
		{"GitRepository", "GitOperationFailed", "failed to checkout and determine revision: unable to clone 'http://localhost:8000': Get \"http://localhost:8000/info/refs?service=git-upload-pack\": dial tcp [::1]:8000: connect: connection refused"},
		{"GitRepository", "GitOperationFailed", "unable to clone 'https://x', error: reference not found"},
		{"GitRepository", "GitOperationFailed", "git clone error: repository not found"},
		{"GitRepository", "GitOperationFailed", "failed to checkout and determine revision: unable to list remote for 'https://x': unexpected EOF"},
		{"GitRepository ImageUpdateAutomation", "GitOperationFailed", "unable to fetch-connect to remote 'ssh://git@mygitlab.com/app/app.git': ssh: handshake failed: hostkey could not be verified"},
		{"GitRepository", "AuthenticationFailed", "git clone error: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain"},
		{"GitRepository", "AuthenticationFailed", "unable to clone 'ssh://git@github.com/user/repository', error: ssh: handshake failed: knownhosts: key mismatch"},
		{"GitRepository ImageUpdateAutomation", "AuthenticationFailed", "failed to checkout and determine revision: unable to clone 'https://git.example.com/apps.git': authentication required"},
		{"GitRepository OCIRepository Bucket HelmChart", "AuthenticationFailed", "failed to get secret 'flux-system/auth': secrets \"auth\" not found"},
		{"GitRepository", "AuthenticationFailed", "failed to configure authentication options: invalid 'flux-system/auth' secret data: required fields 'identity' and 'known_hosts'"},
		{"OCIRepository HelmRepository", "AuthenticationFailed", "failed to get credential from 'azure': x"},
		{"OCIRepository", "AuthenticationFailed", "failed to generate transport for 'oci://x': x"},
		{"HelmRepository HelmChart", "AuthenticationFailed", "failed to configure Helm client with secret data: x"},
		{"HelmRepository", "AuthenticationFailed", "failed to construct Helm client: x"},
		{"GitRepository", "AuthenticationFailed", "auth secret error: Secret \"x\" not found"},
		{"OCIRepository", "OCIArtifactPullFailed", "failed to determine artifact digest: GET https://ghcr.io/v2/org/apps/manifests/latest: MANIFEST_UNKNOWN: manifest unknown"},
		{"OCIRepository", "OCIArtifactPullFailed", "failed to pull artifact from 'oci://ghcr.io/org/apps': x"},
		{"OCIRepository", "OCIArtifactLayerOperationFailed", "failed to extract layer contents from artifact: x"},
		{"OCIRepository", "OCIArtifactLayerOperationFailed", "failed to find layer with media type 'x' in artifact"},
		{"OCIRepository", "ReadOperationFailed", "failed to determine the artifact tag for 'oci://ghcr.io/org/apps': no match found for semver: 9.x"},
		{"HelmRepository", "Failed", "failed to fetch Helm repository index: failed to cache index to temporary file: Get \"http://charts/index.yaml\": dial tcp: lookup charts: no such host"},
		{"HelmRepository", "IndexationFailed", "failed to download repository index: x"},
		{"HelmRepository", "IndexationFailed", "failed to load Helm repository from index YAML: failed to load index: /tmp/chart-index-861161562.yaml exceeds the maximum index file size of 52428800 bytes"},
		{"HelmChart", "ChartPullError", "chart pull error: failed to download chart for remote reference: failed to get 'oci://registry.test.com/etcd-oci/etcd:10.4.0': failed to copy"},
		{"HelmChart", "InvalidChartReference", "invalid chart reference: failed to get chart version for remote reference: no 'nope' chart with version matching '*' found"},
		{"HelmChart", "DependencyBuildError", "dependency build error: failed to add remote dependency 'redis': x"},
		{"HelmChart", "ChartPackageError", "chart package error: x"},
		{"HelmChart", "ValuesFilesError", "values files merge error: no values file found at path 'x'"},
		{"HelmChart", "ChartVerificationError", "chart verification error: x"},
		{"Bucket", "BucketOperationFailed", "fetch from bucket 'apps' failed: x"},
		{"Bucket", "BucketOperationFailed", "bucket 'apps' not found"},
		{"Bucket", "BucketOperationFailed", "failed to confirm existence of 'apps' bucket: x"},
		{"GitRepository OCIRepository", "URLInvalid", "URL validation failed for '::': parse \"::\": missing protocol scheme"},
		{"GitRepository", "URLInvalid", "failed to parse url '::': x"},
		{"HelmRepository", "URLInvalid", "invalid Helm repository URL: x"},
		{"GitRepository Bucket OCIRepository HelmChart", "DirectoryCreationFailed", "failed to create temporary working directory: mkdir /tmp/x: no space left on device"},
		{"GitRepository", "ArchiveOperationFailed", "unable to archive artifact to storage: write /data/x: no space left on device"},
		{"GitRepository", "StorageOperationFailed", "failed to create artifact directory: x"},
		{"GitRepository HelmRepository", "StorageOperationFailed", "write /data/x: no space left on device"},
		{"GitRepository", "VerificationError", "signature verification of commit 'dc74456' failed: x"},
		{"OCIRepository", "VerificationError", "failed to verify the signature using provider 'cosign': no matching signatures were found"},
		{"GitRepository", "VerificationError", "PGP public keys secret error: x"},
		{"HelmChart", "SourceUnavailable", "failed to get source: helmrepositories.source.toolkit.fluxcd.io \"x\" not found"},
		{"HelmChart", "SourceUnavailable", "failed to retrieve source: GitRepository.source.toolkit.fluxcd.io \"flux-system\" not found"},

		// helm-controller
		{"HelmRelease", "InstallFailed", "Helm install failed for release apps/podinfo.v1 with chart podinfo@6.1.6: context deadline exceeded"},
		{"HelmRelease", "InstallFailed", "install retries exhausted"},
		{"HelmRelease", "UpgradeFailed", "Helm upgrade failed: timed out waiting for the condition"},
		{"HelmRelease", "UpgradeFailed", "upgrade retries exhausted"},
		{"HelmRelease", "RollbackFailed", "Helm rollback to previous release apps/podinfo.v1 with chart podinfo@6.1.6 failed: x"},
		{"HelmRelease", "RollbackFailed", "Helm rollback failed: x"},
		{"HelmRelease", "TestFailed", "Helm test failed for release apps/podinfo.v1: pod failed"},
		{"HelmRelease", "UninstallFailed", "Helm uninstall remediation for release apps/podinfo.v1 failed: x"},
		{"HelmRelease", "PendingRelease", "Unlock of Helm release apps/podinfo failed: x"},
		{"HelmRelease", "UpgradeFailed", "Helm upgrade failed: another operation (install/upgrade/rollback) is in progress"},
		{"HelmRelease", "PendingRelease", "another operation (install/upgrade/rollback) is in progress"},
		{"HelmRelease", "RetriesExceeded", "terminal error: exceeded maximum retries: cannot install release"},
		{"HelmRelease", "RetriesExceeded", "previous release attempt remediation failed"},
		{"HelmRelease", "MissingRollbackTarget", "terminal error: missing target release for rollback: cannot remediate failed release"},
		{"HelmRelease", "SourceNotReady", "HelmChart 'flux-system/apps-podinfo' is not ready: x"},
		{"HelmRelease", "SourceNotReady", "OCIRepository 'apps/podinfo' is not ready: x"},
		{"HelmRelease", "ArtifactFailed", "could not get Source object: helmcharts.source.toolkit.fluxcd.io \"apps-podinfo\" not found"},
		{"HelmRelease", "ArtifactFailed", "failed to download chart from 'http://x/podinfo-6.1.6.tgz' (status: 404 Not Found)"},
		{"HelmRelease", "ArtifactFailed", "failed to download artifact, error: x"},
		{"HelmRelease", "ArtifactFailed", "failed to verify artifact: computed checksum 'a' doesn't match advertised 'b'"},
		{"HelmRelease", "ArtifactFailed", "chart reconciliation failed: helmcharts.source.toolkit.fluxcd.io is forbidden"},
		{"HelmRelease", "ValuesError", "could not resolve ConfigMap chart values reference 'apps/nope' with key 'values.yaml': configmaps \"nope\" not found"},
		{"HelmRelease", "ValuesError", "could not find Secret 'apps/nope'"},
		{"HelmRelease", "ValuesError", "missing key 'values.yaml' in ConfigMap 'apps/nope'"},
		{"HelmRelease", "ValuesError", "unable to read values from key 'values.yaml' in ConfigMap 'apps/a': error converting YAML to JSON"},
		{"HelmRelease", "ValuesError", "unable to merge value from key 'x' in Secret 'apps/a' into target path 'b': x"},
		{"HelmRelease", "StateError", "cannot determine release state: x"},
		{"HelmRelease", "StateError", "unable to determine cluster state: x"},
		{"HelmRelease", "GetLastReleaseFailed", "failed to get last release revision: query: failed to query with labels: Unauthorized"},

		// the others
		{"ImageRepository", "ReadOperationFailed", "GET https://ghcr.io/v2/org/app/tags/list: NAME_UNKNOWN: repository name not known to registry"},
		{"ImageRepository", "AuthenticationFailed", "GET https://ghcr.io/v2/org/app/tags/list: unexpected status code 401 Unauthorized"},
		{"ImageRepository", "ReadOperationFailed", "Get \"https://10.0.0.1:4010/v2/\": dial tcp 10.0.0.1:4010: connect: connection refused"},
		{"ImagePolicy", "DependencyNotReady", "failed to get the referred ImageRepository: referenced ImageRepository does not exist"},
		{"ImagePolicy", "InvalidPolicy", "invalid policy: no valid policy"},
		{"ImagePolicy", "Failure", "version list argument cannot be empty"},
		{"ImageUpdateAutomation", "GitOperationFailed", "failed to push to remote: object not found"},
		{"ImageUpdateAutomation", "GitOperationFailed", "failed to checkout source: unable to clone: x"},
		{"ImageUpdateAutomation", "GitOperationFailed", "unknown error: remote: "},
		{"ImageUpdateAutomation", "UpdateFailed", "failed to apply policies: x"},
		{"ArtifactGenerator", "SourceFetchFailed", "get sources failed: x"},
		{"ArtifactGenerator", "SourceFetchFailed", "fetch sources failed: x"},
		{"ArtifactGenerator", "BuildFailed", "ExternalArtifact/apps/a build failed: x"},
		{"ArtifactGenerator", "ReconciliationFailed", "ExternalArtifact/apps/a reconcile failed: x"},
		{"FluxInstance", "ArtifactFailed", "fetch failed: x"},
		{"FluxInstance ResourceSet", "BuildFailed", "build failed: x"},
		{"FluxInstance", "ReconciliationFailed", "reconciliation failed: x"},
		{"Kustomization HelmRelease GitRepository", "Panic", "panic: runtime error: invalid memory address or nil pointer dereference [recovered]"},
	} {
		for kind := range strings.FieldsSeq(x.kinds) {
			if got := classify(kind, x.text).reason; got != x.reason {
				t.Errorf("%s %q: %s, want %s", kind, x.text, got, x.reason)
			}
		}
	}
}

// TestReasonsAreDocumented wants every reason in the manual, because alerts are written with them.
func TestReasonsAreDocumented(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/naming.md")
	if err != nil {
		t.Fatal(err)
	}
	for i := range classes {
		if !strings.Contains(string(manual), "`"+classes[i].reason+"`") {
			t.Errorf("docs/naming.md does not name the reason %s", classes[i].reason)
		}
	}
}
