#!/usr/bin/env bash
# Builds the heavy programs that the end-to-end tests start: Loki, the
# Kubernetes control plane with the kubelet, Helm 4 and 3, the command-line tools
# that people get logs with, what evaluates and checks rules (Prometheus 3, vmalert,
# lokitool), what checks charts, what makes configurations of monitors, and what signs
# releases. Usage:
#
#	build-tools.sh [-n] [loki] [kube] [helm] …     all when nothing is named
#
# Each set lands in $FLUXTRAIL_E2E_BIN/<set>-<key>; the key is made of the set's
# go.mod, go.sum and own program, and of the Go version. A set that is there already is not
# built again, so a warm run costs nothing. Prints "<set>=<directory>" for each;
# with -n that is all it does.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${FLUXTRAIL_E2E_BIN:-${XDG_CACHE_HOME:-$HOME/.cache}/fluxtrail-e2e}
dry=
if [ "${1-}" = -n ]; then
	dry=1
	shift
fi
sets=("$@")
[ ${#sets[@]} -gt 0 ] || sets=(loki kube helm cli rules lokitool helm3 charts score operator sign)

key() {
	{
		cat "$here/tools/$1/go.mod" "$here/tools/$1/go.sum"
		[ ! -f "$here/tools/$1/main.go" ] || cat "$here/tools/$1/main.go"
		go version
	} | sha256sum | cut -c1-16
}

# Kubernetes learns its own version from the linker.
flags() {
	printf '%s' "-s -w"
	if [ "$1" = kube ]; then
		printf '%s' " -X k8s.io/component-base/version.gitVersion="
		cd "$here/tools/kube" && go list -m -f '{{.Version}}' k8s.io/kubernetes
	fi
}

# The Flux CLI embeds the manifests that a release of it makes; an empty one stands
# for them. That takes a copy of the module, which is built by its own go.mod.
flux() (
	out=$1
	copy=$(mktemp -d "$cache/flux.XXXXXX")
	trap 'rm -rf "$copy"' EXIT
	cd "$here/tools/cli"
	go mod download github.com/fluxcd/flux2/v2
	cp -r "$(go list -m -f '{{.Dir}}' github.com/fluxcd/flux2/v2)/." "$copy"
	version=$(go list -m -f '{{.Version}}' github.com/fluxcd/flux2/v2)
	chmod -R u+w "$copy"
	mkdir -p "$copy/cmd/flux/manifests"
	echo > "$copy/cmd/flux/manifests/none.yaml"
	cd "$copy"
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w -X main.VERSION=${version#v}" -o "$out/flux" ./cmd/flux
)

build() (
	set=$1 out=$2
	part=$(mktemp -d "$cache/part-$set.XXXXXX")
	trap 'rm -rf "$part"' EXIT
	packages=tool
	if [ "$set" = cli ]; then
		flux "$part"
		packages=github.com/stern/stern
	fi
	(cd "$here/tools/$set" && CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "$(flags "$set")" -o "$part/" "$packages")
	for old in "$cache/$set"-*; do
		rm -rf "$old"
	done
	mv -T "$part" "$out"
)

for set in "${sets[@]}"; do
	out=$cache/$set-$(key "$set")
	if [ -z "$dry" ] && [ ! -d "$out" ]; then
		mkdir -p "$cache"
		start=$SECONDS
		echo "build-tools: building $set, this takes some minutes" >&2
		build "$set" "$out"
		echo "build-tools: $set built in $((SECONDS - start)) s" >&2
	fi
	echo "$set=$out"
done
