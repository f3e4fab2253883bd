# Rules of iptables that others have. A reload of 1.x takes all of them away, and leaves policies that drop.

firewalld_flushes() {
  matches "$(firewalld_version 2>/dev/null)" '([01]|2[.][0-2])([.].*)?'
}

# Fails where they would not come back: no trial is worth that, and an undo has another way. What closes goes before them.
firewalld_keep_iptables() {
  if keep_iptables reload && printf '' >"$RUN/$ID.reload-kept"; then return 0; fi 2>/dev/null
  rm -f "$RUN/$ID.reload"-*
  ! { on_trial >/dev/null || [ -e "$RUN/$ID.before" ]; } || ! firewalld_flushes
}

# They are kept where they could not be put back, until they can.
firewalld_iptables() {
  if [ ! -e "$RUN/$ID.reload-kept" ] || restore_iptables reload; then
    rm -f "$RUN/$ID.reload"-*
  else
    logger -t cpanel-edge "a reload of firewalld took rules of iptables away, which could not be put back" 2>/dev/null
  fi
}

# Whoever reloaded was killed before they were back, or it failed. Where one of them is there, nobody has taken them away, or somebody has brought them.
firewalld_left() {
  if [ ! -e "$RUN/$ID.reload-kept" ]; then return; fi
  # What that one began goes on without it, and while it does firewalld answers nothing.
  flock -w 130 "$RUN/reloads" true 9>&-
  firewalld_answers
  for family in $(families_here); do
    { "${family}tables-save" && printf 'end of what is\n' && cat "$RUN/$ID.reload-$family"; } 2>/dev/null 9>&- | awk '
      $0 == "end of what is" { were = 1; next }
      $1 != "-A" { next }
      !were { there[$0]; next }
      { if ($0 in there) kept = 1; else lost = 1 }
      END { exit lost && !kept }' && rm -f "$RUN/$ID.reload-$family"
  done
  firewalld_iptables
}
