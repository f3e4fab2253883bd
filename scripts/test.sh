#!/bin/sh
# usage: test.sh [STEP... | --changed [COMMIT]]     (npm test)
# Every step named and timed; all run, so that one broken step does not hide the others. Exit 1 when any failed.
set -eu
cd "$(dirname "$0")/.."
exec </dev/null
export CHECKPOINT_DISABLE=1 npm_config_update_notifier=false

out=$(mktemp -d "${TMPDIR:-/tmp}/cpanel-edge-test.XXXXXX")
trap 'rm -rf "$out"' EXIT
# The step runs in a process group of its own, which a Ctrl-C in the terminal does not reach.
child=''
stop() {
  if [ -n "$child" ]; then kill "$child" 2>/dev/null && wait "$child"; fi
  exit "$1"
}
trap 'stop 130' INT
trap 'stop 143' TERM
passed=0
failed=0
broken=' '
wanted=" $* "
since=''
if [ "${1:-}" = --changed ]; then
  since=${2:-HEAD}
  wanted=' types changed '
fi

# A hung step ends by itself: without this a test that waits for ever takes the whole pipeline's time and says nothing.
limit() {
  if command -v timeout >/dev/null 2>&1; then exec timeout --kill-after=30 "$@"; else shift && exec "$@"; fi
}

# step NAME SECONDS NEEDS COMMAND...  NEEDS is a step that must not have failed, or "-".
step() {
  name=$1 seconds=$2 needs=$3
  shift 3
  if [ "$wanted" != '  ' ] && [ "${wanted#* "$name" }" = "$wanted" ]; then return 0; fi
  if [ "${broken#* "$needs" }" != "$broken" ]; then
    printf '\n== %s: not run, because %s failed\n' "$name" "$needs"
    note 'not run' 0 "$name"
    broken="$broken$name "
    failed=$((failed + 1))
    return 0
  fi
  printf '\n== %s\n' "$name"
  began=$(date +%s)
  status=0
  limit "$seconds" "$@" &
  child=$!
  wait "$child" || status=$?
  child=''
  took=$(($(date +%s) - began))
  if [ "$status" = 0 ]; then
    note passed "$took" "$name"
    echo "$name: passed, $took s"
  else
    [ "$status" = 124 ] && echo "$name: stopped after $seconds s"
    note "FAILED ($status)" "$took" "$name"
    broken="$broken$name "
  fi
  count "$status"
}

note() { printf '%-12s %5s s  %s\n' "$1" "$2" "$3" >>"$out/table"; }

# A step that counts its own tests leaves "N passed, N failed" in $out/count, and below it a line for each that failed; any other
# step is one.
count() {
  own_passed=0 own_failed=0
  if [ -s "$out/count" ]; then
    read -r own_passed _ own_failed _ <"$out/count"
    sed "1d; s/^/FAILED  $name: /" "$out/count" >>"$out/failed"
    rm -f "$out/count"
  elif [ "$1" = 0 ]; then
    own_passed=1
  fi
  # Whatever a step counted, a status other than 0 is at least one failure.
  if [ "$1" != 0 ] && [ "$own_failed" = 0 ]; then own_failed=1; fi
  passed=$((passed + own_passed))
  failed=$((failed + own_failed))
}
export CPANEL_EDGE_TEST_COUNT="$out/count"

step install 900 - sh scripts/need.sh
step types 300 install npx --no-install tsc --noEmit --incremental --tsBuildInfoFile node_modules/.cache/cpanel-edge/types
if [ "$since" ]; then step changed 300 - sh scripts/changed.sh "$since"; fi
step lint 300 install sh scripts/lint.sh
step unit 2700 install npx --no-install jest
step build 300 install sh scripts/build.sh
step package 900 build sh scripts/package-test.sh
step null-provider 600 install sh scripts/null-provider/test.sh
step lab 2400 build sh scripts/lab-test.sh lab/tests/run.ts --jobs 4
step faults 1800 build sh scripts/lab-test.sh lab/faults/run.ts --platform nftables --platform iptables --platform firewalld --some --jobs 3

printf '\n'
cat "$out/table"
# At the end, where somebody who sees only the end of a long log finds it.
if [ -s "$out/failed" ]; then printf '\n' && cat "$out/failed"; fi
printf '\n%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
