#!/bin/sh
# usage: lint.sh     (npm run lint)
# Runs ESLint, Prettier, shellcheck and the syntax check of PHP over the repository.
set -eu
cd "$(dirname "$0")/.."
status=0
echo ESLint
npx --no-install eslint . || status=1
echo Prettier
npx --no-install prettier --check --log-level warn . || status=1
if command -v shellcheck >/dev/null 2>&1; then
  echo shellcheck
  find .ci scripts bench lab -type f \( -name '*.sh' -o -path .ci/run -o -path 'scripts/hooks/*' \) -not -path 'bench/built/*' -exec shellcheck --severity=style {} + || status=1
  # The parts of the agent use each other's names, so they are checked together.
  program=$(mktemp "${TMPDIR:-/tmp}/cpanel-edge-device.XXXXXX")
  { sh scripts/assemble-device.sh "$program" && shellcheck --severity=style "$program"; } || status=1
  rm -f "$program"
elif [ "${CI:-}" ]; then
  echo 'lint: shellcheck is missing, and in CI that is a failure' && status=1
else
  echo 'lint: shellcheck is missing; shell files are NOT checked'
fi
if command -v php >/dev/null 2>&1; then
  echo 'php -l'
  # A part alone is no program, so the assembled file is checked; the tests' own files are whole.
  program=$(mktemp "${TMPDIR:-/tmp}/cpanel-edge-device.XXXXXX")
  for parts in lib/platforms/*/agent/parts.txt; do sh scripts/assemble-device.sh "$program" "$parts" || status=1; done
  rm -f "$program"
  for file in __tests__/platforms/pfsense/box/inc/*.inc; do php -n -l "$file" >/dev/null || status=1; done
elif [ "${CI:-}" ]; then
  echo 'lint: php is missing, and in CI that is a failure' && status=1
else
  echo 'lint: php is missing; PHP files are NOT checked'
fi
exit $status
