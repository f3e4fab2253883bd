# What makes the rules survive: a drop-in for every life of nftables.service, a unit of our
# own for machines where it isn't enabled, and one for addresses, which need the network.

SYSTEMD=/etc/systemd/system

rules_unit() {
  cat <<END
[Unit]
Description=cpanel-edge rules
DefaultDependencies=no
RequiresMountsFor=$ROOT
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=nftables.service
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=$PROGRAM boot

[Install]
WantedBy=sysinit.target
END
}

addresses_unit() {
  cat <<END
[Unit]
Description=cpanel-edge addresses
After=cpanel-edge.service network.target networking.service systemd-networkd.service NetworkManager.service

[Service]
Type=exec
ExecStart=$PROGRAM addresses

[Install]
WantedBy=multi-user.target
END
}

# Ours in place of the service's commands, or after them where we don't know what they do: then there is a moment without our rules.
drop_in() {
  if service_is_known; then
    cat <<END
[Service]
ExecStart=
ExecStart=$PROGRAM service start
ExecReload=
ExecReload=$PROGRAM service reload
ExecStop=
ExecStop=$PROGRAM service stop
END
  else
    cat <<END
[Service]
ExecStartPost=-$PROGRAM rules
ExecReload=-$PROGRAM rules
ExecStopPost=-$PROGRAM rules
END
  fi
}

# FILE and what has to be in it, for each file of ours. $1 is called with both, and with the word for it in a status.
each_unit() {
  "$1" unit "$SYSTEMD/cpanel-edge.service" "$(rules_unit)"
  "$1" unit "$SYSTEMD/cpanel-edge-addresses.service" "$(addresses_unit)"
  "$1" drop-in "$SYSTEMD/nftables.service.d/cpanel-edge.conf" "$(drop_in)"
}

is_written() {
  [ -f "$2" ] && [ "$(cat "$2")" = "$3" ]
}

write_unit() {
  if is_written "$@"; then return; fi
  units_changed=yes
  mkdir -p "${2%/*}" && printf '%s\n' "$3" >"$2.new" && chmod 0644 "$2.new" && settle "$2.new" && mv -f "$2.new" "$2"
}

write_units() {
  units_changed=no
  each_unit write_unit
  # Folders that systemd enters have to be readable to its tools for everybody.
  chmod 0755 "$SYSTEMD/nftables.service.d"
  if [ "$units_changed" = yes ]; then systemctl daemon-reload 9>&-; fi
  if [ -n "$(unit_faults)" ]; then systemctl --quiet enable cpanel-edge.service cpanel-edge-addresses.service 2>/dev/null 9>&-; fi
  [ -z "$(unit_faults)" ]
}

# What of it isn't there, or not as it was written: words of a line of status.
unit_faults() {
  each_unit unit_fault | sort -u
  [ -e "$SYSTEMD/cpanel-edge.service" ] && [ -e "$SYSTEMD/cpanel-edge-addresses.service" ] || return 0
  case $(systemctl is-enabled cpanel-edge.service cpanel-edge-addresses.service 2>/dev/null 9>&- | sort -u) in
    enabled) ;;
    *masked*) printf 'unit-masked\n' ;;
    *) printf 'unit-disabled\n' ;;
  esac
}

unit_fault() {
  if [ ! -e "$2" ] && [ ! -L "$2" ]; then
    printf '%s-missing\n' "$1"
  elif ! is_written "$@"; then
    printf '%s-changed\n' "$1"
  fi
}

remove_units() {
  [ -f "$SYSTEMD/cpanel-edge.service" ] || return 0
  systemctl --quiet disable cpanel-edge.service cpanel-edge-addresses.service >/dev/null 2>&1 9>&-
  rm -f "$SYSTEMD/cpanel-edge.service" "$SYSTEMD/cpanel-edge-addresses.service" "$SYSTEMD/nftables.service.d/cpanel-edge.conf"
  rmdir "$SYSTEMD/nftables.service.d" 2>/dev/null
  systemctl daemon-reload 9>&-
}
