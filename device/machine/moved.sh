# The store of programs before protocol 6 was in /var/lib, which may be a file system of its own, mounted late or never. The first command
# that finds it there moves it.

FORMER_ROOT=/var/lib/cpanel-edge

# Where it can't be moved, it is used where it is.
move_store() {
  [ -d "$FORMER_ROOT" ] && [ ! -L "$FORMER_ROOT" ] || return 0
  (
    enter 600
    if [ -d "$FORMER_ROOT" ] && [ ! -e "$ROOT/moved" ]; then copy_store || exit 1; fi
    rm -rf "$FORMER_ROOT" 2>/dev/null && rm -f "$ROOT/moved"
    exit 0
  ) || ROOT=$FORMER_ROOT
}

# "moved" says that from now on the new one counts, whatever is left of the former one.
copy_store() {
  rm -rf "$ROOT/moving"
  if cp -Rp "$FORMER_ROOT" "$ROOT/moving" 2>/dev/null; then
    for home in "$ROOT"/moving/gateway-* "$ROOT"/moving/server-*; do
      if [ -d "$home" ] && [ ! -e "$ROOT/${home##*/}" ]; then
        # The program of then noted nothing where all addresses were there before it. "booted" is its mark, too: nothing has restarted since.
        [ ! -e "$RUN/booted" ] || [ -e "$RUN/${home##*/}.added" ] || : >"$RUN/${home##*/}.added"
        mv "$home" "$ROOT/"
      fi
    done
    rm -rf "$ROOT/moving"
    sync
    : >"$ROOT/moved" && settle "$ROOT" && return 0
  fi
  rm -rf "$ROOT/moving"
  return 1
}
