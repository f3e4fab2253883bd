# Other firewalls of a server, by name: what is on of each, how it stops, and how it comes back.

# Chains that belong to a program of their own, which lets nobody in: they are there afterwards as before.
BANS='f2b-[A-Za-z0-9_-]+|cphulk|CROWDSEC_CHAIN|sshguard'
# A firewall that stops, and one that comes back, may take these along, and their programs don't notice.
OTHERS='DOCKER|DOCKER-[A-Z0-9-]+|KUBE-[A-Z0-9-]+|CNI-[A-Za-z0-9-]+|NETAVARK[A-Za-z0-9_-]*|LIBVIRT_[A-Z]+|cali-[A-Za-z0-9_-]+|ts-[a-z]+|[A-Za-z0-9_]*imunify360[A-Za-z0-9_]*'

BUILT_IN='^(INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING)$'

# Whoever takes all rules of iptables away as it starts comes first.
REPLACEABLE='firewalld iptables ufw csf apf'

# A package that was removed may have left its settings.
other_is_on() {
  case $1 in
    ufw | csf) command_exists "$1" && "${1}_is_on" ;;
    apf) command_exists apf && apf_is_to_run && [ ! -e /etc/apf/conf.apf ] ;;
    *) [ -n "$(services_on "$1")" ] ;;
  esac
}

other_is_there() {
  case $1 in
    ufw | csf | apf) command_exists "$1" ;;
    iptables) unit_exists netfilter-persistent || unit_exists iptables || unit_exists ip6tables || [ -e "$LEFT-ip" ] ;;
    firewalld) unit_exists firewalld ;;
  esac
}

# What loads its rules with the device, or has, "netfilter-persistent=enabled firewalld=started".
services_on() {
  case $1 in
    iptables) its_services='netfilter-persistent iptables ip6tables' ;;
    csf) its_services=lfd ;;
    firewalld) its_services=firewalld ;;
    *) its_services= ;;
  esac
  for service in $its_services; do
    unit_exists "$service" || continue
    if [ "$(systemctl is-enabled "$service.service" 2>/dev/null 9>&-)" = enabled ]; then
      printf '%s=enabled ' "$service"
    elif [ "$(systemctl is-active "$service.service" 2>/dev/null 9>&-)" = active ]; then
      printf '%s=started ' "$service"
    fi
  done
}

# What they say is for whoever wonders why they don't; who was banned before stays banned.
quietly_other() {
  note_bans || return 1
  "$@" </dev/null >"$RUN/$ID.other-said" 2>&1 9>&-
  has_done=$?
  bans_again
  return "$has_done"
}

note_bans() {
  for family in $(families_here); do printed "$RUN/$ID.bans-$family" "${family}tables-save" 9>&- || return 1; done
}

# Of what they said, what is no text of a file.
other_messages() {
  grep -hE '^(ERROR|Error|Failed|Job for|Problem|ip6?tables)[^"]*$' "$RUN/$ID.other-said" 2>/dev/null | tr -d '\000-\011\013-\037' | drain head -n 5 | cut -c 1-200 | payload
}

# One that hangs must not keep the timer from its work.
MOST_SECONDS=30

stop_other() {
  case $1 in
    ufw) timeout "$MOST_SECONDS" /lib/ufw/ufw-init force-stop ;;
    # lfd watches whether csf runs. One whose last start failed has no rules, and does nothing but start again.
    csf) { ! unit_exists lfd || timeout "$MOST_SECONDS" systemctl stop lfd.service; } && { timeout "$MOST_SECONDS" csf -f || { [ -e /etc/csf/csf.error ] && [ -z "$(csf_kernel)" ]; }; } ;;
    apf) apf_flush && rm -f "$RUN/$ID.others"-* ;;
    iptables) flush_iptables ;;
    # What one that was ended otherwise has left goes, too.
    firewalld) timeout "$MOST_SECONDS" systemctl stop firewalld.service && { nft delete table inet firewalld 2>/dev/null || :; } ;;
  esac
}

