#!/bin/sh
# cpanel-edge-device: the privileged half of cpanel-edge on a Linux device. Installed root-owned as
# /usr/local/sbin/cpanel-edge-device, started over ssh as root or by sudo. Every argument is checked, everything else comes
# on standard input. Lines that begin with "|" are payload; the last line is the result, and only it decides.
set -u
# Nothing of the caller's surroundings decides what runs.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
unset IFS CDPATH ENV BASH_ENV
umask 077
cd / || exit 1
# What has begun is finished without the line: a dead connection must not stop a rollback halfway, nor a key that stops it hold the lock.
trap '' HUP PIPE INT QUIT TSTP TTIN TTOU

PROTOCOL=11
PROGRAM=/usr/local/sbin/cpanel-edge-device
ROOT=/etc/cpanel-edge
RUN=/run/cpanel-edge
TOKEN=
SECONDS_TO_UNDO=
booting=

# One result line, then the end. Its words are ours; values are checked names, digests and numbers.
succeed() {
  printf 'cpanel-edge: ok %s\n' "$*" 2>/dev/null
  exit 0
}

# Not done, and nothing was changed.
refuse() {
  printf 'cpanel-edge: refused %s\n' "$*" 2>/dev/null
  exit 1
}

# Begun and not brought to its end; the words say what the device runs now.
fail() {
  printf 'cpanel-edge: failed %s\n' "$*" 2>/dev/null
  exit 1
}

# Text of other programs: marked, so that it can't be taken for a result.
payload() {
  sed 's/^/|/' 2>/dev/null
}

say() {
  printf '%s\n' "$*" 2>/dev/null | payload
}

# A program, whatever is a function here.
command_exists() {
  paths_left=$PATH:
  while [ -n "$paths_left" ]; do
    if [ -f "${paths_left%%:*}/$1" ] && [ -x "${paths_left%%:*}/$1" ]; then return 0; fi
    paths_left=${paths_left#*:}
  done
  return 1
}
