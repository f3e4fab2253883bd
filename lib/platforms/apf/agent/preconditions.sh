# What has to be so before APF is told to load its files, which opens the host until it is through.

apf_tools() {
  printf '%s\n' apf iptables-save ip6tables-save iptables-restore timeout
  case $1 in ca-*) printf 'route\n' ;; *) printf 'ip6tables-restore\n' ;; esac
}

apf_fault() {
  its_version=$(apf_number)
  its_interface=$(text_of "$2" | sed -n 's/^IFACE_IN="\(.*\)"$/\1/p')
  its_ipv6=$(ip -6 -o addr show scope global 2>/dev/null | awk 'NR == 1 { print $4 }')
  if ! matches "$its_version" "$APF_VERSION"; then
    printf 'version version=%s\n' "${its_version:-unknown}"
  elif apf_was_other "$1"; then
    printf 'upgraded version=%s\n' "$its_version"
  elif [ -z "$APF_STARTED" ]; then
    :
  elif [ -n "$its_ipv6" ]; then
    printf 'ipv6 address=%s\n' "$its_ipv6"
  elif ! route -n 2>/dev/null | awk -v name="$its_interface" '$8 == name { there = 1 } END { exit !there }'; then
    printf 'interface name=%s\n' "$its_interface"
  fi
}

# What was noted of settings for another version is of other files.
apf_was_other() {
  its_release=$(confirmed_file) && its_name=$(name_of "$its_release") && [ "$(program_of "$its_name")" = apf ] && [ "${its_name%%-*}" != "${1%%-*}" ]
}

# That of its authors is the one that is started where both are there.
apf_number() {
  for its_home in /etc/apf /etc/apf-firewall; do
    [ -e "$its_home/conf.apf" ] || continue
    sed -n 's/^[^0-9]*\([0-9][0-9.-]*\).*/\1/p' "$its_home/VERSION" 2>/dev/null | drain head -n 1 | cut -c 1-20
    break
  done
}

# Files of which a shell makes more than values, or in which a setting of ours stands twice.
apf_line_fault() {
  for its_file in "$APF/conf.apf" $APF_STARTED; do
    strange_line=$(
      awk -v ours=" $(printf '%s\nRUN\n' "$APF_SETTINGS" | sed 's/=.*//' | tr '\n' ' ') " "$APF_READS"'
        /^[ \t]*CNFINT="\$INSTALL_PATH\/internals\/internals[.]conf"[ \t]*$/ || /^[ \t]*[.] "?\$CNFINT"?[ \t]*$/ { next }
        {
          for (from = 1; find_setting($0, from); from = ends) {
            is_ours = index(ours, " " key " ")
            said = substr($0, value_at, value_length)
            if (is_ours && seen[key]++ || said ~ /^"/ && said ~ /[`$\\]/ || from > 1 && begins == from) strange = 1
          }
          rest = substr($0, from)
          if (strange || rest !~ (from > 1 ? "^[ \t]*$|^[ \t]+#" : "^[ \t]*(#.*)?$")) { print NR; exit }
        }' "$its_file"
    )
    if [ -n "$strange_line" ]; then
      printf 'file file=%s line=%s\n' "$its_file" "$strange_line"
      return
    fi
  done
}
