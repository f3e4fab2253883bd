#!/bin/sh
# usage: run.sh COMMAND...
# The command, where programs begin quicker, as far as this machine lets it: as root, in a mount namespace of its own, with the loader of loader.ts.
set -eu
folder=$(cd "$(dirname "$0")/../.." && pwd)
loader=$folder/node_modules/.cache/cpanel-edge/loader
# Within another one it is there already.
if cmp -s "$loader" /lib64/ld-linux-x86-64.so.2; then exec "$@"; fi
if [ "$(uname -sm)" = 'Linux x86_64' ] && [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null &&
  node -r "$folder/scripts/typescript/register.js" "$folder/scripts/quick-start/loader.ts" "$loader"; then
  # shellcheck disable=SC2016 # the inner shell's
  exec unshare --mount sh -c 'mount --bind "$0" "$(readlink -f /lib64/ld-linux-x86-64.so.2)"; exec "$@"' "$loader" "$@"
fi
exec "$@"
