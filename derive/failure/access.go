package failure

import "strings"

// The kinds of access that a failure can lack.
const (
	authentication = "authentication" // a credential is missing, wrong, or has expired
	certificate    = "certificate"    // a certificate is not believed, or has expired
)

// access are texts by which servers and clients say that access is refused, whatever they were
// asked for. They are in lower case.
var access = []struct{ text, kind string }{
	{"x509:", certificate},
	{"certificate signed by unknown authority", certificate},
	{"certificate has expired", certificate},
	{"certificate is not trusted", certificate},
	{"tls: failed to verify", certificate},
	{"tls: bad certificate", certificate},
	{"tls: handshake failure", certificate},
	{"authentication required", authentication},
	{"unauthorized", authentication},
	{"unable to authenticate", authentication},
	{"invalid credentials", authentication},
	{"authentication failed", authentication},
	{"status code 401", authentication},
	{"401 ", authentication},
	{"403 forbidden", authentication},
	{"denied: denied", authentication},
	{"permission denied (publickey", authentication},
	{"knownhosts: key", authentication},
	{"access denied", authentication},
	{"invalidaccesskeyid", authentication},
	{"signaturedoesnotmatch", authentication},
}

// Access is what kind of access a failure lacks, by its reason and its text: authentication,
// certificate, or "" for none.
func Access(reason, text string) string {
	text = strings.ToLower(text)
	for _, a := range access {
		if strings.Contains(text, a.text) {
			return a.kind
		}
	}
	if reason == "AuthenticationFailed" {
		return authentication
	}
	return ""
}
