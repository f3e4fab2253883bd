# What a release of a server says of cPanel's NAT file, /var/cpanel/cpnat: "nat-mode on|off", "in-use refuse|change" (where there are accounts),
# "pair LOCAL PUBLIC", and settings beside it. No packet depends on it, so nothing of it is on trial: it is written once the release is confirmed, and goes back with the
# retract. A line of ours stands where the line of its local address was; others' lines stay. In HOME_FOLDER, cpnat-ours is what we have written,
# or are about to, cpnat-before what was there before all of it, and cpnat-follows what is still to be run.

CPANEL_USERS=/var/cpanel/users
CPANEL_SCRIPTS=/usr/local/cpanel/scripts
# What follows the file. Those that aren't there are left out.
CPNAT_FOLLOWERS='mainipcheck;rebuildhttpdconf;restartsrv_httpd;buildeximconf'

# What the release $1 says behind the word $2, a line each.
cpnat_said() {
  read -r its_form <"$1"
  case $its_form in *' '[34]) section_of "$1" cpnat "$2 " ;; esac
}

# Words of a refusal, or nothing.
cpnat_fault() {
  [ -n "$(cpnat_said "$1" nat-mode)" ] || return 0
  for candidate in $(each_home); do
    if [ "$candidate" != "$ID" ] && (select_home "$candidate" && [ -f "$HOME_FOLDER/cpnat-before" ]); then
      printf 'cpnat-owner owner=%s\n' "${candidate#*-}"
      return
    fi
  done
  if [ ! -f "$CPANEL_CONFIG" ]; then
    printf 'cpanel-missing\n'
  elif [ -L "$CPNAT" ] || { [ -e "$CPNAT" ] && ! cpanel_lines "$CPNAT" p >/dev/null; }; then
    printf 'cpnat-odd\n'
  elif odd_file=$(settings_fault "$1") && [ -n "$odd_file" ]; then
    printf '%s\n' "$odd_file"
  elif cpnat_is "$1"; then
    :
  # Root may write all files but those that somebody has made so.
  elif [ -e "$CPNAT" ] && [ ! -w "$CPNAT" ]; then
    printf 'cpnat-odd\n'
  elif taken=$(cpnat_wanted "$1" | cpnat_taken "$1") && [ -n "$taken" ]; then
    printf 'cpnat-taken %s\n' "$taken"
  elif accounts=$(cpanel_accounts) && [ "$accounts" -gt 0 ] && [ "$(cpnat_said "$1" in-use)" != change ]; then
    printf 'cpanel-in-use accounts=%s\n' "$accounts"
  fi
}

cpanel_accounts() {
  find "$CPANEL_USERS" -maxdepth 1 -type f ! -name 'system' ! -name '.*' 2>/dev/null | wc -l
}

# The file says what the release $1 wants of it, as cPanel reads it, and has no line in front of ours that takes the effect from it.
cpnat_is() {
  if [ "$(cpnat_said "$1" nat-mode)" = off ]; then
    [ ! -e "$CPNAT" ]
  else
    [ -f "$CPNAT" ] && [ "$(cpnat_wanted "$1" | cpnat_read)" = "$(cpnat_read <"$CPNAT")" ] && [ -z "$(cpnat_taken "$1" first <"$CPNAT")" ]
  fi
}

cpnat_read() {
  awk '{ sub(/\r$/, ""); print (/^[ \t\f]/ ? "- " : "") $1 " " $2 }'
}

# The file as the release $1 wants it, with NAT mode on.
cpnat_wanted() {
  cpnat_said "$1" pair >"$RUN/$ID.pairs"
  cpnat_former "$RUN/$ID.pairs" | cpnat_with "$RUN/$ID.pairs"
  away "$RUN/$ID.pairs"
}

# Lines on standard input, with those of the pairs in $1. What stands twice for a local address of ours goes: cPanel takes the last one.
cpnat_with() {
  awk -v pairs="$1" '
    BEGIN {
      while ((getline line < pairs) > 0) { split(line, part, " "); order[++count] = part[1]; public[part[1]] = part[2] }
    }
    $0 !~ /^[ \t\r\f]/ && $1 in public { if (!done[$1]++) print $1 " " public[$1]; next }
    { print }
    END { for (n = 1; n <= count; n++) if (!done[order[n]]) print order[n] " " public[order[n]] }'
}

# The file without what we have written, but for local addresses of the pairs in $1: one that was there before us has its lines of then.
cpnat_former() {
  if [ ! -e "$CPNAT" ] && grep -qsx 'nat-mode off' "$HOME_FOLDER/cpnat-ours"; then
    sed 1d "$HOME_FOLDER/cpnat-before"
    return
  fi
  [ ! -e "$CPNAT" ] || awk -v pairs="$1" -v ours="$HOME_FOLDER/cpnat-ours" -v before="$HOME_FOLDER/cpnat-before" '
    BEGIN {
      while ((getline line < ours) > 0) { split(line, part, " "); if (part[1] == "pair") { is_ours[part[2], part[3]]; goes[part[2]] } }
      while ((getline line < pairs) > 0) { split(line, part, " "); delete goes[part[1]] }
      while ((getline line < before) > 0) { split(line, part, " "); if (line !~ /^[ \t\r\f]/ && part[1] in goes) former[part[1]] = former[part[1]] line "\n" }
    }
    $0 !~ /^[ \t\r\f]/ && $1 in goes && ($1, $2) in is_ours { printf "%s", former[$1]; former[$1] = ""; next }
    { print }' "$CPNAT"
}

