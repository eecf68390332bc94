package failure

import (
	"regexp"
	"strings"
)

// outside is a row of what can be wrong outside of Flux: what the text has, and what is said of it.
// A %s stands for the host that the text names; a row with one fits only where there is a host. The
// first row that fits counts: what is nearer to the cause stands first.
var outside = []struct {
	has  *regexp.Regexp
	host *regexp.Regexp // finds the host in its first group; nil for the addresses
	says string
}{
	{regexp.MustCompile(`no space left on device`), nil, "the disk is full"},
	{regexp.MustCompile(`etcdserver: `), nil, "the API server's etcd does not answer"},
	{regexp.MustCompile(`the server is currently unable to handle the request|apiserver not ready`), nil, "the API server does not answer"},
	{regexp.MustCompile(`lookup \S+ on \S+: (?:read|write|dial) \w+ .*(?:i/o timeout|refused)|lookup \S+ on \S+: (?:server misbehaving|i/o timeout)`),
		regexp.MustCompile(`lookup \S+ on (\S+): `), "the name server %s does not answer"},
	{regexp.MustCompile(`no such host|server misbehaving|Temporary failure in name resolution`), nil, "the name %s is not resolved"},
	{regexp.MustCompile(`x509: |failed to verify certificate|tls: unknown certificate`), nil, "the certificate of %s is refused"},
	{regexp.MustCompile(`proxyconnect tcp: `), regexp.MustCompile(`proxyconnect tcp: dial tcp (\S+:\d+)`), "the proxy %s cannot be reached"},
	{regexp.MustCompile(`no endpoints available for service`), nil, "%s has no endpoints"},
	{regexp.MustCompile(`connection refused`), nil, "%s refuses connections"},
	{regexp.MustCompile(`i/o timeout|no route to host|network is unreachable|connection reset by peer|TLS handshake timeout|` +
		`Client\.Timeout exceeded|connection timed out`), nil, "%s cannot be reached"},
	{regexp.MustCompile(`failed calling webhook`), nil, "the webhook at %s cannot be called"},
	{regexp.MustCompile(`TOOMANYREQUESTS|429 Too Many Requests|status code:? 429`), nil, "%s takes no more requests for now"},
	{regexp.MustCompile(`500 Internal Server Error|502 Bad Gateway|503 Service Unavailable|504 Gateway|status code:? 50[0-4]`), nil,
		"%s answers with errors of its own"},
	{regexp.MustCompile(`401 Unauthorized|403 Forbidden|UNAUTHORIZED: |authentication required|status code:? 40[13]`), nil,
		"%s refuses the credentials"},
}

// addresses find the host that a text is about: that of a URL, one that was looked up, or one that
// was dialled.
var addresses = []*regexp.Regexp{
	regexp.MustCompile(`[a-z]://(?:[^/@\s"']*@)?([A-Za-z0-9][-A-Za-z0-9.]*(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?)`),
	regexp.MustCompile(`\blookup ([A-Za-z0-9][-A-Za-z0-9.]*)`),
	regexp.MustCompile(`\bdial (?:tcp|udp) ([0-9A-Za-z.:\[\]-]+:\d+)`),
}

// Outside is what a text says is wrong outside of Flux's objects, such as a host that cannot be
// reached; "" where it says nothing of the kind. Objects that fail of the same have the same.
func Outside(text string) string {
	for _, row := range outside {
		if !row.has.MatchString(text) {
			continue
		}
		if !strings.Contains(row.says, "%s") {
			return row.says
		}
		if host := hostIn(text, row.host); host != "" {
			return strings.Replace(row.says, "%s", host, 1)
		}
	}
	return ""
}

// hostIn is the host that an expression finds, or else one of the addresses.
func hostIn(text string, by *regexp.Regexp) string {
	for _, re := range append([]*regexp.Regexp{by}, addresses...) {
		if re == nil {
			continue
		}
		if m := re.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}
