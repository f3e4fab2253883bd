# Firewalls that a release of a server takes the place of, a line each: "replace ufw". Its rules are loaded before theirs go, and theirs are back before
# its go. On trial they are stopped, and would start with the device as ever; once it is confirmed they don't. In RUN, $ID.stopped names what is
# stopped for a trial, with the units that were enabled, or started, of it, and $ID.ran-* is what iptables had. In HOME_FOLDER, replacing (below a token) says what is about
# to be switched off, and replaced what has been: a retract switches that on again.
# A release that is written for one of these has it back for its trial, and one that is written for firewalld starts it; returning (below a token) says so,
# and where nobody confirms it is switched off again. "off firewalld" in the other notes: it was off before.

# Asked by every command; form 4 alone has them.
replaced_by() {
  read -r its_form <"$1"
  [ "$its_form" != 'cpanel-edge-release 4' ] || section_of "$1" replaces 'replace '
}

# Those of the release $1 that run, or would start with the device.
replaced_on() {
  its_replaced=$(replaced_by "$1")
  [ -n "$its_replaced" ] || return 0
  # shellcheck disable=SC2086 # words
  its_replaced=" $(printf '%s ' $its_replaced)"
  for other in $REPLACEABLE; do
    case $its_replaced in *" $other "*) if other_is_on "$other" || { [ "$other" = iptables ] && iptables_is_loose "$1"; }; then printf '%s\n' "$other"; fi ;; esac
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
      elif firewalld_panics; then
        printf 'firewalld-panic\n' && return
      elif firewalld_differs "$(own_name)"; then
        printf 'firewalld-runtime\n' && return
      fi
      ;;
  esac
  if [ "$(program_of "$(name_of "$1")")" = firewalld ] && firewalld_answers; then
    # They don't start beside it: nobody could bring them back as they were, but where they gave way before.
    for other in csf iptables; do
      printf '%s\n' "$replacing" | grep -qx "$other" && ! grep -qs "^$other " "$HOME_FOLDER/replaced" && printf 'replaces-beside program=%s\n' "$other" && return
    done
  fi
  case $replacing in
    firewalld) ;;
    *) its_kind=$(other_kind) && printf 'replaces-other-kind program=%s\n' "$its_kind" && return ;;
  esac
  for family in $(families_here); do
    "${family}tables-save" 2>/dev/null 9>&- | sed -nE "s/^:($OTHERS) .*/replaces-others chain=\1/p"
  done | drain head -n 1
}

# For a trial: what runs is kept, and who gives way noted, before anything is loaded. A start and a reload of firewalld take rules of iptables away.
replaces_prepare() {
  replaces_end
  its_gone=$(replaced_on "$1")
  [ -n "$its_gone" ] || return 0
  keep_iptables ran && : >"$RUN/$ID.ran" || return 1
  if ! firewalld_answers; then : >"$RUN/$ID.idle" || return 1; fi
  for other in $its_gone; do
    its_services=$(services_on "$other")
    case $other:$its_services in iptables:) loose_prepare || return 1 ;; esac
    printf '%s %s\n' "$other" "$its_services" >>"$RUN/$ID.stopped" || return 1
  done
}

replaces_stop() {
  [ -f "$RUN/$ID.stopped" ] || return 0
  while read -r other _; do
    quietly_other stop_other "$other" || return 1
  done <"$RUN/$ID.stopped"
}

# Stopped for what is on trial, or about to be switched off for what was confirmed.
has_given_way() {
  { on_trial >/dev/null && grep -qs "^$1 " "$RUN/$ID.stopped"; } || grep -qs "^$1 " "$HOME_FOLDER/replacing"
}

# What ran before the trial runs again; fails where some of it doesn't.
replaces_back() {
  [ -f "$RUN/$ID.stopped" ] || return 0
  came_back=yes
  if grep -q '^firewalld ' "$RUN/$ID.stopped" && [ ! -e "$RUN/$ID.idle" ]; then
    if firewalld_returns; then
      replaces_leave
    # Rules of iptables are all that closes.
    elif [ "$(program_of "$(name_of "$(found undoing || found armed)")")" != nft ]; then
      return 1
    else
      came_back=no
    fi
  elif has_started_for firewalld; then
    firewalld_silence
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

# Where theirs don't come back, and there are none of ours in $1 to go back to, those on trial stay until the device starts again, and theirs with it.
replaces_spared() {
  [ "$1" != none ] && { [ "$(program_of "$(name_of "$1")")" != firewalld ] || firewalld_answers; }
}

# Of a trial that is over.
replaces_end() {
  away "$RUN/$ID.ran" "$RUN/$ID.ran"-* "$RUN/$ID.loose"-* "$RUN/$ID.stopped" "$RUN/$ID.idle"
}

# About to be confirmed: what a confirm that comes to no end has to finish. Who was off before and stays is noted, too.
replaces_note() {
  [ -s "$RUN/$ID.stopped" ] || return 0
  its_stopped=$(cat "$RUN/$ID.stopped") || return 1
  if has_started_for firewalld; then its_stopped="$its_stopped
off firewalld"; fi
  loose_note && printf '%s\n' "$TOKEN" "$its_stopped" | write_note replacing
}

# Of what gave way to the release that runs, what rules of the name $1 are written for, as it was noted; and csf, which doesn't start beside firewalld,
# where that gives way to the release $2.
returns_for() {
  its_program=$(program_of "$1")
  [ "$its_program" = csf ] && ! other_is_on csf || return 1
  grep -s '^csf ' "$HOME_FOLDER/replaced" && return
  other_is_there csf && replaced_on "$2" | drain grep -qx firewalld && printf 'csf %s\n' "$(services_on csf)"
}

# It was off before what is on trial.
has_started_for() {
  grep -qs "^$1 " "$HOME_FOLDER/returning"
}

# Before the release $1 is tried. Until then its former rules stand beside ours.
replaces_bring() {
  its_name=$(name_of "$1")
  if [ "$(program_of "$its_name")" = firewalld ]; then
    if firewalld_answers || [ "$firewalld_state" = silent ]; then return 0; fi
    [ -f "$RUN/$ID.stopped" ] && firewalld_starts "$1" || return 1
    printf '%s\n' "$TOKEN" 'firewalld ' | write_note returning && firewalld_bring
    return
  fi
  its_return=$(returns_for "$its_name" "$1") || its_return=
  if [ "$(program_of "$its_name")" = csf ] && has_given_way firewalld; then firewalld_silence || return 1; fi
  [ -n "$its_return" ] || return 0
  printf '%s\n' "$TOKEN" "$its_return" | write_note returning &&
    enable_other "${its_return%% *}" "${its_return#* }" </dev/null >"$RUN/$ID.other-said" 2>&1 9>&- && other_has_rules "${its_return%% *}"
}

# Once what was before runs again, and after a start of the device. Of a release that was confirmed it stays.
replaces_leave() {
  [ -f "$HOME_FOLDER/returning" ] || return 0
  is_of_release returning || disable_noted returning
  away "$HOME_FOLDER/returning"
}
