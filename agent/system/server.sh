# What a server has besides rules, a word and its values in a line: who listens, which firewalls are there, and of cPanel its version, the
# roles that are off, and settings that ports depend on. `capture` keeps it beside the intent. Of files no text is shown but words of known
# shapes; what isn't known isn't said.
# Source: Cpanel::Server::Type::Role, Cpanel::Config::LoadCpConf, Cpanel::SSL::Auto::Config of cPanel & WHM (2022).

CPANEL_ROLES=/var/cpanel/disabled_roles
AUTOSSL=/var/cpanel/autossl.json
EXIM_OPTIONS=/etc/exim.conf.localopts
FIREWALLS='firewalld csf apf apf-firewall ufw nftables iptables netfilter-persistent'
MOST_LISTENING=2000

server_facts() {
  server_listens
  server_firewalls
  server_plans
  [ -f "$CPANEL_CONFIG" ] || return 0
  server_words cpanel "$(cpanel_lines /usr/local/cpanel/version 's/^\([0-9.]*\)$/\1/p')"
  if accounts=$(cpanel_accounts); then printf 'accounts %s\n' "$accounts"; fi
  for role in "$CPANEL_ROLES"/*; do
    if [ -e "$role" ]; then server_words role-off "${role##*/}"; fi
  done
  server_lines "$CPANEL_CONFIG" 's/^\(proxysubdomains\)=\([01]\)$/setting \1 \2/p; s/^\(alwaysredirecttossl\)=\([01]\)$/setting \1 \2/p'
  server_lines "$AUTOSSL" 's/.*"provider" *: *"\([A-Za-z0-9:_-]\{1,60\}\)".*/autossl \1/p; s/.*"provider" *: *null.*/autossl off/p'
  # Of several lines the last one counts.
  server_words exim-tls "$(cpanel_lines "$EXIM_OPTIONS" 's/^openssl_options= *//p' | tail -n 1)"
  return 0
}

# $1: a file, $2: which lines of it, for sed. The last one may have no end there.
server_lines() {
  lines=$(cpanel_lines "$1" "$2")
  [ -z "$lines" ] || printf '%s\n' "$lines"
}

# $1: the key, the other words each in its own line of what is said, if all of them are plain.
server_words() {
  if matches "$2" '[+A-Za-z0-9][A-Za-z0-9._ +-]{0,120}'; then printf '%s %s\n' "$1" "$2"; fi
}

# Who listens where others reach it: "listens tcp 25 exim". UDP from the ports that the kernel gives out is somebody's question.
server_listens() {
  command_exists ss || return 0
  read -r given _ </proc/sys/net/ipv4/ip_local_port_range || given=32768
  { ss -Hlntp && ss -Hlnup; } >"$told.all" 2>/dev/null || {
    rm -f "$told.all"
    return 0
  }
  awk -v given="$given" -v most="$MOST_LISTENING" '
    {
      protocol = $1 == "LISTEN" ? "tcp" : "udp"
      port = at = $4
      sub(/.*:/, "", port)
      sub(/:[0-9*]+$/, "", at)
      if (port !~ /^[0-9]+$/ || at ~ /^127[.]/ || at == "[::1]" || at ~ /^\[::ffff:127[.]/ || at ~ /%lo$/) next
      if (protocol == "udp" && port + 0 >= given + 0) next
      name = "?"
      if (match($0, /\(\("[A-Za-z0-9_.+-]+/)) name = substr($0, RSTART + 3, RLENGTH - 3)
      # Data of a transfer that goes on.
      if (name == "pure-ftpd" && port > 1023) next
      if (!seen[protocol, port]++) found[++count] = "listens " protocol " " port " " substr(name, 1, 32)
    }
    END {
      if (count > most) exit
      print "listens known"
      for (n = 1; n <= count; n++) print found[n]
    }' "$told.all"
  rm -f "$told.all"
}

# Those that start with the server, or run, and aren't switched off by a file of their own.
server_firewalls() {
  for firewall in $FIREWALLS; do
    case $firewall in
      ufw) ufw_is_on || continue ;;
      csf) [ ! -e /etc/csf/csf.disable ] || continue ;;
      apf*) [ ! -f /etc/default/apf-firewall ] || apf_is_to_run || continue ;;
    esac
    case $(systemctl show -p ActiveState,UnitFileState "$firewall.service" 2>/dev/null 9>&-) in
      *ActiveState=active* | *UnitFileState=enabled*) printf 'firewall %s.service\n' "$firewall" ;;
    esac
  done
}

# Where cPanel's script for firewalls is run from by itself.
server_plans() {
  for file in /etc/crontab /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/* /etc/anacrontab /var/spool/cron/root /var/spool/cron/crontabs/root; do
    if [ -n "$(cpanel_lines "$file" '/^[^#]*configure_firewall_for_cpanel/p')" ] && matches "$file" '[A-Za-z0-9/._-]{1,120}'; then
      printf 'plans %s\n' "$file"
    fi
  done
}
