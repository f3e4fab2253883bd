# nftables.service flushes everybody's rules. Where its unit is one that we know, its commands become ours: what it would load, or
# that it flushes, and our own rules are one transaction. So there is no moment without them.

# What the service would give to nft for start, reload or stop; fails where its unit says anything else.
their_text() {
  case $1 in
    start) their_lines ExecStart ;;
    reload) their_lines ExecReload ;;
    stop) their_lines ExecStop ;;
  esac | awk '
    /^(\/usr)?\/s?bin\/nft -f \/[A-Za-z0-9\/._-]+$/ { print "include \"" $3 "\""; known++; next }
    /^(\/usr)?\/s?bin\/nft flush ruleset$/ { print "flush ruleset"; known++; next }
    # As Red Hat has it.
    match($0, /^(\/usr)?\/s?bin\/nft .flush ruleset; include "[A-Za-z0-9\/._-]+";.$/) {
      split($0, quoted, "\"")
      print "flush ruleset\ninclude \"" quoted[2] "\""
      known++
      next
    }
    { other++ }
    END { exit known == 1 && !other ? 0 : 1 }'
}

their_lines() {
  for folder in /etc/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    if [ -f "$folder/nftables.service" ]; then
      sed -n "s/^$1=//p" "$folder/nftables.service"
      return
    fi
  done
}

# Nobody else has changed what the service does.
service_is_known() {
  for file in /etc/systemd/system/nftables.service.d/*.conf /run/systemd/system/nftables.service.d/*.conf \
    /usr/lib/systemd/system/nftables.service.d/*.conf; do
    case $file in */cpanel-edge.conf) continue ;; esac
    if [ -f "$file" ] && grep -q '^Exec' "$file"; then return 1; fi
  done
  their_text start >/dev/null && their_text reload >/dev/null && their_text stop >/dev/null
}

# service start|reload|stop: by the drop-in, in place of the service's own command.
command_service() {
  no_more $# 1
  case $1 in start | reload | stop) ;; *) refuse wrong-argument verb ;; esac
  theirs=$(their_text "$1") || fail foreign-service
  # Early in a boot the disk may be read-only still: cpanel-edge.service brings ours once it isn't.
  (open_folders) >/dev/null || load_theirs_alone "$1"
  open_folders
  enter 600
  # A release that nft refuses must not take theirs with it, nor be missing for a moment: then what closes goes with theirs.
  if load_with_theirs is_whole || load_with_theirs is_loadable; then
    remember_all
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
    live_texts "$1"
  } >"$RUN/service.nft"
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
  printf '%s\n' "$theirs" | nft -f - || fail service-not-loaded
  succeed "$1" alone
}
