#!/bin/sh
# usage: package-test.sh
# The tarball that would be published, installed into projects outside the repository, as others have them. Needs dist/ (npm run build).
set -eu
cd "$(dirname "$0")/.."
[ -e dist/constructs/public.js ] || { echo 'package: dist/constructs/public.js is missing; npm run build comes first' >&2 && exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/cpanel-edge-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
# --ignore-scripts: what is packed is what the build step made, not another build.
tarball=$work/$(npm pack --ignore-scripts --silent --pack-destination "$work")
script() { node -r ./scripts/typescript/register.js "scripts/package/$1.ts" "$tarball" "$2"; }
script packed "$PWD"
script run-projects "$work"
