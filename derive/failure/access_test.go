package failure

import "testing"

func TestAccess(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ reason, text, want string }{
		{"GitOperationFailed", "failed to checkout and determine revision: unable to clone 'https://git': authentication required", authentication},
		{"OCIArtifactPullFailed", "failed to determine artifact digest: GET https://r/v2/x: UNAUTHORIZED: authentication required", authentication},
		{"AuthenticationFailed", "failed to get secret 'flux-system/auth': secrets \"auth\" not found", authentication},
		{"Failed", "failed to fetch Helm repository index: tls: failed to verify certificate: x509: certificate has expired or is not yet valid", certificate},
		{"AuthenticationFailed", "x509: certificate signed by unknown authority", certificate},
		{"BuildFailed", "kustomize build failed: accumulating resources", ""},
		{"ReconciliationFailed", "Deployment/a/b dry-run failed (Forbidden): is forbidden: User \"system:serviceaccount:a:b\"", ""},
		{"", "", ""},
	} {
		if got := Access(c.reason, c.text); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.reason, c.text, got, c.want)
		}
	}
}
