#!/bin/sh
# usage: DBUS_SYSTEM_BUS_ADDRESS=... until-started.sh: waits until firewalld on that bus has started, and prints its
# state, as `firewall-cmd --state` does. firewall-cmd itself would start Python for each question, which takes as long
# as the start of firewalld.
name=org.fedoraproject.FirewallD1
for _ in $(seq 100); do
  case $(timeout 5 busctl get-property "$name" /org/fedoraproject/FirewallD1 "$name" state 2>/dev/null) in
    's "RUNNING"') echo running && exit ;;
    's "FAILED"') echo failed && exit ;;
  esac
  sleep 0.05
done
