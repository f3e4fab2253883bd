# status: one line per owner. read: what the proof needs. facts: what synth assumed.

command_status() {
  no_more $# 0
  open_folders
  enter
  armed_anywhere=no
  for candidate in $(each_home); do
    select_home "$candidate"
    lease=none
    if [ -f "$HOME_FOLDER/release" ]; then lease=$(head_of "$HOME_FOLDER/release" lease); fi
    armed=none
    if file=$(on_trial); then armed=${file##*-} && armed_anywhere=yes; fi
    tried=none
    if file=$(on_trial); then tried=$(head_of "$file" digest); fi
    say "owner=$OWNER role=$ROLE digest=$(running_digest) lease=$lease armed=$armed rules=$(rules_state) fingerprint=$(live_fingerprint)" \
      "state=$(state_of_home) seconds=$(seconds_left) tried=$tried"
  done
  succeed status "protocol=$PROTOCOL armed=$armed_anywhere"
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
