#!/bin/sh
# usage: start.sh [--yes] [--keep | --remove | --help]     (npm start)
# The part of `npm start` that needs nothing but a shell: Node, and what npm ci installs. The rest is start.ts.
set -eu
cd "$(dirname "$0")/.."

command -v node >/dev/null 2>&1 || { echo 'npm start: needs Node 20 or later, https://nodejs.org' >&2 && exit 1; }
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ||
  { echo "npm start: needs Node 20 or later, this is $(node --version)" >&2 && exit 1; }

if [ ! -e node_modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
  command -v npm >/dev/null 2>&1 || { echo 'npm start: needs npm, which comes with Node' >&2 && exit 1; }
  echo 'npm ci: node_modules is missing or older than package-lock.json'
  npm ci --no-audit --no-fund
fi

exec node -r ./scripts/typescript/register.js lab/start.ts "$@"
