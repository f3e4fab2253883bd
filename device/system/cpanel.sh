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
