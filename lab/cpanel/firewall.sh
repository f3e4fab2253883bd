#!/bin/sh
# usage: firewall.sh configure [skip]                                      configure_firewall_for_cpanel, `skip` by Tweak Settings
#        firewall.sh host-access SOURCE|ALL PROTOCOL PORT accept|drop      Host Access Control
#        firewall.sh ban ADDRESS SECONDS                                   cPHulk
# A stand-in for the changes of cPanel & WHM to nftables on Enterprise Linux, nft command by nft command.
# Source: Cpanel::Services::Firewall, Cpanel::NFTables, Cpanel::NFTables::TempBan, Cpanel::XTables and hostaccess.cgi, all of 2022.
set -eu

CONF=/etc/sysconfig/nftables.conf
TCP='21 22 25 26 53 80 110 143 443 465 579 587 993 995 2077 2078 2079 2080 2082 2083 2086 2087 2091 2095 2096 3306 8080 8443 49152-65534'
UDP=53

# Prints all rules, with nft's standard error, and without a newline at the end.
save() {
  printf '%s' "$(nft list ruleset 2>&1)" >"$CONF"
}

there() {
  nft list "$@" >/dev/null 2>&1
}

configure() {
  kept=no
  if [ -s "$CONF" ] && nft -j list ruleset | grep -q '"rule"'; then kept=yes; fi
  if there table inet filter; then nft flush table inet filter; fi
  nft add table inet filter
  for each in input:INPUT forward:FORWARD output:OUTPUT; do
    nft add chain inet filter "${each#*:}" "{ type filter hook ${each%:*} priority 0; policy accept; }"
  done
  nft add chain inet filter cPanel-HostAccessControl
  for chain in INPUT FORWARD; do nft add rule inet filter "$chain" counter jump cPanel-HostAccessControl; done
  if [ "${1:-}" != skip ]; then
    nft add chain inet filter cP-Firewall-1-INPUT
    for chain in INPUT FORWARD; do nft add rule inet filter "$chain" counter jump cP-Firewall-1-INPUT; done
    for port in $TCP; do nft add rule inet filter cP-Firewall-1-INPUT ct state new tcp dport "$port" counter accept; done
    for port in $UDP; do nft add rule inet filter cP-Firewall-1-INPUT ct state new udp dport "$port" counter accept; done
  fi
  save
  systemctl enable nftables.service
  [ "$kept" = yes ] || systemctl restart nftables.service
}

host_access() {
  source=''
  case $1 in ALL) ;; *:*) source="ip6 saddr $1" ;; *) source="ip saddr $1" ;; esac
  # shellcheck disable=SC2086 # words of a rule
  nft add rule inet filter cPanel-HostAccessControl $source ct state new "$2" dport "$3" counter "$4"
  save
}

# The chain comes after what is there. The set has the family of the first address, and bans are not saved.
ban() {
  if ! there chain inet filter cphulk; then
    nft add chain inet filter cphulk
    nft add rule inet filter INPUT counter jump cphulk
  fi
  if ! there set inet filter cphulk-TempBan; then
    nft add set inet filter cphulk-TempBan "{ type ipv4_addr; flags timeout; timeout ${2}s; }"
  fi
  nft list chain inet filter cphulk | grep -q drop || nft add rule inet filter cphulk ip saddr @cphulk-TempBan drop
  nft add element inet filter cphulk-TempBan "{ $1 }"
}

does=$1
shift
case $does in
  configure) configure "$@" ;;
  host-access) host_access "$@" ;;
  ban) ban "$@" ;;
  *) exit 2 ;;
esac