# A host may have iptables twice, each with rules that the other one doesn't tell of: the one with rules that isn't the host's own, or nothing.
other_kind() {
  for family in $(families_here); do
    its_other=$(iptables_other "$family") || its_other=${family}tables-nft
    if command_exists "$its_other-save" && "$its_other-save" 2>/dev/null 9>&- | others_rules | drain grep -Eq "$ANY_RULE"; then
      printf '%s\n' "$its_other"
      return
    fi
  done
  return 1
}

# Each table by one transaction, with those that are banned.
flush_iptables() {
  for family in $(families_here); do
    "${family}tables-save" | awk -v bans="^($BANS)$" -v builtin="$BUILT_IN" '
      /^(\*|COMMIT)/ { print }
      /^:/ && $2 != "-" { print $1, "ACCEPT [0:0]" }
      /^:/ && substr($1, 2) ~ bans { print }
      $1 == "-A" && ($2 ~ bans || $2 ~ builtin && $(NF - 1) ~ /^-[jg]$/ && $NF ~ bans) { print }' |
      "${family}tables-restore" --wait 10 || return 1
  done
}

# Enterprise Linux 10 comes without.
families_here() {
  for its_family in $(iptables_families); do
    if command_exists "${its_family}tables-save" && command_exists "${its_family}tables-restore"; then printf '%s\n' "$its_family"; fi
  done
}

# All that iptables has, as $1, whole and such as can be loaded again.
keep_iptables() {
  for family in $(families_here); do
    ! nft_in_iptables "$family" || return 1
    printed "$RUN/$ID.$1-$family" "${family}tables-save" 9>&- && ! grep -q '^# Table .* is incompatible' "$RUN/$ID.$1-$family" &&
      "${family}tables-restore" --test <"$RUN/$ID.$1-$family" >"$RUN/$ID.other-said" 2>&1 9>&- || return 1
  done
  if grep -qs -e '--match-set' "$RUN/$ID.$1"-*; then printed "$RUN/$ID.$1-sets" ipset save 9>&- || return 1; fi
}

# Rules of nft in a table of iptables that ask a set: iptables-save prints them without it, for all packets.
nft_in_iptables() {
  command_exists nft && nft list ruleset "$1" 2>/dev/null 9>&- | awk '
    $1 == "table" { its = $3 ~ /^(raw|mangle|nat|filter|security)$/ }
    its { gsub(/"[^"]*"/, ""); if (/ @[A-Za-z_]/) found = 1 }
    END { exit !found }'
}

# Each table by one transaction, where something of a family is otherwise by now. Rules may ask sets that are gone.
restore_iptables() {
  not_restored=0
  for family in $(families_here); do
    [ -f "$RUN/$ID.$1-$family" ] || continue
    [ "$("${family}tables-save" 2>/dev/null 9>&- | rules_alone)" != "$(rules_alone <"$RUN/$ID.$1-$family")" ] || continue
    restore_family "$1" || { [ -s "$RUN/$ID.$1-sets" ] && ipset restore -exist <"$RUN/$ID.$1-sets" 9>&- && restore_family "$1"; } || not_restored=1
  done
  return "$not_restored"
}

restore_family() {
  "${family}tables-restore" --wait 10 <"$RUN/$ID.$1-$family" 2>/dev/null 9>&-
}

# Without what they have counted, and when.
rules_alone() {
  sed '/^#/d; s/ \[[0-9]*:[0-9]*\]$//'
}

# Chains of those that ban and what leads to them, where they went.
bans_again() {
  for family in $(families_here); do
    { "${family}tables-save" && printf 'end of what is\n' && cat "$RUN/$ID.bans-$family"; } 2>/dev/null 9>&- | awk -v bans="^($BANS)$" -v builtin="$BUILT_IN" '
      $0 == "end of what is" { were = 1; next }
      /^\*/ { table = $1 }
      /^:/ { chain = substr($1, 2) }
      !were { if (/^:/) there[table, chain]; next }
      /^(\*|COMMIT)/ { print }
      /^:/ && chain ~ bans && !((table, chain) in there) { comes[table, chain]; print }
      $1 != "-A" { next }
      (table, $2) in comes { print; next }
      $2 ~ builtin && $(NF - 1) ~ /^-[jg]$/ && (table, $NF) in comes { sub(/^-A [^ ]+/, "-I " $2 " 1"); print }
    ' | "${family}tables-restore" --wait 10 --noflush 2>/dev/null 9>&-
  done
  rm -f "$RUN/$ID.bans"-*
}

# By their own commands, where what they had can't be put back.
start_others() {
  while read -r other its_start; do
    case $other in
      ufw) timeout 60 /lib/ufw/ufw-init start ;;
      csf) timeout 60 csf -sf ;;
      apf) timeout 60 apf -s ;;
      iptables) [ -n "$its_start" ] && for one in $its_start; do timeout 60 systemctl restart "${one%=*}.service" || return 1; done ;;
    esac </dev/null >/dev/null 2>&1 9>&- && other_has_rules "$other" || return 1
  done <"$RUN/$ID.stopped"
}

