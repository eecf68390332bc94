package derive

import "strings"

// Revision gives a revision the form that Flux writes since 0.40: ref@algo:digest, or algo:digest where there is no ref. Before, it was
// ref/digest or the digest alone (fluxcd RFC-0005). What is no digest (a chart version) stays as it is.
func Revision(s string) string {
	if strings.Contains(s, ":") {
		return s
	}
	ref, digest := "", s
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		ref, digest = s[:i], s[i+1:]
	}
	algo := algorithm(digest)
	switch {
	case algo == "":
		return s
	case ref == "":
		return algo + ":" + digest
	}
	return ref + "@" + algo + ":" + digest
}

func algorithm(digest string) string {
	for i := range len(digest) {
		if c := digest[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ""
		}
	}
	switch len(digest) {
	case 40:
		return "sha1"
	case 64:
		return "sha256"
	}
	return ""
}
