# What a release of APF says: settings of conf.apf, a section of allow_hosts.rules, one of postroute.rules, and that APF is started, as `tail -v` prints
# them, and nothing that the writer does not write. A shell reads these files as root, so that each value has a grammar of its own here.

# In the order of the text. What has no value here may have several.
APF_PACKAGED='DEVEL_MODE="0"
INSTALL_PATH="/etc/apf-firewall"
IFACE_IN=interface
IFACE_TRUSTED=""
SET_FASTLOAD="0"
SET_VNET="0"
SET_MONOKERN="1"
SET_REFRESH="0"
TCP_STOP="DROP"
UDP_STOP="DROP"
TCR_PASS="0"
ICMP_LIM="0"
RESV_DNS="1"
BLK_PRVNET="0"
BLK_RESNET="0"
SYSCTL_ROUTE="1"
IG_TCP_CPORTS=ports
IG_UDP_CPORTS=ports
IG_ICMP_TYPES=types
EGF="0"
USE_RGT="0"'

APF_PUBLISHED='DEVEL_MODE="0"
INSTALL_PATH="/etc/apf"
IFACE_UNTRUSTED=interface
IFACE_TRUSTED=""
USE_IPV6="1"
SET_FASTLOAD="0"
SET_VNET="0"
SET_MONOKERN="1"
SET_REFRESH="0"
VF_ROUTE="0"
TCP_STOP="DROP"
UDP_STOP="DROP"
ALL_STOP="DROP"
TCR_PASS="0"
ICMP_LIM="0"
BLK_PRVNET="0"
BLK_RESNET="0"
IG_TCP_CPORTS=ports
IG_UDP_CPORTS=ports
IG_ICMP_TYPES=types
IG_ICMPV6_TYPES=types
EGF="0"
USE_RGT="0"
USE_GRE="0"'

# Two versions: 9.7 of Debian, and 2.0.2 of its authors, by the name of what is loaded.
apf_as() {
  case $APF:$1 in
    /etc/apf:cu-* | /etc/apf-firewall:ca-*) ;;
    *:cu-*)
      APF=/etc/apf
      APF_VERSION='2\.0\.2'
      APF_FAMILIES=$(iptables_families)
      APF_SETTINGS=$APF_PUBLISHED
      APF_STARTED=''
      ;;
    *)
      APF=/etc/apf-firewall
      APF_VERSION='9\.7(-[0-9]+)?'
      APF_FAMILIES='ip'
      APF_SETTINGS=$APF_PACKAGED
      APF_STARTED=/etc/default/apf-firewall
      ;;
  esac
}
# Not what the caller's environment has.
APF=
apf_as ca-

# Whoever sends from port 53 of a resolver reaches all high ports, and no setting turns that off.
# shellcheck disable=SC2016 # a shell's of APF
APF_POSTROUTE='for i in $LDNS 0/0; do $IPT -D INPUT -p udp -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done
for i in $LDNS 0/0; do $IPT -D INPUT -p tcp -s $i --sport 53 --dport 1023:65535 -j ACCEPT 2> /dev/null; done'

# What stands in front of the lines of allow_hosts.rules, and behind them.
apf_begins() {
  printf '%s\n' "==> $APF/conf.apf <==" "$1" "$APF_SETTINGS" '' "==> $APF/allow_hosts.rules <==" "$1 begin"
}

apf_ends() {
  printf '%s\n' "$1 end"
  [ -n "$APF_STARTED" ] || return 0
  printf '%s\n' '' "==> $APF/postroute.rules <==" "$1 begin" "$APF_POSTROUTE" "$1 end" '' "==> $APF_STARTED <==" "$1" 'RUN="yes"'
}

apf_strange() {
  its_mark="# cpanel-edge:${1#c?-}"
  awk -v sum="$checked_sum" -v knows6="${APF_STARTED:-yes}" -v begins="$(apf_begins "$its_mark")" -v ends="$(apf_ends "$its_mark")" "$CHECK_WORDS$CONF_GRAMMAR"'
    function is_types(text,  many, part, i) {
      if (text == "all") return 1
      many = split(text, part, ",")
      for (i = 1; i <= many; i++) if (!is_number(part[i], 254) || i > 1 && part[i] + 0 <= part[i - 1] + 0) return 0
      return many > 0
    }
    function is_value(kind, text) {
      if (kind == "interface") return text ~ /^[A-Za-z0-9][-A-Za-z0-9_.]*$/ && length(text) <= 15
      return kind == "ports" ? text == "" || slots(text, "_") : is_types(text)
    }
    BEGIN { heads = split(begins, first, "\n"); tails = split(ends, last, "\n") }
    NR == 1 && $0 != first[1] { fault("text-begin") }
    NR <= heads {
      if ($0 == first[NR]) next
      key = first[NR]
      if (key !~ /^[A-Z]/ || !sub(/=.*/, "=", key) || index($0, key) != 1) fault("text-line")
      said = substr($0, length(key) + 2, length($0) - length(key) - 2)
      kind = substr(first[NR], length(key) + 1)
      if ($0 != key "\"" said "\"" || kind ~ /"/ || !is_value(kind, said)) fault("text-value")
      next
    }
    !at && $0 != last[1] {
      if (!match($0, /^(tcp|udp):in:d=[^:]*:s=/)) fault("text-line")
      peer = substr($0, RLENGTH + 1)
      if (knows6 == "yes" && peer ~ /^\[.*:.*\]$/) peer = substr(peer, 2, length(peer) - 2)
      else if (peer ~ /:/) fault("text-line")
      said = substr($0, 10, RLENGTH - 12)
      if (said ~ /,/ || !slots(said, "_")) fault("text-ports")
      if (!is_network(peer)) fault("text-network")
      next
    }
    $0 != last[++at] { fault("text-line") }
    END {
      if (!bad && at != tails) fault("text-unclosed")
      pass()
    }'
}

apf_parts() {
  printf '%s\n' "keys-conf $APF/conf.apf" "block-allow $APF/allow_hosts.rules"
  [ -z "$APF_STARTED" ] || printf '%s\n' "block-postroute $APF/postroute.rules" "keys-run $APF_STARTED"
}

# For awk: how a shell reads settings. Several may stand in a line, in front of a remark; of each, the quotes are part of its value here.
APF_READS='
function find_setting(line, from,  rest) {
  rest = substr(line, from)
  if (!match(rest, /^[ \t]*[A-Za-z_][A-Za-z_0-9]*=/)) return 0
  value_at = from + RLENGTH
  key = substr(rest, 1, RLENGTH - 1)
  sub(/^[ \t]*/, "", key)
  begins = value_at - length(key) - 1
  value_length = match(substr(line, value_at), /^("[^"]*"|\047[^\047]*\047|[-A-Za-z0-9_.,:\/]+)/) ? RLENGTH : 0
  ends = value_at + value_length
  return 1
}
function new_setting(key, value) { return key "=" value }
function is_end(line) { return line ~ /^[ \t]*(CNFINT=|[.][ \t])/ }'
