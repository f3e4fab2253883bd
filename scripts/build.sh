#!/bin/sh
# usage: build.sh [--checked]     (npm run build)
# Builds the package: JavaScript and declarations into dist/, with the agents for devices and the command as executable files.
# The same sources give the same bytes: nothing here reads a clock, a path or the order of a folder.
set -eu
umask 022
cd "$(dirname "$0")/.."

rm -rf dist.new
trap 'rm -rf dist.new completion.new' EXIT
# --checked skips the type check, because a test run has done it already.
case ${1-} in --checked) no_check=--noCheck ;; *) no_check='' ;; esac
# shellcheck disable=SC2086 # one word, or none
npx --no-install tsc -p tsconfig.build.json $no_check --outDir dist.new

mkdir -p dist.new/agent
sh scripts/assemble-device.sh dist.new/agent/cpanel-edge-device
for parts in lib/platforms/*/agent/parts.txt; do
  platform=${parts#lib/platforms/}
  sh scripts/assemble-device.sh "dist.new/agent/cpanel-edge-device-${platform%%/*}" "$parts"
done

command=dist.new/cli/main.js
if [ -e cli/main.ts ]; then
  [ "$(head -n 1 "$command")" = '#!/usr/bin/env node' ] || { echo 'build: cli/main.ts must begin with #!/usr/bin/env node' >&2 && exit 1; }
  chmod 755 "$command"
  # The table of shell completion, made of the commands' definitions: loading all of them at each key press would take too long.
  node -p "const { createTable } = require('./dist.new/cli/complete'); JSON.stringify(createTable(require('./dist.new/cli/commands').createProgram([])))" >completion.new
  mv completion.new dist.new/cli/completion.json
else
  echo 'build: cli/main.ts is not there, so the package has no command'
fi

# The files that package.json names must be in the build.
node -r ./scripts/typescript/register.js scripts/package/built.ts dist.new
rm -rf dist
mv dist.new dist
