#!/bin/sh
# usage: lab-test.sh [PROGRAM [ARGUMENT...]]
# Runs the lab's tests, or another program of the lab, with real kernels and connections. Needs root on Linux: elsewhere it prints that
# it skips the tests; in CI a lab that can't run is a failure.
set -eu
cd "$(dirname "$0")/.."
cannot() {
  echo "lab: $1"
  if [ "${CI:-}" ]; then
    echo 'lab: in CI a lab test that cannot run is a failure'
    exit 1
  fi
  echo 'lab: SKIPPED'
  exit 0
}
[ "$(uname -s)" = Linux ] || cannot "needs Linux, this is $(uname -s)"
[ "$(id -u)" = 0 ] || cannot 'needs root, for network namespaces'
[ $# -gt 0 ] || set -- lab/tests/run.ts
[ -e "$1" ] || cannot "$1 is not there"
exec node -r ./scripts/typescript/register.js "$@"
