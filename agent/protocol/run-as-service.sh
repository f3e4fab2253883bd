# A login calls this program by sudo, within what it has chosen itself: limits, a cgroup, niceness, an environment, a terminal, signals. None of these may
# decide what a check finds. So systemd runs the command, as a service that is waited for, with its own of all of them. Root's own session has chosen for
# itself: on a device without systemd there is no other.

# What it leaves behind, as who tells the neighbours, goes on: only its own process ends with the service. A word that no command takes is passed as "-":
# systemd may read it otherwise, and the command says which one it is.
by_service() {
  if [ ! -d /run/systemd/system ] || ! command_exists systemd-run; then refuse no-systemd; fi
  words_left=$#
  while [ "$words_left" -gt 0 ]; do
    if is_word "$1" 'A-Za-z0-9._-' 128; then set -- "$@" "$1"; else set -- "$@" -; fi
    shift
    words_left=$((words_left - 1))
  done
  exec systemd-run --quiet --wait --pipe --collect --property=KillMode=process -- /bin/sh "$PROGRAM" served "$SUDO_UID" "${SUDO_USER:-unknown}" "$@"
}

# "served UID LOGIN COMMAND WORDS…" is how the service calls: no sudoers line names it, and nobody calls it by sudo. For whom it is, is said as sudo says it.
take_served() {
  [ $# -ge 3 ] || refuse wrong-argument count
  is_word "$1" 0-9 10 || refuse wrong-argument login
  SUDO_UID=$1
  SUDO_USER=$2
}
