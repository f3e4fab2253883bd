# Arguments. A name that passes here can stand in a path and in a unit's name.

# One line, of the characters in $2 alone, at most $3 of them, and without a "-" in front. By the shell itself, as every command asks.
is_word() {
  case $1 in '' | -* | *[!$2]*) return 1 ;; esac
  [ "${#1}" -le "$3" ]
}

matches() {
  # One line only: grep would be content with any line of several.
  case $1 in *'
'*) return 1 ;; esac
  printf '%s\n' "$1" | grep -Eqx "$2"
}

# By what the kernel says of this shell, whose second number is whom it acts as. Without /proc there is no answer, which is no.
is_root() {
  while read -r of_shell _ acts_as _; do
    if [ "$of_shell" = Uid: ]; then
      [ "$acts_as" = 0 ]
      return
    fi
  done </proc/self/status
  return 1
} 2>/dev/null

take_identity() {
  ROLE=${1-}
  OWNER=${2-}
  case $ROLE in gateway | server) ;; *) refuse wrong-argument role ;; esac
  is_word "$OWNER" 'a-z0-9-' 60 || refuse wrong-argument owner
  ID=$ROLE-$OWNER
  HOME_FOLDER=$ROOT/$ID
}

take_token() {
  TOKEN=${1-}
  { is_word "$TOKEN" '0-9a-f' 64 && [ "${#TOKEN}" -ge 16 ]; } || refuse wrong-argument token
}

take_lease() {
  LEASE=${1-}
  is_word "$LEASE" 'A-Za-z0-9-' 64 || refuse wrong-argument lease
}

take_digest() {
  DIGEST=${1-}
  is_digest "$DIGEST" || refuse wrong-argument digest
}

is_digest() {
  is_word "$1" '0-9a-f' 64 && [ "${#1}" -eq 64 ]
}

take_seconds() {
  SECONDS_TO_UNDO=${1-}
  case $SECONDS_TO_UNDO in 0*) refuse wrong-argument seconds ;; esac
  is_word "$SECONDS_TO_UNDO" 0-9 4 || refuse wrong-argument seconds
}

no_more() {
  [ "$1" -eq "$2" ] || refuse wrong-argument count
}
