# The rollback timer: systemd's, monotonic, independent of the connection and of this process.

timer_unit() {
  printf 'cpanel-edge-undo-%s-%s' "$ID" "$1"
}

# Without the accuracy systemd may fire a whole minute late. Until it is stopped it fires again: an undo that could not be made, for
# want of a tool or of this program, is made when it can be.
start_timer() {
  systemd-run --quiet --collect --unit="$(timer_unit "$1")" --on-active="$2" --on-unit-inactive=10 --timer-property=AccuracySec=100ms \
    /bin/sh -c "/bin/sh $ROOT/program undo $ROLE $OWNER $1 || /bin/sh $PROGRAM undo $ROLE $OWNER $1" >/dev/null 2>&1 9>&-
}

stop_timer() {
  systemctl stop "$(timer_unit "$1").timer" >/dev/null 2>&1 9>&-
}

timer_state() {
  systemctl show -p ActiveState "$(timer_unit "$1").$2" 2>/dev/null 9>&-
}

# Neither the timer nor what it starts is there any more: somebody stopped them, as `systemctl isolate` does. Where systemd doesn't
# answer nobody knows.
timer_lost() {
  for kind in timer service; do
    case $(timer_state "$1" "$kind") in
      ActiveState=inactive | ActiveState=failed) ;;
      *) return 1 ;;
    esac
  done
}

# Whoever undoes a release stops it.
timer_waits() {
  [ "$(timer_state "$1" timer)" = ActiveState=active ]
}

# Until the timer undoes what is armed, for people: "none" where nothing is, "lost" where nobody will, "unknown" where nobody noted it.
seconds_left() {
  trial=$(on_trial) || {
    printf 'none\n'
    return
  }
  if timer_lost "${trial##*-}"; then
    printf 'lost\n'
    return
  fi
  undo_at=
  read -r undo_at <"$RUN/$ID.trial-${trial##*-}"
  case ${undo_at:-x} in *[!0-9]*) printf 'unknown\n' ;; *) printf '%s\n' "$((undo_at > $(now) ? undo_at - $(now) : 0))" ;; esac
}
