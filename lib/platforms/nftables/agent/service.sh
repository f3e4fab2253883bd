# nftables.service flushes everybody's rules. Where its unit is one that we know, its commands become ours: what it would load, or
# that it flushes, and our own rules are one transaction. So there is no moment without them.

# What the service would give to nft for start, reload or stop; fails where its unit says anything else. By the shell itself, as what follows:
# every command asks for it.
their_text() {
  its_command=$(their_commands "$1")
  its_command=${its_command#/usr}
  case $its_command in
    '/sbin/nft '* | '/bin/nft '*) its_words=${its_command#*/nft } ;;
    *) return 1 ;;
  esac
  its_flush=
  case $its_words in
    'flush ruleset')
      printf 'flush ruleset\n'
      return
      ;;
    '-f /'*) its_file=${its_words#-f } ;;
    # As Red Hat has it, in quotes.
    ?'flush ruleset; include "'*'";'?)
      its_flush='flush ruleset
'
      its_file=${its_words#*\"}
      its_file=${its_file%\"*}
      ;;
    *) return 1 ;;
  esac
  case $its_file in '' | / | *[!A-Za-z0-9/._-]*) return 1 ;; esac
  printf '%sinclude "%s"\n' "$its_flush" "$its_file"
}

their_commands() {
  case $1 in
    start) its_key=ExecStart ;;
    reload) its_key=ExecReload ;;
    stop) its_key=ExecStop ;;
  esac
  for folder in $SYSTEMD_FOLDERS; do
    [ -f "$folder/nftables.service" ] || continue
    while read -r unit_line || [ -n "$unit_line" ]; do
      case $unit_line in
        "$its_key"*)
          # Spaces around the sign are nothing to systemd.
          unit_value=${unit_line#"$its_key"}
          unit_value=${unit_value#"${unit_value%%[! 	]*}"}
          case $unit_value in
            =*)
              unit_value=${unit_value#=}
              printf '%s\n' "${unit_value#"${unit_value%%[! 	]*}"}"
              ;;
          esac
          ;;
      esac
    done <"$folder/nftables.service"
    return
  done
}

# Files that the service loads.
their_files() {
  { their_commands start && their_commands reload; } | grep -oE '(-f |include ")/[A-Za-z0-9/._-]+' | sed 's/^[^/]*//' | sort -u
}

# Of these, where a copy of table $1 stands.
nft_copies() {
  for copied in $(their_files); do
    if copy=$(readlink -f "$copied") && grep -qsx "table inet $1 {" "$copy"; then printf '%s\n' "$copied"; fi
  done
}

# As nft lists it: between its first line and its last all are indented. Fails for any other form, and where it has no end.
nft_without() {
  awk -v begin="table inet $1 {" '
    ours && $0 != "}" && $0 !~ /^([ \t]|$)/ { strange = 1 }
    $0 == begin { ours = 1 }
    !ours
    $0 == "}" { ours = 0 }
    END { exit ours || strange }' "$2"
}

nft_takes() {
  nft -c -f "$2" 9>&-
}

# Nobody else has changed what the service does.
service_is_known() {
  for folder in $SYSTEMD_FOLDERS; do
    for file in "$folder"/nftables.service.d/*.conf "$folder"/service.d/*.conf; do
      case $file in */cpanel-edge.conf) continue ;; esac
      if [ -f "$file" ] && grep -q '^[[:space:]]*Exec' "$file"; then return 1; fi
    done
  done
  their_text start >/dev/null && their_text reload >/dev/null && their_text stop >/dev/null
}

# What $1 does since a package or a person has changed it, done as nearly as a shell does what systemd would. Ours comes after it, and the next delivery writes
# a drop-in that leaves it to systemd.
run_theirs() {
  their_commands "$1" | while read -r line; do
    case $line in
      -*) /bin/sh -c "${line#-}" 9>&- || : ;;
      *) /bin/sh -c "${line#[@:+!]}" 9>&- || exit 1 ;;
    esac
  done
}

# service start|reload|stop: by the drop-in, in place of the service's own command.
command_service() {
  no_more $# 1
  case $1 in start | reload | stop) ;; *) refuse wrong-argument verb ;; esac
  theirs=$(their_text "$1") || theirs=
  # Early in a boot the disk may be read-only still: cpanel-edge.service brings ours once it isn't.
  (open_folders) >/dev/null || load_theirs_alone "$1"
  open_folders
  enter 600
  if [ -z "$theirs" ]; then
    run_theirs "$1" || fail service-not-loaded
    load_all
  fi
  # A release that nft refuses must not take theirs with it, nor be missing for a moment: then what closes goes with theirs.
  if load_with_theirs is_whole || load_with_theirs is_loadable; then
    remember_all
    # What it flushed of other programs comes after it.
    case $(programs_here) in *iptables*) load_all ;; esac
    succeed "$1"
  fi
  # Theirs has a mistake, and nothing has changed, as without us; or ours doesn't go with it, and comes after it.
  printf '%s\n' "$theirs" | nft -f - 9>&- || fail service-not-loaded
  load_all
}

# $1 tells which of our releases are good; in the place of others goes what closes.
load_with_theirs() {
  {
    printf '%s\n' "$theirs"
    live_texts "$1" nft
    printf '# whole\n'
  } >"$RUN/service.nft" 2>/dev/null
  # A /run without room cuts it off where it likes.
  [ "$(tail -n 1 "$RUN/service.nft" 2>/dev/null)" = '# whole' ] || return 1
  nft -f "$RUN/service.nft" >"$RUN/service.said" 2>&1 9>&-
  loaded=$?
  [ "$loaded" -eq 0 ] || grep -v "^$RUN/" "$RUN/service.said"
  rm -f "$RUN/service.nft" "$RUN/service.said"
  return "$loaded"
}

is_loadable() {
  is_whole "$1" && check_rules "$1" >/dev/null 2>&1
}

load_theirs_alone() {
  if [ -n "$theirs" ]; then printf '%s\n' "$theirs" | nft -f -; else run_theirs "$1"; fi || fail service-not-loaded
  succeed "$1" alone
}

# Debian's nftables.service has /etc read-only for what it starts.
store_writable() {
  printf 'ReadWritePaths=-%s\n' "$ROOT"
}

# Ours in place of the service's commands, or after them where we don't know what they do: then there is a moment without our rules.
nft_drop_in() {
  if service_is_known; then
    printf '[Service]\n' && store_writable && for its_verb in start:Start reload:Reload stop:Stop; do
      printf 'Exec%s=\nExec%s=' "${its_verb#*:}" "${its_verb#*:}" && by_either "service ${its_verb%:*}" "$(their_commands "${its_verb%:*}")" || return
    done
  else
    printf '[Service]\n' && store_writable && after_theirs
  fi
}

nft_units() {
  "$1" drop-in "$SYSTEMD/nftables.service.d/cpanel-edge.conf" nft_drop_in 0644
}
