package failure

import "testing"

func TestOutside(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`failed to fetch Helm repository index: Get "http://127.0.0.1:28288/index.yaml": dial tcp 127.0.0.1:28288: connect: connection refused`: "127.0.0.1:28288 refuses connections",
		`unable to list remote for 'https://git.example.com/apps.git': dial tcp 10.0.0.7:443: connect: connection refused`:                      "git.example.com refuses connections",
		`Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com on 10.96.0.10:53: no such host`:                          "the name registry.example.com is not resolved",
		`dial tcp: lookup git.example.com: i/o timeout`:                                                                                              "git.example.com cannot be reached",
		`Get "https://oci.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`:                        "the certificate of oci.example.com is refused",
		`write /data/x.tar.gz: no space left on device`:                                                                                              "the disk is full",
		`etcdserver: request timed out`:                                                                                                              "the API server's etcd does not answer",
		`GET https://ghcr.io/token: TOOMANYREQUESTS: retry-after`:                                                                                    "ghcr.io takes no more requests for now",
		`unexpected client error: status code: 503 Service Unavailable`:                                                                              "",
		`kustomize build failed: accumulating resources: no such file`:                                                                               "",
		`ssh://git@git.example.com/x: dial tcp 10.0.0.1:22: i/o timeout`:                                                                             "git.example.com cannot be reached",
		`https://user:pw@git.example.com:8443/x: dial tcp: no route to host`:                                                                         "git.example.com:8443 cannot be reached",
		`unable to clone 'http://h:80/apps.git': unexpected requesting "http://h:80/info/refs" status code: 503`:                                     "h:80 answers with errors of its own",
		`GET http://r:5000/v2/private/manifests/v1: unexpected status code 401 Unauthorized`:                                                         "r:5000 refuses the credentials",
		`Get "https://ghcr.io/v2/": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused`:                                           "the proxy 10.0.0.9:3128 cannot be reached",
		`Get "https://a.example.com/": dial tcp: lookup a.example.com on 10.96.0.10:53: read udp 10.0.0.2:4->10.96.0.10:53: i/o timeout`:             "the name server 10.96.0.10:53 does not answer",
		`Get "https://b.example.com/": dial tcp: lookup b.example.com on 10.96.0.10:53: server misbehaving`:                                          "the name server 10.96.0.10:53 does not answer",
		`failed calling webhook "v.k.svc": failed to call webhook: Post "https://k.k.svc:443/v?timeout=10s": no endpoints available for service "k"`: "k.k.svc:443 has no endpoints",
		`failed calling webhook "v.k.svc": failed to call webhook: Post "https://k.k.svc:443/v?timeout=10s": context deadline exceeded`:              "the webhook at k.k.svc:443 cannot be called",
		`the server is currently unable to handle the request`:                                                                                       "the API server does not answer",
	} {
		if got := Outside(text); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
