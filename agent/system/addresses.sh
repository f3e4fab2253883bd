# VIPs. "alias": the address on the interface. "proxy-arp": the interface answers for it without having it; the kernel does
# that only for what it would route to another interface, so such an address leads to lo (translated packets never get there).
# Only what we added is ever removed: RUN/ID.added lists it, and goes with the addresses when the machine restarts. Where it isn't there
# and nothing has restarted, somebody emptied /run: then what our files name is what we added.

# One line per address that must be there: "alias IF A/L", "proxy IF A", "route lo A". Prefixes of proxy-arp are spelled out.
expanded_addresses() {
  awk '
    function number(text,  p) { split(text, p, "."); return ((p[1] * 256 + p[2]) * 256 + p[3]) * 256 + p[4] }
    function dotted(n,  d, c, b) { d = n % 256; n = int(n / 256); c = n % 256; n = int(n / 256); b = n % 256; return int(n / 256) "." b "." c "." d }
    $1 == "alias" { print; next }
    $1 == "proxy-arp" {
      split($3, part, "/")
      if (index(part[1], ":")) { print "proxy", $2, part[1]; next }
      count = 2 ^ (32 - part[2])
      if (count > 65536) exit 1
      first = number(part[1])
      first -= first % count
      for (i = 0; i < count; i++) { print "proxy", $2, dotted(first + i); print "route lo " dotted(first + i) }
    }' "$1"
}

present_addresses() {
  ip -o addr show | awk '{ print "alias", $2, $4; split($4, a, "/"); print "any", $2, a[1] }'
  { ip -4 neigh show proxy && ip -6 neigh show proxy; } | awk '{ print "proxy", $3, $1 }'
  ip -4 route show | awk '$1 ~ /^[0-9.]+$/ { print "route lo " $1 }'
}

# An address is there whatever length it has.
missing_addresses() {
  [ -s "$1" ] || return 0
  { present_addresses && printf 'end\n' && expanded_addresses "$1"; } | awk '
    $0 == "end" { wanted = 1; next }
    !wanted { there[$0] = 1; next }
    $1 == "alias" { split($3, a, "/"); if (!(("any " $2 " " a[1]) in there)) print; next }
    !($0 in there)'
}

addresses_present() {
  section_of "$1" addresses >"$RUN/$ID.asked"
  [ -z "$(missing_addresses "$RUN/$ID.asked")" ]
  present=$?
  rm -f "$RUN/$ID.asked"
  return "$present"
}

# Lines to commands of "ip -batch". $1: add or del.
address_commands() {
  awk -v verb="$1" '
    $1 == "alias" { print "addr " verb " " $3 " dev " $2 (verb == "add" && index($3, ":") ? " nodad" : ""); next }
    $1 == "proxy" { print "neigh " verb " proxy " $3 " dev " $2; next }
    $1 == "route" { print "route " verb " " $3 "/32 dev lo" }'
}

# Noted before it is done: what a power cut leaves undone does no harm, what it leaves unnoted would stay for ever.
add_addresses() {
  missing_addresses "$1" >"$RUN/$ID.fresh" || return 1
  cat "$RUN/$ID.fresh" >>"$RUN/$ID.added" || return 1
  [ -s "$RUN/$ID.fresh" ] || return 0
  # One whose interface is gone keeps no other away.
  address_commands add <"$RUN/$ID.fresh" | ip -force -batch - 9>&- && return 0
  missing_addresses "$1" | sed 's/^/not added: /' | payload
  return 1
}

# At a start of the device ours aren't there yet, and what is there somebody else brought; where /run was emptied, ours are.
note_present() {
  { present_addresses && printf 'end\n' && named_addresses; } |
    awk '$0 == "end" { named = 1; next } !named { there[$0] = 1; next } $0 in there' >"$RUN/$ID.added"
}

know_addresses() {
  [ -f "$RUN/$ID.added" ] || named_addresses >"$RUN/$ID.added"
}

named_addresses() {
  for naming in "$HOME_FOLDER"/release "$HOME_FOLDER"/kept "$HOME_FOLDER"/retracting "$HOME_FOLDER"/armed-* "$HOME_FOLDER"/undoing-*; do
    if [ -f "$naming" ]; then section_of "$naming" addresses; fi
  done >"$RUN/$ID.named" && expanded_addresses "$RUN/$ID.named" && rm -f "$RUN/$ID.named"
}

# What we added and the list doesn't name. A line that is gone already is no error.
remove_addresses_except() {
  know_addresses || return 1
  [ -s "$RUN/$ID.added" ] || return 0
  { expanded_addresses "$1" && printf 'end\n' && cat "$RUN/$ID.added"; } |
    awk '$0 == "end" { ours = 1; next } !ours { wanted[$0] = 1; next } !($0 in wanted) && !seen[$0]++' >"$RUN/$ID.gone"
  address_commands del <"$RUN/$ID.gone" | ip -force -batch - >/dev/null 2>&1 9>&-
  # Not told apart by NR and FNR: where nothing is gone, every line of the second file would be.
  awk -v list="$RUN/$ID.gone" 'BEGIN { while ((getline line < list) > 0) gone[line] = 1 } !($0 in gone) && !seen[$0]++' \
    "$RUN/$ID.added" >"$RUN/$ID.still"
  mv -f "$RUN/$ID.still" "$RUN/$ID.added" && rm -f "$RUN/$ID.gone"
}
