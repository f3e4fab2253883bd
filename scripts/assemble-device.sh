#!/bin/sh
# usage: assemble-device.sh PROGRAM
# The device program is one file for the device and several for people: joins the parts listed in device/parts.txt into PROGRAM.
set -eu
cd "$(dirname "$0")/.."
parts=device/parts.txt
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
[ "$(head -n 1 "$1")" = '#!/bin/sh' ] || refuse "the first part in $parts does not begin with #!/bin/sh"
sh -n "$1" || refuse 'the parts together are not sh'
chmod 755 "$1"
