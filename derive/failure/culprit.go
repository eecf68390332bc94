package failure

import (
	"regexp"
	"slices"
	"strings"

	"fluxtrail/parse"
)

// culprits find the object that an error is really about. The first that matches decides. Groups:
// kind, ns, name, or path ("Kind/ns/name").
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
func culprit(text string) parse.Ref {
	for _, re := range culprits {
		m := re.FindStringSubmatch(text)
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
		return parse.Ref{Kind: kindName(group("kind")), Namespace: group("ns"), Name: group("name")}
	}
	return parse.Ref{}
}

// pathRef reads Kind/ns/name or, for what has no namespace, Kind/name.
func pathRef(path string) parse.Ref {
	p := strings.SplitN(path, "/", 3)
	if len(p) == 2 {
		return parse.Ref{Kind: p[0], Name: p[1]}
	}
	return parse.Ref{Kind: p[0], Namespace: p[1], Name: p[2]}
}

// compound are the kinds of Kubernetes whose names are several words, and those whose plural is not
// made with an s.
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
