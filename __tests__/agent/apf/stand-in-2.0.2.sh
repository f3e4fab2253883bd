#!/bin/bash
# Stand-in for the program of APF 2.0.2, which no registry has as a package: removes the rules that APF removes at its
# start, and loads rules of conf.apf and the lists, as far as the tests use them.
. /etc/apf/conf.apf

both() {
  iptables "$@"
  [ "$USE_IPV6" != 1 ] || ip6tables "$@"
}

flush() {
  if iptables -L DOCKER-USER -n >/dev/null 2>&1; then
    both -F INPUT
    both -F OUTPUT
    for chain in TALLOW TDENY; do
      both -F "$chain"
      both -X "$chain"
    done
    for chain in PREROUTING POSTROUTING; do both -t mangle -F "$chain"; done
    return
  fi
  for table in filter nat mangle raw; do
    both -t "$table" -F
    both -t "$table" -X
  done
  for chain in INPUT OUTPUT FORWARD; do both -P "$chain" ACCEPT; done
}

start() {
  flush
  [ "$TCP_STOP" = DROP ] || { echo 'TCP_STOP is invalid'; exit 1; }
  both -A INPUT -i lo -j ACCEPT
  both -A OUTPUT -o lo -j ACCEPT
  for chain in TALLOW TDENY; do
    both -N "$chain"
    both -A INPUT -j "$chain"
    both -A OUTPUT -j "$chain"
  done
  for protocol in tcp udp; do iptables -t mangle -A PREROUTING -p "$protocol" --dport 80 -j TOS --set-tos 8; done
  while read -r line; do
    case $line in '#'* | '') continue ;; esac
    peer=${line#*:s=}
    peer=${peer#[}
    peer=${peer%]}
    rule=''
    if [ "$line" != "$peer" ]; then
      ports=${line#*:d=}
      ports=${ports%%:*}
      rule="-p ${line%%:*} -m multiport --dports ${ports//_/:}"
    fi
    tool=iptables
    case $peer in *:*) tool=ip6tables ;; esac
    "$tool" -A TALLOW -s "$peer" $rule -j ACCEPT
  done </etc/apf/allow_hosts.rules
  for protocol in tcp udp; do both -A INPUT -p "$protocol" -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; done
  for port in ${IG_TCP_CPORTS//,/ }; do both -A INPUT -p tcp --dport "${port/_/:}" -j ACCEPT; done
  for port in ${IG_UDP_CPORTS//,/ }; do both -A INPUT -p udp --dport "${port/_/:}" -j ACCEPT; done
  for type in ${IG_ICMP_TYPES//,/ }; do iptables -A INPUT -p icmp --icmp-type "$type" -j ACCEPT; done
  if [ "$USE_IPV6" = 1 ]; then
    for type in 133 134 135 136 ${IG_ICMPV6_TYPES//,/ }; do ip6tables -A INPUT -p ipv6-icmp --icmpv6-type "$type" -j ACCEPT; done
  fi
  both -A OUTPUT -j ACCEPT
  for protocol in tcp udp; do both -A INPUT -p "$protocol" -j "$TCP_STOP"; done
  both -A INPUT -j "$ALL_STOP"
}

case $1 in
  -s) start ;;
  -f) flush ;;
  -r)
    flush
    start
    ;;
esac >/dev/null
