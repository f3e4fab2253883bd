#!/bin/sh
# usage: test.sh quick|full|slice [OPTION...]     (npm test, npm run test:full, npm run test:slice)
# Installs what the tests need, with nothing but a shell; scripts/test/run.ts runs the steps.
set -eu
cd "$(dirname "$0")/.."
exec </dev/null
export CHECKPOINT_DISABLE=1 npm_config_update_notifier=false

began=$(date +%s)
echo '== install'
sh scripts/need.sh &
installing=$!
# An interrupted shell would leave what it started.
trap 'kill "$installing" 2>/dev/null; wait "$installing"; exit 130' INT
trap 'kill "$installing" 2>/dev/null; wait "$installing"; exit 143' TERM
if ! wait "$installing"; then
  printf '\ninstall: FAILED, so nothing was tested\n\n0 passed, 1 failed\n'
  exit 1
fi
CPANEL_EDGE_INSTALL_SECONDS=$(($(date +%s) - began))
export CPANEL_EDGE_INSTALL_SECONDS
echo "install: passed, $CPANEL_EDGE_INSTALL_SECONDS s"
exec node -r ./scripts/typescript/register.js scripts/test/run.ts "$@"
