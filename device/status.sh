# status: one line per owner. read: what the proof needs. facts: what synth assumed.

# Printed once the lock is given up: who may only read, and doesn't read on, must not keep a rollback waiting.
command_status() {
  no_more $# 0
  open_folders
  enter
  told=$(status_lines)
  leave
  armed_anywhere=no
  if printf '%s\n' "$told" | grep -Eq ' armed=[0-9a-f]{16,64} '; then armed_anywhere=yes; fi
  [ -z "$told" ] || say "$told"
  succeed status "protocol=$PROTOCOL armed=$armed_anywhere"
}

status_lines() {
  for candidate in $(each_home); do
    select_home "$candidate"
    lease=none
    if [ -f "$HOME_FOLDER/release" ]; then lease=$(head_of "$HOME_FOLDER/release" lease); fi
    armed=none
    if file=$(on_trial); then armed=${file##*-}; fi
    tried=none
    if file=$(on_trial); then tried=$(head_of "$file" digest); fi
    printf '%s ' "owner=$OWNER role=$ROLE digest=$(running_digest) lease=$lease armed=$armed rules=$(rules_state)"
    printf '%s\n' "fingerprint=$(live_fingerprint) state=$(state_of_home) seconds=$(seconds_left) tried=$tried"
  done
}

command_read() {
  no_more $# 0
  open_folders
  read_all
  succeed read
}

command_protocol() {
  no_more $# 0
  succeed "protocol=$PROTOCOL"
}
