# APF: settings and lines of its own files. It loads them with all rules of the host of IPv4, one after the other, and goes on where iptables refuses one:
# what it has loaded, the kernel says.

# Nobody else reads its files.
apf_tell() {
  :
}

apf_families() {
  printf 'ip\n'
}

apf_off() {
  return 1
}

apf_service() {
  printf 'apf-firewall.service\n'
}

# What lets in of what the kernel has, up to the rule by which a chain ends, and each rule once: where APF doesn't flush, every start of it adds all of
# them behind that. What goes out is not told apart: all of it does. Bans, and hosts that are let in as a whole, come and go. Nothing where APF has
# loaded nothing.
apf_kernel() {
  iptables-save -t filter 2>/dev/null 9>&- | awk '
    /^:TALLOW / { apf = 1 }
    /^:(INPUT|OUTPUT) / { kept[++many] = $1 " " $2 }
    $1 != "-A" || ended[$2] || seen[$0]++ { next }
    /^-A (INPUT -j DROP|OUTPUT -j ACCEPT)$/ { ended[$2] = 1; kept[++many] = $0 }
    /^-A INPUT( .*)? -j ACCEPT$/ || /^-A TALLOW( .*)? -p / || $0 == "-A TALLOW -j ACCEPT" { kept[++many] = $0 }
    END { if (apf) for (n = 1; n <= many; n++) print "ip", kept[n] }'
}

# Nobody is asked before APF, but chains of others: these stay where they are while it loads.
apf_in_place() {
  iptables-save -t filter 2>/dev/null 9>&- | awk -v chains="$APF_CHAINS" "$APF_OTHERS"'
    is_theirs($0) { next }
    /^-A INPUT / && !in_first++ && !/ -i lo -j ACCEPT$/ || /^-A OUTPUT / && !out_first++ && !/ -o lo -j ACCEPT$/ { late = 1 }
    END { exit late || !in_first || !out_first }'
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
APF_CHAINS=' RESET PROHIBIT TALLOW TDENY TGALLOW TGDENY TMP_DROP RABPSCAN TELNET_LOG SSH_LOG IN_SANITY OUT_SANITY FRAG_UDP PZERO IDENT MCAST P2P DEG PHP DSHIELD SDROP LMAC '

# It closes the host by its last rule, and leaves it open where it stops before that, with a status of success. It has the lock, too: where this program
# is killed meanwhile the next command waits until it has ended, and its rules don't stand among those that are loaded then.
apf_start() {
  apf_forget "$1"
  apf_flush || return 1
  timeout -k 10 "$(most_of_a_start)" apf -s >"$RUN/$ID.apf" 2>&1 </dev/null
  ended=$?
  if [ -s "$RUN/$ID.others" ]; then iptables-restore --noflush <"$RUN/$ID.others" 9>&-; fi
  if apf_closes; then
    rm -f "$RUN/$ID.apf" "$RUN/$ID.others"
    return 0
  fi
  grep -iE 'abort|unable|could not|error|not found' "$RUN/$ID.apf" | conf_unstarted APF "$ended"
  rm -f "$RUN/$ID.apf" "$RUN/$ID.others"
  return 1
}

# With nf_tables, APF takes none of its rules away: what a start adds would stand behind the rule that closes. With the other back end it takes those of all
# tables away, others' as well.
apf_flush() {
  iptables-save -t filter 2>/dev/null 9>&- | awk -v chains="$APF_CHAINS" "$APF_OTHERS"'
    BEGIN { print "*filter" }
    /^:/ && index(chains, " " substr($1, 2) " ") { print "-F", substr($1, 2) }
    /^-A (INPUT|OUTPUT) / && !is_theirs($0) { sub(/^-A/, "-D"); print }
    END { print "COMMIT" }' | iptables-restore --noflush 9>&- || return 1
  for chain in $(iptables-save -t filter 2>/dev/null 9>&- | sed -n 's/^:\([A-Z_]*\) -.*/\1/p'); do
    case $APF_CHAINS in *" $chain "*) iptables -X "$chain" 2>/dev/null 9>&- ;; esac
  done
  iptables-save -t mangle 2>/dev/null 9>&- | awk '
    BEGIN { print "*mangle" }
    /^-A (PREROUTING|POSTROUTING) -p tcp .* -j TOS / { $1 = "-D"; print }
    END { print "COMMIT" }' | iptables-restore --noflush 9>&- || return 1
  # Files there have no size.
  if grep -qs . /proc/net/ip_tables_names; then
    for table in nat mangle raw security; do
      if grep -qsx "$table" /proc/net/ip_tables_names; then iptables-save -t "$table" 9>&-; fi
    done
  else
    # A start lets everything be forwarded, beside rules of others that ask the policy.
    iptables-save -t filter 9>&- | grep -E '^([*]|:FORWARD |COMMIT$)'
  fi >"$RUN/$ID.others"
}

apf_closes() {
  [ "$(iptables-save -t filter 2>/dev/null 9>&- | grep '^-A INPUT ' | tail -n 1)" = '-A INPUT -j DROP' ]
}
