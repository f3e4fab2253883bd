# arm ROLE OWNER TOKEN SECONDS: loads the checked release. Unless it is confirmed in time, the device undoes it.

command_arm() {
  no_more $# 4
  take_identity "$1" "$2"
  take_token "$3"
  take_seconds "$4"
  open_folders
  enter
  hold_device
  [ -f "$HOME_FOLDER/checked-$TOKEN" ] || refuse not-checked
  # shellcheck disable=SC2086 # a word, and its value
  is_sound "$HOME_FOLDER/checked-$TOKEN" || refuse $FAULT
  is_allowed "$HOME_FOLDER/checked-$TOKEN" || refuse "$UNALLOWED"
  if edited_since_check; then refuse edited-meanwhile; fi
  all_answered || refuse check-unfinished
  away "$RUN/$ID".checked-* "$RUN/$ID.before"
  if ! replaces_prepare "$HOME_FOLDER/checked-$TOKEN"; then
    other_messages
    refuse not-stopped
  fi
  write_units || refuse units-not-written
  all_answered || refuse check-unfinished
  undo_at=$(($(now) + SECONDS_TO_UNDO))
  start_timer "$TOKEN" "$SECONDS_TO_UNDO" || refuse no-timer
  # Before it is armed: what it names is not there yet, or is somebody else's.
  no_room=$RUN
  if ! { know_addresses && keep_home && take_room && printf '%s\n' "$undo_at" >"$RUN/$ID.trial-$TOKEN"; }; then
    never_armed
    refuse folder-not-writable "folder=$no_room"
  fi
  if ! all_answered; then
    never_armed
    refuse check-unfinished
  fi
  if ! turn "checked-$TOKEN" "armed-$TOKEN"; then
    never_armed
    refuse disk-full
  fi
  failed="not-returned program=$(program_of "$(name_of "$HOME_FOLDER/armed-$TOKEN")")"
  # What was before is given up once nobody else runs any more who would load it again.
  if replaces_bring "$HOME_FOLDER/armed-$TOKEN" && failed=load-failed && change_to "$HOME_FOLDER/armed-$TOKEN" >"$RUN/$ID.said" 2>&1 &&
    failed=not-stopped && replaces_stop && failed=load-failed && has_become "$HOME_FOLDER/armed-$TOKEN" >"$RUN/$ID.said" 2>&1 &&
    failed=check-unfinished && all_answered; then
    announce "$HOME_FOLDER/armed-$TOKEN"
    forget_neighbours
    succeed armed "seconds=$SECONDS_TO_UNDO"
  fi
  if [ "$failed" = 'not-returned program=firewalld' ]; then failed=firewalld-not-started; fi
  case $failed in
    load-failed) own_messages "$RUN/$ID.said" ;;
    *) other_messages ;;
  esac
  stopped=no
  if [ ! -f "$RUN/$ID.stopped" ] && firewalld_stopped "$(name_of "$HOME_FOLDER/armed-$TOKEN")"; then stopped=yes; fi
  not_written=$(write_fault "$(name_of "$HOME_FOLDER/armed-$TOKEN")")
  undo_armed "$TOKEN" || fail load-and-undo-failed
  if [ "$failed" = load-failed ] && [ -n "$not_written" ]; then failed=$not_written; fi
  if [ "$stopped" = yes ]; then failed=firewalld-stopped; fi
  stop_timer "$TOKEN"
  # shellcheck disable=SC2086 # a word, and its values
  refuse $failed
}

never_armed() {
  give_room_back
  trial_over "$TOKEN"
  stop_timer "$TOKEN"
}

# What an undo needs of /run, and of the store for what it notes: either may be full by then, or have no inodes; it goes as the undo begins. What is
# written to /run is some times what is loaded.
MOST_FILES=64
MOST_NOTES=8

