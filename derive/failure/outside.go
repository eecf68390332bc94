package failure

import (
	"regexp"
	"strings"
)

// outside is a row of what can be wrong outside of Flux: what the text has, and what is said of it.
// A %s stands for the host that the text names; a row with one fits only where there is a host.
var outside = []struct {
	has  []string // one of them
	says string
}{
	{[]string{"no such host", "server misbehaving", "Temporary failure in name resolution"}, "the name %s is not resolved"},
	{[]string{"x509: ", "failed to verify certificate"}, "the certificate of %s is refused"},
	{[]string{"connection refused"}, "%s refuses connections"},
	{[]string{
		"i/o timeout", "no route to host", "network is unreachable", "connection reset by peer", "TLS handshake timeout",
		"Client.Timeout exceeded", "connection timed out",
	}, "%s cannot be reached"},
	{[]string{"TOOMANYREQUESTS", "429 Too Many Requests"}, "%s takes no more requests for now"},
	{[]string{"500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway"}, "%s answers with errors of its own"},
	{[]string{"no space left on device"}, "the disk is full"},
	{[]string{"etcdserver: "}, "the API server's etcd does not answer"},
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
		for _, s := range row.has {
			if !strings.Contains(text, s) {
				continue
			}
			if !strings.Contains(row.says, "%s") {
				return row.says
			}
			if host := hostIn(text); host != "" {
				return strings.Replace(row.says, "%s", host, 1)
			}
		}
	}
	return ""
}

func hostIn(text string) string {
	for _, re := range addresses {
		if m := re.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}
