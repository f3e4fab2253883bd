# What stands in for a release that is damaged or that does not load: the closing text that came with it. It has a file and a digest of its
# own, so that one damaged file never takes both.

# Of the release that was confirmed just now. One of format 1 has none: then that of the one before closes.
keep_closing() {
  if check_closing "$HOME_FOLDER/release" && [ -s "$RUN/$ID.closing" ]; then
    { printf '%s\n' "$checked_sum" && cat "$RUN/$ID.closing"; } 2>/dev/null >"$HOME_FOLDER/closed.new" &&
      is_closing "$HOME_FOLDER/closed.new" && settle "$HOME_FOLDER/closed.new" && mv -f "$HOME_FOLDER/closed.new" "$HOME_FOLDER/closed" && settle "$HOME_FOLDER"
  fi
  away "$HOME_FOLDER/closed.new" "$RUN/$ID.closing"
}

# A file that begins with the digest of what is behind it, which was checked before it was kept.
is_closing() {
  [ -f "$1" ] && take_sum_of behind_sum "$1" cat && read -r its_sum <"$1" && [ "$SUM" = "$its_sum" ]
}

# $1: the file, then a command that has what is behind as its input.
behind_sum() {
  kept_closing=$1
  shift
  (read -r _ && "$@") <"$kept_closing"
}

# Runs the command with what closes as its input; fails where there is nothing.
from_closing() {
  if is_closing "$HOME_FOLDER/closed"; then
    behind_sum "$HOME_FOLDER/closed" "$@"
  else
    unclosed=$(confirmed_file) && check_closing "$unclosed" && [ -s "$RUN/$ID.closing" ] && ("$@") <"$RUN/$ID.closing"
  fi
}

# The name of what was loaded for $1, or in its place.
loaded_name() {
  if [ -e "$RUN/$ID.closed" ]; then from_closing name_in_text; else name_of "$1"; fi
}

# Of a text without a head.
name_in_text() {
  sed -n '1s/^table inet //p; 1h; s/^:\(c[eg]-[a-z0-9-]*\)-[a-z0-9]* - .*/\1/p; s/^==> .*\/\(cf-[a-z0-9-]*\)-in.xml <==$/\1/p; 2{
    H
    x
    s/^==> .*\/csf.conf <==\n# cpanel-edge:\([a-z0-9-]*\)$/cc-\1/p
    s/^==> .*\/apf-firewall\/conf.apf <==\n# cpanel-edge:\([a-z0-9-]*\)$/ca-\1/p
    s/^==> .*\/apf\/conf.apf <==\n# cpanel-edge:\([a-z0-9-]*\)$/cu-\1/p
  }' | drain head -n 1
}

# That it is closed is noted for this start of the device, until something else is loaded.
note_closed() {
  : >"$RUN/$ID.closed"
  logger -t cpanel-edge "the release of $ID is damaged, or does not load: closed but for its management until the next delivery" 2>/dev/null
}

close_down() {
  closing_name=$(from_closing name_in_text) || closing_name=
  if [ -n "$closing_name" ] && from_closing by_program load "$closing_name"; then
    note_closed
    remember_loaded "$closing_name"
    return 0
  fi
  logger -t cpanel-edge "the release of $ID is damaged, or does not load, and nothing closes it" 2>/dev/null
  return 1
}
