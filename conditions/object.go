package conditions

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"fluxtrail/derive"
)

// Object is the observation that an object of the API makes when it is read at a time. The caller
// adds what the object does not say of itself: whether it was deleted.
func (r *Reader) Object(o map[string]any, source string, at int64) derive.Observation {
	out := derive.Observation{
		Ref: derive.Ref{
			Kind: r.word(Text(o, "kind")), Namespace: r.word(Text(o, "metadata", "namespace")),
			Name: r.text(Text(o, "metadata", "name")),
		},
		UID:        r.text(Text(o, "metadata", "uid")),
		Source:     source,
		Family:     "object",
		At:         at,
		Conditions: r.conditions(o),
		Suspended:  suspended(o),
		Deleting:   instant(o, "metadata", "deletionTimestamp"),
		Created:    instant(o, "metadata", "creationTimestamp"),
		Written:    written(o),
		Generation: number(o, "metadata", "generation"),
		Observed:   number(o, "status", "observedGeneration"),
		Applied:    r.word(applied(o)),
		Attempted:  r.word(Text(o, "status", "lastAttemptedRevision")),
		Artifact:   r.word(Text(o, "status", "artifact", "revision")),
		Interval:   duration(o, "spec", "interval"),
		Retry:      duration(o, "spec", "retryInterval"),
		Timeout:    duration(o, "spec", "timeout"),
		Applies:    r.inventory(o),
		History:    r.history(o),
	}
	out.DependsOn = r.refs(o, out.Ref, dependencies)
	out.Sources = r.refs(o, out.Ref, sources)
	out.AppliedBy = r.owner(o)
	out.Shard = r.word(Text(o, "metadata", "labels", "sharding.fluxcd.io/key"))
	out.Static = static(o, &out)
	return out
}

// conditions are the entries of status.conditions; the first of a type counts.
func (r *Reader) conditions(o map[string]any) (all []derive.Condition) {
	for _, c := range objects(field(o, "status", "conditions")) {
		if len(all) == maxParts {
			break
		}
		kind, status := Text(c, "type"), Text(c, "status")
		twice := slices.ContainsFunc(all, func(c derive.Condition) bool { return c.Type == kind })
		if kind == "" || twice || status != "True" && status != "False" && status != "Unknown" {
			continue
		}
		all = append(all, derive.Condition{
			Type: r.word(kind), Status: r.word(status), Reason: r.word(Text(c, "reason")), Message: r.text(Text(c, "message")),
			Since: instant(c, "lastTransitionTime"), Generation: number(c, "observedGeneration"),
		})
	}
	return all
}

// static reports whether the object is of a kind that has no conditions: such are sources that are
// nothing but an address, and what tells others since it has no status any more.
func static(o map[string]any, seen *derive.Observation) bool {
	if len(seen.Conditions) > 0 {
		return false
	}
	switch seen.Kind {
	case "Alert", "Provider":
		return field(o, "status") == nil
	case "HelmRepository":
		return Text(o, "spec", "type") == "oci"
	}
	return false
}

// pauses are the annotations that stop a controller which does not know spec.suspend.
var pauses = []string{"fluxcd.controlplane.io/reconcile", "source.extensions.fluxcd.io/reconcile"}

func suspended(o map[string]any) derive.Answer {
	if v, _ := field(o, "spec", "suspend").(bool); v {
		return derive.Yes
	}
	for _, pause := range pauses {
		if v, _ := field(o, "metadata", "annotations", pause).(string); strings.EqualFold(v, "disabled") {
			return derive.Yes
		}
	}
	return derive.No
}

// Unpaused takes back that an object is not suspended where a source looked at spec.suspend only,
// and the object's kind is suspended by an annotation.
func Unpaused(o *derive.Observation) {
	if o.Suspended == derive.No && derive.PausedByAnnotation(o.Kind) {
		o.Suspended = derive.Unsaid
	}
}

// applied is the revision that is in force. A release keeps it in its history only.
func applied(o map[string]any) string {
	if s := Text(o, "status", "lastAppliedRevision"); s != "" {
		return s
	}
	for _, h := range objects(field(o, "status", "history")) {
		if Text(h, "status") == "deployed" {
			return Text(h, "chartVersion")
		}
	}
	return ""
}

// written is when the status was written last, which the API server notes beside who did it.
func written(o map[string]any) (newest int64) {
	for _, m := range objects(field(o, "metadata", "managedFields")) {
		if Text(m, "subresource") == "status" {
			newest = max(newest, instant(m, "time"))
		}
	}
	return newest
}

// owners are the beginnings of the labels name and namespace that say what applied an object.
var owners = []struct{ label, kind string }{
	{"kustomize.toolkit.fluxcd.io/", "Kustomization"},
	{"helm.toolkit.fluxcd.io/", "HelmRelease"},
	{"resourceset.fluxcd.controlplane.io/", "ResourceSet"},
}

func (r *Reader) owner(o map[string]any) derive.Ref {
	for _, w := range owners {
		if name := Text(o, "metadata", "labels", w.label+"name"); name != "" {
			namespace := Text(o, "metadata", "labels", w.label+"namespace")
			if ref := (derive.Ref{Kind: w.kind, Namespace: r.word(namespace), Name: r.word(name)}); ref.Valid() {
				return ref
			}
		}
	}
	return derive.Ref{}
}

// maxParts bounds what is kept of each list that an object has: conditions, history, what it
// depends on and reads, and what it applied. No object of Flux has a tenth of that.
const maxParts = 256

