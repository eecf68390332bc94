package failure

import (
	"testing"

	"fluxtrail/parse"
)

func ref(kind, namespace, name string) parse.Ref {
	return parse.Ref{Kind: kind, Namespace: namespace, Name: name}
}

// culpritTexts are real errors, or such as the controllers compose, and what they are about.
var culpritTexts = []struct {
	text string
	want parse.Ref
}{
	// what an apply was about, with and without a namespace, in every form since 0.15
	{"Service/msdemo/frontend dry-run failed, reason: Invalid, error: Service frontend is invalid: spec.type: Unsupported value: Ingress", ref("Service", "msdemo", "frontend")},
	{"Deployment/apps/web dry-run failed, reason: Forbidden: deployments.apps is forbidden", ref("Deployment", "apps", "web")},
	{"ConfigMap/default/infra dry-run failed (Invalid): ConfigMap \"infra\" is invalid: data[x]: Invalid value", ref("ConfigMap", "default", "infra")},
	{"Certificate/cert-manager/example-certificate dry-run failed: no matches for kind \"Certificate\" in version \"cert-manager.io/v1\"\n", ref("Certificate", "cert-manager", "example-certificate")},
	{"EC2NodeClass/default dry-run failed: no matches for kind \"EC2NodeClass\" in version \"karpenter.k8s.aws/v1\"", ref("EC2NodeClass", "", "default")},
	{"ClusterRole/system:coredns dry-run failed (Forbidden): x", ref("ClusterRole", "", "system:coredns")},
	{"CustomResourceDefinition/gitrepositories.source.toolkit.fluxcd.io dry-run failed (Invalid): x", ref("CustomResourceDefinition", "", "gitrepositories.source.toolkit.fluxcd.io")},
	{"reconciliation failed: Deployment/flux-system/source-controller dry-run failed (Forbidden): x", ref("Deployment", "flux-system", "source-controller")},
	{"Deployment/apps/web apply failed: x", ref("Deployment", "apps", "web")},
	{"Deployment/apps/old delete failed: context deadline exceeded", ref("Deployment", "apps", "old")},
	{"Deployment/apps/old query failed: x", ref("Deployment", "apps", "old")},
	{"delete failed, errors: Deployment/apps/old delete failed: x", ref("Deployment", "apps", "old")},
	{"Namespace/apps termination timeout", ref("Namespace", "", "apps")},
	{"Kustomization/flux-system/tenants not found: the server could not find the requested resource", ref("Kustomization", "flux-system", "tenants")},
	{"ConfigMap/x namespace not specified: the server could not find the requested resource", ref("ConfigMap", "", "x")},
	{"Secret/apps/db is SOPS encrypted, configuring decryption is required for this secret to be reconciled", ref("Secret", "apps", "db")},
	{"Secret/apps/db is SOPS encryted, configuring decryption is required for this secret to be reconciled", ref("Secret", "apps", "db")},
	// health checks
	{"health check failed after 30.021072817s: timeout waiting for: [Deployment/default/never status: 'InProgress']", ref("Deployment", "default", "never")},
	{"health check failed after 1.02s: failed early due to stalled resources: [HelmRelease/apps/podinfo status: 'Failed', Deployment/a/b status: 'InProgress']", ref("HelmRelease", "apps", "podinfo")},
	{"Health check failed after 10m0.2s, timeout waiting for: [Namespace/x status: 'NotFound']", ref("Namespace", "", "x")},
	{"timeout waiting for: [Deployment/flux-system/source-controller status: 'InProgress']", ref("Deployment", "flux-system", "source-controller")},
	{"Health check timed out for [deployments.apps 'keycloak-operator/keycloak-operator']", ref("Deployment", "keycloak-operator", "keycloak-operator")},
	{"Health check timed out for [deployment 'keycloak-operator/keycloak-operator']", ref("Deployment", "keycloak-operator", "keycloak-operator")},
	{"Health check timed out for [helmrelease 'apps/podinfo', deployment 'a/b']", ref("HelmRelease", "apps", "podinfo")},
	{"Health check timed out for [HelmRelease 'default/backend', Job 'default/wrong']", ref("HelmRelease", "default", "backend")},
	{"can't determine status for Deployment/a/b, error: x", ref("Deployment", "a", "b")},
	// what a release or a source needs
	{"could not resolve ConfigMap chart values reference 'team-a/nope' with key 'values.yaml': configmaps \"nope\" not found", ref("ConfigMap", "team-a", "nope")},
	{"could not find Secret 'apps/nope'", ref("Secret", "apps", "nope")},
	{"missing key 'values.yaml' in ConfigMap 'apps/nope'", ref("ConfigMap", "apps", "nope")},
	{"unable to read values from key 'values.yaml' in Secret 'apps/a': x", ref("Secret", "apps", "a")},
	{"failed to get secret 'flux-system/auth': secrets \"auth\" not found", ref("Secret", "flux-system", "auth")},
	{"cannot get sops decryption Secret 'flux-system/sops-age': secrets \"sops-age\" not found", ref("Secret", "flux-system", "sops-age")},
	// the API server's own words
	{"Helm install failed: rendered manifests contain a resource that already exists. Unable to continue with install: StorageClass \"faster\" in namespace \"\" exists and cannot be imported", ref("StorageClass", "", "faster")},
	{"Helm upgrade failed: cannot patch \"web\" with kind Deployment: Deployment.apps \"web\" is invalid: spec.selector: field is immutable", ref("Deployment", "", "web")},
	{"validation failed: The Service \"backend\" is invalid: spec.type", ref("Service", "", "backend")},
	{"deployments.apps \"web\" is forbidden: User \"x\" cannot get", ref("Deployment", "", "web")},
	// none
	{"kustomization path not found: stat /tmp/kustomization-3520463713/manifests/prod2: no such file or directory", parse.Ref{}},
	{"failed to checkout and determine revision: unable to clone 'http://localhost:8000': connection refused", parse.Ref{}},
	{"Deployment/apps/ dry-run failed", parse.Ref{}},
	{"context deadline exceeded", parse.Ref{}},
	{"", parse.Ref{}},
}

