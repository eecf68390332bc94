package parse

import (
	"slices"
	"strings"
)

// kinds are the objects that Flux reconciles, with the controller that owns each, its API group,
// and the short names that its CRD has or that people use.
var kinds = []struct{ kind, controller, group, short string }{
	{"Kustomization", "kustomize-controller", "kustomize.toolkit.fluxcd.io", "ks"},
	{"HelmRelease", "helm-controller", "helm.toolkit.fluxcd.io", "hr"},
	{"GitRepository", "source-controller", "source.toolkit.fluxcd.io", "gitrepo"},
	{"OCIRepository", "source-controller", "source.toolkit.fluxcd.io", "ocirepo"},
	{"HelmRepository", "source-controller", "source.toolkit.fluxcd.io", "helmrepo"},
	{"HelmChart", "source-controller", "source.toolkit.fluxcd.io", "hc"},
	{"Bucket", "source-controller", "source.toolkit.fluxcd.io", ""},
	{"Alert", "notification-controller", "notification.toolkit.fluxcd.io", ""},
	{"Provider", "notification-controller", "notification.toolkit.fluxcd.io", ""},
	{"Receiver", "notification-controller", "notification.toolkit.fluxcd.io", ""},
	{"ImageRepository", "image-reflector-controller", "image.toolkit.fluxcd.io", "imgrepo"},
	{"ImagePolicy", "image-reflector-controller", "image.toolkit.fluxcd.io", "imgpol"},
	{"ImageUpdateAutomation", "image-automation-controller", "image.toolkit.fluxcd.io", "iua imgupd imgauto"},
	{"ArtifactGenerator", "source-watcher", "source.extensions.fluxcd.io", "ag"},
	{"ExternalArtifact", "source-watcher", "source.toolkit.fluxcd.io", "ea"},
	{"FluxInstance", "flux-operator", "fluxcd.controlplane.io", ""},
	{"FluxReport", "flux-operator", "fluxcd.controlplane.io", ""},
	{"ResourceSet", "flux-operator", "fluxcd.controlplane.io", "rset"},
	{"ResourceSetInputProvider", "flux-operator", "fluxcd.controlplane.io", "rsip"},
}

// canonical is the kind in its CRD spelling; the eras also write it in lower case (logger names,
// controller names) and in lower camel case. A kind that is not Flux's own comes back as it is:
// other controllers embed Flux's runtime.
func canonical(s string) string {
	for i := range kinds {
		if k := kinds[i].kind; len(k) == len(s) && (k == s || strings.EqualFold(k, s)) {
			return k
		}
	}
	return s
}

// isKind reports whether a JSON key is the name of a Flux kind, in any spelling.
func isKind(key string) bool {
	for i := range kinds {
		if k := kinds[i].kind; len(k) == len(key) && strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// Kind is the CRD spelling of a Flux kind that is written in any case, "" when it is none.
func Kind(s string) string {
	if !isKind(s) {
		return ""
	}
	return canonical(s)
}

// KindNamed is the kind that somebody means by its name in any case, its plural, or a short name
// such as ks; "" when it is none of Flux's.
func KindNamed(s string) string {
	s = strings.ToLower(s)
	for i := range kinds {
		k := strings.ToLower(kinds[i].kind)
		plural := k + "s"
		if stem, ok := strings.CutSuffix(k, "y"); ok {
			plural = stem + "ies"
		}
		if s == k || s == plural || slices.Contains(strings.Fields(kinds[i].short), s) {
			return kinds[i].kind
		}
	}
	return ""
}

// Kinds are the names of Flux's kinds.
func Kinds() []string {
	names := make([]string, len(kinds))
	for i := range kinds {
		names[i] = kinds[i].kind
	}
	return names
}

// Groups returns the API groups of Flux's kinds, in the order of the table.
func Groups() []string {
	var groups []string
	for i := range kinds {
		if !slices.Contains(groups, kinds[i].group) {
			groups = append(groups, kinds[i].group)
		}
	}
	return groups
}

// GroupOf is the API group of a kind, "" for a kind that is not Flux's own.
func GroupOf(kind string) string {
	for i := range kinds {
		if kinds[i].kind == kind {
			return kinds[i].group
		}
	}
	return ""
}

// onlyKind is the kind of an API group that has one kind alone, "" for the others.
func onlyKind(group string) (kind string) {
	for i := range kinds {
		switch {
		case kinds[i].group != group:
		case kind != "":
			return ""
		default:
			kind = kinds[i].kind
		}
	}
	return kind
}

// ControllerOf is the name of the controller that reconciles a kind, "" for a kind that is not
// Flux's own.
func ControllerOf(kind string) string {
	for i := range kinds {
		if kinds[i].kind == kind {
			return kinds[i].controller
		}
	}
	return ""
}

// Controllers returns the names of Flux's controllers and of the Flux Operator, in the order of the
// table of kinds.
func Controllers() []string {
	var names []string
	for i := range kinds {
		if name := kinds[i].controller; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// ControllerOfPod is the controller that a pod, Deployment or container file belongs to, by its
// name; shards and ReplicaSet hashes follow the controller's name. "" when it is none of Flux's.
func ControllerOfPod(pod string) string {
	for i := range kinds {
		if strings.HasPrefix(pod, kinds[i].controller) {
			return kinds[i].controller
		}
	}
	return ""
}

// ControllerOfApp splits the label app of a pod into the controller and the name of the shard,
// which is "" for a controller without shards. Both are "" when the pod is none of Flux's.
func ControllerOfApp(app string) (controller, shard string) {
	name := ControllerOfPod(app)
	rest := strings.TrimPrefix(app, name)
	if name == "" || rest != "" && rest[0] != '-' {
		return "", ""
	}
	return name, strings.TrimPrefix(rest, "-")
}
