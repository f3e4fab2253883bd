#!/bin/sh
# usage: assemble-device.sh PROGRAM [PARTS]
# Joins the parts of an agent for devices, listed in the file PARTS, into one program, the file PROGRAM: one file for the device, several for people.
set -eu
cd "$(dirname "$0")/.."
parts=${2:-agent/parts.txt}
refuse() {
  echo "device program: $1" >&2
  exit 1
}
[ -e "$parts" ] || refuse "$parts is not there"
: >"$1"
while IFS= read -r part || [ -n "$part" ]; do
  case "$part" in '' | '#'*) continue ;; esac
  [ -s "$part" ] || refuse "$parts names $part, which is missing or empty"
  cat "$part" >>"$1"
done <"$parts"
case $(head -n 1 "$1") in
  '#!/bin/sh') sh -n "$1" || refuse "the parts of $parts together are not sh" ;;
  # Without PHP the syntax isn't checked here; the tests do it.
  '#!/usr/local/bin/php') ! command -v php >/dev/null 2>&1 || php -n -l "$1" >/dev/null || refuse "the parts of $parts together are not PHP" ;;
  *) refuse "the first part in $parts begins with no interpreter that devices have" ;;
esac
chmod 755 "$1"
