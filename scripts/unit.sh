#!/bin/sh
# usage: unit.sh [JEST ARGUMENT...]
# Runs jest and leaves its counts where test.sh asks for them.
set -eu
cd "$(dirname "$0")/.."
if [ -z "${CPANEL_EDGE_TEST_COUNT:-}" ]; then exec npx --no-install jest "$@"; fi
report=$(mktemp "${TMPDIR:-/tmp}/cpanel-edge-unit.XXXXXX")
trap 'rm -f "$report"' EXIT
status=0
npx --no-install jest --json --outputFile="$report" "$@" >/dev/null || status=$?
node -r ./scripts/typescript/register.js scripts/count-tests.ts "$report" "$CPANEL_EDGE_TEST_COUNT" || status=1
exit $status
