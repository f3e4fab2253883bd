# What has to be so before csf is told to load its files, which takes all rules of the host away first.

csf_tools() {
  printf '%s\n' csf iptables-save ip6tables-save iptables-restore ip6tables-restore timeout
}

# Words of a refusal, and then it fails.
csf_surroundings() {
  alone_here csf || return 1
  fault=$(csf_fault "$1")
  [ -z "$fault" ] && return
  printf '%s\n' "$fault"
  return 1
}

csf_fault() {
  its_version=$(csf_number)
  if firewalld_is_wanted; then
    printf 'other-firewall program=firewalld\n'
  elif other=$(iptables_beside | awk -v ours="inet $(own_name)" '$2 " " $3 != ours { print $2 ":" $3; exit }') && [ -n "$other" ]; then
    printf 'other-firewall program=nft table=%s\n' "$other"
  elif ! matches "$its_version" '1[456](\.[0-9]+)+'; then
    printf 'csf-version version=%s\n' "${its_version:-unknown}"
  elif [ -e "$CSF/csf.disable" ]; then
    printf 'csf-disabled\n'
  elif [ -e "$CSF/csf.error" ]; then
    printf 'csf-error\n'
  elif ! csf_enabled; then
    printf 'csf-not-enabled\n'
  elif [ -z "$(csf_kernel)" ]; then
    printf 'csf-not-running\n'
  elif its_other=$(csf_other "$1") && [ -n "$its_other" ]; then
    printf 'csf-owner owner=%s\n' "$its_other"
  else
    csf_file_fault "$1"
  fi
}

# csf refuses to start beside it, with everything open.
firewalld_is_wanted() {
  case $(systemctl is-active firewalld.service 2>/dev/null 9>&-) in active | activating) return 0 ;; esac
  firewalld_enabled
}

csf_number() {
  its_number=
  if [ -r "$CSF/version.txt" ]; then read -r its_number <"$CSF/version.txt"; fi
  printf '%s\n' "$its_number" | sed -n 's/^v*\([0-9][0-9]*\(\.[0-9][0-9]*\)*\).*/\1/p' | cut -c 1-20
}

# Another owner who has settings here, stored or in the files: they are shared, so the second would take from the first.
csf_other() {
  {
    for candidate in $(each_home); do
      (select_home "$candidate" && { [ -f "$HOME_FOLDER/csf-before" ] || confirmed_file >/dev/null; } && own_name)
    done
    sed -n 's/^# cpanel-edge:\([a-z0-9-]*\) begin.*/cc-\1/p' "$CSF/csf.allow" 2>/dev/null
  } | grep '^cc-' | grep -vxF "$1" | head -n 1 | cut -c 4-
}

# Files that csf does not start with, or whose marks are no longer two.
csf_file_fault() {
  for of_file in conf allow; do
    its_file=$CSF/csf.$of_file
    if [ ! -f "$its_file" ] || [ "$(tr -cd '\000' <"$its_file" | wc -c)" -ne 0 ]; then
      printf 'csf-file file=%s\n' "$its_file"
      return
    fi
  done
  strange_line=$(awk "$CSF_READS"'{ key = key_of($0) } key != "" && (seen[key]++ || !find_value($0)) { print NR; exit }' "$CSF/csf.conf")
  if [ -n "$strange_line" ]; then
    printf 'csf-file file=%s line=%s\n' "$CSF/csf.conf" "$strange_line"
  elif : >"$RUN/$ID.block" && ! csf_allow "$1" "$CSF/csf.allow" >/dev/null; then
    printf 'csf-marks\n'
  fi
  rm -f "$RUN/$ID.block"
}

csf_all() {
  iptables_all
}

csf_beside() {
  iptables_beside
}

csf_version() {
  printf 'csf %s\n' "$(csf_number)"
}
