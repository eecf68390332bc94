#!/usr/bin/env bash
# Makes a release in $OUT, and pushes its image and its chart where $REGISTRY says. The workflow
# release.yaml calls it, and so does a test, against a registry on loopback.
#
#	VERSION    without the v, such as 0.2.0
#	OUT        default dist/release; made anew
#	PLATFORMS  of the programs, default linux, darwin and windows for amd64 and arm64
#	REGISTRY   such as registry.example.com/team; nothing is pushed without it
#	PLAIN_HTTP 1 for a registry without TLS
#	HELM       the helm to push the chart with, default helm
set -euo pipefail
cd "$(dirname "$0")/.."
: "${VERSION:?is not set}"
OUT=${OUT:-dist/release}
PLATFORMS=${PLATFORMS:-linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64}
HELM=${HELM:-helm}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
rm -rf "$OUT"
mkdir -p "$OUT"
OUT=$(cd "$OUT" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
plain=()
[ -z "${PLAIN_HTTP-}" ] || plain=(-plain-http)

chart=$(sed -n 's/^version: //p' deploy/chart/Chart.yaml)
if [ "$chart" != "$VERSION" ] && [ -z "${ANY_VERSION-}" ]; then
	echo "release: deploy/chart/Chart.yaml says $chart, not $VERSION" >&2
	exit 1
fi

(cd tools/image && go build -o "$work/image" .)
images=()
for platform in $PLATFORMS; do
	os=${platform%/*} arch=${platform#*/} name=fluxtrail
	[ "$os" != windows ] || name=fluxtrail.exe
	dir=$work/fluxtrail-$VERSION-$os-$arch
	mkdir -p "$dir"
	CGO_ENABLED=0 GOOS=$os GOARCH=$arch go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o "$dir/$name" ./cmd/fluxtrail
	cp LICENSE README.md "$dir/"
	"$work/image" -sbom "$OUT/fluxtrail-$VERSION-$os-$arch.spdx.json" -version "$VERSION" -created "$SOURCE_DATE_EPOCH" "$dir/$name"
	# Owners, order and times are fixed, so that the same commit makes the same archive.
	tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C "$work" -c "${dir##*/}" | gzip -n >"$OUT/${dir##*/}.tar.gz"
	[ "$os" != linux ] || images+=("$platform=$dir/$name")
done
cp deploy/install.yaml "$OUT/install.yaml"
"$work/image" -version "$VERSION" -revision "$(git rev-parse HEAD)" -created "$SOURCE_DATE_EPOCH" -out "$work/made" "${images[@]}"
cp "$work/made/fluxtrail.tar" "$OUT/fluxtrail-$VERSION-image.tar"
if command -v "$HELM" >/dev/null; then
	"$HELM" package deploy/chart --version "$VERSION" --app-version "$VERSION" --destination "$OUT" >/dev/null
fi
(cd "$OUT" && sha256sum -- * >checksums.txt)

[ -n "${REGISTRY-}" ] || exit 0
"$work/image" -push "$REGISTRY/fluxtrail:$VERSION" -from "$work/made" "${plain[@]}" | tee "$OUT/image.digest"
"$HELM" push "$OUT/fluxtrail-$VERSION.tgz" "oci://$REGISTRY/charts" ${PLAIN_HTTP:+--plain-http} 2>&1 | tee "$OUT/chart.digest"
