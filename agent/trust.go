package agent

import (
	"cmp"
	"log/slog"
	"slices"

	"fluxtrail/parse"
)

// fluxNamespace is where Flux runs unless the configuration says otherwise.
const fluxNamespace = "flux-system"

// Why a record is not believed. The set is closed: it is used as a metric label.
const (
	badNamespace = "namespace" // the pod is none of Flux's
	badKind      = "kind"      // another controller owns the object
)

// trust decides which records may change what is known of objects. Any tenant can name a pod like a
// controller, and write what it likes to its log.
type trust struct {
	namespaces []string // of Flux; pods elsewhere are believed only with metadata
	pods       podLookup
	log        *slog.Logger

	told    map[[2]string]bool // pods, by namespace and name, whose first refused line was logged
	refused map[string]int64   // lines of the batch, by reason
}

func newTrust(namespaces []string, pods podLookup, log *slog.Logger) *trust {
	if len(namespaces) == 0 {
		namespaces = []string{fluxNamespace}
	}
	return &trust{
		namespaces: namespaces, pods: pods, log: log, told: map[[2]string]bool{}, refused: map[string]int64{},
	}
}

// refuses reports whether a record is not believed, and counts it then. A log that is no pod's was
// named by the user and is believed.
func (t *trust) refuses(src source, r *parse.Record) bool {
	if src.Pod == "" {
		return false
	}
	reason := t.reason(src, r)
	if reason == "" {
		return false
	}
	t.refused[reason]++
	if pod := [2]string{src.Namespace, src.Pod}; !t.told[pod] {
		t.told[pod] = true
		t.log.Warn("a pod's line about Flux is not believed; more of this pod are only counted",
			"namespace", src.Namespace, "pod", src.Pod, "reason", reason, "kind", parse.Kind(r.SpeaksOf()))
	}
	return true
}

// reason is why a record of a pod is not believed, "" if it is.
func (t *trust) reason(src source, r *parse.Record) string {
	controller, ok := t.controller(src)
	if !ok {
		return badNamespace
	}
	if parse.Speaks(controller, r) {
		return ""
	}
	return badKind
}

// controller is the controller that a pod runs, "" for a pod that was selected by other labels, and
// whether the pod is one of Flux. Metadata says more than the name. A pod without metadata may be
// one that the API server did not tell of yet, so its namespace decides, as without a server.
func (t *trust) controller(src source) (name string, flux bool) {
	if t.pods != nil {
		if meta, ok := t.pods(src.Namespace, src.Pod); ok {
			name, _ = parse.ControllerOfApp(meta.App)
			return cmp.Or(name, parse.ControllerOfPod(src.Pod)), true
		}
	}
	return parse.ControllerOfPod(src.Pod), slices.Contains(t.namespaces, src.Namespace)
}

// forget has the next refused line of a pod logged again, if there will be one. It bounds what is
// remembered by the logs that there are.
func (t *trust) forget(src source) { delete(t.told, [2]string{src.Namespace, src.Pod}) }
