# upload ROLE OWNER LEASE DIGEST TOKEN: the release file on standard input. Changes nothing that runs.

LONGEST_UPLOAD=120
# Who may deliver may not fill the disk. Ten thousand mappings are a few hundred KiB.
LARGEST_UPLOAD=33554432
LARGEST_FOLDER_KIB=262144
UPLOADS_AT_ONCE=4

command_upload() {
  no_more $# 5
  take_identity "$1" "$2"
  take_lease "$3"
  take_digest "$4"
  take_token "$5"
  open_folders
  receive
  enter
  [ ! -e "$RUN/over-$TOKEN" ] || refuse not-the-holder
  undo_lost
  take_device
  finish_leftovers
  if other=$(on_trial); then refuse busy "holder=$ID armed=${other##*-}"; fi
  # Also of other owners: the device is this delivery's, so nobody's else can be armed any more.
  away "$ROOT"/*/offered-* "$ROOT"/*/checked-*
  check_file "$coming" release_fault
  fault=$FAULT
  [ -z "$fault" ] && ! { head_is "$coming" role "$ROLE" && head_is "$coming" owner "$OWNER"; } && fault=foreign-owner
  [ -z "$fault" ] && ! head_is "$coming" lease "$LEASE" && fault=foreign-lease
  [ -z "$fault" ] && ! head_is "$coming" token "$TOKEN" && fault=foreign-token
  [ -z "$fault" ] && ! { take_digest_of "$coming" && [ "$DIGEST_IS" = "$DIGEST" ] && head_is "$coming" digest "$DIGEST"; } && fault=digest
  [ -z "$fault" ] && ! { judge "$coming" && check_closing "$coming"; } && fault=$FAULT
  if [ -n "$fault" ] || ! all_answered; then
    give_device_up "$TOKEN"
    if [ "$fault" = unfinished ] || ! all_answered; then refuse check-unfinished; fi
    refuse upload-damaged "part=$fault"
  fi
  if ! is_allowed "$coming"; then
    give_device_up "$TOKEN"
    refuse "$UNALLOWED"
  fi
  open_home
  # A boot that wouldn't bring what runs is mended whatever comes.
  if [ -f "$HOME_FOLDER/release" ]; then write_units; fi
  if already_running "$coming" && all_answered; then
    # What isn't in the digest (claims, what retract does) may have changed: the file is taken, nothing is loaded.
    mv -f "$coming" "$HOME_FOLDER/release" && settle "$HOME_FOLDER" && keep_closing
    cpnat_keep "$HOME_FOLDER/release"
    # This was the next delivery: edits that were accepted for it are not there, and not accepted any more.
    away "$HOME_FOLDER/accepted"
    give_device_up "$TOKEN"
    succeed running "digest=$DIGEST"
  fi
  mv -f "$coming" "$HOME_FOLDER/offered-$TOKEN" || refuse disk-full
  succeed uploaded "digest=$DIGEST"
}

# Before the lock is taken: a line that died without a word must not keep boot and nftables.service waiting.
receive() {
  # A clock that was put back leaves uploads of a time to come: they would never be old.
  find "$ROOT" -name 'coming-*' \( -mmin +3 -o -newermt '3 minutes' \) -exec rm -f {} + 2>/dev/null
  find "$RUN" -name 'over-*' -mmin +10 -exec rm -f {} + 2>/dev/null
  set -- "$ROOT"/coming-*
  [ $# -lt "$UPLOADS_AT_ONCE" ] || refuse busy holder=other-uploads
  used=$(du -sk "$ROOT")
  [ "${used%%[!0-9]*}" -le "$LARGEST_FOLDER_KIB" ] || refuse folder-full
  coming=$(mktemp "$ROOT/coming-XXXXXXXXXX" 2>/dev/null) || refuse folder-not-writable "folder=$ROOT"
  trap 'away "$coming"' EXIT
  timeout "$LONGEST_UPLOAD" head -c "$((LARGEST_UPLOAD + 1))" >"$coming" 2>/dev/null
  case $? in
    0) ;;
    124 | 143) refuse upload-damaged part=late ;;
    *) refuse disk-full ;;
  esac
  [ "$(wc -c <"$coming")" -le "$LARGEST_UPLOAD" ] || refuse upload-too-large "most=$LARGEST_UPLOAD"
  settle "$coming" || refuse disk-full
}

# Same digest, same lease, rules and addresses are there, untouched, and the next boot brings them.
already_running() {
  [ -f "$HOME_FOLDER/release" ] || return 1
  head_is "$HOME_FOLDER/release" digest "$DIGEST" && head_is "$HOME_FOLDER/release" lease "$LEASE" || return 1
  is_whole "$HOME_FOLDER/release" || return 1
  check_claims "$1" || return 1
  take_live
  [ "$(rules_state)" = as-loaded ] && by_program in_place "$(name_of "$1")" && [ ! -e "$RUN/$ID.closed" ] || return 1
  [ -z "$(unit_faults "$(programs_here)")" ] && [ -z "$(restart_faults "$1")" ] || return 1
  [ -z "$(cpnat_said "$1" nat-mode)" ] || { cpnat_is "$1" && settings_are "$1"; } || return 1
  addresses_present "$1"
}
