package redact_test

// exactURLs are the rows of the samples of fixtures/secrets/urls.txtar.
var exactURLs = []exact{
	{
		"clone-raw",
		`failed to checkout and determine revision: unable to clone 'https://<redacted:url-userinfo>@git.example.com/org/repo.git': EOF`,
	},
	{
		"clone-token-user",
		`unable to clone 'https://<redacted:url-userinfo>@git.example.com/org/repo': authentication required`,
	},
	{
		"clone-percent",
		`failed to checkout and determine revision: unable to clone: parse "https://<redacted:url-userinfo>@git.example.com/org/repo": bad`,
	},
	{
		"clone-unicode",
		`unable to clone 'https://<redacted:url-userinfo>@git.example.com/org/repo': authentication required`,
	},
	{
		"clone-unicode-escaped",
		`{"level":"error","msg":"Reconciler error","error":"unable to clone 'https://<redacted:url-userinfo>@git.example.com/x': EOF"}`,
	},
	{"clone-cyrillic", `unable to clone 'https://<redacted:url-userinfo>@git.example.com/x': EOF`},
	{"clone-at-in-password", `unable to clone 'https://<redacted:url-userinfo>@git.example.com/x': EOF`},
	{
		"clone-slash-in-password",
		`parse "https://<redacted:url-userinfo>@git.example.com/x": invalid port "<redacted:url-userinfo>" after host`,
	},
	{"clone-colon-in-password", `unable to clone "https://<redacted:url-userinfo>@git.example.com/x"`},
	{
		"clone-space",
		`parse "https://<redacted:url-userinfo>@git.example.com/org/repo": net/url: invalid userinfo`,
	},
	{
		"clone-two-spaces",
		`parse "https://<redacted:url-userinfo>@git.example.com/org/repo": net/url: invalid userinfo`,
	},
	{
		"clone-escaped-quote",
		`{"level":"error","msg":"Reconciler error","error":"parse \"https://<redacted:url-userinfo>@git.example.com/x\": net/url: invalid userinfo"}`,
	},
	{"clone-quote", `parse 'https://<redacted:url-userinfo>@git.example.com/x': net/url: invalid userinfo`},
	{
		"clone-hash",
		`parse "https://<redacted:url-userinfo>@git.example.com/x": invalid port "<redacted:url-userinfo>" after host`,
	},
	{
		"clone-question",
		`parse "https://<redacted:url-userinfo>@git.example.com/x": invalid port "<redacted:url-userinfo>" after host`,
	},
	{"port-tail", `parse "https://git.example.com": invalid port "<redacted:url-userinfo>" after host`},
	{"port-tail-json", `{"error":"failed to parse: invalid port \"<redacted:url-userinfo>\" after host"}`},
	{"encoded-whole", `GET <redacted:encoded> 502`},
	{"encoded-lower", `GET <redacted:encoded> 502`},
	{"encoded-twice", `GET <redacted:encoded> 502`},
	{"encoded-separators", `unable to clone '<redacted:encoded>': no such host`},
	{
		"proxy-env",
		`proxyconnect tcp: dial tcp: lookup HTTPS_PROXY=http://<redacted:url-userinfo>@proxy.example.com:3128: no such host`,
	},
	{
		"helm-index",
		`failed to fetch Helm repository index: failed to cache index to temporary file: Get "https://<redacted:url-userinfo>@charts.example.com/inde` +
			`x.yaml": dial tcp: i/o timeout`,
	},
	{
		"helm-oci",
		`failed to get 'oci://<redacted:url-userinfo>@registry.example.com/charts/app' : unexpected status code 401`,
	},
	{
		"registry-no-scheme",
		`failed to login to registry: invalid reference format: <redacted:url-userinfo>@registry.example.com:5000/apps`,
	},
	{
		"registry-no-scheme-port",
		`could not parse reference: <redacted:url-userinfo>@registry.example.com:5000/team/app`,
	},
	{"scp-form", `unable to clone '<redacted:url-userinfo>@git.example.com:org/repo.git': unsupported`},
	{
		"first-path-segment",
		`parse "<redacted:url-userinfo>@git.example.com/x": first path segment in URL cannot contain colon`,
	},
	{
		"localhost-no-scheme",
		`dial tcp: address <redacted:url-userinfo>@localhost:5432: too many colons in address`,
	},
	{
		"escaped-slashes",
		`{"error":"repository https:\/\/<redacted:url-userinfo>@git.example.com\/x not found"}`,
	},
	{
		"nested-json",
		`{"level":"error","msg":"x","error":"{\"url\":\"https://<redacted:url-userinfo>@git.example.com/\",\"code\":1}"}`,
	},
	{"only-password", `dial redis://<redacted:url-userinfo>@redis:6379/0: connection refused`},
	{"in-query", `failed: https://host/path?next=https://<redacted:url-userinfo>@git.example.com/x`},
	{
		"two-urls",
		`proxy http://<redacted:url-userinfo>@proxy:3128 for https://<redacted:url-userinfo>@host/path failed`,
	},
	{"angle-brackets", `see <https://<redacted:url-userinfo>@git.example.com/x> for details`},
	{"in-brackets", `clone (https://<redacted:url-userinfo>@git.example.com/x) failed`},
	{"with-port", `dial https://<redacted:url-userinfo>@git.example.com:8443/x: timeout`},
	{"ipv6", `dial https://<redacted:url-userinfo>@[2001:db8::1]:8443/x: timeout`},
	{"x-access-token", `unable to clone 'https://<redacted:url-userinfo>@github.com/org/repo': 403`},
	{"oauth2", `unable to clone 'https://<redacted:url-userinfo>@gitlab.example.com/x': 403`},
	{"wordy-password", `unable to clone 'https://<redacted:url-userinfo>@git.example.com/x': EOF`},
	{"ftp", `fetch ftp://<redacted:url-userinfo>@files.example.com/x.tgz: 530`},
	{"ssh-password", `ssh://<redacted:url-userinfo>@git.example.com:22/x: unable to authenticate`},
	{"sentry-dsn", `could not report to https://<redacted:url-userinfo>@o12345.ingest.sentry.io/6789: 429`},
	{
		"git-remote-line",
		`fatal: unable to access 'https://<redacted:url-userinfo>@git.example.com/x/': The requested URL returned error: 403`,
	},
}
