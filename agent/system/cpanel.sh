# What cPanel's configure_firewall_for_cpanel does to the rules with each run, a word at most: `added` and `skipped`, as its settings say
# it; `zone`: its service into a zone of firewalld, which no setting leaves out. Nothing where there is no cPanel, and where what it does
# isn't known. Of the file no text is shown: whoever may ask us may not read all files.
# Source: Cpanel::Services::Firewall, Cpanel::Config::LoadConfig and CpConfGuard of cPanel & WHM (2022).

CPANEL_CONFIG=/var/cpanel/cpanel.config
CPANEL_SKIPS=skip_rules_added_by_configure_firewall_for_cpanel
# Bytes. Settings are some fifteen thousand.
MOST_OF_CPANEL=1000000

cpanel_rules() {
  [ -f "$CPANEL_CONFIG" ] || return 0
  if [ "$(systemctl show -p ActiveState firewalld.service 2>/dev/null 9>&-)" = ActiveState=active ]; then
    printf 'zone\n'
    return
  fi
  skips=$(cpanel_lines "$CPANEL_CONFIG" "s/^$CPANEL_SKIPS\$/&=/; s/^$CPANEL_SKIPS=/=/p") || return 0
  # Of several lines the last one counts.
  case ${skips##*
} in
    =1) printf 'skipped\n' ;;
    = | =0) printf 'added\n' ;;
    # A line that is gone from the file alone comes back from what cPanel remembers of it, else with 0.
    '') [ -n "$(cpanel_lines "$CPANEL_CONFIG.cache" "/$CPANEL_SKIPS/p")" ] || printf 'added\n' ;;
  esac
  # Also after a test that failed: what isn't known is no failure.
  return 0
}

# $1: a file, $2: which lines of it, for sed. False where it isn't one of cPanel's size, or can't be read.
cpanel_lines() {
  [ -f "$1" ] && [ "$(stat -L -c %s "$1")" -le "$MOST_OF_CPANEL" ] || return 1
  timeout 10 sed -n "s/$(printf '\r')\$//; $2" "$1" 2>/dev/null 9>&-
}

# What cPanel takes for the public addresses of this server, as far as its files say it: whether /var/cpanel/cpnat is there, its lines as
# cPanel divides them, of which what is no address is shown as `?` and what isn't there as `-`; which host build_cpnat asks; what
# Pure-FTPd tells clients of passive connections. Nothing where there is no cPanel.
# Source: Cpanel::NAT::Object of cPanel & WHM (2022); cPanel's page on 1:1 NAT.
CPNAT=/var/cpanel/cpnat
CPANEL_SOURCES=/etc/cpsources.conf
PURE_FTPD=/etc/pure-ftpd.conf
MOST_CPNAT_LINES=5000

cpanel_nat() {
  [ -f "$CPANEL_CONFIG" ] || return 0
  if [ ! -e "$CPNAT" ] && [ ! -L "$CPNAT" ]; then
    printf 'cpnat absent\n'
  elif [ -f "$CPNAT" ] && [ ! -s "$CPNAT" ]; then
    printf 'cpnat empty\n'
  elif found=$(cpanel_lines "$CPNAT" p); then
    printf 'cpnat there\n'
    printf '%s\n' "$found" | awk -v most="$MOST_CPNAT_LINES" '
      function shown(word) { return word == "" ? "-" : (length(word) <= 45 && word ~ /^#?[0-9A-Fa-f.:]+$/ && word ~ /[.:]/ ? word : "?") }
      NR > most { print "cpnat more"; exit }
      {
        leads = $0 ~ /^[ \t\r\f]/
        gsub(/[\r\f]/, " ")
        print "line", NR, shown(leads ? "" : $1), shown(leads ? $1 : $2)
      }'
  else
    printf 'cpnat unknown\n'
  fi
  # Which page is asked may have a password in it. The last line counts, and may have no end.
  asks=$(
    cpanel_lines "$CPANEL_SOURCES" \
      '/^MYIP=/!d; s/^MYIP=[a-z]*:\/\/\([^\/]*@\)\{0,1\}\([A-Za-z0-9.-]\{1,\}\)\(:[0-9]*\)\{0,1\}\(\/.*\)\{0,1\}$/myip \2/; s/^MYIP=.*/myip ?/; p'
  ) || asks=
  [ -z "$asks" ] || printf '%s\n' "${asks##*
}"
  if settings=$(cpanel_lines "$PURE_FTPD" p); then
    printf 'pure-ftpd there\n'
    printf '%s\n' "$settings" | awk '
      { key = tolower($1) }
      key == "passiveportrange" && $2 ~ /^[0-9]+$/ && $3 ~ /^[0-9]+$/ { range = key " " $2 " " $3 }
      key == "forcepassiveip" && $2 != "" { address = key " " (length($2) <= 45 && $2 ~ /^[0-9A-Fa-f.:]+$/ && $2 ~ /[.:]/ ? $2 : "?") }
      END { if (range != "") print range; if (address != "") print address }'
  fi
  return 0
}
