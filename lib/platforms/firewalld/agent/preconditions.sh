# What has to be so before firewalld is told to reload, which forgets what was told to it and not written.

firewalld_tools() {
  printf '%s\n' nft busctl firewall-cmd firewall-offline-cmd timeout
}

# Words of a refusal, and then it fails. $2: the release.
firewalld_surroundings() {
  # shellcheck disable=SC2046 # words
  alone_here $(replaced_by "$2") || return 1
  fault=$(firewalld_fault "$1" "$2")
  rm -f "$RUN/$ID.tried"-*
  [ -z "$fault" ] && return
  printf '%s\n' "$fault"
  return 1
}

firewalld_fault() {
  if firewalld_starts "$2"; then firewalld_state=off; fi
  its_version=$(firewalld_version 2>/dev/null)
  its_start=$(unit_start_fault firewalld.service disabled)
  if [ "$its_start" = masked ]; then
    printf 'firewalld-masked\n'
  elif [ "$firewalld_state" = off ]; then
    firewalld_start_fault "$1"
  elif ! firewalld_answers; then
    if [ "$firewalld_state" = silent ]; then printf 'firewalld-silent\n'; else firewalld_not_running; fi
  # On what came in its package, or on nothing.
  elif [ "$firewalld_state" != running ]; then
    printf 'firewalld-failed\n'
  elif [ -n "$its_start" ]; then
    printf 'firewalld-%s\n' "$its_start"
  # What it had can't be put back then.
  elif nft list table inet firewalld 2>/dev/null 9>&- | drain grep -q '^[[:space:]]*flags .*owner'; then
    printf 'firewalld-owns-table\n'
  elif its_said=$(firewalld_said_fault "$1") && [ -n "$its_said" ]; then
    printf '%s\n' "$its_said"
  elif firewalld_panics; then
    printf 'firewalld-panic\n'
  elif firewalld_differs "$1"; then
    printf 'firewalld-runtime\n'
  fi
}

# A start of it takes rules of iptables away; one that is enabled comes with the device.
firewalld_not_running() {
  its_beside=
  if [ -n "$(services_on iptables)" ] || iptables_runs; then
    its_beside=' beside=iptables'
    if firewalld_enabled; then its_beside="$its_beside start=enabled"; fi
  fi
  printf 'firewalld-not-running%s\n' "$its_beside"
}

# Of one that starts for the trial: by its files.
firewalld_start_fault() {
  its_said=$(firewalld_said_fault "$1")
  owns_table=no
  if ! matches "$its_version" '([01]|2[.][01])([.].*)?'; then owns_table=yes; fi
  # It would start with what came in its package.
  if ! firewall-offline-cmd --check-config >/dev/null 2>&1 9>&-; then
    printf 'firewalld-failed\n'
  elif [ -n "$its_said" ]; then
    printf '%s\n' "$its_said"
  elif matches "$(firewalld_setting NftablesTableOwner "$owns_table")" 'yes|true'; then
    printf 'firewalld-owns-table\n'
  fi
}

firewalld_said_fault() {
  # Before 0.9 it knows no policies; after 2.5 nobody has looked.
  if matches "$its_version" '(0\.[0-8]|2\.([6-9]|[1-9][0-9]+)|[3-9]|[1-9][0-9]+)(\..*)?'; then
    printf 'firewalld-version version=%s\n' "$its_version"
  # 2.1 and later let in what this says while they reload; what isn't well said they take for DROP.
  elif sed -n 's/^[[:space:]]*ReloadPolicy[[:space:]]*=//p' "$FIREWALLD/firewalld.conf" 2>/dev/null | drain grep -qi accept; then
    printf 'firewalld-reload-policy\n'
  elif [ "$(firewalld_setting FirewallBackend nftables)" != nftables ]; then
    printf 'firewalld-back-end backend=iptables\n'
  # Entries of a set that was there before would be in the one that comes.
  elif ! matches "$(firewalld_setting FlushAllOnReload yes)" 'yes|true'; then
    printf 'firewalld-keeps-runtime\n'
  elif its_other=$(firewalld_other "$1") && [ -n "$its_other" ]; then
    printf 'firewalld-owner owner=%s\n' "$its_other"
  elif ! keep_iptables tried && firewalld_flushes; then
    printf 'firewalld-iptables\n'
  fi
}

