# Firewalls that a release of a server takes the place of, a line each: "replace ufw". Its rules are loaded before theirs go, and theirs are back before
# its go. On trial they are stopped, and would start with the device as ever; once it is confirmed they don't. In RUN, $ID.stopped names what is
# stopped for a trial, with the units that were enabled, or started, of it, and $ID.ran-* is what iptables had. In HOME_FOLDER, replacing (below a token) says what is about
# to be switched off, and replaced what has been: a retract switches that on again.
# A release that is written for one of these has it back for its trial; returning (below a token) says so, and where nobody confirms it is switched off again.

# Asked by every command; form 4 alone has them.
replaced_by() {
  read -r its_form <"$1"
  [ "$its_form" != 'cpanel-edge-release 4' ] || section_of "$1" replaces | sed -n 's/^replace //p'
}

# Those of the release $1 that run, or would start with the device.
replaced_on() {
  its_replaced=$(replaced_by "$1" | tr '\n' ' ')
  [ -n "$its_replaced" ] || return 0
  for other in $REPLACEABLE; do
    case " $its_replaced" in *" $other "*) if other_is_on "$other"; then printf '%s\n' "$other"; fi ;; esac
  done
}

# Words of a refusal, or nothing.
replaces_fault() {
  replacing=$(replaced_on "$1")
  [ -n "$replacing" ] || return 0
  for candidate in $(each_home); do
    beside=$(select_home "$candidate" && program_of "$(own_name)")
    case $candidate:$beside in
      "$ID":* | *:nft) ;;
      *) printf 'replaces-owner owner=%s program=%s\n' "${candidate#*-}" "$beside" && return ;;
    esac
  done
  case $replacing in
    *firewalld*)
      # Where it doesn't run, it would load what its files say.
      if ! firewalld_answers; then
        :
      elif firewalld_ask --query-panic >/dev/null 2>&1; then
        printf 'firewalld-panic\n' && return
      elif firewalld_differs "$(own_name)"; then
        printf 'firewalld-runtime\n' && return
      fi
      ;;
  esac
  case $replacing in
    firewalld) ;;
    *) its_kind=$(other_kind) && printf 'replaces-other-kind program=%s\n' "$its_kind" && return ;;
  esac
  for family in $(families_here); do
    "${family}tables-save" 2>/dev/null 9>&- | sed -nE "s/^:($OTHERS) .*/replaces-others chain=\1/p"
  done | head -n 1
}

# For a trial: what runs is kept before anything is loaded. A reload of firewalld takes rules of iptables away.
replaces_prepare() {
  replaces_end
  [ -z "$(replaced_on "$1")" ] || { keep_iptables ran && : >"$RUN/$ID.ran"; }
}

replaces_stop() {
  for other in $(replaced_on "$1"); do
    its_start=$(services_on "$other")
    printf '%s %s\n' "$other" "$its_start" >>"$RUN/$ID.stopped" && quietly_other stop_other "$other" || return 1
  done
}

# What ran before the trial runs again; fails where some of it doesn't.
replaces_back() {
  [ -f "$RUN/$ID.stopped" ] || return 0
  came_back=yes
  if grep -q '^firewalld ' "$RUN/$ID.stopped"; then
    # By its drop-in it may wait for this very program.
    { timeout "$MOST_SECONDS" systemctl --no-block start firewalld.service && until_firewalld; } </dev/null >/dev/null 2>&1 9>&- || came_back=no
  fi
  if [ -f "$RUN/$ID.ran" ]; then
    if restore_iptables ran; then
      rm -f "$RUN/$ID.ran"
    else
      start_others || came_back=no
    fi
  fi
  if grep -q '^csf .*lfd=' "$RUN/$ID.stopped"; then timeout "$MOST_SECONDS" systemctl --no-block start lfd.service >/dev/null 2>&1 9>&-; fi
  [ "$came_back" = yes ] && replaces_end
}

# Of a trial that is over.
replaces_end() {
  rm -f "$RUN/$ID.ran" "$RUN/$ID.ran"-* "$RUN/$ID.stopped"
}

# About to be confirmed: what a confirm that comes to no end has to finish.
replaces_note() {
  [ -s "$RUN/$ID.stopped" ] || return 0
  its_stopped=$(cat "$RUN/$ID.stopped") && printf '%s\n' "$TOKEN" "$its_stopped" | write_note replacing
}

