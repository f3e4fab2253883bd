#!/bin/sh
# usage: contained.sh COMMAND...
# Runs a command so that nothing of it remains. As root on Linux the command has its own namespaces of processes and mounts and its own names of network
# namespaces, which end with the command and with this shell. Elsewhere the command runs unchanged: no test creates a namespace there.
set -eu
if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ] || ! unshare --mount --pid --fork true 2>/dev/null; then exec "$@"; fi
# unshare itself ignores SIGTERM and SIGINT. So this shell handles them, and when it ends the kernel kills unshare and all its processes.
# The first process of the namespace reaps orphaned processes, which node doesn't.
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --mount-proc sh -c '
mkdir -p /run/netns
mount -t tmpfs tmpfs /run/netns
"$@" &
wait "$!"' contained.sh "$@" &
wait "$!"
