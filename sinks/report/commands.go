package report

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"fluxtrail/api"
)

// place is where a line stands: POD:FILE:LINE, without the pod where it is not known. Of the path
// of a pod's log only what lies below the pod's own directory is told, so that it fits a line.
func place(ev *api.Evidence) string {
	file, pod := oneLine(ev.File), oneLine(ev.Pod)
	if pod == "" {
		return fmt.Sprintf("%s:%d", file, ev.Line)
	}
	dir, _ := path.Split(file)
	if i := strings.LastIndex(dir, pod); i >= 0 {
		end := i + strings.Index(dir[i:], "/") + 1
		file = file[end:]
	}
	return fmt.Sprintf("%s:%s:%d", pod, file, ev.Line)
}

// kindInfo is how the command lines call a kind. Flux is empty for a kind that the flux CLI does
// not know.
type kindInfo struct{ Kind, Flux, Resource string }

var kinds = []kindInfo{
	{"Kustomization", "kustomizations", "kustomization.kustomize.toolkit.fluxcd.io"},
	{"HelmRelease", "helmreleases", "helmrelease.helm.toolkit.fluxcd.io"},
	{"GitRepository", "sources git", "gitrepository.source.toolkit.fluxcd.io"},
	{"OCIRepository", "sources oci", "ocirepository.source.toolkit.fluxcd.io"},
	{"HelmRepository", "sources helm", "helmrepository.source.toolkit.fluxcd.io"},
	{"HelmChart", "sources chart", "helmchart.source.toolkit.fluxcd.io"},
	{"Bucket", "sources bucket", "bucket.source.toolkit.fluxcd.io"},
	{"ExternalArtifact", "", "externalartifact.source.toolkit.fluxcd.io"},
	{"ArtifactGenerator", "", "artifactgenerator.source.extensions.fluxcd.io"},
	{"ImageRepository", "images repository", "imagerepository.image.toolkit.fluxcd.io"},
	{"ImagePolicy", "images policy", "imagepolicy.image.toolkit.fluxcd.io"},
	{"ImageUpdateAutomation", "images update", "imageupdateautomation.image.toolkit.fluxcd.io"},
	{"Alert", "alerts", "alert.notification.toolkit.fluxcd.io"},
	{"Provider", "alert-providers", "provider.notification.toolkit.fluxcd.io"},
	{"Receiver", "receivers", "receiver.notification.toolkit.fluxcd.io"},
	{"FluxInstance", "", "fluxinstance.fluxcd.controlplane.io"},
	{"ResourceSet", "", "resourceset.fluxcd.controlplane.io"},
	{"ResourceSetInputProvider", "", "resourcesetinputprovider.fluxcd.controlplane.io"},
	{"Terraform", "", "terraform.infra.contrib.fluxcd.io"},
}

// objectName is what Kubernetes allows as a name. Whatever else a log calls an object must not get
// into a command that people paste into a shell.
var objectName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$`)

// controllerCommands look at a controller as it is in its cluster.
func controllerCommands(name string) []string {
	if !objectName.MatchString(name) {
		return nil
	}
	return []string{"kubectl get pods -A -l app=" + name,
		"kubectl -n flux-system logs deploy/" + name + " --tail=20"}
}

// commands show the object as it is in its cluster; none for a kind or name that is not safe to
// ask for.
func commands(ref api.Ref) []string {
	if !objectName.MatchString(ref.Name) || !objectName.MatchString(ref.Namespace) {
		return nil
	}
	for _, k := range kinds {
		if k.Kind != ref.Kind {
			continue
		}
		describe := fmt.Sprintf("kubectl -n %s describe %s %s", ref.Namespace, k.Resource, ref.Name)
		if k.Flux == "" {
			return []string{describe}
		}
		return []string{fmt.Sprintf("flux -n %s get %s %s", ref.Namespace, k.Flux, ref.Name), describe}
	}
	return nil
}
