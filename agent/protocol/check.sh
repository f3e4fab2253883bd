# check ROLE OWNER TOKEN [LEASE]: everything that can be known before anything changes. The lease is one that may be taken over.

command_check() {
  adopted=
  if [ $# -eq 4 ]; then
    take_lease "$4"
    adopted=$LEASE
  else
    no_more $# 3
  fi
  take_identity "$1" "$2"
  take_token "$3"
  open_folders
  enter
  hold_device
  offered=$HOME_FOLDER/offered-$TOKEN
  [ -f "$offered" ] || refuse not-uploaded
  is_sound "$offered" || turn_down "$FAULT"
  is_allowed "$offered" || turn_down "$UNALLOWED"
  check_lease "$offered"
  check_claims "$offered" || case $FAULT in
    unfinished) turn_down check-unfinished ;;
    *) turn_down "claimed owner=${FAULT%% *} prefix=${FAULT#* }" ;;
  esac
  away "$RUN/$ID.differs"
  fault=$(surroundings_fault "$offered") || fault=${fault:-check-unfinished}
  [ -n "$fault" ] || fault=$(replaces_fault "$offered") || fault=${fault:-check-unfinished}
  if [ -n "$fault" ]; then
    [ ! -f "$RUN/$ID.differs" ] || payload <"$RUN/$ID.differs"
    turn_down "$fault"
  fi
  fault=$(cpnat_fault "$offered")
  [ -z "$fault" ] || turn_down "$fault"
  take_live
  state=$(rules_state)
  case $state in
    edited)
      accepted=
      [ -f "$HOME_FOLDER/accepted" ] && read -r accepted <"$HOME_FOLDER/accepted"
      if [ "$accepted" != "$(live_fingerprint)" ]; then
        show_edits
        turn_down "edited fingerprint=$(live_fingerprint)"
      fi
      ;;
    foreign) turn_down "table-exists table=$(name_of "$offered")" ;;
  esac
  taken=$(duplicate_address "$offered")
  [ -z "$taken" ] || turn_down "address-in-use address=$taken"
  if ! check_rules "$offered" >"$RUN/$ID.said" 2>&1; then
    own_messages "$RUN/$ID.said"
    turn_down syntax
  fi
  all_answered || turn_down check-unfinished
  printf '%s\n' "$(live_fingerprint)" >"$RUN/$ID.checked-$TOKEN" || refuse folder-not-writable "folder=$RUN"
  turn "offered-$TOKEN" "checked-$TOKEN" || refuse disk-full
  # What synthesis assumed is compared by the runner, which knows it.
  read_facts "$(name_of "$HOME_FOLDER/checked-$TOKEN")"
  # To ask for thousands of addresses takes minutes.
  hold_device
  all_answered || refuse check-unfinished
  succeed checked "rules=$state"
}

# Stored as it was sent, and all that is said of a text by itself is asked again. FAULT is a refusal, or nothing.
is_sound() {
  if is_whole "$1" && judge "$1" && check_closing "$1"; then return 0; fi
  if [ "$FAULT" = unfinished ] || ! all_answered; then FAULT=check-unfinished; else FAULT='upload-damaged part=stored'; fi
  return 1
}

# Refused, and the next delivery needn't wait for this one.
turn_down() {
  rm -f "$HOME_FOLDER/offered-$TOKEN"
  give_device_up "$TOKEN"
  rmdir "$HOME_FOLDER" 2>/dev/null
  refuse "$1"
}

# What stood there when the check said yes is what is loaded over: an edit after it is somebody's, and was shown to nobody.
edited_since_check() {
  if name_taken "$HOME_FOLDER/checked-$TOKEN"; then return 0; fi
  take_live
  [ "$(rules_state)" = edited ] || return 1
  seen=
  [ -f "$RUN/$ID.checked-$TOKEN" ] && read -r seen <"$RUN/$ID.checked-$TOKEN"
  [ "$(live_fingerprint)" != "$seen" ]
}

# A release of another state is not ours to replace; rules that a retract left closed belong to nobody.
check_lease() {
  if [ -f "$HOME_FOLDER/release" ]; then
    theirs=$(head_of "$HOME_FOLDER/release" lease)
    head_is "$1" lease "$theirs" || [ "$theirs" = "$adopted" ] || turn_down "foreign-lease lease=$theirs"
  fi
}

# accept FINGERPRINT: the next delivery may overwrite rules that were edited by hand, exactly those.
command_accept() {
  no_more $# 1
  take_digest "${1-}"
  open_folders
  enter
  for candidate in $(each_home); do
    select_home "$candidate"
    take_live
    if [ "$(rules_state)" = edited ] && [ "$(live_fingerprint)" = "$DIGEST" ]; then
      is_allowed "$(confirmed_file)" || refuse "$UNALLOWED"
      printf '%s\n' "$DIGEST" >"$HOME_FOLDER/accepted" || refuse disk-full
      succeed accepted "owner=$OWNER role=$ROLE"
    fi
  done
  refuse no-such-edit
}