// inventory is the Flux objects among those that the object applied.
func (r *Reader) inventory(o map[string]any) (refs []derive.Ref) {
	for _, e := range objects(field(o, "status", "inventory", "entries")) {
		id := strings.Split(Text(e, "id"), "_") // namespace_name_group_Kind, and no part has a _
		if len(id) != 4 || !isGroup(id[2]) || len(refs) == maxParts {
			continue
		}
		if ref := (derive.Ref{Kind: r.word(id[3]), Namespace: r.word(id[0]), Name: r.word(id[1])}); ref.Valid() {
			refs = append(refs, ref)
		}
	}
	return refs
}

// history is status.history, which a Kustomization has by what was applied, and a HelmRelease by
// release.
func (r *Reader) history(o map[string]any) (all []derive.Outcome) {
	for _, h := range objects(field(o, "status", "history")) {
		if len(all) == maxParts {
			break
		}
		all = append(all, derive.Outcome{
			Status:   r.word(cmp.Or(Text(h, "lastReconciledStatus"), Text(h, "status"))),
			Revision: r.word(cmp.Or(Text(h, "metadata", "revision"), Text(h, "chartVersion"))),
			First:    max(instant(h, "firstReconciled"), instant(h, "firstDeployed")),
			Last:     max(instant(h, "lastReconciled"), instant(h, "lastDeployed")),
			Runs:     number(h, "totalReconciliations"),
		})
	}
	return all
}

// A pointer says where an object names others.
type pointer struct {
	of   string   // kind that points, "" for all
	path []string // of an object, a list of objects, or a text such as namespace/name
	in   []string // path of the name within each of them
	kind string   // of what is named where that is not said; "" for the kind of the object that points
}

// dependencies and sources are by the kinds' API references. The nearest source stands first.
var (
	dependencies = []pointer{
		{"", []string{"spec", "dependsOn"}, nil, ""},
	}
	sources = []pointer{
		{"HelmRelease", []string{"spec", "chartRef"}, nil, "OCIRepository"},
		{"HelmRelease", []string{"status", "helmChart"}, nil, "HelmChart"},
		{"HelmRelease", []string{"spec", "chart", "spec", "sourceRef"}, nil, "HelmRepository"},
		{"ImageUpdateAutomation", []string{"spec", "sourceRef"}, nil, "GitRepository"},
		{"", []string{"spec", "sourceRef"}, nil, "GitRepository"},
		{"GitRepository", []string{"spec", "include"}, []string{"repository"}, "GitRepository"},
		{"ImagePolicy", []string{"spec", "imageRepositoryRef"}, nil, "ImageRepository"},
		{"ArtifactGenerator", []string{"spec", "sources"}, nil, "GitRepository"},
		{"ResourceSet", []string{"spec", "inputsFrom"}, nil, "ResourceSetInputProvider"},
	}
)

func (r *Reader) refs(o map[string]any, from derive.Ref, pointers []pointer) (refs []derive.Ref) {
	add := func(kind, namespace, name string) {
		ref := derive.Ref{Kind: r.word(kind), Namespace: r.word(cmp.Or(namespace, from.Namespace)), Name: r.word(name)}
		if len(refs) < maxParts && ref.Valid() && !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	for _, p := range pointers {
		if p.of != "" && p.of != from.Kind {
			continue
		}
		kind := cmp.Or(p.kind, from.Kind)
		switch v := field(o, p.path...).(type) {
		case string: // namespace/name
			namespace, name, _ := strings.Cut(v, "/")
			add(kind, namespace, name)
		default:
			for _, e := range objects(v) {
				if len(p.in) > 0 {
					e, _ = field(e, p.in...).(map[string]any)
				}
				add(cmp.Or(Text(e, "kind"), kind), Text(e, "namespace"), Text(e, "name"))
			}
		}
	}
	return refs
}

func field(o map[string]any, path ...string) any {
	v, _, err := unstructured.NestedFieldNoCopy(o, path...)
	if err != nil {
		return nil
	}
	return v
}

// objects are the objects of a list, or a single one.
func objects(v any) (all []map[string]any) {
	switch v := v.(type) {
	case map[string]any:
		return []map[string]any{v}
	case []any:
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				all = append(all, m)
			}
		}
	}
	return all
}

// Text is the text at a path of an object, "" where there is none.
func Text(o map[string]any, path ...string) string {
	s, _ := field(o, path...).(string)
	return s
}

// number reads what decoders of JSON and YAML make of an integer.
func number(o map[string]any, path ...string) int64 {
	switch v := field(o, path...).(type) {
	case int64:
		return v
	case int:
		return int64(v)
	case float64:
		return int64(v)
	}
	return 0
}

// instant reads a time of RFC 3339. YAML that was decoded without a schema has times.
func instant(o map[string]any, path ...string) int64 {
	switch v := field(o, path...).(type) {
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return Nanoseconds(t)
		}
	case time.Time:
		return Nanoseconds(v)
	}
	return 0
}

// Nanoseconds is a time since 1970, 0 for one that no object can have: nanoseconds reach to 2262,
// and what is behind turns into another time.
func Nanoseconds(t time.Time) int64 {
	if year := t.Year(); year < 1970 || year > 2200 {
		return 0
	}
	return t.UnixNano()
}

func duration(o map[string]any, path ...string) time.Duration {
	d, err := time.ParseDuration(Text(o, path...))
	if err != nil {
		return 0
	}
	return d
}
