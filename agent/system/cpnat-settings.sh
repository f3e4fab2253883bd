# What a release says beside the pairs of cPanel's NAT file: "set NAME VALUE", a line of one of cPanel's files each. In HOME_FOLDER,
# cpnat-before-NAME is what stood there before: "there" or "absent" of the file, then its lines of that name.

CPNAT_SETTINGS='myip ftp-address ftp-ports'
PURE_FTPD_SETTINGS=/var/cpanel/conf/pureftpd/local

# The file of a setting, and how its lines begin.
setting_file() {
  case $1 in myip) printf '%s\n' "$CPANEL_SOURCES" ;; *) printf '%s\n' "$PURE_FTPD_SETTINGS" ;; esac
}

setting_begins() {
  case $1 in myip) printf 'MYIP=' ;; ftp-address) printf 'ForcePassiveIP:' ;; ftp-ports) printf 'PassivePortRange:' ;; esac
}

# A line of $1 with the value $2.
setting_line() {
  case $1 in myip) printf 'MYIP=%s\n' "$2" ;; *) printf '%s %s\n' "$(setting_begins "$1")" "$2" ;; esac
}

# The line that the release $1 wants for $2, or nothing.
setting_wanted() {
  its_value=$(cpnat_said "$1" "set $2")
  [ -z "$its_value" ] || setting_line "$2" "$its_value"
}

# Lines of $1 as they are; none where there is no file.
setting_lines() {
  [ -f "$(setting_file "$1")" ] || return 0
  awk -v begins="$(setting_begins "$1")" 'index($0, begins) == 1' "$(setting_file "$1")" 2>/dev/null
  return 0
}

settings_fault() {
  for setting in $CPNAT_SETTINGS; do
    wanted_line=$(setting_wanted "$1" "$setting")
    [ -n "$wanted_line" ] || continue
    its_file=$(setting_file "$setting")
    if [ ! -d "${its_file%/*}" ] || [ -L "$its_file" ] || { [ -e "$its_file" ] && ! setting_takes "$setting" "$wanted_line"; }; then
      printf 'cpanel-file-odd file=%s\n' "$its_file"
      return
    fi
  done
}

# The line $2. Root may write all files but those that somebody has made so.
setting_takes() {
  cpanel_lines "$its_file" p >/dev/null && { [ -w "$its_file" ] || [ "$(setting_lines "$1")" = "$2" ]; }
}

settings_are() {
  for setting in $CPNAT_SETTINGS; do
    wanted_line=$(setting_wanted "$1" "$setting")
    [ -z "$wanted_line" ] || [ "$(setting_lines "$setting")" = "$wanted_line" ] || return 1
  done
}

# Each as the release $1 wants it; one that it doesn't name any more is what it was before us.
settings_keep() {
  for setting in $CPNAT_SETTINGS; do
    wanted_line=$(setting_wanted "$1" "$setting")
    if [ -z "$wanted_line" ]; then
      setting_give_back "$setting"
    elif [ "$(setting_lines "$setting")" != "$wanted_line" ] || [ ! -f "$HOME_FOLDER/cpnat-before-$setting" ]; then
      setting_note "$setting" && printf '%s\n' "$wanted_line" | setting_put "$setting"
    fi || return 1
  done
}

settings_give_back() {
  for setting in $CPNAT_SETTINGS; do setting_give_back "$setting" || return 1; done
}

setting_note() {
  its_note=$HOME_FOLDER/cpnat-before-$1
  [ ! -f "$its_note" ] || return 0
  { if [ -e "$(setting_file "$1")" ]; then printf 'there\n'; else printf 'absent\n'; fi && setting_lines "$1"; } 2>/dev/null >"$its_note.new" &&
    settle "$its_note.new" && mv -f "$its_note.new" "$its_note"
}

# What somebody else has made of it since stays.
setting_give_back() {
  its_note=$HOME_FOLDER/cpnat-before-$1
  [ -f "$its_note" ] || return 0
  its_lines=$(setting_lines "$1")
  for our_value in "$(sed -n "s/^set $1 //p" "$HOME_FOLDER/cpnat-ours" 2>/dev/null | drain head -n 1)" "$(sed -n "s/^set $1 //p" "$HOME_FOLDER/cpnat-ours" 2>/dev/null | tail -n 1)"; do
    if [ -z "$our_value" ] || [ "$its_lines" != "$(setting_line "$1" "$our_value")" ]; then continue; fi
    sed 1d "$its_note" | setting_put "$1" || return 1
    if [ "$(head -n 1 "$its_note")" = absent ] && [ ! -s "$(setting_file "$1")" ]; then rm -f "$(setting_file "$1")"; fi
    break
  done
  rm -f "$its_note"
}

# The lines on standard input in the place of the first one of $1, and no other of it.
setting_put() {
  its_file=$(setting_file "$1")
  cat >"$RUN/$ID.setting" || return 1
  case $1 in ftp-*) cpnat_follows 'setupftpserver pure-ftpd --force' || return 1 ;; esac
  if [ ! -e "$its_file" ]; then : >"$its_file" && chmod 0644 "$its_file" || return 1; fi
  [ -f "$its_file" ] && cp -a "$its_file" "$its_file.cpanel-edge" && awk -v begins="$(setting_begins "$1")" -v lines="$RUN/$ID.setting" '
    function put(  line) { if (!done++) while ((getline line < lines) > 0) print line }
    index($0, begins) == 1 { put(); next }
    { print }
    END { put() }' "$its_file" >"$its_file.cpanel-edge" && settle "$its_file.cpanel-edge" && mv -f "$its_file.cpanel-edge" "$its_file" || return 1
  rm -f "$RUN/$ID.setting"
} 2>/dev/null
