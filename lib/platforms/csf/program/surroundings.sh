# What has to be so before csf is told to load its files, which takes all rules of the host away first.

csf_tools() {
  printf '%s\n' csf iptables-save ip6tables-save iptables-restore ip6tables-restore timeout
}

# Words of a refusal, and then it fails. $2: the release.
csf_surroundings() {
  alone_here csf || return 1
  fault=$(csf_fault "$1" "$2")
  [ -z "$fault" ] && return
  printf '%s\n' "$fault"
  return 1
}

csf_fault() {
  its_version=$(csf_number)
  its_other=$(conf_other "$1")
  its_beside=$(rules_beside_fault "$2")
  if [ -n "$its_beside" ]; then
    printf '%s\n' "$its_beside"
  elif ! matches "$its_version" '1[456](\.[0-9]+)+'; then
    printf 'csf-version version=%s\n' "${its_version:-unknown}"
  elif [ -e "$CSF/csf.disable" ] && ! returns_for "$1" "$2" >/dev/null; then
    printf 'csf-disabled\n'
  elif [ -e "$CSF/csf.error" ]; then
    printf 'csf-error\n'
  elif ! csf_enabled; then
    printf 'csf-not-enabled\n'
  elif [ -z "$(csf_kernel)" ] && [ ! -e "$CSF/csf.disable" ]; then
    printf 'csf-not-running\n'
  elif [ -n "$its_other" ]; then
    printf 'csf-owner owner=%s\n' "$its_other"
  else
    csf_file_fault "$1"
  fi
}

csf_number() {
  its_number=
  if [ -r "$CSF/version.txt" ]; then read -r its_number <"$CSF/version.txt"; fi
  printf '%s\n' "$its_number" | sed -n 's/^v*\([0-9][0-9]*\(\.[0-9][0-9]*\)*\).*/\1/p' | cut -c 1-20
}

# Files that csf does not start with, or whose marks are no longer two.
csf_file_fault() {
  conf_file_fault "$1" | grep . && return
  strange_line=$(awk "$CSF_READS"'find_setting($0, 1) && (seen[key]++ || !value_at) { print NR; exit }' "$CSF/csf.conf")
  if [ -n "$strange_line" ]; then printf 'csf-file file=%s line=%s\n' "$CSF/csf.conf" "$strange_line"; fi
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
