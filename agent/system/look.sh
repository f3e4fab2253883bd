# look: what decides whether an address is reached, besides the rules. Changes nothing. Its questions come on standard input, so that
# sudo can name this command without any argument: "public A", "inside A", "source A", "port N", "protocol tcp", "arrives IF", "wire IF",
# "loopback N,N,…": which ports a server with cPanel may ask itself by.

LONGEST_QUESTION=2048

command_look() {
  no_more $# 0
  open_folders
  question=$(timeout 20 head -c "$LONGEST_QUESTION") || refuse wrong-argument question
  public=$(asked_for public '[0-9a-f.:]{2,45}')
  inside=$(asked_for inside '[0-9a-f.:]{2,45}')
  source=$(asked_for source '[0-9a-f.:]{2,45}')
  port=$(asked_for port '[0-9]{1,5}')
  protocol=$(asked_for protocol 'tcp|udp')
  arrives=$(asked_for arrives "$INTERFACE_NAME")
  wire=$(asked_for wire "$INTERFACE_NAME")
  loopback=$(asked_for loopback '[1-9][0-9]{0,4}(,[1-9][0-9]{0,4}){0,31}')
  for answer in "$public" "$inside" "$source" "$port" "$protocol" "$arrives" "$wire" "$loopback"; do
    [ "$answer" != 'not a word' ] || refuse wrong-argument question
  done
  section settings look_settings
  section proxies look_proxies
  section wire look_wire
  section inside look_inside
  section through look_through
  section back look_back
  section returns look_returns
  section neighbour look_neighbour
  section sessions look_sessions
  section listening look_listening
  [ -z "$loopback" ] || section loopback cpanel_loopback "$loopback"
  all_answered || fail unreadable
  succeed look
}

INTERFACE_NAME='[A-Za-z0-9][A-Za-z0-9_.:@-]{0,14}'

# Nothing where it wasn't asked; "not a word" where it can't be one.
asked_for() {
  word=$(printf '%s\n' "$question" | sed -n "s/^$1 //p" | drain head -n 1)
  [ -n "$word" ] || return 0
  if matches "$word" "$2"; then printf '%s\n' "$word"; else printf 'not a word\n'; fi
}

look_settings() {
  for setting in forwarding rp_filter arp_ignore; do
    for file in /proc/sys/net/ipv4/conf/*/"$setting"; do
      name=${file#/proc/sys/net/ipv4/conf/}
      printf '%s %s %s\n' "$setting" "${name%/*}" "$(cat "$file")"
    done
  done
}

look_proxies() {
  ip -4 neigh show proxy && ip -6 neigh show proxy
}

# Who else on the wire says that the public address is theirs: "taken MAC", "free", or "unknown".
look_wire() {
  [ -n "$wire" ] && [ -n "$public" ] || return 0
  if ! can_arping || [ ! -e "/sys/class/net/$wire" ]; then
    printf 'unknown\n'
    return
  fi
  heard=$(arping -D -c 2 -w 2 -I "$wire" "$public" 2>/dev/null)
  case $? in
    0) printf 'free\n' ;;
    1) printf 'taken %s\n' "$(printf '%s\n' "$heard" | sed -n 's/.*\[\([0-9A-Fa-f:]*\)\].*/\1/p' | drain head -n 1)" ;;
    *) printf 'unknown\n' ;;
  esac
}

# The kernel's own answers, its refusals among them.
route_of() {
  ip -o route get "$@" 2>&1 || :
}

look_inside() {
  [ -z "$inside" ] || route_of "$inside"
}

# As a packet that comes in: forwarding and rp_filter have their say.
look_through() {
  [ -n "$inside" ] && [ -n "$source" ] && [ -e "/sys/class/net/${arrives:-/}" ] || return 0
  route_of "$inside" from "$source" iif "$arrives"
}

look_back() {
  [ -n "$inside" ] && [ -n "$source" ] || return 0
  route_of "$source" from "$inside"
}

# What the server answers, as it comes from there and goes on to the client.
look_returns() {
  [ -n "$inside" ] && [ -n "$source" ] || return 0
  towards=$(ip -o route get "$inside" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | drain head -n 1)
  case $towards in '' | lo) return 0 ;; esac
  route_of "$source" from "$inside" iif "$towards"
}

# Asked on the wire first, so that an entry is there to be seen: "LINE" of the kernel, then "answers" or "silent".
look_neighbour() {
  [ -n "$inside" ] || return 0
  towards=$(ip -o route get "$inside" 2>/dev/null | sed -n 's/.* dev \([^ ]*\).*/\1/p' | drain head -n 1)
  case $inside$towards in *:*) towards= ;; esac
  if [ -n "$towards" ] && [ "$towards" != lo ] && can_arping; then
    if arping -q -f -c 3 -w 3 -I "$towards" "$inside" >/dev/null 2>&1; then printf 'answers %s\n' "$towards"; else printf 'silent %s\n' "$towards"; fi
  fi
  ip neigh show to "$inside" || :
}

look_sessions() {
  command_exists conntrack || {
    printf 'unknown\n'
    return
  }
  if [ -n "$public" ]; then conntrack -L -d "$public" 2>/dev/null | drain head -n 20; fi
  if [ -n "$inside" ]; then conntrack -L -s "$inside" 2>/dev/null | drain head -n 20; fi
}

look_listening() {
  [ -n "$port" ] || return 0
  command_exists ss || {
    printf 'unknown\n'
    return
  }
  if [ "$protocol" = udp ]; then ss -Hlneu "sport = :$port"; else ss -Hlnet "sport = :$port"; fi
}
