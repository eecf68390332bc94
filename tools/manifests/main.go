// Command manifests makes the files in deploy/ that are made of other files there: install.yaml of
// the kustomization in base, the README of the chart of its values, and the chart's copies of what
// it shares with the kustomization. Helm packs no file outside of the chart's directory, hence the
// copies.
//
//	manifests DIR
//
// Make manifests calls it; its test fails while one of these files is not up to date.
package main

import (
	"bytes"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: manifests DIR")
	}
	made, err := makeAll(os.Args[1])
	if err != nil {
		log.Fatalln("manifests:", err)
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		path := filepath.Join(os.Args[1], name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			log.Fatalln("manifests:", err)
		}
		if err := os.WriteFile(path, made[name], 0o644); err != nil {
			log.Fatalln("manifests:", err)
		}
	}
}

// copies are the files that the chart shares, by pattern, and the directory of the chart that they go to.
var copies = map[string]string{
	"base/clusterrole.yaml":            "chart/files",
	"base/clusterrole-conditions.yaml": "chart/files",
	"base/role-leader.yaml":            "chart/files",
	"rules/prometheus-*.yaml":          "chart/files/rules",
	"dashboards/*.json":                "chart/files/dashboards",
}

// makeAll makes every file below dir, by its path there.
func makeAll(dir string) (map[string][]byte, error) {
	made := map[string][]byte{}
	for pattern, to := range copies {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range found {
			if made[filepath.Join(to, filepath.Base(path))], err = os.ReadFile(path); err != nil {
				return nil, err
			}
		}
	}
	var err error
	if made["install.yaml"], err = install(dir); err != nil {
		return nil, err
	}
	const rules = "dashboards/flux-boards/prometheusrule.yaml"
	if made[rules], err = forOperator(filepath.Join(dir, "dashboards/flux-boards/rules.yaml")); err != nil {
		return nil, err
	}
	made["chart/README.md"], err = readme(dir)
	return made, err
}

const rulesHead = `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: fluxtrail-flux-dashboards
  labels:
    app.kubernetes.io/name: fluxtrail
    app.kubernetes.io/component: monitoring
    app.kubernetes.io/part-of: fluxtrail
spec:
`

// forOperator makes of a file of rules an object for the Prometheus Operator. The comment on top
// stays there.
func forOperator(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	comment, rules, ok := bytes.Cut(text, []byte("\ngroups:\n"))
	if !ok {
		return nil, fmt.Errorf("%s has no groups", path)
	}
	out := append(bytes.Clone(comment), "\n"+rulesHead+"  groups:\n"...)
	for line := range bytes.Lines(rules) {
		out = append(append(out, "  "...), line...)
	}
	return out, nil
}

const installHead = `# fluxtrail in the namespace of that name, made of base by make manifests. Set the address of Loki in
# the ConfigMap, and the image to where you keep it, before it is applied:
#
#   kubectl apply --server-side -f install.yaml
`

func install(dir string) ([]byte, error) {
	all, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(dir, "base"))
	if err != nil {
		return nil, err
	}
	text, err := all.AsYaml()
	if err != nil {
		return nil, fmt.Errorf("base: %w", err)
	}
	return append([]byte(installHead), text...), nil
}
