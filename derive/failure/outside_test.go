package failure

import "testing"

func TestOutside(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`failed to fetch Helm repository index: Get "http://127.0.0.1:28288/index.yaml": dial tcp 127.0.0.1:28288: connect: connection refused`: "127.0.0.1:28288 refuses connections",
		`unable to list remote for 'https://git.example.com/apps.git': dial tcp 10.0.0.7:443: connect: connection refused`:                      "git.example.com refuses connections",
		`Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com on 10.96.0.10:53: no such host`:                          "the name registry.example.com is not resolved",
		`dial tcp: lookup git.example.com: i/o timeout`:                                                                       "git.example.com cannot be reached",
		`Get "https://oci.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`: "the certificate of oci.example.com is refused",
		`write /data/x.tar.gz: no space left on device`:                                                                       "the disk is full",
		`etcdserver: request timed out`:                                                                                       "the API server's etcd does not answer",
		`GET https://ghcr.io/token: TOOMANYREQUESTS: retry-after`:                                                             "ghcr.io takes no more requests for now",
		`unexpected client error: status code: 503 Service Unavailable`:                                                       "",
		`kustomize build failed: accumulating resources: no such file`:                                                        "",
		`ssh://git@git.example.com/x: dial tcp 10.0.0.1:22: i/o timeout`:                                                      "git.example.com cannot be reached",
		`https://user:pw@git.example.com:8443/x: dial tcp: no route to host`:                                                  "git.example.com:8443 cannot be reached",
	} {
		if got := Outside(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
