# What has to be so before csf is told to load its files.

csf_tools() {
  printf '%s\n' csf iptables-save ip6tables-save iptables-restore ip6tables-restore timeout
}

csf_fault() {
  its_version=$(csf_number)
  if ! matches "$its_version" '1[456](\.[0-9]+)+'; then
    printf 'version version=%s\n' "${its_version:-unknown}"
  elif [ -e "$CSF/csf.disable" ] && ! returns_for "$1" "$2" >/dev/null; then
    printf 'disabled\n'
  elif [ -e "$CSF/csf.error" ]; then
    printf 'error\n'
  fi
}

csf_number() {
  its_number=
  if [ -r "$CSF/version.txt" ]; then read -r its_number <"$CSF/version.txt"; fi
  printf '%s\n' "$its_number" | sed -n 's/^v*\([0-9][0-9]*\(\.[0-9][0-9]*\)*\).*/\1/p' | cut -c 1-20
}

# A file that csf does not start with.
csf_line_fault() {
  strange_line=$(awk "$CSF_READS"'find_setting($0, 1) && (seen[key]++ || !value_at) { print NR; exit }' "$CSF/csf.conf")
  if [ -n "$strange_line" ]; then printf 'file file=%s line=%s\n' "$CSF/csf.conf" "$strange_line"; fi
}
