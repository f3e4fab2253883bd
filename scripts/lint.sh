#!/bin/sh
# usage: lint.sh     (npm run lint)
set -eu
cd "$(dirname "$0")/.."
status=0
npx --no-install eslint . || status=1
npx --no-install prettier --check --log-level warn . || status=1
if command -v shellcheck >/dev/null 2>&1; then
  # Shell files of ours and the first line of those without an ending; parts of the device program are checked where they are joined.
  find .ci scripts bench lab device -type f \( -name '*.sh' -o -path .ci/run \) -not -path 'device/parts/*' -exec shellcheck --severity=style {} + || status=1
elif [ "${CI:-}" ]; then
  echo 'lint: shellcheck is missing, and in CI that is a failure' && status=1
else
  echo 'lint: shellcheck is missing; shell files are NOT checked'
fi
exit $status
