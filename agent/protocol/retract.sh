# retract ROLE OWNER LEASE TOKEN: a gateway goes back to what it was without us; a server stays closed unless asked otherwise.

command_retract() {
  no_more $# 4
  take_identity "$1" "$2"
  take_lease "$3"
  take_token "$4"
  open_folders
  enter
  undo_lost
  take_device
  finish_leftovers
  if other=$(on_trial); then refuse busy "holder=$ID armed=${other##*-}"; fi
  if ! is_allowed ''; then
    give_device_up "$TOKEN"
    refuse "$UNALLOWED"
  fi
  if [ -f "$HOME_FOLDER/release" ]; then
    theirs=$(head_of "$HOME_FOLDER/release" lease)
    if [ "$theirs" != "$LEASE" ]; then
      give_device_up "$TOKEN"
      refuse foreign-lease "lease=$theirs"
    fi
    if [ "$ROLE" = server ] && head_is "$HOME_FOLDER/release" on-retract keep-closed; then
      turn release kept || not_given_up retract-incomplete
      cpnat_give_back || fail retract-incomplete
      give_device_up "$TOKEN"
      succeed retracted left=closed
    fi
    not_back=$(replaces_return)
    if [ -n "$not_back" ]; then
      other_messages
      give_device_up "$TOKEN"
      refuse not-returned "program=$not_back"
    fi
    not_written=$(write_fault "$(own_name)")
    if [ -n "$not_written" ]; then
      give_device_up "$TOKEN"
      refuse "$not_written"
    fi
    turn release retracting || not_given_up retract-incomplete
  fi
  # Asked again after it was done, or rules that were forgotten: they belong to nobody, so nobody may take them away.
  if [ -f "$HOME_FOLDER/kept" ] && [ ! -f "$HOME_FOLDER/retracting" ]; then
    cpnat_give_back || fail retract-incomplete
    give_device_up "$TOKEN"
    if [ "$ROLE" = server ] && head_is "$HOME_FOLDER/kept" on-retract keep-closed; then succeed retracted left=closed; fi
    succeed retracted left=rules
  fi
  if ! finish_retract 2>"$RUN/$ID.said"; then
    own_messages "$RUN/$ID.said"
    fail retract-incomplete
  fi
  give_device_up "$TOKEN"
  # Also where what was cut off before was finished now.
  if [ -n "$copy_left" ]; then succeed retracted left=copy "file=$copy_left"; fi
  succeed retracted left=nothing
}

# The disk took not even the first rename, so all is as it was; unless what gave way to us has been brought back by now.
not_given_up() {
  if [ ! -f "$HOME_FOLDER/release" ] || [ -e "$HOME_FOLDER/replaced" ]; then fail "$1"; fi
  give_device_up "$TOKEN"
  refuse folder-not-writable "folder=$HOME_FOLDER"
}

# Also by boot, when the power went in between.
finish_retract() {
  gone_name=$(known_name none)
  remove_addresses_except /dev/null || return 1
  replaces_off || return 1
  if [ -n "$gone_name" ]; then
    remove_rules "$gone_name" || return 1
    forget_former "$gone_name" || return 1
    remove_copies "$gone_name"
  fi
  cpnat_give_back || return 1
  [ ! -d "$HOME_FOLDER" ] || rm -rf "$HOME_FOLDER" || return 1
  rm -rf "$RUN/$ID".*
  if [ -z "$(each_home)" ]; then remove_units; fi
  settle "$ROOT"
}

# forget ROLE OWNER LEASE: the rules stay as they are, boot included, and belong to nobody.
command_forget() {
  no_more $# 3
  take_identity "$1" "$2"
  take_lease "$3"
  open_folders
  enter
  undo_lost
  finish_leftovers
  if other=$(on_trial); then refuse busy "holder=$ID armed=${other##*-}"; fi
  if [ ! -f "$HOME_FOLDER/release" ]; then
    if [ -f "$HOME_FOLDER/kept" ]; then succeed forgotten left=rules; fi
    succeed forgotten left=nothing
  fi
  theirs=$(head_of "$HOME_FOLDER/release" lease)
  [ "$theirs" = "$LEASE" ] || refuse foreign-lease "lease=$theirs"
  is_allowed "$HOME_FOLDER/release" || refuse "$UNALLOWED"
  turn release kept || not_given_up forget-incomplete
  away "$HOME_FOLDER"/cpnat-*
  succeed forgotten left=rules
}
