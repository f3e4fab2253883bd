#!/bin/sh
# usage: package-test.sh
# The tarball that would be published, installed into a fresh project outside the repository, synthesizes: with cdktf, and with
# its continuation cdktn by alias. Needs dist/ (npm run build).
set -eu
cd "$(dirname "$0")/.."
here=$(pwd)
[ -e dist/constructs/public.js ] || { echo 'package: dist/constructs/public.js is missing; npm run build comes first' >&2 && exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/cpanel-edge-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
# --ignore-scripts: what is packed is what the build step made, not another build.
tarball=$work/$(npm pack --ignore-scripts --silent --pack-destination "$work")
script() { node -r ts-node/register/transpile-only "$here/scripts/package/$1.ts" "$2" "${3:-}"; }
script packed "$tarball" "$here"

# project NAME CDKTF
project() {
  echo "package: with $1"
  mkdir "$work/$1"
  cp scripts/package/sample/main.ts "$work/$1/"
  # The entry for tests compiles without Jest and its types.
  echo "export { exposureMatchers, exposureOf, portExposure } from 'cpanel-edge/testing';" >"$work/$1/testing.ts"
  cat >"$work/$1/package.json" <<END
{
  "name": "fresh", "version": "1.0.0", "private": true,
  "dependencies": { "cdktf": "$2", "constructs": "10.7.2", "cpanel-edge": "file:$tarball" },
  "devDependencies": { "typescript": "~5.9.3", "@types/node": "20.19.43" }$3
}
END
  cat >"$work/$1/tsconfig.json" <<END
{ "compilerOptions": { "target": "ES2022", "module": "node16", "strict": true, "exactOptionalPropertyTypes": true, "types": ["node"] } }
END
  (
    cd "$work/$1"
    npm install --prefer-offline --no-audit --no-fund --ignore-scripts --loglevel=error
    ./node_modules/.bin/tsc
    CDKTF_DISABLE_PLUGIN_CACHE_ENV=1 node main.js
    node testing.js
  )
  script synthesized "$work/$1"
}

project cdktf 0.21.0 ''
project cdktn npm:cdktn@0.24.0 ',
  "overrides": { "@cdktf/provider-null": { "cdktf": "npm:cdktn@0.24.0" } }'
diff "$work/cdktf/stack.json" "$work/cdktn/stack.json" || { echo 'package: cdktf and cdktn do not synthesize the same' >&2 && exit 1; }
echo 'package: cdktf and cdktn synthesize the same'
