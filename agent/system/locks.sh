# Two locks. The short one: one command at a time. The long one: one delivery at a time on the device, over several
# connections; it is a file that names its holder and lives in /run, so that a reboot frees it.

enter() {
  # A shell that can't make its own redirection ends without a word.
  (: >>"$RUN/mutex") 2>/dev/null || refuse folder-not-writable "folder=$RUN"
  exec 9>>"$RUN/mutex"
  flock -w "${1:-60}" 9 || refuse busy holder=another-command
}

leave() {
  exec 9>&-
}

now() {
  read -r up _ </proc/uptime
  printf '%s\n' "${up%%.*}"
}

# A delivery that stopped without a word is forgotten after a minute; one that has armed ends by its timer.
FORGOTTEN_AFTER=60

take_device() {
  if [ -f "$RUN/delivering" ]; then
    read -r held_token held_id held_since <"$RUN/delivering" || held_token=
    case ${held_since:-x} in *[!0-9]*) held_token= ;; esac
    if [ -n "$held_token" ] && [ "$held_token" != "$TOKEN" ]; then
      age=$(($(now) - held_since))
      # A time to come is of another start of the device: nobody would ever be done waiting for it.
      if { [ -e "$RUN/$held_id.trial-$held_token" ] && [ -f "$ROOT/$held_id/armed-$held_token" ]; } || { [ "$age" -ge 0 ] && [ "$age" -lt "$FORGOTTEN_AFTER" ]; }; then
        refuse busy "holder=$held_id since=${age}s"
      fi
    fi
  fi
  printf '%s %s %s\n' "$TOKEN" "$ID" "$(now)" >"$RUN/delivering" || refuse folder-not-writable "folder=$RUN"
}

# The delivery that holds the device, and its time begins again.
hold_device() {
  held_token=
  [ -f "$RUN/delivering" ] && read -r held_token held_id held_since <"$RUN/delivering"
  [ "$held_token" = "$TOKEN" ] || refuse not-the-holder
  printf '%s %s %s\n' "$TOKEN" "$ID" "$(now)" >"$RUN/delivering"
}

give_device_up() {
  held_token=
  [ -f "$RUN/delivering" ] && read -r held_token held_id held_since <"$RUN/delivering"
  if [ "$held_token" = "$1" ]; then
    rm -f "$RUN/delivering"
  else
    # Its upload may come behind it, over a line that was cut: nobody is there to go on with that.
    (: >"$RUN/over-$1") 2>/dev/null
  fi
}
