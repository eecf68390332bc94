package failure

import "strings"

// Revision is a revision as a line wrote it, and in the form that Flux writes since 0.40. Both
// strings are copies that many objects share.
type Revision struct{ Raw, Normal string }

// maxRevision is how many bytes of a revision are kept. A ref and a digest have fewer.
const maxRevision = 512

// Revision gives a revision its normal form, without secrets. The argument is not kept.
func (c *Cache) Revision(raw string) Revision {
	if len(raw) > maxRevision { // no revision: a secret may stand at the cut
		shown := strings.Clone(Shortened(c.Excerpt([]byte(raw)), maxRevision))
		return Revision{shown, shown}
	}
	if rev, ok := c.revisions[raw]; ok {
		return rev
	}
	if len(c.revisions) >= maxRevisions {
		clear(c.revisions)
	}
	shown := strings.Clone(c.redact(raw))
	rev := Revision{shown, normalRevision(shown)}
	c.revisions[strings.Clone(raw)] = rev
	return rev
}

// normalRevision is ref@algo:digest, or algo:digest where there is no ref. Before Flux 0.40 a
// revision was ref/digest or the digest alone (fluxcd RFC-0005). A revision without a digest, such
// as a chart's version, stays as it is.
func normalRevision(s string) string {
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

// algorithm is the hash that a hexadecimal digest is of, "" for anything else.
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
