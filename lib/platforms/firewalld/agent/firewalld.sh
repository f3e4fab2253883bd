# Loads and removes releases on firewalld, as firewalld policy objects that are evaluated before all zones. While a
# release is armed, the confirmed one's files are on the disk again, so that a reload, a restart or a power loss
# rolls back.

FIREWALLD=/etc/firewalld
FIREWALLD_NAME=org.fedoraproject.FirewallD1
firewalld_state=
shut_by=

firewalld_ask() {
  timeout 120 firewall-cmd "$@" 8>&- 9>&-
}

# By the bus, which knows at once that nobody is there: firewall-cmd waits ten seconds for that from 2.3.4, 2.4.3 and 2.5 on, and Python has to begin
# for each. One that is there and says nothing is silent: stopped, or waiting for something itself. It isn't waited for twice.
firewalld_answers() {
  was_silent=no
  if [ "$firewalld_state" = silent ]; then was_silent=yes; fi
  firewalld_state='not running'
  there=$(firewalld_on_bus)
  [ "$there" != 'b false' ] || return 1
  if [ "$was_silent" = no ]; then firewalld_state=$(firewalld_property state | tr '[:upper:]' '[:lower:]'); fi
  case $firewalld_state in running | failed) return 0 ;; esac
  if [ "$there" = 'b true' ]; then firewalld_state=silent; fi
  return 1
}

firewalld_says_nothing() {
  printf 'Error: SILENT: firewalld runs and does not answer\n' >&2
}

firewalld_on_bus() {
  firewalld_call 10 org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus NameHasOwner s "$FIREWALLD_NAME"
}

# Of the properties of its own that are texts.
firewalld_property() {
  firewalld_call "$MOST_SECONDS" "$FIREWALLD_NAME" /org/fedoraproject/FirewallD1 org.freedesktop.DBus.Properties Get ss "$FIREWALLD_NAME" "$1" |
    sed -n 's/^v s "\(.*\)"$/\1/p'
}

# What the method $3 of it says, of the interface $2 and the object $1, both below its own.
firewalld_says() {
  firewalld_call 120 "$FIREWALLD_NAME" "/org/fedoraproject/FirewallD1$1" "$FIREWALLD_NAME$2" "$3"
}

firewalld_panics() {
  [ "$(firewalld_says '' '' queryPanicMode)" = 'b true' ]
}

# $1: seconds. Nobody is started for it.
firewalld_call() {
  its_seconds=$1
  shift
  timeout "$its_seconds" busctl --system --auto-start=no call "$@" 2>/dev/null 8>&- 9>&-
}

# Names, below the folder $2, of files of $1, also of those that firewalld puts aside and of what a dead command has left.
firewalld_there() {
  for of_kind in policies ipsets; do
    for there in "$2/$of_kind/$1"-*; do
      if matches "${there##*/}" "$(firewalld_files "$1")\.xml(\.old|\.new)?"; then printf '%s\n' "$of_kind/${there##*/}"; fi
    done
  done
}

firewalld_folders() {
  printf '%s\n' "$FIREWALLD" "$FIREWALLD/ipsets" "$FIREWALLD/policies"
}

# The files of $1 become those in the folder $2, each by one rename; sets come before policies that ask them, and go after them. What is there already
# needs no disk that can be written.
firewalld_put() {
  for kind in ipsets policies; do
    for its_file in "$2/$kind"/*.xml; do
      target=$FIREWALLD/$kind/${its_file##*/}
      if [ ! -f "$its_file" ] || cmp -s "$its_file" "$target"; then continue; fi
      mkdir -p "${target%/*}" && cp "$its_file" "$target.new" && chmod 0640 "$target.new" && settle "$target.new" && mv -f "$target.new" "$target" || return 1
    done
  done
  firewalld_there "$1" "$FIREWALLD" | while read -r of_ours; do
    [ -f "$2/$of_ours" ] || rm -f "$FIREWALLD/$of_ours" || exit 1
  done || return 1
  settle "$FIREWALLD/policies" "$FIREWALLD/ipsets" 2>/dev/null
}

# The kernel has of $1 what it had after the text in $2 was loaded.
firewalld_has() {
  its_mark=$(firewalld_mark "$1" "$2") && [ "$its_mark" = "$(cat "$HOME_FOLDER/in-kernel" 2>/dev/null)" ]
}

firewalld_mark() {
  firewalld_list "$1" >"$RUN/$ID.listed" && cat "$2" "$RUN/$ID.listed" | sha256
}

