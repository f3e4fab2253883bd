# Rules of iptables that no service loads: an administrator's, and a release's of ours. A start of firewalld takes them away. So where a release has
# firewalld started, "iptables" in its replaces means them, too. The others' among them are kept in files: replacing-ip, replacing-ip6 and replacing-sets
# once the release is about to be confirmed, replaced-… until a retract.

# Whether firewalld neither runs nor starts with the device, and can.
firewalld_is_off() {
  ! firewalld_answers && ! firewalld_enabled && unit_exists firewalld
}

# Whether such rules give way to the release $1. Where another program writes rules of iptables, they are that program's.
iptables_is_loose() {
  [ "$(program_of "$(name_of "$1")")" = firewalld ] && firewalld_is_off && alone_here >/dev/null && iptables_runs
}

# Whether iptables has rules: of a release of this owner, or others' but bans.
iptables_runs() {
  case $(own_name) in ce-*) return 0 ;; esac
  for family in $(families_here); do
    if "${family}tables-save" 2>/dev/null 9>&- | others_rules | drain grep -Eq "$ANY_RULE"; then return 0; fi
  done
  return 1
}

# Of what iptables-save prints, all but the rules of this owner and bans.
others_rules() {
  awk -v ours="$(iptables_chains "$(own_name)")" -v bans="^($BANS)$" "$IS_OURS"'
    is_ours($0) || /^:/ && substr($1, 2) ~ bans || $1 == "-A" && ($2 ~ bans || $(NF - 1) ~ /^-[jg]$/ && $NF ~ bans) { next }
    { print }'
}

# Before a trial, out of what was kept for its undo.
loose_prepare() {
  for family in $(families_here); do
    others_rules <"$RUN/$ID.ran-$family" >"$RUN/$ID.loose-$family" || return 1
  done
  if [ -s "$RUN/$ID.ran-sets" ]; then cp "$RUN/$ID.ran-sets" "$RUN/$ID.loose-sets" || return 1; fi
} 2>/dev/null

# Before the rename that decides.
loose_note() {
  away "$HOME_FOLDER/replacing"-*
  for loose_file in "$RUN/$ID.loose"-*; do
    [ -f "$loose_file" ] || continue
    loose_noted=$HOME_FOLDER/replacing-${loose_file##*-}
    cp "$loose_file" "$loose_noted" && settle "$loose_noted" || return 1
  done
} 2>/dev/null

# Once it is confirmed. Rules that gave way to an earlier release are those that come back.
loose_keep() {
  for loose_file in "$HOME_FOLDER/replacing"-*; do
    [ -f "$loose_file" ] || continue
    if grep -qs '^iptables ' "$HOME_FOLDER/replaced"; then rm -f "$loose_file"; else mv -f "$loose_file" "$HOME_FOLDER/replaced-${loose_file##*-}"; fi
  done
}

# To the last owner on the device, whose retract brings them back.
loose_hand_on() {
  for loose_file in "$HOME_FOLDER/replaced"-*; do
    if [ -f "$loose_file" ] && ! grep -qs '^iptables ' "$LEFT"; then cp "$loose_file" "$LEFT-${loose_file##*-}" || return 1; fi
  done
} 2>/dev/null

# Others' rules come back beside what is there by now. Fails where they do not.
loose_return() {
  loose_kept=$HOME_FOLDER/replaced
  grep -qs '^iptables ' "$loose_kept" || loose_kept=$LEFT
  [ -f "$loose_kept-ip" ] || return 1
  for family in $(families_here); do
    [ -s "$loose_kept-$family" ] || continue
    loose_load || { [ -s "$loose_kept-sets" ] && ipset restore -exist <"$loose_kept-sets" 9>&- && loose_load; } || return 1
  done
}

loose_load() {
  printed "$RUN/$ID.returns" loose_script && "${family}tables-restore" --wait 10 --noflush <"$RUN/$ID.returns" 9>&-
  loaded=$?
  rm -f "$RUN/$ID.returns"
  return "$loaded"
}

loose_script() {
  { "${family}tables-save" 9>&- && printf 'end of what is\n' && cat "$loose_kept-$family" && printf 'end of what comes\n'; } | awk -v builtin="$BUILT_IN" '
    $0 == "end of what is" { comes = 1; next }
    $0 == "end of what comes" { whole = 1; next }
    /^\*/ { table = $1 }
    !comes { there[table, $0]; next }
    $1 == "-A" && $2 ~ builtin && (table, $0) in there { next }
    { print }
    END { exit !whole }'
}
