package discover

import "regexp"

// dumps are the places where tools that collect logs put them. The groups of a pattern are named
// for what they hold.
var dumps = [...]*regexp.Regexp{
	// oc adm must-gather, also .../logs/previous.insecure.log
	regexp.MustCompile(`(?:^|/)namespaces/(?P<ns>[^/]+)/pods/(?P<pod>[^/]+)/(?P<container>[^/]+)/[^/]+/logs/[^/]+$`),
	// troubleshoot.sh support bundles
	regexp.MustCompile(`(?:^|/)pods?/logs/(?P<ns>[^/]+)/(?P<pod>[^/]+)/(?P<container>[^/]+?)` + dumpEnd),
	// kubectl cluster-info dump
	regexp.MustCompile(`(?:^|/)(?P<ns>[^/]+)/(?P<pod>` + generated + `)/logs\.txt$`),
	// NAMESPACE/POD/CONTAINER.log (crash-diagnostics, Rancher), as long as the pod looks like one
	regexp.MustCompile(`(?:^|/)(?P<ns>[^/]+)/(?P<pod>` + generated + `)/(?P<container>[^/]+?)` + dumpEnd),
	// NAMESPACE_POD_CONTAINER.log
	regexp.MustCompile(`(?:^|/)(?P<ns>[a-z0-9-]+)_(?P<pod>` + generated + `)_(?P<container>[a-z0-9-]+?)` + dumpEnd),
	// POD.log, POD-previous.log, POD_CONTAINER.log
	regexp.MustCompile(`(?:^|/)(?P<pod>` + generated + `)(?:[._](?P<container>[a-z0-9-]+?))?` + dumpEnd),
}

const (
	// generated is the name of a pod that a Deployment made.
	generated = `[a-z0-9][a-z0-9.-]*-[bcdfghjklmnpqrstvwxz0-9]{5}`
	// dumpEnd is the end of a file's name.
	dumpEnd = `(?:[._-](?:previous|current|prev|old|logs?))?\.(?:log|txt|jsonl?|out)(?:\.gz|\.zst|\.xz|\.bz2)?$`
)

// dumpSource is the Source of a file that a replay reads alone. Collections of logs tell the pod by
// the path, in an archive or outside.
func (w *Walker) dumpSource(path string) Source {
	src := textSource(path)
	if src.Pod != "" {
		return src
	}
	if w.scratch != nil {
		path = w.scratch.shown(path)
	}
	for _, dump := range dumps {
		m := dump.FindStringSubmatch(path)
		for i, name := range dump.SubexpNames() {
			switch {
			case m == nil:
			case name == "ns":
				src.Namespace = m[i]
			case name == "pod":
				src.Pod = m[i]
			case name == "container":
				src.Container = m[i]
			}
		}
		if m != nil {
			break
		}
	}
	return src
}
