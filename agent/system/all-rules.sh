# All rules of all tables of the families that a program loads, and the sets that they ask: for when it doesn't load them any more.

# Of the program of $1, into the folder $2.
rules_save() {
  mkdir -p "$2" || return 1
  for family in $(by_program families "$1"); do
    printed "$2/$family" "${family}tables-save" 9>&- || return 1
  done
  if command_exists ipset; then printed "$2/sets" ipset save 9>&-; fi
  return 0
}

rules_restore() {
  [ -s "$2/ip" ] || return 1
  if [ -s "$2/sets" ]; then ipset restore -exist <"$2/sets" 2>/dev/null 9>&-; fi
  restored=0
  for family in $(by_program families "$1"); do
    rules_restore_family "$family" "$2/$family" || restored=1
  done
  return "$restored"
}

# Tables that are there now, and were not then, let everything go on.
rules_restore_family() {
  {
    cat "$2"
    "${1}tables-save" 2>/dev/null 9>&- | awk -v had="$2" '
      BEGIN { while ((getline line < had) > 0) if (line ~ /^[*]/) there[line] }
      /^[*]/ { came = !($0 in there) }
      came && /^([*]|COMMIT$)/ { print }
      came && /^:[A-Z]+ (ACCEPT|DROP) / { print $1 " ACCEPT [0:0]" }'
  } | "${1}tables-restore" 9>&-
}

# Reads "nft FAMILY NAME" lines and prints the tables that are neither ours nor "FAMILY NAME" of $1: "inet:filter".
other_tables() {
  awk -v ours="inet $(own_name)" -v place="$1" '{ its = $2 " " $3 } its != ours && its != place { print $2 ":" $3 }'
}

# Another one who decides now or from the next start on what passes, of which the rules of iptables say nothing, and who doesn't give way to the
# release $1: words of a refusal, or nothing.
rules_beside_fault() {
  iptables_mixed_fault | drain grep . && return
  its_place=no
  if replaced_by "$1" | drain grep -qx firewalld; then its_place='inet firewalld'; fi
  if [ "$its_place" = no ] && firewalld_is_wanted; then
    printf 'other-firewall program=firewalld\n'
  elif other=$(iptables_beside | other_tables "$its_place" | drain head -n 1) && [ -n "$other" ]; then
    printf 'other-firewall program=nft table=%s\n' "$other"
  elif other=$(tables_to_come | drain head -n 1) && [ -n "$other" ]; then
    printf 'other-firewall program=nft table=%s from=nftables.service\n' "$other"
  fi
}

# Who loads all rules refuses to start beside it, or takes its own away.
firewalld_is_wanted() {
  case $(systemctl is-active firewalld.service 2>/dev/null 9>&-) in active | activating) return 0 ;; esac
  firewalld_enabled
}
