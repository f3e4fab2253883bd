#!/bin/sh
# usage: package-test.sh [--tier quick|full] [--list-json] [--only FILE]
# Packs the npm tarball as it would be published, checks its files, installs it into test projects outside the repository, as users
# have them, and runs these. Needs dist/ (npm run build). --only FILE: the names of the projects to run. The quick tier has the
# untouched project of `cdktf init`, installed by npm.
set -eu
cd "$(dirname "$0")/.."
case " $* " in *' --list-json '*) exec node -r ./scripts/typescript/register.js scripts/package/run-projects.ts "$@" ;; esac
[ -e dist/constructs/public.js ] || { echo 'package: dist/constructs/public.js is missing; npm run build comes first' >&2 && exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/cpanel-edge-package.XXXXXX")
trap 'rm -rf "$work"' EXIT
# Each command runs as a background job with `wait`, so that a signal is handled at once. The job ends its own child processes.
job=''
stop() {
  trap '' HUP INT TERM
  if [ -n "$job" ]; then kill "$job" 2>/dev/null && wait "$job"; fi
  exit "$1"
}
trap 'stop 129' HUP
trap 'stop 130' INT
trap 'stop 143' TERM
wait_for() {
  "$@" &
  job=$!
  wait "$job"
  job=''
}
# --ignore-scripts: the package contains the output of the build step, not of another build.
wait_for npm pack --ignore-scripts --silent --pack-destination "$work" >"$work/packed"
tarball=$work/$(cat "$work/packed")
wait_for node -r ./scripts/typescript/register.js scripts/package/packed.ts "$tarball" "$PWD"
wait_for node -r ./scripts/typescript/register.js scripts/package/run-projects.ts "$@" --tarball "$tarball" --folder "$work"
