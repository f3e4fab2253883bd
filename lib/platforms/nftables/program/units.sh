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

# Writes a unit where it differs; says so by its status.
write_unit() {
  if [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; then return 1; fi
  mkdir -p "${1%/*}" && printf '%s\n' "$2" >"$1.new" && chmod 0644 "$1.new" && settle "$1.new" && mv -f "$1.new" "$1"
}

write_units() {
  units_changed=no
  write_unit "$SYSTEMD/cpanel-edge.service" "$(rules_unit)" && units_changed=yes
  write_unit "$SYSTEMD/cpanel-edge-addresses.service" "$(addresses_unit)" && units_changed=yes
  write_unit "$SYSTEMD/nftables.service.d/cpanel-edge.conf" "$(drop_in)" && units_changed=yes
  if [ "$units_changed" = yes ]; then
    # Folders that systemd enters have to be readable to its tools for everybody.
    chmod 0755 "$SYSTEMD/nftables.service.d"
    systemctl daemon-reload 9>&- && systemctl --quiet enable cpanel-edge.service cpanel-edge-addresses.service 2>/dev/null 9>&-
  fi
  [ "$(cat "$SYSTEMD/nftables.service.d/cpanel-edge.conf" 2>/dev/null)" = "$(drop_in)" ] &&
    systemctl --quiet is-enabled cpanel-edge.service cpanel-edge-addresses.service >/dev/null 2>&1 9>&-
}

remove_units() {
  [ -f "$SYSTEMD/cpanel-edge.service" ] || return 0
  systemctl --quiet disable cpanel-edge.service cpanel-edge-addresses.service >/dev/null 2>&1 9>&-
  rm -f "$SYSTEMD/cpanel-edge.service" "$SYSTEMD/cpanel-edge-addresses.service" "$SYSTEMD/nftables.service.d/cpanel-edge.conf"
  rmdir "$SYSTEMD/nftables.service.d" 2>/dev/null
  systemctl daemon-reload 9>&-
}
