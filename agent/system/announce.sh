# Neighbours: whether a new address is in use already, and telling them that it is here now. Both need iputils' arping.

AT_ONCE=256

can_arping() {
  command_exists arping && arping -V 2>&1 | drain grep -q iputils
}

# COMMAND for each interface and address of its input, so many at once.
for_each_address() {
  running=0
  while read -r interface address; do
    "$1" 9>&- &
    running=$((running + 1))
    if [ "$running" -ge "$AT_ONCE" ]; then
      wait
      running=0
    fi
  done
  wait
}

ask_who_has() {
  arping -D -q -c "$probes" -w "$probes" -I "$interface" "$address" >/dev/null 2>&1
  [ $? -ne 1 ] || printf '%s\n' "$address" >>"$RUN/$ID.taken"
}

tell_who_has() {
  arping -U -q -c 1 -w 1 -I "$interface" "$address"
}

# The first address of the release that somebody on the wire has, or nothing.
duplicate_address() {
  can_arping || return 0
  section_of "$1" addresses >"$RUN/$ID.asked"
  away "$RUN/$ID.taken"
  missing_addresses "$RUN/$ID.asked" | awk '$1 != "route" && !index($3, ":") { split($3, a, "/"); print $2, a[1] }' >"$RUN/$ID.ask"
  # Twice, because a first request may be lost; thousands are asked once, or it would take minutes.
  probes=2
  if [ "$(wc -l <"$RUN/$ID.ask")" -gt "$AT_ONCE" ]; then probes=1; fi
  for_each_address ask_who_has <"$RUN/$ID.ask"
  [ ! -f "$RUN/$ID.taken" ] || head -n 1 "$RUN/$ID.taken"
  rm -f "$RUN/$ID.taken" "$RUN/$ID.asked" "$RUN/$ID.ask"
}

# Neighbours keep an old owner's hardware address for minutes. Nobody waits for this, and it decides nothing.
announce() {
  [ -s "$RUN/$ID.fresh" ] && can_arping || return 0
  awk '$1 == "alias" && !index($3, ":") { split($3, a, "/"); print $2, a[1] }' "$RUN/$ID.fresh" >"$RUN/$ID.tell"
  rm -f "$RUN/$ID.fresh"
  for_each_address tell_who_has <"$RUN/$ID.tell" >/dev/null 2>&1 9>&- &
}

# Rules that close neighbour discovery work until the neighbours expire: better before the proof than after it.
forget_neighbours() {
  ip -6 neigh flush all >/dev/null 2>&1 9>&-
}