func TestCulprit(t *testing.T) {
	t.Parallel()
	for _, x := range culpritTexts {
		if got := culprit(x.text); got != x.want {
			t.Errorf("%q: %v, want %v", x.text, got, x.want)
		}
	}
}

func TestBlocker(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		text string
		want parse.Ref
	}{
		{"failed to download archive: GET http://source-controller.flux-system.svc.cluster.local./gitrepository/flux-system/apps/0a1b.tar.gz giving up after 10 attempt(s)", ref("GitRepository", "flux-system", "apps")},
		{"failed to download artifact from http://127.0.0.1:9790/ocirepository/apps/web/sha256:ab.tar.gz, status: 404 Not Found", ref("OCIRepository", "apps", "web")},
		{"failed to download chart from 'http://source-controller/helmchart/flux-system/apps-podinfo/podinfo-6.1.6.tgz' (status: 503)", ref("HelmChart", "flux-system", "apps-podinfo")},
		{"HelmChart 'flux-system/apps-podinfo' is not ready: x", ref("HelmChart", "flux-system", "apps-podinfo")},
		{"OCIRepository 'apps/podinfo' is not ready", ref("OCIRepository", "apps", "podinfo")},
		{"failed to checkout and determine revision: unable to clone 'https://git.example.com/gitrepository/a/b'", parse.Ref{}},
		{"x", parse.Ref{}},
	} {
		if got := blocker(x.text); got != x.want {
			t.Errorf("%q: %v, want %v", x.text, got, x.want)
		}
	}
}

func TestNormalRevision(t *testing.T) {
	t.Parallel()
	const sha1, sha256 = "dc74456474966c5bc8d450eb3d7f381965b416bc", "3b6cdcc7adcc9a84d3214ee1c029543789d90b5ae69debe9efa3f66e982875de"
	for old, want := range map[string]string{
		"":                                 "",
		"main/" + sha1:                     "main@sha1:" + sha1,
		"v1.0/" + sha1:                     "v1.0@sha1:" + sha1,
		"refs/tags/v2.7.1-x/" + sha1:       "refs/tags/v2.7.1-x@sha1:" + sha1,
		"feature/one/" + sha1:              "feature/one@sha1:" + sha1,
		sha1:                               "sha1:" + sha1,
		sha256:                             "sha256:" + sha256,
		"latest/" + sha256:                 "latest@sha256:" + sha256,
		"6.6.2/" + sha256:                  "6.6.2@sha256:" + sha256,
		"main@sha1:" + sha1:                "main@sha1:" + sha1,
		"sha256:" + sha256:                 "sha256:" + sha256,
		"refs/pull/1/head@sha1:" + sha1:    "refs/pull/1/head@sha1:" + sha1,
		"6.3.5":                            "6.3.5",
		"6.3.5+" + sha256[:12]:             "6.3.5+" + sha256[:12],
		"0.1.0+" + sha1[:12] + ".1":        "0.1.0+" + sha1[:12] + ".1",
		"main/":                            "main/",
		"/" + sha1:                         "sha1:" + sha1,
		"main/" + sha1[:39]:                "main/" + sha1[:39],
		"DC74456474966c5bc8d450eb3d7f3819": "DC74456474966c5bc8d450eb3d7f3819",
	} {
		if got := normalRevision(old); got != want {
			t.Errorf("%q: %q, want %q", old, got, want)
		}
		if again := normalRevision(want); again != want {
			t.Errorf("%q becomes %q", want, again)
		}
	}
}
