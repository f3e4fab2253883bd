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
  else
    csf_hook_fault "$2"
  fi
}

# What csf runs behind its rules, where a release has some for it: something else than a shell would not read them, and csf 14, csf 16 and forks of csf 15
# run nothing of it beside another one.
csf_hook_fault() {
  text_of "$1" | drain grep -qxF "==> $CSF/csfpost.sh <==" || return 0
  if [ -f "$CSF/csfpost.sh" ] && ! csf_is_script "$CSF/csfpost.sh"; then
    printf 'hook file=%s\n' "$CSF/csfpost.sh"
  elif [ -e "$CSF_OWN/csfpost.sh" ] && ! grep -q '^[^#]*push @csfpost' "$(command -v csf)"; then
    printf 'hook-beside file=%s\n' "$CSF_OWN/csfpost.sh"
  fi
}

CSF_OWN=/usr/local/csf/bin

# csf makes one for bash of what has no first line of its own.
csf_is_script() {
  [ "$(tr -cd '\000' <"$1" | wc -c)" -eq 0 ] && awk '
    NR == 1 && /^#!/ && !/^#![ \t]*(\/usr\/bin\/env[ \t]+|(\/usr)?(\/local)?\/bin\/)(ba|da|k|z|a)?sh([ \t]+-[eux]+)*[ \t]*$/ { other = 1 }
    END { exit other }' "$1"
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
