#!/bin/sh
# usage: build.sh     (npm run build)
# JavaScript and declarations into dist/, with the device program and the command made executable.
# The same sources give the same bytes: nothing here reads a clock, a path or the order of a folder.
set -eu
umask 022
cd "$(dirname "$0")/.."

rm -rf dist.new
trap 'rm -rf dist.new' EXIT
npx --no-install tsc -p tsconfig.build.json --outDir dist.new

mkdir -p dist.new/device
sh scripts/assemble-device.sh dist.new/device/cpanel-edge-device
for parts in lib/platforms/*/program/parts.txt; do
  platform=${parts#lib/platforms/}
  sh scripts/assemble-device.sh "dist.new/device/cpanel-edge-device-${platform%%/*}" "$parts"
done

command=dist.new/cli/main.js
if [ -e cli/main.ts ]; then
  [ "$(head -n 1 "$command")" = '#!/usr/bin/env node' ] || { echo 'build: cli/main.ts must begin with #!/usr/bin/env node' >&2 && exit 1; }
  chmod 755 "$command"
else
  echo 'build: cli/main.ts is not there, so the package has no command'
fi

# What package.json promises must be in the build.
node -r ./scripts/typescript/register.js scripts/package/built.ts dist.new
rm -rf dist
mv dist.new dist
