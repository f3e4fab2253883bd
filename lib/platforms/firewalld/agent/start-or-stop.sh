# firewalld where it gives way, or takes the place of another firewall without having run before. It is ended without its own doing: what it had loaded
# stays, and so does what iptables has, until somebody else closes the host. csf does not start while it runs, nor services that load rules of
# iptables beside it.

# The release $1 is written for it, it is off, and somebody gives way to it: then it starts for the trial.
firewalld_starts() {
  firewalld_is_off && [ -n "$(replaced_on "$1")" ]
}

# What begins a connection is dropped meanwhile, and what iptables has comes back: 1.x takes it away as it starts. By its drop-in it may wait for
# this very program. Where that is killed, firewalld comes all the same: its drop-in ends what drops once ours are loaded, or an undo does.
firewalld_bring() {
  firewalld_starting "$((${SECONDS_TO_UNDO:-60} + 120))" | nft -f - 2>/dev/null 9>&- || return 1
  brought=0
  { keep_iptables starts && firewalld_begin; } || brought=1
  restore_iptables starts || brought=1
  rm -f "$RUN/$ID.starts"-*
  firewalld_started
  return "$brought"
}

firewalld_started() {
  nft delete table inet firewalld_starts 2>/dev/null 9>&-
  return 0
}

firewalld_begin() {
  { timeout "$MOST_SECONDS" systemctl --no-block start firewalld.service && until_firewalld; } </dev/null >/dev/null 2>&1 9>&-
}

# Its files are what is confirmed before it loads them: its zones alone may open more.
firewalld_returns() {
  if ! firewalld_answers && settled=$(confirmed_file) && [ "$(program_of "$(name_of "$settled")")" = firewalld ] && is_whole "$settled"; then
    from_text "$settled" firewalld_load "$(name_of "$settled")" || return 1
  fi
  firewalld_begin
}

firewalld_silence() {
  timeout "$MOST_SECONDS" systemctl kill --signal=KILL firewalld.service >/dev/null 2>&1 9>&-
  timeout "$MOST_SECONDS" systemctl stop firewalld.service >/dev/null 2>&1 9>&-
  systemctl reset-failed firewalld.service >/dev/null 2>&1 9>&-
  ! firewalld_answers
}

firewalld_off() {
  firewalld_silence && firewalld_started && { ! nft list table inet firewalld >/dev/null 2>&1 9>&- || nft delete table inet firewalld 9>&-; }
}

# For good. Where a start of the device has come between, it doesn't run yet.
firewalld_stays() {
  { firewalld_answers || firewalld_bring; } && timeout 60 systemctl enable firewalld.service >/dev/null 2>&1 9>&- && settle_switches || return 1
  firewalld_started
}
