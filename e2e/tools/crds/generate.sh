#!/usr/bin/env bash
# Generates the definitions of Flux and of the Prometheus Operator that deploy's tests install, from
# their published types and without descriptions, into ../../deploy/testdata/crds.
set -euo pipefail
cd "$(dirname "$0")"
out=$PWD/../../deploy/testdata/crds
mkdir -p "$out"
for module in github.com/fluxcd/{helm,kustomize,notification,source}-controller/api \
	github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring; do
	dir=$(go list -m -f '{{.Dir}}' "$module")
	go tool controller-gen crd:maxDescLen=0,allowDangerousTypes=true,headerFile=/dev/null \
		"paths=$dir/..." "output:crd:dir=$out"
done
for kind in alertmanagerconfigs alertmanagers probes prometheusagents prometheuses scrapeconfigs thanosrulers; do
	rm -f "$out/monitoring.coreos.com_$kind.yaml" # which the manifests have nothing of
done
