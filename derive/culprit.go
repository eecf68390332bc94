package derive

import (
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"fluxtrail/parse"
)

// culprits find the object that an error is really about. The first that matches decides. Groups: kind, ns, name, or path ("Kind/ns/name").
var culprits = []*regexp.Regexp{
	// kustomize-controller's and flux-operator's server-side apply
	regexp.MustCompile(`^(?:[a-z][\w ,]*: )?(?P<path>[A-Z]\w*/[^\s/]+(?:/[^\s/]+)?) (?:dry-run failed|apply failed|delete failed|query failed|not found:|namespace not specified|is SOPS encr|is not SOPS|termination timeout)`),
	regexp.MustCompile(`^can't determine status for (?P<path>[A-Z]\w*/[^\s/,]+(?:/[^\s/,]+)?)`),
	// health checks: what is not ready, since 0.15 and before
	regexp.MustCompile(`\[(?P<path>[A-Z]\w*/[^\s/]+(?:/[^\s/]+)?) status: '`),
	regexp.MustCompile(`[Hh]ealth check (?:timed out|failed)[^\[]*\[(?P<kind>[a-z]+)(?:\.[a-z.]+)? '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	// helm-controller's values, source-controller's secrets
	regexp.MustCompile(`could not resolve (?P<kind>\w+) chart values reference '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	regexp.MustCompile(`could not find (?P<kind>\w+) '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	regexp.MustCompile(`(?:failed to get|in|decryption) (?P<kind>[sS]ecret|ConfigMap) '(?P<ns>[^/']+)/(?P<name>[^']+)'`),
	// the API server's own words, as Helm passes them on
	regexp.MustCompile(`\b(?P<kind>[A-Z][A-Za-z]+) "(?P<name>[^"]+)" in namespace "(?P<ns>[^"]*)" exists`),
	regexp.MustCompile(`\b(?P<kind>[A-Z][A-Za-z]+|[a-z]+s)(?:\.[a-z0-9.]+)? "(?P<name>[^"]+)" is (?:invalid|forbidden)`),
}

// culprit is the object that an error text is really about, zero when it names none.
func culprit(said string) Ref {
	for _, re := range culprits {
		m := re.FindStringSubmatch(said)
		if m == nil {
			continue
		}
		group := func(name string) string {
			if i := re.SubexpIndex(name); i >= 0 {
				return strings.Clone(m[i])
			}
			return ""
		}
		if path := group("path"); path != "" {
			return pathRef(path)
		}
		return Ref{kindName(group("kind")), group("ns"), group("name")}
	}
	return Ref{}
}

// pathRef reads Kind/ns/name or, for what has no namespace, Kind/name.
func pathRef(path string) Ref {
	p := strings.SplitN(path, "/", 3)
	if len(p) == 2 {
		return Ref{p[0], "", p[1]}
	}
	return Ref{p[0], p[1], p[2]}
}

// compound are the kinds of Kubernetes whose names are several words, and those whose plural is not made with an s.
var compound = strings.Fields("StatefulSet DaemonSet ReplicaSet CronJob ConfigMap ServiceAccount ClusterRole RoleBinding ClusterRoleBinding Ingress IngressClass " +
	"NetworkPolicy StorageClass PersistentVolume PersistentVolumeClaim PodDisruptionBudget HorizontalPodAutoscaler CustomResourceDefinition " +
	"ValidatingWebhookConfiguration MutatingWebhookConfiguration PriorityClass LimitRange ResourceQuota EndpointSlice APIService")

// kindName makes a kind of kubectl's resource names: deployment, deployments, statefulsets.
func kindName(s string) string {
	if s == "" || s[0] < 'a' {
		return s
	}
	one := strings.TrimSuffix(s, "s")
	for _, k := range append(slices.Clone(compound), parse.Kind(one), parse.Kind(strings.TrimSuffix(s, "ies")+"y")) {
		l := strings.ToLower(k)
		if k != "" && (s == l || one == l || s == l+"es" || s == strings.TrimSuffix(l, "y")+"ies") {
			return k
		}
	}
	return strings.ToUpper(one[:1]) + one[1:]
}

// artifactURL is where source-controller serves what it fetched: /kind/namespace/name/revision.tar.gz.
var artifactURL = regexp.MustCompile(`https?://[^/\s"']+/(gitrepository|ocirepository|helmchart|bucket|helmrepository|externalartifact)/([^/\s"']+)/([^/\s"']+)/`)

// blocker is the Flux object that an error text holds responsible, zero when it names none.
func blocker(said string) Ref {
	if m := artifactURL.FindStringSubmatch(said); m != nil {
		return Ref{parse.Kind(m[1]), strings.Clone(m[2]), strings.Clone(m[3])}
	}
	for _, kind := range []string{"HelmChart", "OCIRepository", "GitRepository", "Bucket", "HelmRepository", "ExternalArtifact"} {
		if rest, ok := strings.CutPrefix(said, kind+" '"); ok {
			return quotedRef(Ref{}, kind, rest)
		}
	}
	return Ref{}
}

// involved reads the object that an event is about.
func involved(r *parse.Record) Ref {
	if r.Involved == "" {
		return Ref{r.About, r.Namespace, r.Name}
	}
	v := gjson.GetMany(r.Involved, "kind", "namespace", "name")
	return Ref{v[0].String(), v[1].String(), v[2].String()}
}
