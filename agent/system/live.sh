# What of ours runs now: its state, its fingerprint, and what somebody has edited.

# What runs, in `live`, asked once for its state, its fingerprint and its edits. Nothing of it goes by a file: /run may be full, and half of what runs is
# no edit.
take_live() {
  take_noted
  live=
  is_live=no
  if [ -n "$noted" ] && live=$(live_rules "$noted"); then is_live=yes; fi
  # A listing that is taken while another program replaces rules may hold a chain twice: one that differs is taken again.
  if [ "$is_live" = yes ] && ! is_as_loaded; then live=$(live_rules "$noted") || is_live=no; fi
}

is_as_loaded() {
  [ -s "$HOME_FOLDER/loaded" ] && printed_live | drain cmp -s - "$HOME_FOLDER/loaded"
}

# Whoever compares it stops reading at the first difference, of which a shell that still writes would tell the operator.
printed_live() {
  printf '%s\n' "$live"
} 2>/dev/null

live_fingerprint() {
  if [ -n "$live" ]; then printed_live | sha256; else printf 'none\n'; fi
}

# Rules of the release's name that aren't those we loaded: another owner's, or an administrator's.
name_taken() {
  wished_name=$(name_of "$1")
  [ "$(own_name)" != "$wished_name" ] || return 1
  live_rules "$wished_name" >/dev/null
}

# Prints as-loaded, elsewhere (as loaded, in the back end of iptables that is not the host's any more), edited, absent (flushed), none (nothing of
# ours was loaded), or foreign (the name is taken).
rules_state() {
  if offered_file=$(found offered) && name_taken "$offered_file"; then
    printf 'foreign\n'
  elif [ -f "$HOME_FOLDER/table" ] && [ -f "$HOME_FOLDER/loaded" ]; then
    if is_as_loaded; then
      if by_program elsewhere "$noted"; then printf 'elsewhere\n'; else printf 'as-loaded\n'; fi
    elif [ "$is_live" = yes ]; then
      printf 'edited\n'
    else
      printf 'absent\n'
    fi
  else
    printf 'none\n'
  fi
}

# What was edited, for a person.
show_edits() {
  printed_live | diff "$HOME_FOLDER/loaded" - | grep '^[<>]' | drain head -n 40 | cut -c 1-300 | payload
}
