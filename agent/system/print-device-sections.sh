# What the runner reads: sections of payload, each complete or the command fails.

section() {
  printf 'cpanel-edge: section %s\n' "$1" 2>/dev/null
  shift
  told=$RUN/told-$$
  trap 'rm -f "$told"' EXIT
  if ! printed "$told" "$@" 9>&-; then
    head -c 4096 /dev/zero 2>/dev/null >>"$told" || refuse folder-not-writable "folder=$RUN"
    fail unreadable
  fi 2>/dev/null
  payload <"$told"
}

read_all() {
  read_name=$(name_here)
  section ruleset by_program all "$read_name"
  section edits live_edits
  section proxies look_proxies
  read_facts "$read_name"
}

# Of rules of ours, those on trial first: whose program says what the device runs.
name_here() {
  for running in on_trial confirmed_file; do
    for candidate in $(each_home); do
      select_home "$candidate"
      if file=$("$running"); then
        name_of "$file"
        return
      fi
    done
  done
}

# $1: the name of rules, whose program is meant.
read_facts() {
  section version by_program version "$1"
  section platform platform_of "$1"
  section addresses ip -o addr show
  section links ip -o link show
  section routes live_routes
  section forwarding live_forwarding
  section legacy by_program beside "$1"
  section cpanel-rules cpanel_rules
  section cpanel-nat cpanel_nat
}

# Lines of ours that somebody has changed by hand: "ROLE OWNER < was" and "ROLE OWNER > is".
live_edits() {
  for candidate in $(each_home); do
    select_home "$candidate"
    if [ -f "$HOME_FOLDER/table" ] && [ -f "$HOME_FOLDER/loaded" ]; then
      live_rules "$(cat "$HOME_FOLDER/table")" | diff "$HOME_FOLDER/loaded" - | grep '^[<>]' | drain head -n 200 | cut -c 1-300 |
        sed "s/^/$ROLE $OWNER /"
    fi
  done
}

# Of every table: policy routing leads packets out by interfaces that the main one doesn't name. What is local isn't routed.
live_routes() {
  { ip -4 -o route show table all && ip -6 -o route show table all; } >"$told.all" || {
    rm -f "$told.all"
    return 1
  }
  sed '/^\(local\|broadcast\|multicast\|anycast\) /d' "$told.all"
  rm -f "$told.all"
}

# One interface that forwards is enough, since 6.17 one of IPv6 that is forced to. A kernel without it has no such files.
live_forwarding() {
  forwards /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf/*/forwarding
  forwards /proc/sys/net/ipv6/conf/*/forwarding /proc/sys/net/ipv6/conf/*/force_forwarding
}

forwards() {
  if grep -qs '[1-9]' "$@"; then printf '1\n'; else printf '0\n'; fi
}

tools() {
  for tool in nft iptables ip conntrack arping systemd-run; do
    if command_exists "$tool"; then printf '%s yes\n' "$tool"; else printf '%s no\n' "$tool"; fi
  done
  if [ -d /run/systemd/system ]; then printf 'systemd yes\n'; else printf 'systemd no\n'; fi
}

system_name() {
  grep -E '^(PRETTY_NAME|ID|VERSION_ID)=' /etc/os-release || printf 'ID=unknown\n'
}

command_facts() {
  no_more $# 0
  open_folders
  section system system_name
  section tools tools
  section server server_facts
  read_facts "$(name_here)"
  all_answered || fail unreadable
  succeed facts
}
