package parse

import "strings"

// kinds are the objects that Flux reconciles, with the controller that owns each and its API group.
var kinds = []struct{ kind, controller, group string }{
	{"Kustomization", "kustomize-controller", "kustomize.toolkit.fluxcd.io"},
	{"HelmRelease", "helm-controller", "helm.toolkit.fluxcd.io"},
	{"GitRepository", "source-controller", "source.toolkit.fluxcd.io"},
	{"OCIRepository", "source-controller", "source.toolkit.fluxcd.io"},
	{"HelmRepository", "source-controller", "source.toolkit.fluxcd.io"},
	{"HelmChart", "source-controller", "source.toolkit.fluxcd.io"},
	{"Bucket", "source-controller", "source.toolkit.fluxcd.io"},
	{"ExternalArtifact", "source-controller", "source.toolkit.fluxcd.io"},
	{"Alert", "notification-controller", "notification.toolkit.fluxcd.io"},
	{"Provider", "notification-controller", "notification.toolkit.fluxcd.io"},
	{"Receiver", "notification-controller", "notification.toolkit.fluxcd.io"},
	{"ImageRepository", "image-reflector-controller", "image.toolkit.fluxcd.io"},
	{"ImagePolicy", "image-reflector-controller", "image.toolkit.fluxcd.io"},
	{"ImageUpdateAutomation", "image-automation-controller", "image.toolkit.fluxcd.io"},
	{"ArtifactGenerator", "source-watcher", "source.extensions.fluxcd.io"},
	{"FluxInstance", "flux-operator", "fluxcd.controlplane.io"},
	{"FluxReport", "flux-operator", "fluxcd.controlplane.io"},
	{"ResourceSet", "flux-operator", "fluxcd.controlplane.io"},
	{"ResourceSetInputProvider", "flux-operator", "fluxcd.controlplane.io"},
}

// canonical is the kind in its CRD spelling; the eras also write it in lower case (logger names, controller names) and in
// lower camel case. A kind that is not Flux's own comes back as it is: other controllers embed Flux's runtime.
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

// ControllerOf is the name of the controller that reconciles a kind, "" for a kind that is not Flux's own.
func ControllerOf(kind string) string {
	for i := range kinds {
		if kinds[i].kind == kind {
			return kinds[i].controller
		}
	}
	return ""
}

// ControllerOfPod is the controller that a pod, Deployment or container file belongs to, by its name; shards and
// ReplicaSet hashes follow the controller's name. "" when it is none of Flux's.
func ControllerOfPod(pod string) string {
	for _, name := range []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller",
		"image-reflector-controller", "image-automation-controller", "source-watcher", "flux-operator"} {
		if strings.HasPrefix(pod, name) {
			return name
		}
	}
	return ""
}