take_room() {
  give_room_back
  # Files alone: a pipe that a killed command has left would be waited for.
  # shellcheck disable=SC2033
  its_room=$(find "$HOME_FOLDER" "$RUN/$ID".* -path "$RUN/$ID.home" -prune -o -type f -exec cat {} + 2>/dev/null | wc -c)
  take_files "$RUN/$ID.room" "$((4 * its_room + 262144))" "$MOST_FILES" || return 1
  no_room=$HOME_FOLDER
  take_files "$HOME_FOLDER/room" "$((its_room + 65536))" "$MOST_NOTES" || return 1
  no_room=$RUN
} 2>/dev/null

# $2 bytes as the file $1, and $3 files beside it, in a subshell, which some shells end where they can't make one.
take_files() {
  head -c "$2" /dev/zero >"$1" && (for number in $(seq "$3"); do : >"$1-$number" || exit 1; done)
}

# Until it is over, what it goes back to, too: somebody may take the store away, and the undo with it.
keep_home() {
  rm -rf "$RUN/$ID.home"
  cp -Rp "$HOME_FOLDER" "$RUN/$ID.home"
} 2>/dev/null

# The store is gone, and nobody has undone what is on trial: it is as it was, and armed.
home_again() {
  if [ ! -e "$RUN/$ID.trial-$TOKEN" ] || [ -e "$HOME_FOLDER" ] || [ ! -f "$RUN/$ID.home/checked-$TOKEN" ]; then return 0; fi
  logger -t cpanel-edge "$HOME_FOLDER is gone within a trial: it is put back as it was" 2>/dev/null
  # Half of it would be taken for what is left of an undo.
  rm -rf "$ROOT/again"
  cp -Rp "$RUN/$ID.home" "$ROOT/again" && mv "$ROOT/again/checked-$TOKEN" "$ROOT/again/armed-$TOKEN" && mv "$ROOT/again" "$HOME_FOLDER" && settle "$ROOT"
} 2>/dev/null

give_room_back() {
  away "$RUN/$ID.room"* "$HOME_FOLDER/room"*
} 2>/dev/null

# rollback ROLE OWNER TOKEN: at once. undo is the same, by the timer.
command_rollback() {
  no_more $# 3
  take_identity "$1" "$2"
  take_token "$3"
  open_folders
  enter 600
  # Whose rules are to be seen afterwards, unless another firewall comes back.
  tried=$(found armed || found undoing || confirmed_file) && [ ! -f "$RUN/$ID.stopped" ] && tried=$(name_of "$tried") || tried=
  # Whoever confirmed it may have been killed before it was through.
  if is_confirmed; then
    finish_confirm
    refuse already-confirmed
  fi
  undone_from=nothing
  home_again || fail rollback-incomplete
  if [ -f "$HOME_FOLDER/undoing-$TOKEN" ]; then
    undone_from=undoing
    finish_undo "$TOKEN" || fail rollback-incomplete
  elif [ -f "$HOME_FOLDER/armed-$TOKEN" ]; then
    undone_from=armed
    undo_armed "$TOKEN" || fail rollback-incomplete
  elif [ ! -e "$HOME_FOLDER" ] && timer_waits "$TOKEN"; then
    # The store is gone, and what was kept of it for the trial: nobody knows what to go back to.
    fail rollback-incomplete
  fi
  stop_timer "$TOKEN"
  away "$HOME_FOLDER/offered-$TOKEN" "$HOME_FOLDER/checked-$TOKEN"
  give_device_up "$TOKEN"
  rmdir "$HOME_FOLDER" 2>/dev/null
  # "nothing" to one who had armed it: the timer was first.
  if firewalld_stopped "$tried"; then undone_from="$undone_from stopped=firewalld"; fi
  succeed rolled-back "digest=$(running_digest)" "from=$undone_from"
}

command_undo() {
  logger -t cpanel-edge "release of $* was not confirmed in time: undoing it" 2>/dev/null
  command_rollback "$@"
}

running_digest() {
  if running=$(confirmed_file); then head_of "$running" digest; else printf 'none\n'; fi
}
