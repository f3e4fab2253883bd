# Reports csf's state: its service, whether it is disabled or stopped by an error, and whether its rules are in the
# kernel before all others. `start.sh` loads a release.

csf_families() {
  iptables_families
}

csf_service() {
  printf 'csf.service\n'
}

csf_off() {
  [ -e "$CSF/csf.disable" ] && printf 'csf is disabled\n'
}

# Prints why csf loads nothing as its service starts.
csf_held_back() {
  if [ -e "$CSF/csf.disable" ]; then printf 'disabled\n'; fi
  if [ -e "$CSF/csf.error" ]; then printf 'error\n'; fi
}

# What csf saved as the host was shut down.
csf_forget() {
  rm -f /var/lib/csf/csf.[46].saved /var/lib/csf/csf.4.ipsets 2>/dev/null
}

# What lets in of what the kernel has: policies, what accepts, what becomes of ICMP, and lines of csf.allow that name a protocol. Bans, and who is let in for
# a while, come and go. Nothing where csf has loaded nothing.
csf_kernel() {
  for family in $(iptables_families); do
    "${family}tables-save" -t filter 2>/dev/null 9>&- | awk -v family="$family" -v fleeting=/var/lib/csf/csf.tempallow '
      # Of the host with whom a rule is, and its one port: one for each line that lets in for a while is not meant.
      function is_fleeting(  of_host, text) {
        text = $0
        if (!match(text, / -[sd] [0-9a-f.:]+(\/32|\/128)? /)) return 0
        of_host = substr(text, RSTART + 4, RLENGTH - 5)
        sub(/\/.*/, "", of_host)
        if (!match(text, / --dport [0-9]+ /)) return 0
        return passes[of_host, substr(text, RSTART + 9, RLENGTH - 10)]-- > 0
      }
      BEGIN {
        while ((getline line < fleeting) > 0) {
          if (split(line, field, "|") < 4 || field[2] == "" || field[3] == "") continue
          sub(/\/.*/, "", field[2])
          ways = (field[4] ~ /in/) + (field[4] ~ /out/)
          count = split(field[3], ports, ",")
          for (n = 1; n <= count; n++) { sub(/;.*/, "", ports[n]); passes[tolower(field[2]), ports[n]] += ways }
        }
      }
      /^:LOCALINPUT / { csf = 1 }
      /^:(INPUT|FORWARD|OUTPUT) / { kept[++many] = $1 " " $2 }
      /^-A (INPUT|OUTPUT) / && (/ -j ACCEPT$/ || / -p (icmp|ipv6-icmp) /) { kept[++many] = $0 }
      /^-A ALLOW(IN|OUT) .* -p / && !is_fleeting() { kept[++many] = $0 }
      END { if (csf) for (n = 1; n <= many; n++) print family, kept[n] }'
  done
}

# Nothing is asked before csf asks its own lists, but for who is banned.
csf_in_place() {
  for family in $(iptables_families); do
    "${family}tables-save" -t filter 2>/dev/null 9>&- | awk -v bans="^($BANS)$" '
      $NF ~ bans { next }
      /^-A INPUT / && !in_first++ && !/ -j LOCALINPUT$/ || /^-A OUTPUT / && !out_first++ && !/ -j LOCALOUTPUT$/ { late = 1 }
      END { exit late || !in_first || !out_first }' || return 1
  done
}

# Who bans for csf does it by settings that it read when it started.
csf_tell() {
  systemctl --no-block try-restart lfd.service >/dev/null 2>&1 9>&-
}