# Its name on the bus is there before its rules are.
until_firewalld() {
  tries=0
  until [ "$(firewalld_property state)" = RUNNING ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || return 1
    sleep 0.5
  done
}

# Something of it is loaded.
ANY_RULE='^(\[[0-9:]+\] )?-A |^:[A-Z]+ DROP'

other_has_rules() {
  case $1 in
    ufw) iptables-save -t filter 2>/dev/null 9>&- | drain grep -q '^-A ufw-' ;;
    csf) [ -n "$(csf_kernel)" ] ;;
    apf) apf_closes ;;
    # Where its files have none, none is what it loads.
    iptables) ! grep -qsE "$ANY_RULE" /etc/iptables/rules.v4 /etc/sysconfig/iptables || iptables-save -t filter 2>/dev/null 9>&- | drain grep -Eq "$ANY_RULE" ;;
    firewalld) until_firewalld ;;
  esac
}

# They may run again by now: a start of the device comes between.
disable_other() {
  case $1 in
    ufw) timeout 60 ufw --force disable ;;
    csf) [ -e /etc/csf/csf.disable ] || timeout 60 csf -x || { [ -e /etc/csf/csf.error ] && : >/etc/csf/csf.disable; } ;;
    apf) apf_says no && apf_flush && rm -f "$RUN/$ID.others"-* ;;
    iptables | firewalld)
      [ "$1" = firewalld ] || iptables_unguard
      for one in $(services_on "$1"); do timeout 60 systemctl disable --now "${one%=*}.service" || return 1; done
      [ "$1" = firewalld ] || flush_iptables
      ;;
  esac
}

# Where it stands whether they start with the device: a loss of power must not bring back what was there before.
settle_switches() {
  for switch in /etc/ufw /etc/ufw/ufw.conf /etc/csf /etc/default /etc/default/apf-firewall "$SYSTEMD" "$SYSTEMD"/*.wants; do
    if [ -e "$switch" ]; then settle "$switch"; fi
  done
}

apf_says() {
  sed "s/^\([[:space:]]*RUN=\).*/\1\"$1\"/" /etc/default/apf-firewall >/etc/default/apf-firewall.cpanel-edge && settle /etc/default/apf-firewall.cpanel-edge &&
    mv -f /etc/default/apf-firewall.cpanel-edge /etc/default/apf-firewall
}

enable_other() {
  case $1 in
    ufw) timeout 120 ufw --force enable ;;
    # It adds its rules to what is there, which chains of its own keep it from; and of one that somebody has enabled it loads nothing.
    csf) { timeout 300 csf -e && other_has_rules csf; } || timeout 300 csf -sf ;;
    apf) apf_says yes && timeout 300 systemctl restart apf-firewall.service ;;
  esac || return 1
  for one in $2; do
    case $one in *=enabled) timeout 60 systemctl enable "${one%=*}.service" || return 1 ;; esac
    # What runs and has lost its rules doesn't start.
    timeout 120 systemctl --no-block restart "${one%=*}.service" || return 1
  done
  tries=0
  until other_has_rules "$1" || [ "$tries" -ge 60 ]; do
    tries=$((tries + 1))
    sleep 0.5
  done
}
