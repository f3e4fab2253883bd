# boot: the confirmed releases of all owners, before the network is up. What was armed and not confirmed is on trial no more. rules: the
# same after somebody flushed them (nftables.service), and a trial goes on.

command_boot() {
  booting=yes
  open_folders
  enter 600
  outcome=0
  # A start that keeps /run and what the kernel has (systemctl soft-reboot) ends every timer.
  (undo_lost >/dev/null) || outcome=1
  for candidate in $(each_home); do
    select_home "$candidate"
    # Started again by hand: what is under way isn't ended by it.
    if [ -f "$RUN/$ID.added" ]; then
      load_home || outcome=1
    else
      boot_home || by_program comes_later "$(known_name "$(file_to_run || printf none)")" || outcome=1
    fi
  done
  [ "$outcome" -eq 0 ] || fail boot-incomplete
  succeed loaded
}

boot_home() {
  note_present
  give_room_back
  away "$HOME_FOLDER"/offered-* "$HOME_FOLDER"/checked-* "$HOME_FOLDER"/armed-* "$HOME_FOLDER"/undoing-*
  replaces_early
  if [ -f "$HOME_FOLDER/retracting" ] && [ ! -f "$HOME_FOLDER/release" ]; then
    finish_retract
  elif [ -f "$HOME_FOLDER/release" ]; then
    away "$HOME_FOLDER/kept" "$HOME_FOLDER/retracting"
    load_again "$HOME_FOLDER/release"
  elif [ -f "$HOME_FOLDER/kept" ]; then
    load_again "$HOME_FOLDER/kept"
  elif [ -f "$HOME_FOLDER/closed" ]; then
    # Something was confirmed, and its file is gone.
    close_down
    return 1
  else
    # The first release never came through: nothing of it is left, nor what nftables.service has brought again by now.
    if [ -f "$HOME_FOLDER/table" ]; then
      gone_name=$(cat "$HOME_FOLDER/table")
      remove_rules "$gone_name" || return 1
      remove_copies "$gone_name"
    fi
    rm -rf "$HOME_FOLDER"
  fi
}

command_rules() {
  open_folders
  enter 600
  load_all
}

load_all() {
  outcome=0
  for candidate in $(each_home); do
    select_home "$candidate"
    load_home || outcome=1
  done
  [ "$outcome" -eq 0 ] || fail load-incomplete
  succeed loaded
}

load_home() {
  if file=$(file_to_run); then
    load_again "$file"
  elif [ -f "$HOME_FOLDER/closed" ]; then
    close_down
    return 1
  elif [ -f "$HOME_FOLDER/table" ]; then
    load_empty "$(cat "$HOME_FOLDER/table")"
  fi
}

# The same of $2 as one text, for one transaction; remember_all follows it. $1 tells which releases are good.
live_texts() {
  for candidate in $(each_home); do
    select_home "$candidate"
    [ "$(program_of "$(own_name)")" = "$2" ] || continue
    if file=$(file_to_run) && "$1" "$file"; then
      is_judged "$file" && text_of "$file" || return 1
      away "$RUN/$ID.closed"
    elif [ -n "$file" ] || [ -f "$HOME_FOLDER/closed" ]; then
      stand_in "$file"
    elif [ -f "$HOME_FOLDER/table" ]; then
      by_program empty "$(cat "$HOME_FOLDER/table")"
    fi
  done
}

remember_all() {
  for candidate in $(each_home); do
    select_home "$candidate"
    if file=$(file_to_run) || [ -e "$RUN/$ID.closed" ]; then remember_loaded "$(loaded_name "$file")"; fi
  done
}

# What closes, in the place of $1; of a release that brought nothing which closes, its text as it is.
stand_in() {
  closing=$(from_closing cat) || closing=
  if [ -n "$closing" ]; then
    printf '%s\n' "$closing"
    note_closed
  elif [ -n "$1" ]; then
    is_judged "$1" && text_of "$1"
  fi
}

# What is damaged or refused is closed, and that is no success.
load_again() {
  # Another program may hold the tables for as long as ours waits for them.
  if is_whole "$1" && { load_rules "$1" || load_rules "$1" || load_rules "$1"; }; then
    # Where the disk takes no note of it, it runs all the same, and no service of the host fails by it.
    remember_loaded "$(name_of "$1")" || { live_rules "$(name_of "$1")" >/dev/null && remove_former "$(name_of "$1")"; }
    return
  fi
  if ! close_down && load_rules "$1"; then remember_loaded "$(name_of "$1")"; fi
  return 1
}

# addresses: once the network is up; interfaces that come late are waited for.
command_addresses() {
  open_folders
  tries=0
  while :; do
    enter 600
    missing=0
    for candidate in $(each_home); do
      select_home "$candidate"
      file=$(file_to_run) || continue
      # Of a damaged release nobody knows which are its own.
      is_whole "$file" || continue
      replaces_complete
      cpnat_complete
      section_of "$file" addresses >"$RUN/$ID.wanted"
      # None without the rules that guard it.
      if ! [ -s "$RUN/$ID.wanted" ] || { live_rules "$(name_of "$file")" >/dev/null && add_addresses "$RUN/$ID.wanted" >/dev/null 2>&1; }; then
        announce "$file"
      else
        missing=1
      fi
      rm -f "$RUN/$ID.wanted"
    done
    leave
    [ "$missing" -eq 1 ] || succeed addresses
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || fail addresses-incomplete
    sleep 1
  done
}
