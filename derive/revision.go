package derive

import "strings"

// revision is a revision as it was written and in its normal form. Many objects are at the same one.
type revision struct{ raw, normal string }

// maxRevisions bounds the memory for known revisions; beyond, they are worked out again.
const maxRevisions = 4096

func (e *Engine) revision(raw string) revision {
	if rev, ok := e.revs[raw]; ok {
		return rev
	}
	if len(e.revs) >= maxRevisions {
		clear(e.revs)
	}
	raw = strings.Clone(raw)
	rev := revision{raw, Revision(raw)}
	e.revs[raw] = rev
	return rev
}

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
