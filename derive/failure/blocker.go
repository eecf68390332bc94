package failure

import (
	"regexp"
	"strings"

	"fluxtrail/parse"
)

// artifactURL is where source-controller serves what it fetched:
// /kind/namespace/name/revision.tar.gz.
var artifactURL = regexp.MustCompile(`https?://[^/\s"']+/` +
	`(gitrepository|ocirepository|helmchart|bucket|helmrepository|externalartifact)/([^/\s"']+)/([^/\s"']+)/`)

// blockers are the kinds that "KIND 'ns/name' is not ready" is said of.
var blockers = []string{"HelmChart", "OCIRepository", "GitRepository", "Bucket", "HelmRepository", "ExternalArtifact"}

// blocker is the Flux object that an error text holds responsible, zero when it names none.
func blocker(text string) parse.Ref {
	if m := artifactURL.FindStringSubmatch(text); m != nil {
		return parse.Ref{Kind: parse.Kind(m[1]), Namespace: strings.Clone(m[2]), Name: strings.Clone(m[3])}
	}
	for _, kind := range blockers {
		if rest, ok := strings.CutPrefix(text, kind+" '"); ok {
			return quotedRef("", kind, rest)
		}
	}
	return parse.Ref{}
}

// WaitsFor is the object that a waiting line says its object waits for, zero when it names none.
// A name without a namespace is one of the object's own.
func WaitsFor(o parse.Ref, text string) parse.Ref {
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
	return parse.Ref{Kind: strings.Clone(kind), Namespace: strings.Clone(ns), Name: strings.Clone(name)}
}
