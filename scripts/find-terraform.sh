#!/bin/sh
# usage: find-terraform.sh [--yes]
# Prints the path of terraform or tofu on standard output; everything else goes to standard error.
# It looks in this order for: TERRAFORM_BINARY_NAME (as cdktf does), terraform, tofu, a release that an earlier run fetched. If there
# is none, it offers the release pinned in terraform/release.json: it asks on a terminal, fetches with --yes or CI, otherwise refuses.
#   CPANEL_EDGE_TERRAFORM_URL     a mirror with the layout of releases.hashicorp.com/terraform
#   CPANEL_EDGE_TERRAFORM_SHA256  the checksum of the archive instead of the pinned one, for platforms without a pin
set -eu
here=$(cd "$(dirname "$0")" && pwd)
say() { printf '%s\n' "$*" >&2; }

yes=${CI:-}
for argument in "$@"; do
  case "$argument" in
    --yes) yes=yes ;;
    *) say "find-terraform: unknown argument $argument; only --yes is known" && exit 2 ;;
  esac
done

if [ -n "${TERRAFORM_BINARY_NAME:-}" ]; then
  if command -v "$TERRAFORM_BINARY_NAME"; then exit 0; fi
  say "find-terraform: TERRAFORM_BINARY_NAME says $TERRAFORM_BINARY_NAME, which is not there. Unset it, or install that."
  exit 1
fi
if command -v terraform; then exit 0; fi
if command -v tofu; then exit 0; fi

case "$(uname -s)_$(uname -m)" in
  Linux_x86_64) platform=linux_amd64 ;;
  Linux_aarch64) platform=linux_arm64 ;;
  Darwin_x86_64) platform=darwin_amd64 ;;
  Darwin_arm64) platform=darwin_arm64 ;;
  *) platform=$(uname -s | tr '[:upper:]' '[:lower:]')_$(uname -m) ;;
esac
fetch() { node -r "$here/typescript/register.js" "$here/terraform/fetch.ts" "$1" "$platform"; }

cd "$here/.."
place=$(fetch place)
if [ -x "$place" ]; then
  printf '%s\n' "$place"
  exit 0
fi

say 'Neither terraform nor tofu is installed.'
say "Offered: $(fetch describe)"
if [ -z "$yes" ]; then
  if [ -t 0 ] && [ -t 2 ]; then
    printf 'Fetch it? [y/N] ' >&2
    read -r answer
    case "$answer" in y | Y | yes) ;; *) say 'Not fetched. Install terraform or tofu, and start again.' && exit 1 ;; esac
  else
    say 'Not fetched without being asked for: give --yes, or install terraform or tofu.'
    exit 1
  fi
fi
fetch fetch >&2
printf '%s\n' "$place"
