# What a login may touch besides rules of its own: csf's and APF's files, cPanel's NAT files, and other firewalls, which a release may replace.
# `bootstrap` writes the words into login-NAME, one a line. Root may everything. A login without that file was bootstrapped before there were words: it
# keeps what the confirmed release of the owner uses. Nothing here trusts a program that may be killed: its silence means that a word is needed.

LOGIN_WORDS='csf apf cpnat replace'
SUDOERS=/etc/sudoers.d/cpanel-edge-

# The login in LOGIN, as sudo names it; empty where root itself is at work.
take_login() {
  LOGIN=
  [ "${SUDO_UID:-0}" = 0 ] || LOGIN=${SUDO_USER:-unknown}
  is_login "$LOGIN" || LOGIN=${LOGIN:+unknown}
}

is_login() {
  case $1 in [a-z_]*) is_word "$1" 'a-z0-9_-' 32 ;; *) return 1 ;; esac
}

need() {
  case " $NEEDED " in *" $1 "*) ;; *) NEEDED="$NEEDED $1" ;; esac
}

need_for_name() {
  take_program "$1"
  case $its_program in csf | apf) need "$its_program" ;; esac
}

# Adds to NEEDED the words that the release $1 needs.
need_for_release() {
  for head_name in table chains policies settings; do
    take_head "$1" "$head_name"
    need_for_name "$HEAD_SAYS"
  done
  form_line=
  IFS= read -r form_line <"$1"
  case $form_line in
    *' 3') is_empty_section "$1" cpnat || need cpnat ;;
    *' 4')
      is_empty_section "$1" cpnat || need cpnat
      is_empty_section "$1" replaces || need replace
      ;;
  esac
}

is_empty_section() {
  [ "$(awk -v name="$2" '$1 == name { print $2; exit }' "$1")" = 0 ]
}

# Adds to NEEDED the words that what is stored of this owner needs: it is changed, or taken away, by whatever comes in its place.
need_for_held() {
  take_noted
  need_for_name "$noted"
  for held_file in "$HOME_FOLDER"/release "$HOME_FOLDER"/kept "$HOME_FOLDER"/retracting; do
    [ ! -f "$held_file" ] || need_for_release "$held_file"
  done
  [ ! -e "$HOME_FOLDER/cpnat-before" ] || need cpnat
  [ ! -e "$HOME_FOLDER/replaced" ] || need replace
}

# In ALLOWED the words of the login $1, as its file has them; false where it has no file. A line that isn't a word counts for none.
take_allowed() {
  ALLOWED=
  [ -e "$ROOT/login-$1" ] || return 1
  while IFS= read -r login_line; do
    case $login_line in csf | apf | cpnat | replace) ALLOWED="$ALLOWED $login_line" ;; esac
  done <"$ROOT/login-$1"
}

# In LISTED the words of $1 that are not among those of $2, with "/" between them.
list_words() {
  LISTED=
  for login_word in $LOGIN_WORDS; do
    case " $1 " in *" $login_word "*) ;; *) continue ;; esac
    case " $2 " in *" $login_word "*) ;; *) LISTED=$LISTED/$login_word ;; esac
  done
  LISTED=${LISTED#/}
}

# True where root is at work, or the login may have the release $1 in the place of what this owner has; $1 is empty for a removal. Else the words of the
# refusal are in UNALLOWED.
is_allowed() {
  take_login
  [ -n "$LOGIN" ] || return 0
  NEEDED=
  need_for_held
  take_allowed "$LOGIN" || [ "$LOGIN" = unknown ] || ALLOWED=$NEEDED
  if [ -n "$1" ]; then
    need_for_release "$1"
  else
    # The last owner that leaves a device starts again those who gave way to owners before it.
    [ ! -e "$LEFT" ] || need replace
  fi
  list_words "$ALLOWED" ''
  UNALLOWED="allowed=${LISTED:-none}"
  list_words "$NEEDED" "$ALLOWED"
  UNALLOWED="not-allowed login=$LOGIN what=${LISTED:-nothing} $UNALLOWED"
  [ -z "$LISTED" ]
}

# A line of `status` for each login that may deliver by sudo: its words, and whether `bootstrap` wrote them.
login_lines() {
  NEEDED=
  for candidate in $(each_home); do
    select_home "$candidate"
    need_for_held
  done
  shown_logins=' '
  for login_file in "$ROOT"/login-* "$SUDOERS"*; do
    LOGIN=${login_file#"$ROOT"/login-}
    LOGIN=${LOGIN#"$SUDOERS"}
    case $shown_logins in *" $LOGIN "*) continue ;; esac
    { [ -e "$login_file" ] && is_login "$LOGIN"; } || continue
    shown_logins="$shown_logins$LOGIN "
    written_by=bootstrap
    take_allowed "$LOGIN" || { ALLOWED=$NEEDED && written_by=confirmed-release; }
    list_words "$ALLOWED" ''
    printf 'login=%s allows=%s by=%s\n' "$LOGIN" "${LISTED:-none}" "$written_by"
  done
}