# Another owner who has policies here. The first that decides about a packet is the last: one would open what the other keeps closed.
firewalld_other() {
  for candidate in $(each_home); do
    (select_home "$candidate" && own_name)
  done | grep '^cf-' | grep -vxF "$1" | drain head -n 1 | cut -c 4-
}

# $2: what holds where nothing is said. Of equal keys the first counts that has a value.
firewalld_setting() {
  its_value=$(sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\([A-Za-z]*\).*/\1/p" "$FIREWALLD/firewalld.conf" 2>/dev/null | drain grep -m 1 . | tr '[:upper:]' '[:lower:]')
  printf '%s\n' "${its_value:-$2}"
}

# What differs of what runs and what is written, for a person.
firewalld_differs() {
  firewalld_told "$1" >"$RUN/$ID.told" 2>/dev/null
  firewalld_told "$1" --permanent >"$RUN/$ID.written" 2>/dev/null
  diff "$RUN/$ID.written" "$RUN/$ID.told" | grep '^[<>]' | drain head -n 20 | cut -c 1-300 >"$RUN/$ID.differs"
  rm -f "$RUN/$ID.told" "$RUN/$ID.written"
  [ -s "$RUN/$ID.differs" ]
}

# $2: --permanent, or nothing. Which sets there are, and that there are no direct rules, the bus says without Python. Interfaces are bound again after a
# reload by NetworkManager, Docker and libvirt.
firewalld_told() {
  {
    for listed in zones policies; do
      firewalld_ask ${2:+"$2"} "--list-all-$listed"
    done
    if [ -n "${2-}" ]; then its_sets=$(firewalld_says /config .config getIPSetNames); else its_sets=$(firewalld_says '' .ipset getIPSets); fi
    case $its_sets in
      'as 0') its_sets= ;;
      'as '*) its_sets=${its_sets#as * } ;;
      *) its_sets=$(firewalld_ask ${2:+"$2"} --get-ipsets) ;;
    esac
    for set in $its_sets; do
      set=${set#\"}
      firewalld_ask ${2:+"$2"} "--info-ipset=${set%\"}"
    done
    for direct in rules:Rules passthroughs:Passthroughs; do
      case $(firewalld_says "${2:+/config}" "${2:+.config}.direct" "getAll${direct#*:}") in *') 0') continue ;; esac
      firewalld_ask ${2:+"$2"} --direct "--get-all-${direct%:*}"
    done
  } | awk -v ours="^$(firewalld_files "$1")$" -v binds="$(systemctl is-active NetworkManager.service 2>/dev/null 9>&-)" '
    # A direct rule has many words.
    /^[^ \t]/ { object = $0; part = 0 }
    # Files of zones/more/ are listed as more/a and more/b, and run as the zone more: neither their targets nor their priorities count.
    /^[^ \t]+( \(.*\))?$/ { object = $1; part = sub("/.*", "", object) }
    $1 ~ /^(target|(in|e)gress-priority):$/ && (part || $2 ~ /^(default|0)$/) || $1 ~ /^(forward|masquerade|icmp-block-inversion):$/ && $2 == "no" { next }
    object ~ ours || $1 == "interfaces:" && (binds == "active" || object ~ /^(docker|libvirt)/) || NF == 0 { next }
    /^[^ \t]/ { print object; next }
    # Words in any order, one a line, but for rules.
    $1 == "rule" { $1 = $1; print object ": " $0; next }
    { for (i = 2; i <= NF; i++) print object ": " $1 " " $i }' | sort -u
}

firewalld_all() {
  nft list ruleset
}

firewalld_beside() {
  nft_beside
}

firewalld_version() {
  its_number=
  if [ "$firewalld_state" != silent ]; then its_number=$(firewalld_property version); fi
  if [ -n "$its_number" ]; then printf '%s\n' "$its_number"; else firewall-offline-cmd --version; fi
}
