#!/bin/sh
# usage: contained.sh COMMAND...
# Runs a command so that nothing of it can stay. As root on Linux it has process ids, mounts and names of network namespaces of its own, which end with
# the command, and with this shell. Elsewhere the command runs as it is: there no test makes a namespace.
set -eu
if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ] || ! unshare --mount --pid --fork true 2>/dev/null; then exec "$@"; fi
# unshare itself ignores SIGTERM and SIGINT. So this shell takes them, and with its end the kernel kills unshare and all that it has started.
# The first process of the namespace waits for the processes that others leave, which node doesn't.
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc sh -c '
mkdir -p /run/netns
mount -t tmpfs tmpfs /run/netns
"$@" &
wait "$!"' contained.sh "$@" &
wait "$!"
