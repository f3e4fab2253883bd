# What a release of csf says: settings of csf.conf, a section of csf.allow, and one of csf.deny and of csfpost.sh where it needs one, as `tail -v` prints
# them, and nothing that the writer does not write.
# csf takes all rules away where iptables refuses one line, so each value has a grammar of its own here, stricter than the one of csf.

# In the order of the text: which values a setting may have, for awk. "ports" stands for a list of them.
CSF_SETTINGS='TESTING 0
IPTABLES /sbin/iptables
IP6TABLES /sbin/ip6tables
FASTSTART 0
IPV6 1
LF_SPI 1
IPV6_SPI 1
DROP DROP
DROP_OUT DROP
ETH_DEVICE
ETH6_DEVICE
ETH_DEVICE_SKIP
DNS_STRICT 1
DNS_STRICT_NS 1
USE_FTPHELPER 0
ICMP_IN_RATE 0
ICMP_OUT 1
ICMP_OUT_RATE 0
IPV6_ICMP_STRICT 0
ICMP_IN [01]
TCP_IN ports
TCP_OUT ports
UDP_IN ports
UDP_OUT ports
TCP6_IN ports
TCP6_OUT ports
UDP6_IN ports
UDP6_OUT ports
MESSENGER 0
PORTKNOCKING
CC_ALLOW
CC_ALLOW_PORTS
DYNDNS 0
GLOBAL_ALLOW
GLOBAL_DYNDNS
CLUSTER_RECVFROM
CLUSTER_SENDTO'

csf_strange() {
  awk -v sum="$checked_sum" -v name="$1" -v settings="$CSF_SETTINGS" "$CHECK_WORDS$CONF_GRAMMAR"'
    BEGIN { wanted = split(settings, setting, "\n"); mark = "# cpanel-edge:" substr(name, 4) }
    NR == 1 { if ($0 != "==> /etc/csf/csf.conf <==") fault("text-begin"); next }
    NR == 2 { if ($0 != mark) fault("text-line"); next }
    NR <= 2 + wanted {
      key = value = setting[NR - 2]
      sub(/ .*/, "", key)
      sub(/^[^ ]* ?/, "", value)
      said = substr($0, length(key) + 5, length($0) - length(key) - 5)
      if ($0 != key " = \"" said "\"") fault("text-line")
      if (value == "ports" ? said != "" && !slots(said, ":") : said !~ ("^" value "$")) fault("text-value")
      next
    }
    NR == 3 + wanted { if ($0 != "") fault("text-line"); next }
    NR == 4 + wanted { if ($0 != "==> /etc/csf/csf.allow <==") fault("text-line"); part = 1; next }
    NR == 5 + wanted { if ($0 != mark " begin") fault("text-line"); within = 1; next }
    # Of csf.deny, and of csfpost.sh, where there are some.
    !within && $0 == "" && !between { between = 1; next }
    !within && between == 1 {
      its = $0 == "==> /etc/csf/csf.deny <==" ? 2 : $0 == "==> /etc/csf/csfpost.sh <==" ? 3 : 0
      if (its <= part) fault("text-line")
      part = its
      between = 2
      next
    }
    !within { if (between != 2 || $0 != mark " begin") fault("text-line"); within = 1; between = 0; next }
    $0 == mark " end" { within = 0; next }
    part == 3 {
      # A shell reads it as root.
      split($0, word, " ")
      if ($0 != word[1] " -w -A ALLOWOUT ! -o lo -p " word[9] " -d " word[11] " -m multiport --sports " word[15] " -m multiport --dports " word[19] " -j ACCEPT") fault("text-line")
      if (word[1] != (index(word[11], ":") ? "/sbin/ip6tables" : "/sbin/iptables") || word[9] !~ /^(tcp|udp)$/) fault("text-line")
      if (!is_network(word[11])) fault("text-network")
      for (i = 15; i <= 19; i += 4) if ((n = slots(word[i], ":")) < 1 || n > 15) fault("text-ports")
      next
    }
    {
      # csf makes room for bans by taking other lines out.
      if (part == 2 && !sub(/ # do not delete$/, "")) fault("text-line")
      if (part == 2 && $0 !~ /^[a-z]+[|]in[|]/) fault("text-line")
      if (split($0, field, "|") != 4 || field[1] !~ /^(tcp|udp|icmp)$/ || field[2] !~ /^(in|out)$/) fault("text-line")
      if (field[3] !~ /^d=/ || index(field[4], field[2] == "in" ? "s=" : "d=") != 1) fault("text-line")
      asked = substr(field[3], 3)
      host = substr(field[4], 3)
      if (field[1] == "icmp") { if (!is_number(asked, 255) || index(host, ":")) fault("text-ports") }
      else if ((n = slots(asked, "_")) < 1 || n > 15) fault("text-ports")
      if (!is_network(host)) fault("text-network")
    }
    END {
      if (!bad && (within || between || NR < 6 + wanted)) fault("text-unclosed")
      pass()
    }'
}
