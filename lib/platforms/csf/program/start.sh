# A start of csf: it takes all rules of all tables away, and adds its own one after the other. Who is banned by others' chains stays so. Where it refuses
# a line, whoever wrote it, it leaves none, and everything is open. Then the files become what they were and it starts again; and where it still does
# not, the rules come back that ran.

# Tries while another one of csf is under way.
MOST_CSF_TRIES=60

csf_start() {
  note_bans
  csf_tries=0
  while :; do
    timeout -k 10 "$(most_of_a_start)" csf -sf >"$RUN/$ID.csf" 2>&1 9>&-
    started=$?
    csf_tries=$((csf_tries + 1))
    if [ "$csf_tries" -ge "$MOST_CSF_TRIES" ] || ! grep -q 'csf is being restarted' "$RUN/$ID.csf"; then break; fi
    sleep 1
  done
  bans_again
  if [ "$started" -eq 0 ] && [ ! -e "$CSF/csf.error" ] && csf_closes; then
    rm -f "$RUN/$ID.csf"
    csf_started "$1" "$2"
    return
  fi
  # In the form of what others say; csf quotes lines of csf.conf, and passwords are among them.
  { cat "$CSF/csf.error" 2>/dev/null || grep -iE 'error|invalid|fail|refus' "$RUN/$ID.csf"; } | conf_unstarted CSF "$started"
  rm -f "$RUN/$ID.csf"
  return 1
}

# Of a family that it doesn't touch, its rules are those of before.
csf_started() {
  if [ -s "$2" ] || csf_has_ipv6 || [ ! -f "$(conf_store "$1")-was/ip6" ]; then return; fi
  rules_restore_family ip6 "$(conf_store "$1")-was/ip6"
}

csf_has_ipv6() {
  case $(csf_says IPV6) in '' | 0) return 1 ;; esac
}

# Each family whose rules are its own is closed but for what they let in.
csf_closes() {
  for family in $(iptables_families); do
    if [ "$family" = ip6 ] && ! csf_has_ipv6; then continue; fi
    [ "$("${family}tables-save" -t filter 2>/dev/null 9>&- | grep -cE '^:((INPUT|OUTPUT) DROP|(ALLOWIN|LOCALINPUT) -) ')" -eq 4 ] || return 1
  done
}

csf_enabled() {
  [ "$(systemctl is-enabled csf.service 2>/dev/null 9>&-)" = enabled ]
}

# Its service may load what it saved as the host was shut down, and where it fails it leaves everything open.
csf_units() {
  "$1" csf "$SYSTEMD/csf.service.d/cpanel-edge.conf" conf_drop_in 0644
}
