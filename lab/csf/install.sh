#!/bin/sh
# usage: install.sh    as root, in this folder, on a machine without csf: installs the stand-in of csf (csf.pl, its configuration and
# units), enables and starts it
set -eu
cd "$(dirname "$0")"
[ ! -e /etc/csf ] || {
  echo 'there is a csf already' >&2
  exit 1
}
mkdir -p /etc/csf /var/lib/csf
chmod 0700 /etc/csf /var/lib/csf
cp csf.conf /etc/csf/csf.conf
echo 15.10 >/etc/csf/version.txt
for list in allow deny; do printf '# csf.%s\n' "$list" >"/etc/csf/csf.$list"; done
chmod 0600 /etc/csf/*
cp csf.pl /usr/sbin/csf
chmod 0755 /usr/sbin/csf
cp csf.service lfd.service /etc/systemd/system/
systemctl daemon-reload
systemctl enable --now csf.service lfd.service
