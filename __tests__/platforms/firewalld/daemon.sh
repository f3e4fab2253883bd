#!/bin/sh
# usage: unshare -n daemon.sh PROGRAMS ETC-FOLDER WORK-FOLDER
# Runs firewalld with that folder in place of /etc/firewalld, on its own bus and network, and prints its state and its
# loaded rules.
set -eu
programs=$1 etc=$2 work=$3
ip link set lo up
cat >"$work/bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=$work/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow eavesdrop="true"/><allow send_destination="*" eavesdrop="true"/>
  </policy>
</busconfig>
END
# A version other than the machine's has its own Python.
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$work/bus" PYTHONPATH="$programs/usr/lib/python3/dist-packages"
dbus-daemon --config-file="$work/bus.conf" --nofork --nopidfile 2>"$work/bus.log" &
bus=$!
firewalld=
# The rules end with the network. firewalld would take a second to remove them.
# shellcheck disable=SC2086 # none, or one
trap 'kill -KILL $bus $firewalld 2>/dev/null || :; wait' EXIT
tries=0
until [ -S "$work/bus" ] || [ "$tries" -ge 100 ]; do
  tries=$((tries + 1))
  sleep 0.05
done
# Before 1.2 firewalld has no option for its log other than a file.
log="--log-file $work/firewalld.log"
! grep -q log-target "$programs/usr/sbin/firewalld" || log='--log-target console'
# shellcheck disable=SC2086 # two words
"$programs/usr/sbin/firewalld" --nofork --nopid --system-config "$etc" --default-config "$programs/usr/lib/firewalld" $log >"$work/firewalld.out" 2>&1 &
firewalld=$!
sh "$(dirname "$0")/until-started.sh"
# 2.3.2 and later fill sets after the start, a thousand entries at once. A set that stays empty was refused.
grep -ls '<entry>' "$etc"/ipsets/*.xml | while read -r file; do
  tries=0
  until nft list set inet firewalld "$(basename "$file" .xml)" 2>/dev/null | grep -q elements || [ "$tries" -ge 20 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
done
nft list ruleset
