# A start of csf: it takes all rules of all tables away, and adds its own one after the other. Where it refuses a line, whoever wrote it, it leaves none,
# and everything is open. Then the files become what they were and it starts again; and where it still does not, the rules come back that ran.

# Tries while another one of csf is under way.
MOST_CSF_TRIES=60

csf_start() {
  touched=yes
  csf_tries=0
  while :; do
    timeout -k 10 300 csf -sf >"$RUN/$ID.csf" 2>&1 9>&-
    started=$?
    csf_tries=$((csf_tries + 1))
    if [ "$csf_tries" -ge "$MOST_CSF_TRIES" ] || ! grep -q 'csf is being restarted' "$RUN/$ID.csf"; then break; fi
    sleep 1
  done
  if [ "$started" -eq 0 ] && [ ! -e "$CSF/csf.error" ] && csf_closes; then
    rm -f "$RUN/$ID.csf"
    return 0
  fi
  # In the form of what others say; csf quotes lines of csf.conf, and passwords are among them.
  { cat "$CSF/csf.error" 2>/dev/null || grep -iE 'error|invalid|fail|refus' "$RUN/$ID.csf"; } | grep -v = | tr -d '\000-\011\013-\037' | head -n 5 | cut -c 1-280 | sed 's/^/ERROR: CSF: /' >&2
  rm -f "$RUN/$ID.csf"
  return 1
}

# With the text in $1 on the disk. What the kernel has until it is through is nobody's.
csf_begin() {
  rm -f "$HOME_FOLDER/csf-loaded" || return 1
  csf_start || return 1
  # Of a family that it doesn't touch, its rules are those of before.
  if [ ! -s "$1" ] && ! csf_has_ipv6 && [ -f "$HOME_FOLDER/csf-was/ip6" ]; then csf_restore_family ip6 "$HOME_FOLDER/csf-was/ip6" || return 1; fi
  csf_mark "$1" >"$HOME_FOLDER/csf-loaded" 2>/dev/null || rm -f "$HOME_FOLDER/csf-loaded"
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

# After a start that failed. Says by its end whether what runs is what was to be loaded.
csf_back() {
  if ! cmp -s "$coming_text" "$settled_text" && csf_begin "$settled_text"; then return 1; fi
  if csf_restore_kept; then return 0; fi
  if csf_restore "$RUN/$ID.former"; then cp "$RUN/$ID.former/mark" "$HOME_FOLDER/csf-loaded" 2>/dev/null; fi
  return 1
}

# Where what is to be loaded is what was confirmed, or what was there before us: its rules, as they ran then.
csf_restore_kept() {
  was_kept=$HOME_FOLDER/csf-rules
  [ -s "$coming_text" ] || was_kept=$HOME_FOLDER/csf-was
  { [ ! -s "$coming_text" ] || cmp -s "$coming_text" "$was_kept/text"; } && csf_restore "$was_kept" || return 1
  csf_mark "$coming_text" >"$HOME_FOLDER/csf-loaded" 2>/dev/null
  logger -t cpanel-edge "csf does not start: the rules of $ID are those that it loaded before" 2>/dev/null
  return 0
}

# All rules of all tables, and the sets that they ask, into the folder $1.
csf_save() {
  mkdir -p "$1" || return 1
  for family in $(iptables_families); do
    "${family}tables-save" >"$1/$family" 2>/dev/null 9>&- || return 1
  done
  if command_exists ipset; then ipset save >"$1/sets" 2>/dev/null 9>&-; fi
  return 0
}

csf_restore() {
  [ -s "$1/ip" ] || return 1
  if [ -s "$1/sets" ]; then ipset restore -exist <"$1/sets" 2>/dev/null 9>&-; fi
  restored=0
  for family in $(iptables_families); do
    csf_restore_family "$family" "$1/$family" || restored=1
  done
  return "$restored"
}

# Tables that are there now, and were not then, let everything go on.
csf_restore_family() {
  {
    cat "$2"
    "${1}tables-save" 2>/dev/null 9>&- | awk -v had="$2" '
      BEGIN { while ((getline line < had) > 0) if (line ~ /^[*]/) there[line] }
      /^[*]/ { came = !($0 in there) }
      came && /^([*]|COMMIT$)/ { print }
      came && /^:[A-Z]+ (ACCEPT|DROP) / { print $1 " ACCEPT [0:0]" }'
  } | "${1}tables-restore" 9>&-
}

csf_enabled() {
  [ "$(systemctl is-enabled csf.service 2>/dev/null 9>&-)" = enabled ]
}

csf_units() {
  "$1" csf "$SYSTEMD/csf.service.d/cpanel-edge.conf" "$(csf_drop_in)" 0644
}

# Its service may load what it saved as the host was shut down, and where it fails it leaves everything open. A stop that somebody wants is left to them.
csf_drop_in() {
  printf '[Service]\nExecStartPost=-+%s\n' "$(by_either rules)"
  # shellcheck disable=SC2016 # systemd's, and then a shell's
  printf '%s' 'ExecStopPost=-+/bin/sh -c '\''[ "$$SERVICE_RESULT" = success ] || exec "$$@"'\'' cpanel-edge '
  by_either rules
}
