package rules

import (
	"fmt"
	"strings"
)

// Every expression ends in series with the labels of byObject, or fewer: nothing in them changes
// with a commit or an error text, so that neither a new revision nor a new reason restarts for, and
// series that two exporters double become one.
const byObject = "cluster, exported_namespace, kind, name"

const sourceKinds = "GitRepository|OCIRepository|HelmRepository|HelmChart|Bucket|ExternalArtifact"

// words are what expressions have placeholders for.
var words = strings.NewReplacer(
	"BY", byObject,
	"SOURCES", sourceKinds,
	"FLUX_INFO", `__name__=~"flux_(resource|instance|resourceset|resourcesetinputprovider)_info"`,
)

// recent is how far back a failure counts while the object is not ready again. A controller sets
// Ready to Unknown at each retry, and a status that is False only at times would restart for.
const recent = "15m"

// Matchers of the kinds that alerts are about.
const (
	anyKind    = `=~".+"`
	onlySource = `=~"SOURCES"`
	noSource   = `!~"SOURCES"`
)

// failingBy is, for each source of the signal, the expression for objects that fail for themselves.
// kinds is a matcher without the label.
func failingBy(kinds string) map[Source]string {
	return map[Source]string{
		Ours:         `max by (BY) (fluxtrail_incident_info{root_name="",reason!="DependencyNotReady",kind` + kinds + `}) > 0`,
		FluxOperator: operatorFailing(`kind` + kinds),
		KSM:          ksmFailing(`customresource_kind` + kinds),
		GOTK:         gotkFailing(`kind` + kinds),
		Loki:         lokiFailing(kinds),
	}
}

// operatorFailing are objects that were not ready within the last minutes and are not ready now.
func operatorFailing(matcher string) string {
	return `max by (BY) (max_over_time({FLUX_INFO,ready="False",suspended!="True",reason!="DependencyNotReady",` + matcher + `}[` + recent + `])) > 0
and on (BY) max by (BY) ({FLUX_INFO,ready!="True",suspended!="True",reason!="DependencyNotReady"}) > 0
unless on (BY) max by (BY) ({FLUX_INFO,ready="True"}) > 0`
}

// kind gives series of kube-state-metrics the label that all others have for the kind.
func kind(expr string) string {
	return `label_replace(` + expr + `, "kind", "$1", "customresource_kind", "(.+)")`
}

func ksmFailing(matcher string) string {
	return `max by (BY) (` + kind(`max_over_time(gotk_resource_info{ready="False",suspended!="true",`+matcher+`}[`+recent+`])`) + `) > 0
and on (BY) max by (BY) (` + kind(`gotk_resource_info{ready!="True",suspended!="true"}`) + `) > 0
unless on (BY) max by (BY) (` + kind(`gotk_resource_info{ready="True"}`) + `) > 0`
}

// gotkFailing works with series for status="Deleted", which controllers had up to Flux 2.0, and
// without.
func gotkFailing(matcher string) string {
	return `max by (BY) (max_over_time(gotk_reconcile_condition{type="Ready",status="False",` + matcher + `}[` + recent + `])) == 1
and on (BY) max by (BY) (gotk_reconcile_condition{type="Ready"}) == 1
unless on (BY) max by (BY) (gotk_reconcile_condition{type="Ready",status="True"}) == 1
unless on (BY) max by (BY) (gotk_reconcile_condition{status="Deleted"}) == 1
unless on (BY) max by (BY) (gotk_suspend_status) == 1`
}

// stream selects the lines of Flux's controllers in Loki.
const stream = `{namespace="flux-system"}`

// lines counts the lines of each object that a filter leaves.
func lines(filter, window string) string {
	return `sum by (BY) (count_over_time(` + stream + ` | ` + filter +
		` | label_format exported_namespace=object_namespace, kind=object_kind, name=object_name [` + window + `]))`
}

// lokiFailing are objects that failed within the last minutes and did not succeed.
func lokiFailing(kinds string) string {
	return lines(`outcome=~"failed|stalled" | reason!="DependencyNotReady" | object_kind`+kinds, recent) + ` > 0
unless on (BY) ` + lines(`outcome="succeeded"`, recent) + ` > 0`
}

// rooted adds the label root, which is the object itself: an alert about an object that waits has
// the same, and can be inhibited or grouped by it.
func rooted(exprs map[Source]string) map[Source]string {
	out := map[Source]string{}
	for source, expr := range exprs {
		if source == Loki { // LogQL cannot join labels of a result
			out[source] = expr
			continue
		}
		out[source] = "label_join(\n" + indent(expr) + ",\n  \"root\", \"/\", \"kind\", \"exported_namespace\", \"name\"\n)"
	}
	return out
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// all counts the objects that are known.
var all = map[Source]string{
	Ours:         `max by (BY) (fluxtrail_object_status{status!="suspended"})`,
	FluxOperator: `max by (BY) ({FLUX_INFO,suspended!="True"})`,
	KSM:          `max by (BY) (` + kind(`gotk_resource_info{suspended!="true"}`) + `)`,
	GOTK:         `max by (BY) (gotk_reconcile_condition{type="Ready"})`,
}

// manyFailing is 10 objects in a cluster that fail for themselves, or 3 that are more than a fifth
// of all.
func manyFailing() map[Source]string {
	out := map[Source]string{}
	for source, expr := range failingBy(anyKind) {
		count := "count by (cluster) (\n" + indent(expr) + "\n)"
		out[source] = count + " >= 10"
		if of := all[source]; of != "" {
			out[source] += "\nor on (cluster) (\n" + indent(count+" >= 3\nand on (cluster) "+count+"\n  / on (cluster) count by (cluster) ("+of+") > 0.2") + "\n)"
		}
	}
	return out
}

// presence is a series that exists wherever a source of the signal does.
var presence = map[Source]string{
	Ours:         "fluxtrail_build_info",
	FluxOperator: "flux_resource_info",
	KSM:          "gotk_resource_info",
	GOTK:         `gotk_reconcile_condition`,
}

// missing is the absence of signals, here and now or in a cluster that had them within a day.
func missing(signals ...string) string {
	var parts []string
	for _, s := range signals {
		named := `, "signal", "` + s + `", "", "")`
		parts = append(parts, `label_replace(absent(`+s+`)`+named,
			`label_replace(group by (cluster) (max_over_time(`+s+`[1d])) unless on (cluster) group by (cluster) (`+s+`)`+named)
	}
	return strings.Join(parts, "\nor\n")
}

// expr is a row's expression for a source, "" for one that has no signal for it.
func (r row) expr(source Source) string {
	if source != Auto {
		return words.Replace(r.exprs[source])
	}
	if r.auto != "" {
		return words.Replace(r.auto)
	}
	var parts, before []string
	for _, s := range metrics {
		expr := r.exprs[s]
		if expr == "" {
			continue
		}
		if len(before) > 0 {
			expr = fmt.Sprintf("(\n%s\n) unless on (cluster) group by (cluster) (%s)", indent(expr), strings.Join(before, " or "))
		}
		parts, before = append(parts, expr), append(before, presence[s])
		if s == Ours {
			parts[len(parts)-1] = "(\n" + indent(expr) + "\n)"
		}
	}
	if len(parts) == 1 {
		return words.Replace(r.exprs[Ours])
	}
	return words.Replace(strings.Join(parts, "\nor\n"))
}
