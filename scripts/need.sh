#!/bin/sh
# usage: need.sh
# Installs the missing programs and packages that the tests need: the packages of package-lock.json, and Debian packages as root.
# Go is only looked for, never installed: an 18 MB stand-in provider is not worth a second tool chain on a developer's machine.
set -eu
cd "$(dirname "$0")/.."

if [ ! -e node_modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
  if [ -L node_modules ]; then
    echo "need.sh: node_modules is a link and older than package-lock.json; npm ci would empty what it leads to: $(readlink node_modules)" >&2
    exit 1
  fi
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

# The agent for pfSense parses XML.
php -m 2>/dev/null | grep -qx xml || missing="$missing php-xml"

/usr/bin/python3 -c 'import firewall.core, gi, dbus, nftables' 2>/dev/null ||
  missing="$missing python3-firewall python3-gi python3-dbus python3-nftables gir1.2-glib-2.0"

if [ -z "$missing" ]; then
  echo 'Debian packages: all there'
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "apt-get install:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  # The package would create a database cluster and start it, now and at every boot; the tests don't need it.
  # The setting is removed afterwards, so that a later installation of another release isn't affected.
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

by_apt() {
  apt-get download -q "$@" 2>/dev/null || { apt-get update -q && apt-get download -q "$@"; }
}

# by_digest FOLDER-URL {FILE SHA256}...
by_digest() {
  url=$1
  shift
  while [ "$#" -gt 0 ]; do
    /usr/lib/apt/apt-helper download-file "$url/$1" "$1" "SHA256:$2" >/dev/null 2>&1 || return 1
    shift 2
  done
}

# take_out NAME PROGRAM DOWNLOAD...: these packages would start their services on this machine, now and at every boot. So only their programs are
# extracted, into a folder of that name. Python code is compiled, as the package does: otherwise each call of a command would compile it anew.
take_out() {
  folder=node_modules/.cache/cpanel-edge/$1
  program=$2
  shift 2
  if [ -x "$folder/$program" ] || ! command -v apt-get >/dev/null 2>&1; then return 0; fi
  rm -rf "$folder.new"
  mkdir -p "$folder.new"
  echo "$*, for $folder"
  if (
    cd "$folder.new" && "$@" </dev/null || exit 1
    for package in *.deb; do dpkg-deb -x "$package" . || exit 1; done
    [ ! -d usr/lib/python3 ] || /usr/bin/python3 -m compileall -q usr/lib/python3
  ); then
    rm -rf "$folder"
    mv "$folder.new" "$folder"
  else
    echo "$folder: NOT there. What is tried with it is skipped, aloud."
  fi
}
take_out firewalld usr/sbin/firewalld by_apt firewalld
take_out apf-firewall usr/sbin/apf by_apt apf-firewall

# The next Debian's firewalld, whose Python runs with this one's. Its package lists aren't added to this machine's apt.
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
take_out firewalld-2.3 usr/sbin/firewalld by_apt firewalld python3-firewall
unset APT_CONFIG
rm -rf "$trixie"

# The firewalld of Ubuntu 22.04, which two hosts of the tests have.
firewalld_1_1() {
  set -- firewalld_1.1.1-1ubuntu1_all.deb 3c13fbb72cd7e74f13c2af6f1ea09c1458af421874c5ca860403e09655eb59a4 \
    python3-firewall_1.1.1-1ubuntu1_all.deb 280250b51bf24b979acee88db71ed70ecd2c8f533968e4ec71c30dcdbeb9457b
  by_digest http://archive.ubuntu.com/ubuntu/pool/universe/f/firewalld "$@" || by_digest http://security.ubuntu.com/ubuntu/pool/universe/f/firewalld "$@"
}
take_out firewalld-1.1 usr/sbin/firewalld firewalld_1_1

# The version of Ubuntu 26.10, which doesn't change; Debian has the same one until it has a later one.
firewalld_2_5() {
  by_digest http://archive.ubuntu.com/ubuntu/pool/universe/f/firewalld \
    firewalld_2.5.2-1_all.deb 68f07ca74fe3b4946948c0bc30440bf1b561d1eaabf46cb793c833ac43db6b84 \
    python3-firewall_2.5.2-1_all.deb 773819a738092516f0aed0d868a7ea429f241f91fda7b59f2ccaf9cf592eb6c1 ||
    by_digest http://deb.debian.org/debian/pool/main/f/firewalld \
      firewalld_2.5.2-1_all.deb e6b24529277efe06ea000e622d7d471a71f44898716e3fe5884f244925373d05 \
      python3-firewall_2.5.2-1_all.deb 8b3ad49cd36f78674094c21b7d66bbe8b777a9ed9641c1aac24e31b6b20721f5
}
take_out firewalld-2.5 usr/sbin/firewalld firewalld_2_5

if command -v go >/dev/null 2>&1; then
  go version
else
  echo 'Go: not found. Tests of null_resource with the stand-in provider are skipped, aloud; in CI that is a failure.'
fi
