#!/bin/sh
# usage: start.sh [OPTION...]     (npm start; start/usage.txt has the options)
# The part of `npm start` that needs only a shell: options, Node, and the packages of package-lock.json. start.ts does
# the rest.
set -eu
cd "$(dirname "$0")/.."
usage=lab/start/usage.txt
log=lab-report/log.txt

verbose='' install=yes removing=''
for argument in "$@"; do
  case $argument in
    --help) cat "$usage" && exit 0 ;;
    --verbose) verbose=yes ;;
    --no-install) install='' ;;
    --remove) removing=yes ;;
    --yes | --keep) ;;
    *) { echo "npm start: $argument is not an option" && echo && cat "$usage"; } >&2 && exit 2 ;;
  esac
done

command -v node >/dev/null 2>&1 || { echo 'npm start: needs Node 20 or later, https://nodejs.org' >&2 && exit 1; }
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' ||
  { echo "npm start: needs Node 20 or later, this is $(node --version)" >&2 && exit 1; }

if [ ! -e node_modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
  command -v npm >/dev/null 2>&1 || { echo 'npm start: needs npm, which comes with Node' >&2 && exit 1; }
  [ "$install" ] || { echo 'Nothing was deployed: the npm packages are missing; --no-install was given.' >&2 && exit 1; }
  # It is printed at once, and not again by start.ts.
  if [ "$(id -u)" != 0 ] && [ -z "$removing" ]; then
    echo 'The lab needs root, for network namespaces. The stack is proven, not deployed.'
    export CPANEL_EDGE_START_SAID=yes
  fi
  mkdir -p lab-report
  printf '\n== npm ci\n' >"$log"
  export CPANEL_EDGE_LOG_BEGUN=yes
  begun=$(date +%s)
  said='install the npm packages'
  # npm writes to the log, and this shell prints how long it takes.
  npm ci --no-audit --no-fund >>"$log" 2>&1 &
  npm=$!
  trap 'kill "$npm" 2>/dev/null || :; wait "$npm" || :; printf "\nInterrupted: no lab was made.\n"; exit 130' INT TERM
  while [ -t 1 ] && kill -0 "$npm" 2>/dev/null; do
    printf '\r\033[2K- %s, %s s' "$said" $(($(date +%s) - begun))
    sleep 1
  done
  status=0
  wait "$npm" || status=$?
  trap - INT TERM
  [ ! -t 1 ] || printf '\r\033[2K'
  [ -z "$verbose" ] || cat "$log"
  if [ "$status" != 0 ]; then
    printf '✗ %-71s%5s s\n' "$said" $(($(date +%s) - begun))
    grep -i 'npm err' "$log" | head -n 5 | cut -c 1-78 | sed 's/^/  /'
    echo "Nothing was deployed: npm ci ended with $status; the log is $log" >&2
    exit 1
  fi
  printf '✓ %-71s%5s s\n' "$said" $(($(date +%s) - begun))
fi

exec node -r ./scripts/typescript/register.js lab/start.ts "$@"
