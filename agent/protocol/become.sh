# From what runs to a release. Removal begins with addresses and ends with rules, growth the other way: an address that is
# local without the rules that guard it would open the box itself.

# $1: release file, or "none" for the state without one (empty rules: dropping the last NAT table would reset sessions).
# $2: the name of what is undone. Whoever loaded it may have died before it was remembered.
become() {
  change_to "$@" && has_become "$1"
}

has_become() {
  # A first release that never came to be loaded leaves nothing.
  if [ "$1" = none ] && ! live_rules "$wanted_name" >/dev/null; then
    rm -f "$HOME_FOLDER/table" "$HOME_FOLDER/loaded"
  else
    remember_loaded "$wanted_name"
  fi
}

change_to() {
  tried_name=${2-}
  wanted_name=$(known_name "$1")
  [ -n "$wanted_name" ] || wanted_name=$tried_name
  if [ "$1" = none ]; then
    remove_addresses_except /dev/null || return 1
    # Where something was confirmed and its file is gone, what closes stays.
    if [ ! -f "$HOME_FOLDER/closed" ] || ! close_down; then
      if [ -n "$wanted_name" ]; then load_empty "$wanted_name" || return 1; fi
    fi
  else
    # What is undone gives way to what was before, or to what closes where that is damaged.
    whole=no
    if is_whole "$1"; then whole=yes; fi
    if [ "$whole" = yes ]; then section_of "$1" addresses >"$RUN/$ID.wanted"; else : >"$RUN/$ID.wanted"; fi || return 1
    remove_addresses_except "$RUN/$ID.wanted" || return 1
    if ! { [ "$whole" = yes ] && load_named "$1" "$wanted_name"; }; then
      [ -n "$tried_name" ] && { close_down || load_rules "$1" || load_empty "$wanted_name"; } || return 1
    fi
    add_addresses "$RUN/$ID.wanted" || return 1
    rm -f "$RUN/$ID.wanted"
  fi
  if [ -n "$tried_name" ] && [ "$tried_name" != "$wanted_name" ]; then remove_rules "$tried_name" || return 1; fi
}

# First rules are named on the disk before they are loaded: rules that nobody can name would stay for ever.
load_named() {
  if [ -f "$HOME_FOLDER/table" ]; then
    # Of another name than those that are there: they are to be given up where this comes to no end.
    take_noted
    if [ "$noted" != "$2" ]; then printf '%s\n' "$2" >>"$HOME_FOLDER/former" && settle "$HOME_FOLDER/former"; fi 2>/dev/null
    load_rules "$1"
    return
  fi
  if printf '%s\n' "$2" >"$HOME_FOLDER/table" && settle "$HOME_FOLDER/table" && load_rules "$1"; then return 0; fi
  rm -f "$HOME_FOLDER/table"
  return 1
}

# The name of a release, or with none the one that was loaded last.
known_name() {
  if [ "$1" != none ]; then name_of "$1"; else own_name; fi
}

# What was kept in /run for the trial under a token.
trial_over() {
  rm -rf "$RUN/$ID.trial-$1" "$RUN/$ID.before" "$RUN/$ID.home"
}

# Undoes what is armed under a token. The rename decides: a confirm that came first has taken the file away.
undo_armed() {
  give_room_back
  if turn "armed-$1" "undoing-$1"; then
    finish_undo "$1"
  elif [ -f "$HOME_FOLDER/armed-$1" ]; then
    undo_unwritten "$1"
  else
    return 2
  fi
}

# The disk takes nothing, so the file stays as it is: no confirm gets its rename either, and nobody takes it for a trial any more. What
# runs is undone all the same; the file goes with the next delivery that can write.
undo_unwritten() {
  undone_to=$(confirmed_file) || undone_to=none
  replaces_back || replaces_spared "$undone_to" || return 1
  change_to "$undone_to" "$(name_of "$HOME_FOLDER/armed-$1")" || return 1
  replaces_leave
  trial_over "$1"
  give_device_up "$1"
}

finish_undo() {
  give_room_back
  undone_to=$(confirmed_file) || undone_to=none
  replaces_back || replaces_spared "$undone_to" || return 1
  change_to "$undone_to" "$(name_of "$HOME_FOLDER/undoing-$1")" || return 1
  replaces_leave
  # What is stopped loads the former rules when it starts, and they are not there to be seen before.
  has_become "$undone_to" || firewalld_stopped "$wanted_name" || return 1
  rm -f "$HOME_FOLDER/undoing-$1"
  trial_over "$1"
  settle "$HOME_FOLDER"
  give_device_up "$1"
}

# A trial of any owner whose timer is gone would never end: whoever finds it undoes it.
undo_lost() {
  for candidate in $(each_home); do
    set -- "$ROOT/$candidate"/armed-*
    [ -f "$1" ] || continue
    (
      select_home "$candidate"
      lost=$(on_trial) && timer_lost "${lost##*-}" || exit 0
      logger -t cpanel-edge "the timer of $ID is gone: undoing what is on trial" 2>/dev/null
      undo_armed "${lost##*-}"
    ) || fail rollback-incomplete
  done
}

# What a cut-off command left, before anything else is done for this owner.
finish_leftovers() {
  if left=$(found armed) && ! on_trial >/dev/null; then undo_armed "${left##*-}" || fail rollback-incomplete; fi
  if left=$(found undoing); then finish_undo "${left##*-}" || fail rollback-incomplete; fi
  # Left beside a new release, the next boot would take that one away.
  if [ -f "$HOME_FOLDER/retracting" ]; then finish_retract || fail retract-incomplete; fi
}
