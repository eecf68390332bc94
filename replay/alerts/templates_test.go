package alerts

import (
	"fmt"
	"strings"
	"testing"
)

// TestTextsAreBounded refuses texts of alerts that would take all memory, or for ever.
func TestTextsAreBounded(t *testing.T) {
	t.Parallel()
	doubling := `{{ $a := "xxxxxxxxxxxxxxxx" }}` + strings.Repeat(`{{ $a = printf "%s%s" $a $a }}`, 30) + `{{ len $a }}`
	trees := `{{ define "t0" }}x{{ end }}`
	for i := range 40 {
		trees += fmt.Sprintf(`{{ define "t%d" }}{{ template "t%d" }}{{ template "t%[2]d" }}{{ end }}`, i+1, i)
	}
	grown := `$labels.a` + strings.Repeat(` | reReplaceAll "" "xxxxxxxxxxxxxxxxxxxxxxxx"`, 5)
	for name, text := range map[string]string{
		"doubling":             doubling,
		"doubling by print":    strings.ReplaceAll(doubling, `printf "%s%s"`, "print"),
		"doubling by index":    strings.ReplaceAll(doubling, `"%s%s" $a $a`, `"%[1]s%[1]s" $a`),
		"doubling of what is":  strings.ReplaceAll(doubling, `"xxxxxxxxxxxxxxxx"`, `$labels.a`),
		"in a template":        `{{ define "d" }}` + strings.Repeat(`{{ $ = print $ $ }}`, 30) + `{{ end }}{{ template "d" "xx" }}`,
		"growing in a loop":    `{{ $a := "x" }}{{ range query "up" }}{{ $a = print $a $a }}{{ end }}`,
		"growing by another":   `{{ $a := "x" }}{{ $b := "x" }}{{ range query "up" }}{{ $a = print $a $b }}{{ $b = print $b $a }}{{ end }}`,
		"width":                `{{ printf "` + strings.Repeat("%1000000d", 9) + `" 1 }}`,
		"precision":            `{{ printf "` + strings.Repeat("%.1000000f", 9) + `" $value }}`,
		"width of an argument": `{{ printf "` + strings.Repeat("%*d", 9) + `" 1000000 1 }}`,
		"format of a label":    `{{ printf $labels.a 1 }}`,
		"replacements":         `{{ ` + grown + ` }}`,
		"escapes":              `{{ $labels.a` + strings.Repeat(" | html", 12) + ` }}`,
		"long loop":            `{{ range 100000000000 }}{{ end }}`,
		"long loop of a float": `{{ range 1e15 }}{{ end }}`,
		"long loop, variable":  `{{ $n := 100000000000 }}{{ range $n }}{{ end }}`,
		"long loop, template":  `{{ define "l" }}{{ range . }}{{ end }}{{ end }}{{ template "l" 100000000000 }}`,
		"long loop, argument":  `{{ range (args 100000000000).arg0 }}{{ end }}`,
		"long loop, or":        `{{ range or 0 100000000000 }}{{ end }}`,
		"long loop, duration":  `{{ range toDuration 100000 }}{{ end }}`,
		"long loop, time":      `{{ range ($value | toTime).Unix }}{{ end }}`,
		"loops in loops":       `{{ range 1000 }}{{ range 1000 }}{{ range 1000 }}{{ end }}{{ end }}{{ end }}`,
		"loop over a length":   `{{ range len (printf "%1000000d" 1) }}{{ range 100 }}{{ end }}{{ end }}`,
		"templates in pairs":   trees + `{{ template "t40" }}`,
		"template in itself":   `{{ define "t" }}{{ template "t" }}{{ end }}{{ template "t" }}`,
		"long":                 strings.Repeat("x", maxText+1),
		"prints much":          `{{ $a := printf "%1000000d" 1 }}{{ range query "up" }}{{ $a }}{{ end }}`,
	} {
		group := fmt.Sprintf("groups: [{name: g, rules: [{alert: A, expr: up, annotations: {said: %q}}]}]", text)
		_, err := readSet("r.yaml", []byte(group))
		if err == nil || !strings.Contains(err.Error(), `group "g", rule "A": said: it`) && !strings.Contains(err.Error(), `rule "A": said: the variable $`) {
			t.Errorf("%s: %v", name, err)
		}
		if costly(text) == nil {
			t.Error(name)
		}
	}
}

// TestLabelsAreBounded refuses alerts of so many labels, or so long ones, that their expression
// takes hours to read.
func TestLabelsAreBounded(t *testing.T) {
	t.Parallel()
	for rule, refused := range map[string]bool{
		"labels: {" + keys(maxNames) + "}":                                    false,
		"labels: {" + keys(maxNames+1) + "}":                                  true,
		"annotations: {" + keys(maxNames+1) + "}":                             true,
		"labels: {a: " + strings.Repeat("x", maxLabels) + "}":                 true,
		"annotations: {a: " + strings.Repeat("x", maxLabels) + "}":            false,
		"annotations: {a: b}, labels: {a: " + strings.Repeat("x", 1000) + "}": false,
	} {
		_, err := readSet("r.yaml", []byte("groups: [{name: g, rules: [{alert: A, expr: up, "+rule+"}]}]"))
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), `rule "A": it has`) {
			t.Errorf("%.30s: %.300v", rule, err)
		}
	}
}

// TestUsualTexts takes what texts of alerts have that people use.
func TestUsualTexts(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, `plain`, `{{ $labels.namespace }}/{{ .Labels.name }} fails since {{ $value | humanizeTimestamp }}`,
		`{{ with printf "flux_resource_info{name=%q, exported_namespace=%q}" $labels.name $labels.namespace | query }}{{ . | first | label "revision" }}{{ end }}`,
		`{{ range query "sort_desc(count by (kind, name) (up == 0))" }}{{ .Labels.kind }}/{{ .Labels.name }}: {{ .Value | printf "%.2f" }}` + "\n" + `{{ end }}`,
		`{{ range $i, $s := query "up" }}{{ if $i }}, {{ end }}{{ $i }} {{ $s.Labels.name }}{{ end }}`,
		`{{ $all := "" }}{{ range query "up" }}{{ $all = printf "%s,%s" $all .Labels.name }}{{ end }}{{ $all | reReplaceAll "^," "" }}`,
		`{{ range query "up" }}{{ if gt .Value 20000000.0 }}{{ .Labels.name }}{{ end }}{{ end }}`,
		`{{ reReplaceAll "(.*)-[0-9a-f]+-.*" "https://grafana.example.com/d/flux?var-namespace=flux-system&var-name=$1&from=now-1h&to=now" $labels.pod | urlQueryEscape }}`,
		`{{ ($value | toTime).Format "2006-01-02 15:04" }} {{ if match "^flux-" $labels.name }}ours{{ else if eq $labels.kind "HelmRelease" }}Helm{{ else }}others{{ end }}`,
		`{{ define "who" }}{{ .kind }}/{{ .name }}{{ end }}{{ template "who" $labels }}{{ range query "up" }}{{ template "who" .Labels }}{{ end }}`,
		`{{ range query "a" }}{{ $n := .Labels.name }}{{ range query (printf "b{name=%q}" $n) }}{{ .Value }}{{ end }}{{ end }}`,
		`{{ $externalURL }}{{ pathPrefix }}/graph?g0.expr={{ "up" | graphLink }} {{ printf "%-40s|%6.2f%%" $labels.name $value }}`,
	} {
		if err := costly(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
