#!/bin/sh
# usage: test.sh
# Tests the stand-in for the provider hashicorp/null with the real Terraform, without a registry: init, plan, apply and a change of a
# null_resource (test.ts).
set -eu
cd "$(dirname "$0")/../.."
cannot() {
  echo "null-provider: $1"
  if [ "${CI:-}" ]; then
    echo 'null-provider: in CI that is a failure'
    exit 1
  fi
  echo 'null-provider: SKIPPED'
  exit 0
}
status=0
configuration=$(sh scripts/null-provider/build.sh) || status=$?
[ "$status" != 3 ] || cannot 'the stand-in cannot be built here'
[ "$status" = 0 ] || exit "$status"
terraform=$(sh scripts/find-terraform.sh) || cannot 'neither terraform nor tofu'
# In a network namespace of its own Terraform reaches no registry; without root only the configuration prevents that.
alone=''
if [ "$(uname -s)" = Linux ] && unshare -n true 2>/dev/null; then alone='unshare -n'; fi
export TF_CLI_CONFIG_FILE="$configuration" CHECKPOINT_DISABLE=1 TERRAFORM_BINARY_NAME="$terraform"
# shellcheck disable=SC2086
exec $alone node -r ./scripts/typescript/register.js scripts/null-provider/test.ts
