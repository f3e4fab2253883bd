# Firewalls that gave way to what was confirmed: off with the device from then on, and back with a retract.

is_of_release() {
  read -r of_token <"$HOME_FOLDER/$1" && [ -f "$HOME_FOLDER/release" ] && head_is "$HOME_FOLDER/release" token "$of_token"
}

# After a confirm, and by a start of the device that had ended it too early. Of a trial that was never confirmed nothing is left.
replaces_keep() {
  [ -f "$HOME_FOLDER/replacing" ] || return 0
  if is_of_release replacing; then
    if grep -qx 'off firewalld' "$HOME_FOLDER/replacing"; then firewalld_stays || return 1; fi
    loose_keep
    replaces_noted | write_note replaced || return 1
    disable_noted replacing
  fi
  away "$HOME_FOLDER/replacing" "$HOME_FOLDER/replacing"-*
}

# What is on again and was noted before is noted with what it was noted with; another one is what ran last. firewalld that was off before is as it was
# once it gives way; and csf doesn't start beside it, so to csf it gives way for good.
replaces_noted() {
  { tail -n +2 "$HOME_FOLDER/replacing" && printf 'were\n' && cat "$HOME_FOLDER/replaced"; } 2>/dev/null | awk -v its_program="$(program_of "$(name_of "$HOME_FOLDER/release")")" '
    $0 == "were" { were = 1; next }
    were { had[++many] = $0; known[$1]; next }
    { now[++count] = $0; if ($1 == "firewalld") gone = 1 }
    END {
      for (n = 1; n <= count; n++) {
        split(now[n], word, " ")
        if (word[1] == "firewalld" && ("off" in known || its_program == "csf")) continue
        if (!(word[1] in known)) last = 1
        noted[++left] = now[n]
        if (word[1] == "off") off = 1
      }
      if (last) for (n = 1; n <= left; n++) print noted[n]
      for (n = 1; n <= many; n++) if (had[n] ~ /^off / ? !gone && !(last && off) : !last) print had[n]
    }'
}

disable_noted() {
  tail -n +2 "$HOME_FOLDER/$1" | while read -r other _; do
    case $1:$other in
      *:off) continue ;;
      returning:firewalld) firewalld_off ;;
      *) quietly_other disable_other "$other" ;;
    esac || logger -t cpanel-edge "$other starts with the device still, beside the rules of $ID" 2>/dev/null
  done
  settle_switches
}

# What nobody asks to give way any more stays as it is, and where nobody comes back, so does firewalld that was off.
replaces_forget() {
  [ -f "$HOME_FOLDER/replaced" ] || return 0
  its_left=$(grep -v '^off ' "$HOME_FOLDER/replaced" | while read -r other its_start; do
    if replaced_by "$HOME_FOLDER/release" | drain grep -qx "$other"; then printf '%s %s\n' "$other" "$its_start"; fi
  done)
  [ -z "$its_left" ] || { printf '%s\n' "$its_left" && grep '^off ' "$HOME_FOLDER/replaced"; } | write_note replaced
  [ -n "$its_left" ] || away "$HOME_FOLDER/replaced"
  case $its_left in *iptables*) ;; *) away "$HOME_FOLDER/replaced"-* ;; esac
}

# By a start of the device, before anything else starts, as csf doesn't start beside firewalld: of a trial that it ended, csf is off; and where a confirm
# came to no end, firewalld is. Where that one is to be started once services may be, what begins a connection is dropped until then, as others alone may
# let in more. Its drop-in ends that.
replaces_early() {
  if grep -qs '^csf ' "$HOME_FOLDER/returning" && ! is_of_release returning; then : >/etc/csf/csf.disable; fi
  if [ ! -f "$HOME_FOLDER/replacing" ] || ! is_of_release replacing; then return 0; fi
  if grep -qx 'off firewalld' "$HOME_FOLDER/replacing"; then
    firewalld_starting 120 | nft -f - 2>/dev/null 9>&-
  elif grep -q '^firewalld ' "$HOME_FOLDER/replacing" && [ "$(program_of "$(name_of "$HOME_FOLDER/release")")" = csf ]; then
    timeout "$MOST_SECONDS" systemctl disable firewalld.service >/dev/null 2>&1 9>&-
    firewalld_off
  fi
}

# Once the services of a start of the device may be told something.
replaces_complete() {
  if on_trial >/dev/null; then return; fi
  replaces_keep
  replaces_leave
}

# What had given way to owners who are gone.
LEFT=$ROOT/replaced

replaces_returning() {
  [ -e "$HOME_FOLDER/replaced" ] || [ -e "$LEFT" ] || return 0
  for other in $REPLACEABLE; do
    if grep -qs "^$other " "$HOME_FOLDER/replaced" || { grep -qs "^$other " "$LEFT" && other_is_there "$other"; }; then printf '%s\n' "$other"; fi
  done
}

# Before anything of ours is given up: says which of them doesn't come back, or nothing. Whoever leaves the device last has them back, of owners who left
# before, too, unless it is there no more.
replaces_return() {
  if [ "$(each_home)" != "$ID" ]; then
    replaces_hand_on
    return
  fi
  its_off=
  [ -z "$(replaces_returning)" ] || its_off=$(grep -shx 'off firewalld' "$HOME_FOLDER/replaced" "$LEFT" | drain head -n 1)
  # Until theirs are back, what it has loaded closes.
  [ -z "$its_off" ] || firewalld_silence
  for other in $(replaces_returning); do
    its_note=$(grep -s "^$other " "$HOME_FOLDER/replaced" || grep -s "^$other " "$LEFT")
    if ! other_returns "$other" "${its_note#* }"; then
      [ -z "$its_off" ] || firewalld_returns
      printf '%s\n' "$other"
      return
    fi
  done
  settle_switches
  [ -z "$its_off" ] || { printf '%s\n' "$its_off" | write_note replaced && rm -f "$LEFT" "$LEFT"-* && return; }
  away "$HOME_FOLDER/replaced" "$LEFT" "$LEFT"-*
}

# $2: the services that loaded it; none of rules that no service loads.
other_returns() {
  if [ "$1:$2" = iptables: ]; then
    quietly_other loose_return
  else
    enable_other "$1" "$2" </dev/null >"$RUN/$ID.other-said" 2>&1 9>&- && other_has_rules "$1"
  fi
}

# Once theirs are back: who was off before us is off again.
replaces_off() {
  { grep -qsx 'off firewalld' "$HOME_FOLDER/replaced" && [ "$(each_home)" = "$ID" ]; } || return 0
  timeout 60 systemctl disable firewalld.service >/dev/null 2>&1 9>&-
  firewalld_off && settle_switches
}

replaces_hand_on() {
  [ -s "$HOME_FOLDER/replaced" ] || return 0
  loose_hand_on || {
    printf 'iptables\n'
    return
  }
  while read -r other its_start; do
    grep -qs "^$other " "$LEFT" || printf '%s %s\n' "$other" "$its_start" >>"$LEFT" || printf '%s\n' "$other"
  done <"$HOME_FOLDER/replaced" 2>/dev/null | drain head -n 1
  settle "$LEFT"
}
