package failure

import (
	"slices"
	"strings"

	"fluxtrail/parse"
)

// blockers are the kinds that "KIND 'ns/name' is not ready" is said of.
var blockers = []string{"HelmChart", "OCIRepository", "GitRepository", "Bucket", "HelmRepository", "ExternalArtifact"}

// blocker is the Flux object that an error text holds responsible, zero when it names none.
func blocker(text string) parse.Ref {
	r := reader{text: text}
	return kept(r.blocker())
}

func (r *reader) blocker() parse.Ref {
	if ref := r.artifact(); ref != (parse.Ref{}) {
		return ref
	}
	if rest, ok := strings.CutPrefix(r.text, "source '"); ok { // source-watcher: source 'Kind/ns/name' is not ready
		r.work += len(rest)
		kind, rest, _ := strings.Cut(rest, "/")
		if slices.Contains(blockers, kind) {
			return quotedRef("", kind, rest)
		}
	}
	for _, kind := range blockers {
		if rest, ok := strings.CutPrefix(r.text, kind+" '"); ok {
			r.work += len(rest)
			return quotedRef("", kind, rest)
		}
	}
	return parse.Ref{}
}

// artifact reads the address where source-controller serves what it fetched:
// http://HOST/KIND/NAMESPACE/NAME/REVISION.tar.gz, with the kind in lower case.
func (r *reader) artifact() parse.Ref {
	const slashes = "://"
	for i := r.find(0, slashes); i >= 0; i = r.find(i+1, slashes) {
		if !r.endsWith(i, "http") && !r.endsWith(i, "https") {
			continue
		}
		var parts [4]string // host, kind, namespace, name
		at := i + len(slashes)
		for k := range parts {
			end := r.skip(at, urlSegment)
			if end == at || r.at(end) != '/' {
				break
			}
			parts[k], at = r.text[at:end], end+1
		}
		if kind := parse.Kind(parts[1]); parts[3] != "" && slices.Contains(blockers, kind) && parts[1] == strings.ToLower(kind) {
			return newRef(kind, parts[2], parts[3])
		}
	}
	return parse.Ref{}
}

// endsWith reports whether a literal ends at a position.
func (r *reader) endsWith(end int, literal string) bool {
	return end >= len(literal) && r.has(end-len(literal), literal)
}

// WaitsFor is the object that a waiting line says its object waits for, zero when it names none.
// A name without a namespace is one of the object's own.
func WaitsFor(o parse.Ref, text string) parse.Ref { return kept(waitsFor(o, text)) }

func waitsFor(o parse.Ref, text string) parse.Ref {
	if _, rest, ok := strings.Cut(text, "dependency '"); ok {
		return quotedRef(o.Namespace, o.Kind, rest)
	}
	if _, rest, ok := strings.Cut(text, "unable to get '"); ok {
		return quotedRef(o.Namespace, o.Kind, rest)
	}
	if rest, ok := strings.CutPrefix(text, "no artifact available for "); ok {
		kind, rest, _ := strings.Cut(rest, " source '")
		return quotedRef(o.Namespace, kind, rest)
	}
	if rest, ok := strings.CutPrefix(text, "Source '"); ok {
		kind, rest, _ := strings.Cut(rest, "/")
		return quotedRef(o.Namespace, kind, rest)
	}
	if kind, rest, ok := strings.Cut(text, " '"); ok && parse.Kind(kind) != "" {
		return quotedRef(o.Namespace, kind, rest)
	}
	return parse.Ref{}
}

// quotedRef reads "ns/name'..." or "name'...", the latter in the given namespace.
func quotedRef(namespace, kind, s string) parse.Ref {
	s, _, ok := strings.Cut(s, "'")
	if !ok || kind == "" {
		return parse.Ref{}
	}
	ns, name, ok := strings.Cut(s, "/")
	if !ok {
		ns, name = namespace, s
	}
	return newRef(kind, ns, name)
}
