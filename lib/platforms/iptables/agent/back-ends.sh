# A host may have iptables twice: each back end has rules that the other one does not show, and `update-alternatives` chooses whose programs are called
# iptables. Our rules go into that one. Those that an earlier choice has left in the other one are taken away there.

# Prints the back end of the host's programs of family $1: "nft" or "legacy". Fails where they do not answer.
iptables_back_end() {
  back_end_of "${1}tables-save"
}

back_end_of() {
  case $("$1" -V 2>/dev/null 9>&-) in
    *nf_tables*) printf 'nft\n' ;;
    ip*tables*) printf 'legacy\n' ;;
    *) return 1 ;;
  esac
}

# A program of a family that is of another back end than the one that lists the rules, which would not show what it loads: words of a refusal, or nothing.
iptables_mixed_fault() {
  for family in $(iptables_families); do
    saved_in=$(iptables_back_end "$family") || { no_answer; continue; }
    for mixed_program in "${family}tables" "${family}tables-restore"; do
      if ! loaded_in=$(back_end_of "$mixed_program"); then
        no_answer
      elif [ "$saved_in" != "$loaded_in" ]; then
        printf 'iptables-mixed save=%s-%s program=%s-%s\n' "${family}tables-save" "$saved_in" "$mixed_program" "$loaded_in"
        return
      fi
    done
  done
}

# Prints the programs of family $1 that are of the other back end: "iptables-legacy". Fails where the host's own do not answer.
iptables_other() {
  case $(iptables_back_end "$1") in
    nft) printf '%stables-legacy\n' "$1" ;;
    legacy) printf '%stables-nft\n' "$1" ;;
    *) return 1 ;;
  esac
}

# What the programs $2 of family $1 print, or nothing. Files of /proc have no size; legacy programs would make tables that are not there.
iptables_saved() {
  case $2 in *-legacy) grep -qs . "/proc/net/${1}_tables_names" || return 0 ;; esac
  "$2-save" 2>/dev/null 9>&-
}

# Prints lines of the chains $1 of family $2, as the programs $3 have them: "ip mangle :ce-web-in". Fails where there are none.
iptables_lines() {
  iptables_saved "$2" "$3" | awk -v family="$2" -v ours="$(iptables_chains "$1")" "$IS_OURS"'
    /^\*/ { table = substr($0, 2) }
    is_ours($0) { print family, table, $1 ~ /^:/ ? $1 : $0 }' | drain grep .
}

# What is there of the chains $1, and what leads to them; of a family that has them in the other back end alone, what is there. Fails where nothing is.
iptables_list() {
  for family in $(iptables_families); do
    iptables_lines "$1" "$family" "${family}tables" || { other_programs=$(iptables_other "$family") && iptables_lines "$1" "$family" "$other_programs"; }
  done 2>/dev/null | drain grep .
}

# Whether chains of $1 are in the other back end, beside those in this one or in their place.
iptables_elsewhere() {
  for family in $(iptables_families); do
    if other_programs=$(iptables_other "$family") && iptables_lines "$1" "$family" "$other_programs" >/dev/null; then return 0; fi
  done
  return 1
}

# Takes the chains of $1 away from the other back end. Fails where they are there and its programs are not: the note of this start of the device says so.
iptables_clear_other() {
  : >"$RUN/$ID.rules" || return 1
  for family in $(iptables_families); do
    other_programs=$(iptables_other "$family") || return 1
    if iptables_lines "$1" "$family" "$other_programs" >/dev/null; then
      iptables_change "$1" "$family" "$other_programs" || return 1
    elif ! command_exists "$other_programs-restore" && grep -qsx "$other_programs" "$RUN/$ID.back-ends"; then
      printf 'ERROR: BACK_END: rules of ours are in %s, and its programs are not there any more\n' "$other_programs" >&2
      return 1
    fi
  done
}

# Notes into which back ends the rules were loaded.
iptables_note_back_ends() {
  for family in $(iptables_families); do
    printf '%stables-%s\n' "$family" "$(iptables_back_end "$family")"
  done 2>/dev/null >"$RUN/$ID.back-ends"
  return 0
}
