#!/bin/sh
# usage: need.sh
# Installs what the tests need and what is missing: the packages of package-lock.json, and Debian packages as root.
# Go is only looked for, never installed: an 18 MB stand-in provider is not worth a second tool chain on somebody's machine.
set -eu
cd "$(dirname "$0")/.."

if [ ! -e node_modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
  echo 'npm ci: node_modules is missing or older than package-lock.json'
  npm ci --no-audit --no-fund
fi

# One command of each package shows that the package is there.
missing=''
while read -r command package; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null 2>&1 || missing="$missing $package"
done <<END
nft nftables
iptables-legacy iptables
ipset ipset
ip iproute2
ssh openssh-client
/usr/sbin/sshd openssh-server
nmap nmap
conntrack conntrack
systemd-nspawn systemd-container
mmdebstrap mmdebstrap
shellcheck shellcheck
busybox busybox
mkfs.ext4 e2fsprogs
php php-cli
dbus-daemon dbus
route net-tools
zsh zsh
fish fish
END
# Terraform's pg back end is shown with a real one. Its programs are in a folder of its release.
postgres=$(find /usr/lib/postgresql -path '*/bin/postgres' 2>/dev/null | head -n 1)
[ -n "$postgres" ] || missing="$missing postgresql"

# The device program of pfSense reads XML.
php -m 2>/dev/null | grep -qx xml || missing="$missing php-xml"

/usr/bin/python3 -c 'import firewall.core, gi, dbus, nftables' 2>/dev/null ||
  missing="$missing python3-firewall python3-gi python3-dbus python3-nftables gir1.2-glib-2.0"

if [ -z "$missing" ]; then
  echo 'Debian packages: all there'
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "apt-get install:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  # The package would make a database cluster and start it, now and at every boot. Nobody here wants one.
  # Taken back afterwards: who installs another release later decides anew.
  if [ -z "$postgres" ]; then
    no_cluster=/etc/postgresql-common/createcluster.d/cpanel-edge.conf
    trap 'rm -f "$no_cluster"' EXIT
    mkdir -p "${no_cluster%/*}"
    echo 'create_main_cluster = false' >"$no_cluster"
  fi
  # A list of package names, to be split:
  # shellcheck disable=SC2086
  apt-get install -q -y --no-install-recommends $missing
else
  echo "NOT installed:$missing (needs root and apt-get). What needs them is skipped, aloud."
fi

# take_out NAME PROGRAM PACKAGE...: these packages would start what they hold, now and at every boot, on whatever machine this is. Their programs alone
# are taken out of them, into a folder of that name.
take_out() {
  folder=node_modules/.cache/cpanel-edge/$1
  program=$2
  shift 2
  if [ -x "$folder/$program" ] || ! command -v apt-get >/dev/null 2>&1; then return 0; fi
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  echo "apt-get download: $*, for $folder"
  if (cd "$folder.new" && { apt-get download -q "$@" 2>/dev/null || { apt-get update -q && apt-get download -q "$@"; }; } </dev/null && for package in *.deb; do dpkg-deb -x "$package" . || exit 1; done); then
    rm -rf "$folder"
    mv "$folder.new" "$folder"
  else
    echo "$folder: NOT there. What is tried with it is skipped, aloud."
  fi
}
take_out firewalld usr/sbin/firewalld firewalld
take_out apf-firewall usr/sbin/apf apf-firewall

# The next Debian's firewalld, whose Python runs with this one's. Its lists are no business of this machine's apt.
trixie=$(mktemp -d)
mkdir -p "$trixie/lists/partial" "$trixie/archives/partial"
echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' >"$trixie/sources.list"
cat >"$trixie/apt.conf" <<END
Dir::Etc::SourceList "$trixie/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$trixie/lists";
Dir::Cache "$trixie";
END
export APT_CONFIG="$trixie/apt.conf"
take_out firewalld-2.3 usr/sbin/firewalld firewalld python3-firewall
unset APT_CONFIG
rm -rf "$trixie"

if command -v go >/dev/null 2>&1; then
  go version
else
  echo 'Go: not found. Tests of null_resource with the stand-in provider are skipped, aloud; in CI that is a failure.'
fi
