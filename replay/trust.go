package replay

import (
	"cmp"
	"maps"
	"slices"

	"fluxtrail/api"
	"fluxtrail/parse"
	"fluxtrail/tail"
)

// homes are the namespaces whose pods are believed, nil for all. Any tenant can name a pod like a
// controller. Those that were given count; else Flux's usual one, if the paths name a controller
// there; else the one with the most controllers. A cluster's pods were chosen by their labels.
func (opt *Options) homes(sources []tail.Source) []string {
	if slices.Contains(opt.Homes, "*") || opt.Cluster != nil && len(opt.Homes) == 0 {
		return nil
	}
	if len(opt.Homes) > 0 {
		return opt.Homes
	}
	controllers := map[string]map[string]bool{}
	most := 0
	for _, src := range sources {
		name := parse.ControllerOfPod(src.Pod)
		if src.Namespace == "" || name == "" {
			continue
		}
		if controllers[src.Namespace] == nil {
			controllers[src.Namespace] = map[string]bool{}
		}
		controllers[src.Namespace][name] = true
		most = max(most, len(controllers[src.Namespace]))
	}
	if controllers[fluxNamespace] != nil {
		return []string{fluxNamespace}
	}
	maps.DeleteFunc(controllers, func(_ string, names map[string]bool) bool { return len(names) < most })
	return slices.Sorted(maps.Keys(controllers))
}

// strange reports whether a log is of a pod outside of the namespaces that are believed.
func (in *reading) strange(source int) bool {
	src := &in.sources[source]
	return len(in.homes) > 0 && src.Namespace != "" && !slices.Contains(in.homes, src.Namespace)
}

// trust keeps what is not believed from the engine, and counts it. The goroutine of the merge owns
// it.
type trust struct {
	homes   []string
	logs    []speaker // by source
	refused map[api.Refused]int64
}

// speaker is who wrote a log. The controller is "" where the path names none.
type speaker struct {
	namespace, pod, controller string
	strange                    bool
}

func newTrust(in reading) *trust {
	t := &trust{homes: in.homes, refused: map[api.Refused]int64{}}
	for i, src := range in.sources {
		t.logs = append(t.logs, speaker{src.Namespace, src.Pod, parse.ControllerOfPod(src.Pod), in.strange(i)})
	}
	return t
}

// refuses reports whether a record is not believed. What says nothing of an object is not counted.
func (t *trust) refuses(source int32, r *parse.Record) bool {
	who := &t.logs[source]
	reason := ""
	switch {
	case who.strange:
		reason = "namespace"
	case !parse.Speaks(who.controller, r):
		reason = "kind"
	default:
		return false
	}
	if r.SpeaksOf() != "" {
		t.refused[api.Refused{Namespace: who.namespace, Pod: who.pod, Reason: reason}]++
	}
	return true
}

// told is what the report says of it.
func (t *trust) told() api.Believed {
	b := api.Believed{Namespaces: t.homes}
	for r, n := range t.refused {
		r.Lines = n
		b.Refused = append(b.Refused, r)
	}
	slices.SortFunc(b.Refused, func(a, b api.Refused) int {
		return cmp.Or(cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Pod, b.Pod), cmp.Compare(a.Reason, b.Reason))
	})
	return b
}
