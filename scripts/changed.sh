#!/bin/sh
# usage: changed.sh [COMMIT]     (npm test -- --changed [COMMIT])
# Runs ESLint, Prettier and shellcheck on the files that changed since a commit (the last one if none is given), and the quick test suites that
# import them.
set -eu
cd "$(dirname "$0")/.."
since=${1:-HEAD}
status=0
# Names of files here hold no blanks.
files=$({ git diff --name-only --diff-filter=d "$since" && git ls-files --others --exclude-standard; } | sort -u)
code=$(printf '%s\n' "$files" | grep -E '\.(ts|js|mjs)$' || true)
shells=$(printf '%s\n' "$files" | grep -E '^(scripts|bench|lab)/.*\.sh$' || true)
# shellcheck disable=SC2086
[ -z "$code" ] || npx --no-install eslint $code || status=1
# shellcheck disable=SC2086
[ -z "$files" ] || npx --no-install prettier --check --ignore-unknown --log-level warn $files || status=1
# shellcheck disable=SC2086
[ -z "$shells" ] || ! command -v shellcheck >/dev/null 2>&1 || shellcheck --severity=style $shells || status=1
npx --no-install jest --changedSince "$since" --filter ./__tests__/only-quick.js --passWithNoTests || status=1
exit $status
