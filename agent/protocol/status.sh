# status: one line per owner. read: what the proof needs. facts: what synth assumed.

# Printed once the lock is given up: who may only read, and doesn't read on, must not keep a rollback waiting.
command_status() {
  no_more $# 0
  open_folders
  enter
  told=$(status_lines)
  leave
  armed_anywhere=no
  # One that nothing ends by itself isn't waited for: it is undone by the next delivery.
  if printf '%s\n' "$told" | grep -v ' seconds=lost ' | drain grep -Eq ' armed=[0-9a-f]{16,64} '; then armed_anywhere=yes; fi
  [ -z "$told" ] || say "$told"
  all_answered || fail unreadable
  succeed status "protocol=$PROTOCOL armed=$armed_anywhere"
}

status_lines() {
  faults_of_units=$(unit_faults "$(programs_here)")
  for candidate in $(each_home); do
    select_home "$candidate"
    take_live
    lease=none
    if [ -f "$HOME_FOLDER/release" ]; then lease=$(head_of "$HOME_FOLDER/release" lease); fi
    armed=none
    if file=$(on_trial); then armed=${file##*-}; fi
    tried=none
    if file=$(on_trial); then tried=$(head_of "$file" digest); fi
    printf '%s ' "owner=$OWNER role=$ROLE digest=$(running_digest) lease=$lease armed=$armed rules=$(rules_state)"
    printf '%s ' "fingerprint=$(live_fingerprint) state=$(state_of_home) seconds=$(seconds_left) tried=$tried"
    platform=none
    if [ -n "$noted" ]; then platform=$(platform_of "$noted"); fi
    printf '%s\n' "boot=$(boot_faults) runs=$(what_runs) made=$(confirmed_value made) runner=$(confirmed_value runner) platform=$platform"
    # Beginning with no "owner=", so that drivers that know none of them pass them over.
    if [ -f "$HOME_FOLDER/history" ]; then sed "s/^\([^ ]*\) \([^ ]*\) \(.*\)$/ran=\1 of=$ID made=\2 runner=\3/" "$HOME_FOLDER/history"; fi
  done
  login_lines
}

# Of the confirmed release; "none" where there is none, or one of format 1.
confirmed_value() {
  HEAD_SAYS=
  if [ -f "$HOME_FOLDER/release" ]; then take_head "$HOME_FOLDER/release" "$1"; fi
  printf '%s\n' "${HEAD_SAYS:-none}"
}

# By which of the device's files the rules that run came: release, kept or trial, or nothing; or what closes where that was damaged.
what_runs() {
  if on_trial >/dev/null; then
    printf 'trial\n'
  elif [ -e "$RUN/$ID.closed" ]; then
    printf 'closed\n'
  elif confirmed_now=$(confirmed_file); then
    printf '%s\n' "${confirmed_now##*/}"
  else
    printf 'nothing\n'
  fi
}

# What the next boot doesn't find as a delivery left it: words with commas between, or "as-written".
boot_faults() {
  faults=$faults_of_units
  if confirmed_now=$(confirmed_file); then
    is_whole "$confirmed_now" || faults="$faults release-damaged"
    faults="$faults $(restart_faults "$confirmed_now")"
  elif [ -f "$HOME_FOLDER/closed" ] && [ ! -f "$HOME_FOLDER/retracting" ]; then
    faults="$faults release-damaged"
  fi
  faults=$(printf '%s' "$faults" | tr -s ' \n' ',,' | sed 's/^,//; s/,$//')
  printf '%s\n' "${faults:-as-written}"
}

command_read() {
  no_more $# 0
  open_folders
  read_all
  all_answered || fail unreadable
  succeed read
}

command_protocol() {
  no_more $# 0
  succeed "protocol=$PROTOCOL"
}
