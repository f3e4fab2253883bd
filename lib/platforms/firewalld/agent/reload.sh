# A reload of ours: nothing begins until all that was loaded is there, or what was there before.

# What it checks and refuses, whoever wrote it, changes nothing of what runs. What nft alone refuses takes everything away, and nothing comes: all is
# open, and a start of firewalld with either loads what came in its package. Then the kernel gets back what it had; where firewalld had failed before,
# what it had when the last release of ours was confirmed.
firewalld_reload() {
  if [ "$firewalld_state" = running ] || ! cp "$HOME_FOLDER/firewalld" "$RUN/$ID.table" 2>/dev/null; then
    printed "$RUN/$ID.table" nft list table inet firewalld 9>&-
  fi
  firewalld_note || return 1
  if ! reload_said=$(firewalld_ask --check-config 2>&1); then
    had=$firewalld_state
  else
    firewalld_shut
    if ! firewalld_keep_iptables; then
      firewalld_unshut
      return 1
    fi
    if reload_said=$(flock "$RUN/reloads" timeout 120 firewall-cmd --reload 2>&1 8>&- 9>&-) && reload_said=$(firewalld_filled "$1"); then
      firewalld_iptables
      firewalld_unshut
      return 0
    fi
    had=failed
    firewalld_iptables
  fi
  if [ "$had" = failed ] && [ -s "$RUN/$ID.table" ]; then firewalld_again "$RUN/$ID.table"; fi
  firewalld_unshut
  firewalld_explain "$reload_said"
  return 1
}

# Its own errors have a word. Where it was stopped meanwhile, its command hears nothing, or is ended by us.
firewalld_explain() {
  if printf '%s\n' "$1" | grep -E '^Error: [A-Z_]+: ' >&2; then return; fi
  if [ "$(firewalld_on_bus)" = 'b false' ]; then
    printf 'Error: NOT_RUNNING: firewalld ended while it loaded them\n' >&2
  elif [ -z "$1" ] || printf '%s\n' "$1" | grep -q 'Did not receive a reply'; then
    firewalld_says_nothing
  else
    printf 'Error: UNKNOWN_ERROR: %s\n' "$(printf '%s\n' "$1" | sed -n '$s/^Error: //; $p')" >&2
  fi
}

# From 2.3.2 on it fills sets after it has said that all is loaded, some thousand entries at once, and tells its log alone where nft refuses them.
firewalld_filled() {
  for its_set in "$FIREWALLD/ipsets/$1"-[46]-*.xml; do
    [ -f "$its_set" ] || continue
    set_name=${its_set##*/}
    set_name=${set_name%.xml}
    wants=$(grep -c '<entry>' "$its_set")
    has=none
    tries=0
    until now_has=$(firewalld_entries "$set_name") && [ "$now_has" = "$wants" ]; do
      [ "$now_has" = "$has" ] || tries=0
      has=$now_has
      tries=$((tries + 1))
      if [ "$tries" -gt 100 ]; then
        printf 'Error: NOT_FILLED: the set %s has %s of its %s entries\n' "$set_name" "$has" "$wants"
        return 1
      fi
      sleep 0.1
    done
  done
}

firewalld_entries() {
  nft list set inet firewalld "$1" 2>/dev/null 9>&- | awk '/elements = \{/ { there = 1 } there { found += gsub(/,/, "") } END { print found + there }'
}

# What begins a connection is dropped while it reloads, as by itself, but until all is there again: it opens before it says that it has failed. The
# table is of a process that reads from this one, and goes with it, however this one ends. A kernel before 5.12 has no such tables: there it is as
# firewalld makes it.
firewalld_shut() {
  rm -f "$RUN/$ID.shut" && mkfifo "$RUN/$ID.shut" || return
  # Neither waits for the other, nor minds that it has ended.
  exec 8<>"$RUN/$ID.shut"
  HOME=/nonexistent timeout 150 nft -i 9>&- 8>&- <"$RUN/$ID.shut" >/dev/null 2>&1 &
  shut_by=$!
  firewalld_shut_table >&8
  tries=0
  until nft list chain inet firewalld_reloads input 2>/dev/null 9>&- | drain grep -qw drop || [ "$tries" -ge 20 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
  rm -f "$RUN/$ID.shut"
}

firewalld_shut_table() {
  printf 'add table inet firewalld_reloads { flags owner; }\n'
  firewalld_dropping firewalld_reloads drop
}

# Chains of the table $1, in which $2 is done with what begins a connection.
firewalld_dropping() {
  for hook in forward output input; do
    printf 'add chain inet %s %s { type filter hook %s priority 20; }\n' "$1" "$hook" "$hook"
    case $hook in input) passes='iifname lo' ;; output) passes='oifname lo' ;; *) passes= ;; esac
    for rule in 'ct state established,related accept' "${passes:+$passes accept}" "$2"; do
      [ -z "$rule" ] || printf 'add rule inet %s %s %s\n' "$1" "$hook" "$rule"
    done
  done
}

firewalld_unshut() {
  [ -n "$shut_by" ] || return 0
  exec 8>&-
  wait "$shut_by"
  shut_by=
}
