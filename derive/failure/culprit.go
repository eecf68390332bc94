package failure

import (
	"strings"

	"fluxtrail/parse"
)

// culprits find the object that an error is really about. The first that finds one decides.
var culprits = []func(*reader) parse.Ref{
	appliedObject, undeterminedObject, unhealthyObject, unhealthyOldObject, valuesObject, missingObject,
	secretObject, existingObject, refusedObject,
}

// culprit is the object that an error text is really about, zero when it names none.
func culprit(text string) parse.Ref {
	r := reader{text: text}
	return kept(r.culprit())
}

func (r *reader) culprit() parse.Ref {
	for _, find := range culprits {
		if ref := find(r); ref != (parse.Ref{}) {
			return ref
		}
	}
	return parse.Ref{}
}

// applyEnds stand behind an object that kustomize-controller or flux-operator tried to apply.
var applyEnds = []string{
	"dry-run failed", "apply failed", "delete failed", "query failed", "not found:", "namespace not specified",
	"is SOPS encr", "is not SOPS", "termination timeout",
	"validation error:",
}

// appliedObject reads "Service/apps/web dry-run failed", behind a few words with a colon, three
// times at most.
func appliedObject(r *reader) parse.Ref {
	start := 0
	for n := 0; n < 3 && lower[r.at(start)]; n++ {
		colon := r.skip(start, firstWords)
		if !r.has(colon, ": ") {
			return parse.Ref{}
		}
		start = colon + 2
	}
	ref, end := r.path(start, segment)
	if end < 0 || r.at(end) != ' ' {
		return parse.Ref{}
	}
	for _, words := range applyEnds {
		if r.has(end+1, words) {
			return ref
		}
	}
	return parse.Ref{}
}

// undeterminedObject reads "can't determine status for Deployment/apps/web, error: ...".
func undeterminedObject(r *reader) parse.Ref {
	const before = "can't determine status for "
	if !r.has(0, before) {
		return parse.Ref{}
	}
	ref, _ := r.path(len(before), listSegment)
	return ref
}

// unhealthyObject reads "[Deployment/apps/web status: 'InProgress']", from kustomize-controller
// 0.15 on.
func unhealthyObject(r *reader) parse.Ref {
	for i := r.find(0, "["); i >= 0; i = r.find(i+1, "[") {
		if ref, end := r.path(i+1, segment); end >= 0 && r.has(end, " status: '") {
			return ref
		}
	}
	return parse.Ref{}
}

// unhealthyOldObject reads "Health check timed out for [deployment.apps 'apps/web']", before 0.15.
// The kind may have a capital.
func unhealthyOldObject(r *reader) parse.Ref {
	for i := r.find(0, "ealth check "); i >= 0; {
		words := i + len("ealth check ")
		if i == 0 || r.text[i-1]|0x20 != 'h' || !r.has(words, "timed out") && !r.has(words, "failed") {
			i = r.find(words, "ealth check ")
			continue
		}
		list := r.find(words, "[")
		if list < 0 {
			break
		}
		kind := r.skip(list+1, letters)
		group := kind
		if end := r.skip(kind+1, domain); r.at(kind) == '.' && end > kind+1 {
			group = end
		}
		if ref := r.quotedRef(list+1, kind, group); ref != (parse.Ref{}) {
			return ref
		}
		i = r.find(list, "ealth check ") // those before it have the same list
	}
	return parse.Ref{}
}

// valuesObject reads "could not resolve ConfigMap chart values reference 'apps/web'".
func valuesObject(r *reader) parse.Ref {
	return r.kindBehind("could not resolve ", " chart values reference")
}

// missingObject reads "could not find Secret 'apps/web'".
func missingObject(r *reader) parse.Ref { return r.kindBehind("could not find ", "") }

// kindBehind reads a kind that stands behind some words, and its name behind some more.
func (r *reader) kindBehind(before, after string) parse.Ref {
	for i := r.find(0, before); i >= 0; i = r.find(i+1, before) {
		start := i + len(before)
		end := r.skip(start, word)
		if r.has(end, after) {
			if ref := r.quotedRef(start, end, end+len(after)); ref != (parse.Ref{}) {
				return ref
			}
		}
	}
	return parse.Ref{}
}

// secretObject reads "failed to get secret 'apps/web'", "in ConfigMap 'apps/web'", "decryption
// Secret 'apps/web'".
func secretObject(r *reader) parse.Ref {
	for i := r.find(0, " '"); i >= 0; i = r.find(i+1, " '") {
		for _, kind := range []string{"Secret", "secret", "ConfigMap"} {
			if start := i - len(kind); start > 0 && r.text[start-1] == ' ' && r.has(start, kind) && r.saysWhere(start-1) {
				if ref := r.quotedRef(start, i, i); ref != (parse.Ref{}) {
					return ref
				}
			}
		}
	}
	return parse.Ref{}
}

// saysWhere reports whether words that make a Secret or a ConfigMap the culprit end at a position.
func (r *reader) saysWhere(end int) bool {
	for _, words := range []string{"failed to get", "in", "decryption"} {
		if end >= len(words) && r.has(end-len(words), words) {
			return true
		}
	}
	return false
}

