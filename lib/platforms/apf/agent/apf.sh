# APF: settings and lines of its own files. It loads them with all rules of the host, 9.7 those of IPv4, one after the other, and goes on where iptables
# refuses one: what it has loaded, the kernel says.

# Nobody else reads its files.
apf_tell() {
  :
}

apf_families() {
  printf '%s\n' "$APF_FAMILIES"
}

apf_off() {
  return 1
}

# Boot writes RUN="yes" again before its service starts.
apf_held_back() {
  :
}

# Of one version, or both.
apf_service() {
  case ${1-} in cu-*) ;; *) printf 'apf-firewall.service\n' ;; esac
  case ${1-} in ca-*) ;; *) printf 'apf.service\n' ;; esac
}

# What lets in of what the kernel has, up to the rule by which a chain ends, and each rule once: where APF doesn't flush, every start of it adds all of
# them behind that. What goes out is not told apart: all of it does. Bans, and hosts that are let in as a whole, come and go. Nothing where APF has
# loaded nothing.
apf_kernel() {
  for family in $APF_FAMILIES; do
    "${family}tables-save" -t filter 2>/dev/null 9>&- | awk -v family="$family" '
      /^:TALLOW / { apf = 1 }
      /^:(INPUT|OUTPUT) / { kept[++many] = $1 " " $2 }
      $1 != "-A" || ended[$2] || seen[$0]++ { next }
      /^-A (INPUT -j DROP|OUTPUT -j ACCEPT)$/ { ended[$2] = 1; kept[++many] = $0 }
      /^-A INPUT( .*)? -j ACCEPT$/ || /^-A TALLOW( .*)? -p / || $0 == "-A TALLOW -j ACCEPT" { kept[++many] = $0 }
      END { if (apf) for (n = 1; n <= many; n++) print family, kept[n] }'
  done
}

# Nobody is asked before APF, but chains of others: these stay where they are while it loads.
apf_in_place() {
  for family in $APF_FAMILIES; do
    "${family}tables-save" -t filter 2>/dev/null 9>&- | awk -v chains="$APF_CHAINS" "$APF_OTHERS"'
      is_theirs($0) { next }
      /^-A INPUT / && !in_first++ && !/ -i lo -j ACCEPT$/ || /^-A OUTPUT / && !out_first++ && !/ -o lo -j ACCEPT$/ { late = 1 }
      END { exit late || !in_first || !out_first }' || return 1
  done
}

# For awk, of what iptables-save says: a rule that leads to a chain of somebody else, fail2ban or cPHulk.
# shellcheck disable=SC2016 # awk's
APF_OTHERS='
/^:/ && $2 == "-" && !index(chains, " " substr($1, 2) " ") { theirs[substr($1, 2)] }
function is_theirs(line) { return match(line, / -[jg] [^ ]+/) && substr(line, RSTART + 4, RLENGTH - 4) in theirs }'

# What it saved of an earlier start, which may be another release's.
apf_forget() {
  rm -f "$APF/internals/.last.full"
}

# Chains that APF makes, in all its settings.
APF_CHAINS=' RESET PROHIBIT TALLOW TDENY TGALLOW TGDENY TMP_DROP RABPSCAN TELNET_LOG SSH_LOG IN_SANITY OUT_SANITY FRAG_UDP PZERO IDENT MCAST P2P DEG PHP DSHIELD SDROP LMAC REFRESH_TEMP CC_DENY CC_ALLOW CC_DENYP CC_ALLOWP SMTP_BLK SYNFLOOD IN_SANITY6 OUT_SANITY6 FRAG_UDP6 PZERO6 MCAST6 '

