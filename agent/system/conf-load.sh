# Programs with files of their own load all rules of the host; so what is on trial is loaded from the disk, and then what is confirmed is there again: whoever
# restarts the program or the host goes back to that.
#
# Of $1, its program says: `service`, what starts it; `off`, whether somebody has switched it off; `kernel`, what of the kernel lets in; `in_place`, whether
# nobody is asked before it; `held_back`, why a start of its service loads nothing; `start`, a load of its files, which fails where it leaves the host
# open; `forget`, what it would load in the place of its files; `tell`, who else has to hear of a change.

# Whether it loads its files. Not so where it gives way, where somebody has switched it off, or before its service has started: then it loads them as it
# starts.
conf_runs() {
  take_program "$1"
  if has_given_way "$its_program"; then return 1; fi
  if [ -n "$(by_program kernel "$1")" ]; then return 0; fi
  if by_program off "$1" >/dev/null; then return 1; fi
  case $(systemctl is-active "$(by_program service "$1")" 2>/dev/null 9>&-) in inactive | unknown | '') return 1 ;; esac
}

conf_unit_fault() {
  unit_start_fault "$(by_program service "$1")" not-enabled
}

# Its service may start and load nothing, where a file of its own says so.
conf_start_faults() {
  { conf_unit_fault "$1"; by_program held_back "$1"; } | sed "s/^/$(program_of "$1")-/"
}

# The kernel has what it had after the text in $2 was loaded. What is tried is loaded in any case where somebody is asked before the program.
conf_has() {
  if on_trial >/dev/null && ! by_program in_place "$1"; then return 1; fi
  take_store "$1"
  its_mark=$(conf_mark "$1" "$2") && [ "$its_mark" = "$(cat "$store-loaded" 2>/dev/null)" ]
}

conf_mark() {
  by_program kernel "$1" >"$RUN/$ID.listed" && [ -s "$RUN/$ID.listed" ] && cat "$2" "$RUN/$ID.listed" | sha256
}

conf_load() {
  coming_text=$RUN/$ID.coming
  settled_text=$RUN/$ID.settled
  take_store "$1"
  cat >"$coming_text" || return 1
  # Of a host on which nothing of ours was put, or no longer is, there is nothing to give back; nor where the program itself is gone, but what it has loaded.
  if [ ! -s "$coming_text" ] && { [ ! -f "$store-before" ] || ! conf_there "$1"; }; then
    if [ -f "$store-before" ] && [ -n "$(by_program kernel "$1")" ]; then conf_restore_kept "$1" || return 1; fi
    rm -f "$coming_text"
    conf_given_back "$1"
    return
  fi
  loaded=0
  touched=no
  if ! by_program runs "$1"; then
    by_program forget "$1"
  elif ! conf_has "$1" "$coming_text"; then
    rules_save "$1" "$RUN/$ID.former" && { cp "$store-loaded" "$RUN/$ID.former/mark" 2>/dev/null || :; } && conf_put "$1" "$coming_text" && conf_begin "$1" "$coming_text" || loaded=1
  fi
  written=no
  if text_on_disk "$1" "$coming_text" >"$settled_text" && conf_put "$1" "$settled_text"; then written=yes; else loaded=1; fi
  if [ "$loaded" -eq 0 ]; then
    :
  elif [ "$touched" = yes ]; then
    conf_back "$1" && loaded=0
  # Files that the program would not start with.
  elif by_program runs "$1" && ! conf_has "$1" "$coming_text"; then
    conf_restore_kept "$1" && loaded=0
  fi
  if [ "$loaded" -eq 0 ] && [ "$written" = yes ] && [ ! -s "$coming_text" ] && [ ! -s "$settled_text" ]; then
    conf_given_back "$1"
    by_program tell "$1"
  fi
  rm -rf "$coming_text" "$settled_text" "$RUN/$ID.former" "$RUN/$ID.listed"
  conf_forget_split
  return "$loaded"
}

# All of it is the host's own again: what the host does with it from now on is no edit of ours.
conf_given_back() {
  take_store "$1"
  rm -rf "$store-before"* "$store-was" "$store-rules"
  printf 'given back\n' >"$store-loaded"
}

# For good, but where it is tried: what is noted of files that take nothing must not go before they are given back.
conf_remove() {
  conf_load "$1" </dev/null || return 1
  if [ ! -f "$store-before" ]; then rm -f "$store-loaded"; else on_trial >/dev/null; fi
}

# With the text in $2 on the disk. What the kernel has until it is through is nobody's.
conf_begin() {
  take_store "$1"
  rm -f "$store-loaded" && touched=yes || return 1
  by_program start "$1" "$2" || return 1
  conf_mark "$1" "$2" >"$store-loaded" 2>/dev/null || rm -f "$store-loaded"
}

# Seconds. Who takes longer is stopped: until it is through the host is open. What is tried is undone when its trial is over, loaded or not.
MOST_OF_A_START=300

most_of_a_start() {
  if [ "${SECONDS_TO_UNDO:-$MOST_OF_A_START}" -lt "$MOST_OF_A_START" ]; then printf '%s\n' "$SECONDS_TO_UNDO"; else printf '%s\n' "$MOST_OF_A_START"; fi
}

