# Checks whether the next boot will load the release, and whether other firewalls will run beside it. Prints a word
# for each fault, for `boot=` of `status`.

# Prints why a restart may not bring the release $1, or brings others beside it: words of boot=, or nothing.
restart_faults() {
  by_program start_faults "$(name_of "$1")"
  # On trial others may run that go with its end.
  if on_trial >/dev/null; then return; fi
  others_beside "$(name_of "$1")" "$1"
  [ -z "$(replaced_on "$1")" ] || printf 'replaced-on\n'
}

# Prints why the unit $1 does not start with the device, or nothing. $2: the word of one that is not enabled.
unit_start_fault() {
  case $(systemctl is-enabled "$1" 2>/dev/null 9>&-) in
    enabled) ;;
    masked*) printf 'masked\n' ;;
    *) printf '%s\n' "$2" ;;
  esac
}

# Firewalls that run or start with the device beside rules of the name $1, as one program then decides alone; but for those that give way to the release
# $2. A table of nft is asked beside all of them.
others_beside() {
  case $(program_of "$1") in
    nft) return ;;
    firewalld) others_named='csf apf ufw' ;;
    *) others_named='csf apf ufw firewalld nftables' ;;
  esac
  gives_way=" $(program_of "$1") $(replaced_by "$2" | tr '\n' ' ')"
  for other_named in $others_named; do
    case $gives_way in *" $other_named "*) continue ;; esac
    case $other_named in
      firewalld) firewalld_is_wanted ;;
      nftables) [ -n "$(tables_to_come)" ] ;;
      *) "${other_named}_is_on" ;;
    esac && printf 'other-%s\n' "$other_named"
  done
}

# Tables that nftables.service loads at the next start and no iptables shows, "inet:filter" each; "unknown" where its file cannot be tried. It is loaded
# in a network of its own, which ends with it.
tables_to_come() {
  [ "$(systemctl is-enabled nftables.service 2>/dev/null 9>&-)" = enabled ] || return 0
  { coming_rules=$(their_text start) && coming_tables=$(printf '%s\n' "$coming_rules" | unshare --net sh -c 'nft -f - && nft list tables' 2>/dev/null 9>&-); } || {
    printf 'unknown\n'
    return
  }
  printf '%s\n' "$coming_tables" | hidden_tables | other_tables none
}
