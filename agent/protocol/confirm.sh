# confirm ROLE OWNER TOKEN: says yes to this armed release only. The rename to the file that boot loads decides.

command_confirm() {
  no_more $# 3
  take_identity "$1" "$2"
  take_token "$3"
  open_folders
  enter
  # Asked again after its answer was lost.
  if is_confirmed; then after_confirm; fi
  [ "$(on_trial)" = "$HOME_FOLDER/armed-$TOKEN" ] || refuse not-armed
  # shellcheck disable=SC2086 # a word, and its value
  is_sound "$HOME_FOLDER/armed-$TOKEN" || refuse $FAULT
  # `status` says the token: another login than the one that has armed it may ask.
  is_allowed "$HOME_FOLDER/armed-$TOKEN" || refuse "$UNALLOWED"
  take_live
  case $(rules_state) in
    as-loaded) ;;
    edited)
      show_edits
      refuse edited-meanwhile
      ;;
    elsewhere) refuse rules-elsewhere ;;
    *)
      if firewalld_stopped "$noted"; then refuse firewalld-stopped; fi
      refuse rules-gone
      ;;
  esac
  all_answered || refuse check-unfinished
  settle "$HOME_FOLDER/armed-$TOKEN"
  replaces_note || refuse disk-full
  if ! turn "armed-$TOKEN" release; then
    [ ! -f "$HOME_FOLDER/armed-$TOKEN" ] || refuse disk-full
    refuse not-armed
  fi
  after_confirm
}

is_confirmed() {
  [ -f "$HOME_FOLDER/release" ] && head_is "$HOME_FOLDER/release" token "$TOKEN"
}

after_confirm() {
  finish_confirm
  succeed confirmed "digest=$(running_digest)"
}

finish_confirm() {
  give_room_back
  keep_closing
  confirmed_name=$(name_of "$HOME_FOLDER/release")
  by_program keep "$confirmed_name"
  forget_former "$confirmed_name"
  replaces_keep
  replaces_forget
  replaces_end
  replaces_leave
  cpnat_keep "$HOME_FOLDER/release"
  # Until here it brings to its end what somebody killed.
  stop_timer "$TOKEN"
  write_history
  trial_over "$TOKEN"
  away "$HOME_FOLDER/kept" "$HOME_FOLDER/accepted"
  give_device_up "$TOKEN"
}

# "DIGEST MADE RUNNER" of each release that was confirmed for this owner, the newest last: who delivers one of them again is told what
# it takes the place of. A disk that takes nothing must not keep a confirm from its end.
MOST_HISTORY=20

write_history() {
  entry="$(running_digest) $(confirmed_value made) $(confirmed_value runner)"
  [ "$(tail -n 1 "$HOME_FOLDER/history" 2>/dev/null)" != "$entry" ] || return 0
  {
    tail -n "$((MOST_HISTORY - 1))" "$HOME_FOLDER/history"
    printf '%s\n' "$entry"
  } 2>/dev/null >"$HOME_FOLDER/history.new" && mv -f "$HOME_FOLDER/history.new" "$HOME_FOLDER/history" 2>/dev/null
}

# outcome ROLE OWNER TOKEN: what became of a release, for one whose line died.
command_outcome() {
  no_more $# 3
  take_identity "$1" "$2"
  take_token "$3"
  open_folders
  enter
  if is_confirmed; then succeed confirmed "digest=$(running_digest)"; fi
  if [ -f "$HOME_FOLDER/armed-$TOKEN" ]; then succeed armed; fi
  if [ -f "$HOME_FOLDER/undoing-$TOKEN" ]; then succeed undoing; fi
  succeed rolled-back "digest=$(running_digest)"
}