# It closes the host by its last rule, and leaves it open where it stops before that, with a status of success. It has the lock, too: where this program
# is killed meanwhile the next command waits until it has ended, and its rules don't stand among those that are loaded then.
apf_start() {
  if ! matches "$(apf_number)" "$APF_VERSION"; then
    printf 'ERROR: APF: it is another version than this release is for\n' >&2
    return 1
  fi
  apf_forget "$1"
  apf_flush || return 1
  apf_began=$(now)
  timeout -k 10 "$(most_of_a_start)" apf -s >"$RUN/$ID.apf" 2>&1 </dev/null
  ended=$?
  for family in $APF_FAMILIES; do
    if [ -s "$RUN/$ID.others-$family" ]; then apf_gone "$family" | "${family}tables-restore" --noflush 9>&-; fi
  done
  if apf_closes; then
    rm -f "$RUN/$ID.apf" "$RUN/$ID.others"-*
    return 0
  fi
  grep -iE 'abort|unable|could not|error|not found|invalid' "$RUN/$ID.apf" | conf_unstarted APF "$ended" "$apf_began"
  rm -f "$RUN/$ID.apf" "$RUN/$ID.others"-*
  return 1
}

# With nf_tables, 9.7 takes none of its rules away: what a start adds would stand behind the rule that closes. With the other back end it takes those of all
# tables away, others' as well, and so does 2.0.2 with both, where no Docker is.
apf_flush() {
  for family in $APF_FAMILIES; do
    "${family}tables-save" -t filter 2>/dev/null 9>&- | awk -v chains="$APF_CHAINS" "$APF_OTHERS"'
      BEGIN { print "*filter" }
      /^:/ && index(chains, " " substr($1, 2) " ") { print "-F", substr($1, 2) }
      /^-A (INPUT|OUTPUT) / && !is_theirs($0) { sub(/^-A/, "-D"); print }
      END { print "COMMIT" }' | "${family}tables-restore" --noflush 9>&- || return 1
    for chain in $("${family}tables-save" -t filter 2>/dev/null 9>&- | sed -n 's/^:\([A-Z_0-9]*\) -.*/\1/p'); do
      case $APF_CHAINS in *" $chain "*) "${family}tables" -X "$chain" 2>/dev/null 9>&- ;; esac
    done
    "${family}tables-save" -t mangle 2>/dev/null 9>&- | awk '
      BEGIN { print "*mangle" }
      /^-A (PREROUTING|POSTROUTING) -p (tcp|udp) .* -j TOS / { $1 = "-D"; print }
      END { print "COMMIT" }' | "${family}tables-restore" --noflush 9>&- || return 1
    apf_others "$family" >"$RUN/$ID.others-$family"
  done
}

# What a start takes away that is none of APF's.
apf_others() {
  # Files there have no size.
  its_tables=$(grep -sxE 'nat|mangle|raw|security' "/proc/net/$1_tables_names")
  if [ -z "$its_tables" ]; then
    # A start lets everything be forwarded, beside rules of others that ask the policy.
    "$1tables-save" -t filter 9>&- | grep -E '^([*]|:FORWARD |COMMIT$)'
    [ -n "$APF_STARTED" ] || its_tables='nat mangle raw'
  fi
  for table in $its_tables; do "$1tables-save" -t "$table" 9>&-; done
}

# Of these what isn't there any more: where Docker is, 2.0.2 leaves most of it.
apf_gone() {
  "$1tables-save" 2>/dev/null 9>&- | awk -v was="$RUN/$ID.others-$1" '
    function of_table(line) {
      if (line ~ /^[*]/) table = line
      sub(/ \[[0-9]+:[0-9]+\]$/, "", line)
      return table line
    }
    { now[of_table($0)] }
    END { while ((getline line < was) > 0) if (line ~ /^([*]|COMMIT)/ && of_table(line) != "" || !(of_table(line) in now)) print line }'
}

apf_closes() {
  for family in $APF_FAMILIES; do
    [ "$("${family}tables-save" -t filter 2>/dev/null 9>&- | grep '^-A INPUT ' | tail -n 1)" = '-A INPUT -j DROP' ] || return 1
  done
}