# After a confirm, and by a start of the device that had ended it too early. Of a trial that was never confirmed nothing is left. What is on again and
# was noted before is noted with what it was noted with; another one is what ran last.
replaces_keep() {
  [ -f "$HOME_FOLDER/replacing" ] || return 0
  read -r of_token <"$HOME_FOLDER/replacing"
  if [ -f "$HOME_FOLDER/release" ] && [ "$of_token" = "$(head_of "$HOME_FOLDER/release" token)" ]; then
    if tail -n +2 "$HOME_FOLDER/replacing" | sed 's/ .*//' | grep -qvxF "$(sed 's/ .*//' "$HOME_FOLDER/replaced" 2>/dev/null)"; then
      tail -n +2 "$HOME_FOLDER/replacing" | write_note replaced || return 1
    fi
    disable_noted replacing
  fi
  rm -f "$HOME_FOLDER/replacing"
}

disable_noted() {
  tail -n +2 "$HOME_FOLDER/$1" | while read -r other _; do
    quietly_other disable_other "$other" || logger -t cpanel-edge "$other starts with the device still, beside the rules of $ID" 2>/dev/null
  done
  settle_switches
}

# Of what gave way to the release that runs, what rules of the name $1 are written for, as it was noted.
returns_for() {
  its_program=$(program_of "$1")
  [ "$its_program" = csf ] && ! other_is_on csf && grep -s '^csf ' "$HOME_FOLDER/replaced"
}

# Before the release $1 is tried. Until then its former rules stand beside ours.
replaces_bring() {
  its_return=$(returns_for "$(name_of "$1")") || return 0
  printf '%s\n' "$TOKEN" "$its_return" | write_note returning &&
    enable_other "${its_return%% *}" "${its_return#* }" </dev/null >"$RUN/$ID.other-said" 2>&1 9>&- && other_has_rules "${its_return%% *}"
}

# Once what was before runs again, and after a start of the device. Of a release that was confirmed it stays.
replaces_leave() {
  [ -f "$HOME_FOLDER/returning" ] || return 0
  read -r of_token <"$HOME_FOLDER/returning"
  if [ ! -f "$HOME_FOLDER/release" ] || [ "$of_token" != "$(head_of "$HOME_FOLDER/release" token)" ]; then disable_noted returning; fi
  rm -f "$HOME_FOLDER/returning"
}

# What nobody asks to give way any more stays as it is.
replaces_forget() {
  [ -f "$HOME_FOLDER/replaced" ] || return 0
  while read -r other its_start; do
    if replaced_by "$HOME_FOLDER/release" | grep -qx "$other"; then printf '%s %s\n' "$other" "$its_start"; fi
  done <"$HOME_FOLDER/replaced" | write_note replaced
}

# Once the services of a start of the device may be told something.
replaces_complete() {
  if on_trial >/dev/null; then return; fi
  replaces_keep
  replaces_leave
}

# What had given way to owners who are gone.
LEFT=$ROOT/replaced

# Before anything of ours is given up: says which of them doesn't come back, or nothing. Whoever leaves the device last has them back, of owners who left
# before, too, unless it is there no more.
replaces_return() {
  if [ "$(each_home)" != "$ID" ]; then
    replaces_hand_on
    return
  fi
  for other in $REPLACEABLE; do
    its_note=$(grep -s "^$other " "$HOME_FOLDER/replaced") || { its_note=$(grep -s "^$other " "$LEFT") && other_is_there "$other"; } || continue
    if ! { enable_other "$other" "${its_note#* }" </dev/null >"$RUN/$ID.other-said" 2>&1 9>&- && other_has_rules "$other"; }; then
      printf '%s\n' "$other"
      return
    fi
  done
  settle_switches
  rm -f "$HOME_FOLDER/replaced" "$LEFT"
}

replaces_hand_on() {
  [ -s "$HOME_FOLDER/replaced" ] || return 0
  while read -r other its_start; do
    grep -qs "^$other " "$LEFT" || printf '%s %s\n' "$other" "$its_start" >>"$LEFT" || printf '%s\n' "$other"
  done <"$HOME_FOLDER/replaced" 2>/dev/null | head -n 1
  settle "$LEFT"
}