# Of what the release $1 wants, on standard input, a line of somebody else that has a public address of ours: cPanel takes the first of both alone. $2:
# "first" where one behind ours is no matter.
cpnat_taken() {
  cpnat_said "$1" pair >"$RUN/$ID.taken"
  awk -v pairs="$RUN/$ID.taken" -v first="${2-}" '
    BEGIN { while ((getline line < pairs) > 0) { split(line, part, " "); local[part[2]] = part[1] } }
    { from = $0 ~ /^[ \t\r\f]/ ? "" : $1; to = from == "" ? $1 : $2 }
    to in local && from == local[to] { if (first) delete local[to]; next }
    to in local && !found++ { print "line=" NR, "public=" to }'
  away "$RUN/$ID.taken"
}

# After a confirm, and at a start of the device that had ended it too early. A disk that takes nothing holds up neither: what the file says
# is told with everything else. What is about to be ours is noted before it is written.
cpnat_keep() {
  if [ -z "$(cpnat_said "$1" nat-mode)" ]; then
    cpnat_return
  else
    section_of "$1" cpnat >"$RUN/$ID.section" && cpnat_note && { printf 'not yet written\n' && cat "$HOME_FOLDER/cpnat-ours" "$RUN/$ID.section"; } 2>/dev/null | write_note cpnat-ours && cpnat_become "$1" &&
      settings_keep "$1" && write_note cpnat-ours <"$RUN/$ID.section"
    rm -f "$RUN/$ID.section"
  fi
  cpnat_end
}

cpnat_become() {
  if cpnat_is "$1"; then return 0; fi
  cpnat_follows "$CPNAT_FOLLOWERS" || return 1
  if [ "$(cpnat_said "$1" nat-mode)" = off ]; then
    cpnat_note_again && rm -f "$CPNAT"
  else
    cpnat_wanted "$1" | cpnat_put
  fi
}

# By a start of the device, once /var is there: what a confirm had not come to.
cpnat_complete() {
  [ -f "$HOME_FOLDER/release" ] && ! on_trial >/dev/null || return 0
  if [ "$(section_of "$HOME_FOLDER/release" cpnat)" != "$(cat "$HOME_FOLDER/cpnat-ours" 2>/dev/null)" ]; then
    cpnat_keep "$HOME_FOLDER/release"
  else
    cpnat_end
  fi
}

# What was there before us, noted once. Into a folder mv would put what takes the file's place, and say that all is well.
cpnat_note() {
  [ ! -d "$CPNAT" ] || return 1
  [ ! -f "$HOME_FOLDER/cpnat-before" ] || return 0
  if [ -e "$CPNAT" ]; then printf 'there\n' && cat "$CPNAT"; else printf 'absent\n'; fi 2>/dev/null | write_note cpnat-before
}

# What others have written since stands in no file any more where there is none.
cpnat_note_again() {
  [ -e "$CPNAT" ] || return 0
  cpnat_former /dev/null >"$RUN/$ID.cpnat" || return 1
  if [ ! -s "$RUN/$ID.cpnat" ]; then return 0; fi
  { printf 'there\n' && cat "$RUN/$ID.cpnat"; } | write_note cpnat-before
}

# As it was before us, but for what others have written since.
cpnat_give_back() {
  # Early in a start of the device /var may not be there.
  if [ -n "$booting" ] && [ -f "$HOME_FOLDER/cpnat-before" ] && [ ! -f "$CPANEL_CONFIG" ]; then return 1; fi
  cpnat_return || return 1
  cpnat_end
}

cpnat_return() {
  [ -f "$HOME_FOLDER/cpnat-before" ] || return 0
  [ ! -d "$CPNAT" ] || return 1
  cpnat_former /dev/null >"$RUN/$ID.cpnat" || return 1
  if [ ! -d "${CPNAT%/*}" ]; then
    # And cPanel with it.
    :
  elif [ ! -s "$RUN/$ID.cpnat" ] && { [ ! -e "$CPNAT" ] || [ "$(head -n 1 "$HOME_FOLDER/cpnat-before")" = absent ]; }; then
    [ ! -e "$CPNAT" ] || { cpnat_follows "$CPNAT_FOLLOWERS" && rm -f "$CPNAT"; } || return 1
  elif ! cmp -s "$RUN/$ID.cpnat" "$CPNAT"; then
    cpnat_follows "$CPNAT_FOLLOWERS" && cpnat_put <"$RUN/$ID.cpnat" || return 1
  fi
  settings_give_back || return 1
  away "$RUN/$ID.cpnat" "$HOME_FOLDER/cpnat-ours" "$HOME_FOLDER/cpnat-before"
}

cpnat_put() {
  cat >"$CPNAT.cpanel-edge" && chmod 0644 "$CPNAT.cpanel-edge" && settle "$CPNAT.cpanel-edge" && mv -f "$CPNAT.cpanel-edge" "$CPNAT" && settle "${CPNAT%/*}"
} 2>/dev/null

# $1: commands of cPanel, with ";" between them, that take over what is changed next.
cpnat_follows() {
  printf '%s\n' "$1" | tr ';' '\n' >>"$HOME_FOLDER/cpnat-follows"
} 2>/dev/null

# Nobody waits for it: mail, web and FTP servers are configured anew.
cpnat_end() {
  [ -f "$HOME_FOLDER/cpnat-follows" ] || return 0
  followers=$(
    awk '!seen[$0]++' "$HOME_FOLDER/cpnat-follows" | while read -r script words; do
      if [ -x "$CPANEL_SCRIPTS/$script" ]; then printf '%s %s; ' "$CPANEL_SCRIPTS/$script" "$words"; fi
    done
  )
  if [ -z "$followers" ] || systemd-run --quiet --no-block --collect --unit="cpanel-edge-cpnat-$(date +%s)" /bin/sh -c "$followers" >/dev/null 2>&1 9>&-; then
    rm -f "$HOME_FOLDER/cpnat-follows"
  fi
  return 0
}