# Why the start of a program named $1 failed: what it says of it, on standard input, or else its status $2. $3: when it began. A program that is killed
# by others has the status of one that had to be killed here.
conf_unstarted() {
  its_words=$(grep -v = | tr -d '\000-\011\013-\037' | drain head -n 5 | cut -c 1-280)
  ran_for=$(($(now) - $3))
  start_status=$2
  if [ "$2" -gt 128 ] && [ "$ran_for" -ge "$(most_of_a_start)" ]; then start_status=124; fi
  case $start_status:$its_words in
    124:*) printf 'stopped after %s seconds, and it closed nothing\n' "$(most_of_a_start)" ;;
    129:* | 1[3-9][0-9]:*) printf 'killed after %s seconds by another program or for want of memory, and it closed nothing\n' "$ran_for" ;;
    *:) printf 'status %s, and it closed nothing\n' "$2" ;;
    *) printf '%s\n' "$its_words" ;;
  esac | sed "s/^/ERROR: $1: /" >&2
}

# After a start that failed. Says by its end whether what runs is what was to be loaded.
conf_back() {
  if ! cmp -s "$coming_text" "$settled_text"; then
    conf_former "$1" || conf_begin "$1" "$settled_text" || conf_former "$1"
  elif conf_restore_kept "$1"; then
    return 0
  else
    conf_former "$1"
  fi
  return 1
}

# What ran before, by no start, through which the host would be open again. Fails where it isn't what is settled, as after somebody has flushed it.
conf_former() {
  rules_restore "$1" "$RUN/$ID.former" || return 1
  cp "$RUN/$ID.former/mark" "$store-loaded" 2>/dev/null
  [ ! -s "$settled_text" ] || [ "$(conf_mark "$1" "$settled_text")" = "$(cat "$store-loaded" 2>/dev/null)" ]
}

# Where what is to be loaded is what was confirmed, or what was there before us: its rules, as they ran then.
conf_restore_kept() {
  was_kept=$store-rules
  [ -s "$coming_text" ] || was_kept=$store-was
  { [ ! -s "$coming_text" ] || cmp -s "$coming_text" "$was_kept/text"; } && rules_restore "$1" "$was_kept" || return 1
  conf_mark "$1" "$coming_text" >"$store-loaded" 2>/dev/null
  logger -t cpanel-edge "$(program_of "$1") does not start: the rules of $ID are those that it loaded before" 2>/dev/null
  return 0
}

# Of ours; fails where nothing is, or never was.
conf_list() {
  take_store "$1"
  if [ -f "$store-before" ] || conf_owners "$1" | drain grep -qxF "$1"; then
    by_program kernel "$1" | drain grep . || by_program off "$1" || return 1
    conf_expected "$1" >"$RUN/$ID.expected" && text_on_disk "$1" "$RUN/$ID.expected" >"$RUN/$ID.settled" && conf_differs "$1" "$RUN/$ID.settled"
    rm -f "$RUN/$ID.expected" "$RUN/$ID.settled"
    conf_forget_split
  else
    grep -sx 'given back' "$store-loaded"
  fi
}

# The text of $1 that was loaded last.
conf_expected() {
  if [ -e "$RUN/$ID.closed" ]; then
    from_closing cat
  elif expected=$(file_to_run) && [ "$(name_of "$expected")" = "$1" ]; then
    text_of "$expected"
  fi
}

# What is confirmed stands on the disk from now on. A disk that takes nothing holds up no confirm: the next boot writes it. What runs is kept for when the
# program does not start any more, because of a line of somebody.
conf_keep() {
  { text_of "$HOME_FOLDER/release" >"$RUN/$ID.confirmed" && conf_load "$1" <"$RUN/$ID.confirmed"; } >/dev/null 2>&1 || logger -t cpanel-edge "the files of $(program_of "$1") are left without the settings of $ID" 2>/dev/null
  if by_program runs "$1"; then
    rm -rf "$store-rules.new"
    rules_save "$1" "$store-rules.new" && mv -f "$RUN/$ID.confirmed" "$store-rules.new/text" && settle "$store-rules.new"/* &&
      rm -rf "$store-rules" && mv -f "$store-rules.new" "$store-rules"
  fi
  rm -f "$RUN/$ID.confirmed"
  by_program tell "$1"
}

conf_comes_later() {
  [ ! -e "$RUN/$ID.closed" ] && [ -z "$(conf_unit_fault "$1")" ] && ! by_program runs "$1"
}

# For each file of the program $2 $1 is called as for those of ours. Its service may load what it saved as the host was shut down, and where it fails it
# leaves everything open.
conf_units() {
  for its_service in $("${2}_service"); do "$1" "$2" "$SYSTEMD/$its_service.d/cpanel-edge.conf" conf_drop_in 0644; done
}

# What its service calls after each start; and where that fails. A stop that somebody wants is left to them. Begun beside ours, where nobody asks for
# the network, both would load at once.
conf_drop_in() {
  printf '[Unit]\nAfter=cpanel-edge.service\n[Service]\nExecStartPost=-+%s\n' "$(by_either rules)"
  # shellcheck disable=SC2016 # systemd's, and then a shell's
  printf '%s' 'ExecStopPost=-+/bin/sh -c '\''[ "$$SERVICE_RESULT" = success ] || exec "$$@"'\'' cpanel-edge '
  by_either rules
}