# Where firewalld doesn't run it loads them as it starts.
firewalld_load() {
  firewalld_left
  coming_text=$RUN/$ID.coming
  staged=$RUN/$ID.etc
  cat >"$coming_text" && firewalld_split "$1" "$staged" <"$coming_text" || return 1
  loaded=0
  if { firewalld_answers || [ "$firewalld_state" = silent ]; } && ! { [ "$firewalld_state" != failed ] && firewalld_has "$1" "$coming_text"; }; then
    if [ "$firewalld_state" != silent ] && firewalld_put "$1" "$staged" && firewalld_reload "$1"; then
      firewalld_mark "$1" "$coming_text" >"$HOME_FOLDER/in-kernel" 2>/dev/null
    # A disk that takes nothing: what lets everything go on needs no file.
    elif ! { firewalld_has "$1" "$coming_text" || firewalld_undone "$1" "$coming_text" || { firewalld_is_empty "$1" "$coming_text" && firewalld_remove "$1"; }; }; then
      loaded=1
      if [ "$firewalld_state" = silent ]; then firewalld_says_nothing; fi
    fi
  fi
  # Nothing of ours is there, or is loaded any more, and nothing has to be.
  if firewalld_is_empty "$1" "$coming_text" && { ! firewalld_answers || ! firewalld_list "$1" >/dev/null; }; then : >"$coming_text"; fi
  text_on_disk "$1" "$coming_text" >"$RUN/$ID.settled" && firewalld_split "$1" "$staged" <"$RUN/$ID.settled" && firewalld_put "$1" "$staged" || loaded=1
  if [ "$loaded" -eq 0 ] && ! on_trial >/dev/null && firewalld_answers && [ "$firewalld_state" = running ]; then
    printed "$HOME_FOLDER/firewalld.new" nft list table inet firewalld 9>&- && mv -f "$HOME_FOLDER/firewalld.new" "$HOME_FOLDER/firewalld" 2>/dev/null
  fi
  rm -rf "$staged" "$coming_text" "$RUN/$ID.settled" "$RUN/$ID.listed" "$RUN/$ID.table"
  return "$loaded"
}

firewalld_remove() {
  firewalld_left
  firewalld_split "$1" "$RUN/$ID.etc" </dev/null && firewalld_put "$1" "$RUN/$ID.etc" || return 1
  rm -rf "$RUN/$ID.etc"
  firewalld_list "$1" >/dev/null || return 0
  if firewalld_answers; then
    firewalld_reload "$1" || { firewalld_back && ! firewalld_list "$1" >/dev/null; }
  elif [ "$firewalld_state" = silent ] && ! { firewalld_back && ! firewalld_list "$1" >/dev/null; }; then
    firewalld_says_nothing
    return 1
  fi
}

# What the kernel has of it, and what leads to it; fails where nothing is. Others' rules come and go between them; 2 has what leads to it for each
# interface and source of a zone, 2.5 for each zone, which come and go, too.
firewalld_list() {
  nft -s list table inet firewalld 2>/dev/null 9>&- | awk -v sets="^$1-[46]-[0-9a-f]+$" -v chains="^[a-z]+_[A-Z]+_policy_$1-(in|out)(_(pre|log|deny|allow|post))?$" '
    $1 ~ /^(set|chain)$/ && $3 == "{" {
      object = $2
      ours = object ~ ($1 == "set" ? sets : chains)
      from = object ~ /_POLICIES/ ? object : "zones"
    }
    ours { print object, $0 }
    !ours && NF > 1 && $(NF - 1) ~ /^(jump|goto)$/ && $NF ~ chains && !led[from, $NF]++ { print from, $(NF - 1), $NF }
    $1 == "}" { ours = 0 }' | sort -s -k 1,1 | drain grep .
}

# No policy for the host comes before ours, but for other owners'. 2 asks policies and zones in one chain, for each interface and source of a zone
# anew; 2.5 in a chain for each zone.
firewalld_in_place() {
  nft list table inet firewalld 2>/dev/null 9>&- | awk -v ours="_policy_$1-(in|out)$" '
    $1 == "chain" {
      asked = $2
      way = asked ~ /^filter_(INPUT_POLICIES(_pre)?|IN_.*_to_HOST)$/ ? "in" : asked ~ /^filter_(OUTPUT_POLICIES(_pre)?|OUT_HOST_to_.*)$/ ? "out" : ""
      each = asked ~ /_POLICIES$/
    }
    way == "" || NF < 2 || $(NF - 1) !~ /^(jump|goto)$/ || $NF ~ /_policy_cf-[a-z0-9-]+-(in|out)$/ && $NF !~ ours { next }
    { of = asked (each ? substr($0, 1, length($0) - length($(NF - 1) $NF) - 1) : "") }
    $NF ~ ours { there[way] = 1 }
    !(of in first) { first[of] = $NF ~ ours; asks[of] = way }
    END { for (of in first) if (there[asks[of]] && !first[of]) exit 1 }'
}

