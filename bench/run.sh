#!/bin/sh
# usage: run.sh [--install-peers] [--runs N] [--mappings N] [GROUP...]     (npm run bench)
# Measures the budgets of time and memory in rows.ts: compile, prove, load, constructs, review, stacks, verify, terraform,
# connect. Other tools that are installed are measured beside them, if ../shared/bench (or BENCH_PEERS) has the same work
# for them; --install-peers adds capirca, ferm and Shorewall by apt. Prints a table and keeps it in bench/results/, which
# isn't committed. Needs Linux and python3; loading, verifying and connecting need root.
set -eu
cd "$(dirname "$0")/.."
export BENCH_RUNS="${BENCH_RUNS:-5}" BENCH_N="${BENCH_N:-10000}" BENCH_GROUPS=''
while [ $# -gt 0 ]; do
  case "$1" in
    --install-peers)
      apt-get update -q
      # Debian's ferm would load a rule set of its own, now and at every boot.
      echo 'ferm ferm/enable boolean false' | debconf-set-selections
      DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends python3-capirca ferm shorewall
      ;;
    --runs) BENCH_RUNS=$2 && shift ;;
    --mappings) BENCH_N=$2 && shift ;;
    compile | prove | load | constructs | review | stacks | verify | terraform | connect) BENCH_GROUPS="${BENCH_GROUPS:+$BENCH_GROUPS,}$1" ;;
    *) echo "bench: unknown argument $1; groups are compile, prove, load, constructs, review, stacks, verify, terraform, connect" >&2 && exit 2 ;;
  esac
  shift
done
command -v python3 >/dev/null || { echo 'bench: python3 is needed to time processes' >&2 && exit 1; }

BENCH_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/cpanel-edge-bench.XXXXXX")
trap 'rm -rf "$BENCH_FOLDER"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export BENCH_FOLDER
if [ -z "${BENCH_PEERS+set}" ] && [ -e ../shared/bench/gen.py ]; then BENCH_PEERS=$(cd ../shared/bench && pwd); fi
export BENCH_PEERS="${BENCH_PEERS:-}"
[ -n "$BENCH_PEERS" ] || echo 'bench: ../shared/bench is not there, so our peers are left out' >&2

BENCH_TERRAFORM=$(sh scripts/find-terraform.sh 2>/dev/null) || BENCH_TERRAFORM=''
export BENCH_TERRAFORM
if configuration=$(sh scripts/null-provider/build.sh); then export TF_CLI_CONFIG_FILE="$configuration"; fi

# The same emit as the package's build, with the programs of this folder beside it.
rm -rf bench/built
npx --no-install tsc -p bench/tsconfig.json
node -r ./scripts/typescript/register.js bench/run.ts
