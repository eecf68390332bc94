#!/usr/bin/env bash
# Signs what release.sh made and pushed: the image and the chart by digest, with the list of what
# the programs are made of and where they come from attested, and the checksums of the files. The
# workflow release.yaml calls it with the identity of the workflow, a test with a key and without
# any server but a registry on loopback.
#
#	VERSION    of the release, without the v
#	OUT        where release.sh wrote, default dist/release
#	SOURCE     the address of the repository
#	BUILDER    who builds, such as the address of the workflow
#	KEY        a private key of cosign instead of the identity; no log of transparency is written then
#	PLAIN_HTTP 1 for a registry without TLS
#	COSIGN     the cosign, default cosign
set -euo pipefail
cd "$(dirname "$0")/.."
: "${VERSION:?is not set}"
OUT=${OUT:-dist/release}
COSIGN=${COSIGN:-cosign}
SOURCE=${SOURCE:-$(git config --get remote.origin.url || echo unknown)}
BUILDER=${BUILDER:-$SOURCE}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

how=(--yes)
[ -z "${PLAIN_HTTP-}" ] || how+=(--allow-http-registry)
blob=(--yes)
if [ -n "${KEY-}" ]; then
	how+=(--key "$KEY" --tlog-upload=false --use-signing-config=false)
	blob+=(--key "$KEY" --tlog-upload=false --use-signing-config=false)
fi

image=$(cat "$OUT/image.digest")
chart=$(sed -n 's/^Pushed: \(.*\):[^:]*$/\1/p' "$OUT/chart.digest")@$(sed -n 's/^Digest: //p' "$OUT/chart.digest")

# The predicate of SLSA's provenance, version 1: which commit was built by whom, with what given.
cat >"$work/provenance.json" <<EOF
{
  "buildDefinition": {
    "buildType": "$SOURCE/blob/v$VERSION/tools/release.sh",
    "externalParameters": {"version": "$VERSION", "sourceDateEpoch": "$(git log -1 --format=%ct)"},
    "resolvedDependencies": [{"uri": "git+$SOURCE@refs/tags/v$VERSION", "digest": {"gitCommit": "$(git rev-parse HEAD)"}}]
  },
  "runDetails": {"builder": {"id": "$BUILDER"}}
}
EOF
for reference in "$image" "$chart"; do
	"$COSIGN" sign "${how[@]}" "$reference"                            # a bundle: what Flux 2.8 and later verify
	"$COSIGN" sign "${how[@]}" --new-bundle-format=false "$reference" # what older ones do
	"$COSIGN" attest "${how[@]}" --type slsaprovenance1 --predicate "$work/provenance.json" "$reference"
done
for bill in "$OUT"/*-linux-*.spdx.json; do
	"$COSIGN" attest "${how[@]}" --type spdxjson --predicate "$bill" "$image"
done
"$COSIGN" sign-blob "${blob[@]}" --bundle "$OUT/checksums.txt.sigstore.json" "$OUT/checksums.txt"
