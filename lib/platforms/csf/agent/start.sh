# A start of csf: it takes all rules of all tables away, and adds its own one after the other. Who is banned by others' chains stays so. Where it refuses
# a line, whoever wrote it, it leaves none, and everything is open. Then the files become what they were and it starts again; and where it still does
# not, the rules come back that ran.

# Tries while another one of csf is under way.
MOST_CSF_TRIES=60

csf_start() {
  note_bans
  csf_tries=0
  while :; do
    csf_began=$(now)
    timeout -k 10 "$(most_of_a_start)" csf -sf >"$RUN/$ID.csf" 2>&1 9>&-
    started=$?
    csf_tries=$((csf_tries + 1))
    if [ "$csf_tries" -ge "$MOST_CSF_TRIES" ] || ! grep -q 'csf is being restarted' "$RUN/$ID.csf"; then break; fi
    sleep 1
  done
  bans_again
  if [ "$started" -eq 0 ] && [ ! -e "$CSF/csf.error" ] && csf_closes; then
    rm -f "$RUN/$ID.csf"
    take_store "$1"
    its_ipv6=$store-was/ip6
    # Of a family that it doesn't touch, its rules are those of before.
    if [ -s "$2" ] || csf_has_ipv6 || [ ! -f "$its_ipv6" ]; then return 0; fi
    rules_restore_family ip6 "$its_ipv6"
    return
  fi
  # In the form of what others say; csf quotes lines of csf.conf, and passwords are among them.
  { cat "$CSF/csf.error" 2>/dev/null || grep -iE 'error|invalid|fail|refus' "$RUN/$ID.csf"; } | conf_unstarted CSF "$started" "$csf_began"
  rm -f "$RUN/$ID.csf"
  return 1
}

csf_has_ipv6() {
  [ -f "$CSF/csf.conf" ] && awk "$CSF_READS"'find_setting($0, 1) && key == "IPV6" && value_at { on = substr($0, value_at, value_length) } END { exit on == "" || on == "0" }' "$CSF/csf.conf" 2>/dev/null
}

# Each family whose rules are its own is closed but for what they let in.
csf_closes() {
  for family in $(iptables_families); do
    if [ "$family" = ip6 ] && ! csf_has_ipv6; then continue; fi
    [ "$("${family}tables-save" -t filter 2>/dev/null 9>&- | grep -cE '^:((INPUT|OUTPUT) DROP|(ALLOWIN|LOCALINPUT) -) ')" -eq 4 ] || return 1
  done
}