// existingObject reads what the API server says through Helm: `StorageClass "faster" in namespace
// "" exists`.
func existingObject(r *reader) parse.Ref {
	const between = `" in namespace "`
	for i := r.find(0, between); i >= 0; i = r.find(i+1, between) {
		ns := i + len(between)
		end := r.skip(ns, doubleQuote)
		if !r.has(end, `" exists`) {
			continue
		}
		name := r.skipBack(i, doubleQuote)
		kind := name - 2
		if name == i || kind < 0 || !r.has(kind, ` "`) {
			continue
		}
		start := r.skipBack(kind, letters)
		if kind-start >= 2 && isUpper(r.text[start]) && r.boundary(start) {
			return newRef(r.text[start:kind], r.text[ns:end], r.text[name:i])
		}
	}
	return parse.Ref{}
}

// refusedObject reads what the API server says: `Deployment.apps "web" is invalid`, `deployments
// "web" is forbidden`.
func refusedObject(r *reader) parse.Ref {
	const behind = `" is `
	for i := r.find(0, behind); i >= 0; i = r.find(i+1, behind) {
		if !r.has(i+len(behind), "invalid") && !r.has(i+len(behind), "forbidden") {
			continue
		}
		name := r.skipBack(i, doubleQuote)
		if name == i || name < 2 || !r.has(name-2, ` "`) {
			continue
		}
		if kind := r.resource(name - 2); kind != "" {
			return newRef(kindName(kind), "", r.text[name:i])
		}
	}
	return parse.Ref{}
}

// resource is the kind or resource in a token such as "Deployment.apps" or "deployments" that ends
// at a position, "" for none. Where the token has more dots than that, the leftmost fit counts.
func (r *reader) resource(end int) string {
	start := r.skipBack(end, objectToken)
	groups := r.skipBack(end, apiGroup) // what may stand behind the kind's dot
	for i := start; i < end; {
		stop := r.skip(i, letters)
		whole := stop == end || (r.at(stop) == '.' && stop+1 < end && stop+1 >= groups)
		if whole && r.boundary(i) && isResource(r.text[i:stop]) {
			return r.text[i:stop]
		}
		i = min(r.skip(stop, notDot), end) + 1
	}
	return ""
}

// isResource reports a kind in upper camel case, or a plural in lower case.
func isResource(s string) bool {
	if len(s) < 2 {
		return false
	}
	if isUpper(s[0]) {
		return true
	}
	return s[len(s)-1] == 's' && strings.ToLower(s) == s
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// path reads Kind/ns/name or, for what has no namespace, Kind/name. part is what may stand between
// the slashes. end is where the path ends, -1 if there is none.
func (r *reader) path(start int, part *byteClass) (ref parse.Ref, end int) {
	kind := r.skip(start, word)
	if !isUpper(r.at(start)) || r.at(kind) != '/' {
		return ref, -1
	}
	first := r.skip(kind+1, part)
	if first == kind+1 {
		return ref, -1
	}
	if r.at(first) == '/' {
		if second := r.skip(first+1, part); second > first+1 {
			return newRef(r.text[start:kind], r.text[kind+1:first], r.text[first+1:second]), second
		}
	}
	return newRef(r.text[start:kind], "", r.text[kind+1:first]), first
}

// quotedRef reads " 'ns/name'" at a position. The kind stands in the text, too.
func (r *reader) quotedRef(kindStart, kindEnd, at int) parse.Ref {
	if kindEnd == kindStart || !r.has(at, " '") {
		return parse.Ref{}
	}
	ns := at + 2
	slash := r.skip(ns, quotedPart)
	if slash == ns || r.at(slash) != '/' {
		return parse.Ref{}
	}
	end := r.skip(slash+1, quoted)
	if end == slash+1 || r.at(end) != '\'' {
		return parse.Ref{}
	}
	return newRef(kindName(r.text[kindStart:kindEnd]), r.text[ns:slash], r.text[slash+1:end])
}

// newRef is a Ref of parts of the text.
func newRef(kind, namespace, name string) parse.Ref {
	return parse.Ref{Kind: kind, Namespace: namespace, Name: name}
}

// kept is a Ref that keeps nothing of the text, zero if its names are none of an object.
func kept(r parse.Ref) parse.Ref {
	if !r.Valid() {
		return parse.Ref{}
	}
	return newRef(strings.Clone(r.Kind), strings.Clone(r.Namespace), strings.Clone(r.Name))
}

// compoundKinds are the kinds of Kubernetes whose names are several words, and those whose plural
// is not made with an s.
const compoundKinds = "StatefulSet DaemonSet ReplicaSet CronJob ConfigMap ServiceAccount ClusterRole RoleBinding " +
	"ClusterRoleBinding Ingress IngressClass NetworkPolicy StorageClass PersistentVolume PersistentVolumeClaim " +
	"PodDisruptionBudget HorizontalPodAutoscaler CustomResourceDefinition ValidatingWebhookConfiguration " +
	"MutatingWebhookConfiguration PriorityClass LimitRange ResourceQuota EndpointSlice APIService"

// resourceNames finds kinds by what kubectl calls them: daemonset, daemonsets, ingresses, policies.
var resourceNames = func() map[string]string {
	names := map[string]string{}
	for _, kind := range append(strings.Fields(compoundKinds), parse.Kinds()...) {
		l := strings.ToLower(kind)
		for _, name := range []string{l, l + "s", l + "es", strings.TrimSuffix(l, "y") + "ies"} {
			if names[name] == "" {
				names[name] = kind
			}
		}
	}
	return names
}()

// kindName makes a kind of one of kubectl's names of resources.
func kindName(s string) string {
	if s == "" || !lower[s[0]] {
		return s
	}
	if kind := resourceNames[s]; kind != "" {
		return kind
	}
	if len(s) > 1 {
		s = strings.TrimSuffix(s, "s")
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
