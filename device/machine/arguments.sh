# Arguments. A name that passes here can stand in a path and in a unit's name.

matches() {
  # One line only: grep would be content with any line of several.
  case $1 in *'
'*) return 1 ;; esac
  printf '%s\n' "$1" | grep -Eqx "$2"
}

take_identity() {
  ROLE=${1-}
  OWNER=${2-}
  case $ROLE in gateway | server) ;; *) refuse wrong-argument role ;; esac
  matches "$OWNER" '[a-z0-9][a-z0-9-]{0,59}' || refuse wrong-argument owner
  ID=$ROLE-$OWNER
  HOME_FOLDER=$ROOT/$ID
}

take_token() {
  TOKEN=${1-}
  matches "$TOKEN" '[0-9a-f]{16,64}' || refuse wrong-argument token
}

take_lease() {
  LEASE=${1-}
  matches "$LEASE" '[A-Za-z0-9][A-Za-z0-9-]{0,63}' || refuse wrong-argument lease
}

take_digest() {
  DIGEST=${1-}
  matches "$DIGEST" '[0-9a-f]{64}' || refuse wrong-argument digest
}

take_seconds() {
  SECONDS_TO_UNDO=${1-}
  matches "$SECONDS_TO_UNDO" '[1-9][0-9]{0,3}' || refuse wrong-argument seconds
}

no_more() {
  [ "$1" -eq "$2" ] || refuse wrong-argument count
}
