package doctor

import (
	"context"
	"fmt"
	"strings"

	"fluxtrail/derive/rules/check"
)

// fluxVersion says which of Flux's metrics there can be, by the versions of the controllers.
func (x *examination) fluxVersion(ctx context.Context) (string, error) {
	pods, err := x.list(ctx, podResource, "", "app in (source-controller,kustomize-controller,helm-controller,notification-controller)")
	if err != nil {
		return "", err
	}
	var versions []string
	for i := range pods {
		if v := pods[i].GetLabels()["app.kubernetes.io/version"]; v != "" {
			versions = append(versions, v)
		}
	}
	versions = compact(versions)
	switch {
	case len(pods) == 0:
		return "", x.absent("no pod of a Flux controller was found", "look at the context: --context; controllers are found by their label app")
	case len(versions) == 0:
		return fmt.Sprintf("%d pods of controllers, which do not say their version; before Flux 2.5 some export gotk_reconcile_condition", len(pods)), nil
	case len(versions) > 1:
		x.add(Warning, "", "controllers are of several versions of Flux: "+strings.Join(versions, ", "), "let the rollout end, or look at what holds it up")
		return "", nil
	}
	v, err := check.ParseVersion(versions[0])
	if err != nil {
		return "Flux " + versions[0], nil
	}
	return fmt.Sprintf("Flux %s; the rules for it are checked with fluxtrail rules check --flux %s", versions[0], v), nil
}