# What is confirmed stands on the disk from now on. A disk that takes nothing holds up no confirm: the next boot writes it. So do the files of others,
# among which it was loaded: one that is empty after a loss of power makes firewalld start with what came in its package.
firewalld_keep() {
  find "$FIREWALLD" -exec sync {} + 2>/dev/null
  from_text "$HOME_FOLDER/release" firewalld_load "$1" >/dev/null 2>&1 ||
    logger -t cpanel-edge "$FIREWALLD is left without the rules of $ID" 2>/dev/null
}

# They are files of ours, which are loaded by nobody else.
firewalld_copies() {
  :
}

firewalld_comes_later() {
  [ ! -e "$RUN/$ID.closed" ] && { firewalld_enabled || grep -qsx 'off firewalld' "$HOME_FOLDER/replacing"; } && ! firewalld_answers
}

# Somebody has stopped firewalld, which had loaded rules of the name $1: they are gone, and it loads them when it starts.
firewalld_stopped() {
  [ "$(program_of "$1")" = firewalld ] && ! firewalld_answers && [ "$firewalld_state" = 'not running' ]
}

firewalld_elsewhere() {
  return 1
}

# Where a confirm has not come to its end, what comes after boot enables firewalld.
firewalld_start_faults() {
  start_word=$(unit_start_fault firewalld.service disabled)
  if [ "$start_word" = disabled ] && grep -qsx 'off firewalld' "$HOME_FOLDER/replacing"; then return; fi
  [ -z "$start_word" ] || printf 'firewalld-%s\n' "$start_word"
}

firewalld_enabled() {
  [ "$(systemctl is-enabled firewalld.service 2>/dev/null 9>&-)" = enabled ]
}

firewalld_units() {
  "$1" firewalld "$SYSTEMD/firewalld.service.d/cpanel-edge.conf" firewalld_drop_in 0644
}

# Less long than systemd waits for a start: what firewalld has loaded from the disk is confirmed, and stays. "+": whatever its unit may not write.
# When it ends it takes away what it has loaded. So it is killed, however it comes to be stopped, and what it had loaded stays until it starts again or
# the device is off; but for a plain stop, which somebody wants. 2 takes it away as it starts, before it has anything else; one that was killed within a
# reload had taken it away, and left the table by which it drops everything meanwhile, which the next one never takes away. So until it is loaded what
# begins a connection is dropped, by elements that time out where that never comes to be. One line of each kind: of a start that is stopped systemd ends
# the line that runs, and runs the next.
firewalld_drop_in() {
  printf '%s\n' '[Service]' KillSignal=SIGKILL \
    "ExecStartPre=-+/bin/sh -c 'nft list chains inet 2>/dev/null | grep -qE \"firewalld_policy_drop |chain filter_INPUT_(POLICIES|dispatch) \" && nft \"$(firewalld_starting | paste -sd ';' -)\"; nft delete table inet firewalld_policy_drop 2>/dev/null'" \
    "ExecStartPost=-+/bin/sh -c 'timeout 60 \"\$\$@\"; nft delete table inet firewalld_starts 2>/dev/null' sh $(by_either rules)"
  # shellcheck disable=SC2016 # systemd's, and then a shell's
  printf '%s\n' 'ExecStop=-+/bin/sh -c '\''case $$(systemctl is-system-running; systemctl list-jobs --no-legend firewalld.service) in stopping* | *" restart "*) ;; *) kill -TERM $$MAINPID && timeout 60 tail --pid=$$MAINPID -f /dev/null ;; esac'\'
}

# $1: for how long at most, 60 seconds by itself.
firewalld_starting() {
  printf '%s\n' 'add table inet firewalld_starts' 'delete table inet firewalld_starts' 'add table inet firewalld_starts' \
    'add set inet firewalld_starts families { type nf_proto; flags timeout; }' \
    "add element inet firewalld_starts families { ipv4 timeout ${1:-60}s, ipv6 timeout ${1:-60}s }"
  firewalld_dropping firewalld_starts 'meta nfproto @families drop'
}
