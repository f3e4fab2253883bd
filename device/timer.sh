# The rollback timer: systemd's, monotonic, independent of the connection and of this process.

timer_unit() {
  printf 'cpanel-edge-undo-%s-%s' "$ID" "$1"
}

# Without the accuracy systemd may fire a whole minute late.
start_timer() {
  systemd-run --quiet --collect --unit="$(timer_unit "$1")" --on-active="$2" --timer-property=AccuracySec=100ms \
    "$PROGRAM" undo "$ROLE" "$OWNER" "$1" >/dev/null 2>&1 9>&-
}

stop_timer() {
  systemctl stop "$(timer_unit "$1").timer" >/dev/null 2>&1 9>&-
}
