# What stands in for a release that is damaged or that does not load: the closing text that came with it. It has a file and a digest of its
# own, so that one damaged file never takes both.

# Of the release that was confirmed just now. One of format 1 has none: then that of the one before closes.
keep_closing() {
  kept_text=$(section_of "$HOME_FOLDER/release" closed)
  if [ -n "$kept_text" ]; then
    { printf '%s\n' "$kept_text" | sha256 && printf '%s\n' "$kept_text"; } 2>/dev/null >"$HOME_FOLDER/closed.new" &&
      is_closing "$HOME_FOLDER/closed.new" && settle "$HOME_FOLDER/closed.new" && mv -f "$HOME_FOLDER/closed.new" "$HOME_FOLDER/closed" && settle "$HOME_FOLDER"
  fi
  away "$HOME_FOLDER/closed.new"
}

is_closing() {
  its_sum=
  [ -f "$1" ] && { read -r its_sum <"$1" || :; } && [ "$(tail -n +2 "$1" | sha256)" = "$its_sum" ]
}

closing_text() {
  if is_closing "$HOME_FOLDER/closed"; then
    tail -n +2 "$HOME_FOLDER/closed"
  elif unclosed=$(confirmed_file); then
    section_of "$unclosed" closed
  fi
}

# The name of what was loaded for $1, or in its place.
loaded_name() {
  if [ -e "$RUN/$ID.closed" ]; then closing_text | name_in_text; else name_of "$1"; fi
}

# Of a text without a head.
name_in_text() {
  sed -n '1s/^table inet //p; 1h; s/^:\(c[eg]-[a-z0-9-]*\)-[a-z0-9]* - .*/\1/p; s/^==> .*\/\(cf-[a-z0-9-]*\)-in.xml <==$/\1/p; 2{
    H
    x
    s/^==> .*\/csf.conf <==\n# cpanel-edge:\([a-z0-9-]*\)$/cc-\1/p
    s/^==> .*\/apf-firewall\/conf.apf <==\n# cpanel-edge:\([a-z0-9-]*\)$/ca-\1/p
    s/^==> .*\/apf\/conf.apf <==\n# cpanel-edge:\([a-z0-9-]*\)$/cu-\1/p
  }' | head -n 1
}

# That it is closed is noted for this start of the device, until something else is loaded.
note_closed() {
  : >"$RUN/$ID.closed"
  logger -t cpanel-edge "the release of $ID is damaged, or does not load: closed but for its management until the next delivery" 2>/dev/null
}

close_down() {
  closing=$(closing_text)
  closing_name=$(printf '%s\n' "$closing" | name_in_text)
  if [ -n "$closing" ] && printf '%s\n' "$closing" | by_program load "$closing_name"; then
    note_closed
    remember_loaded "$closing_name"
    return 0
  fi
  logger -t cpanel-edge "the release of $ID is damaged, or does not load, and nothing closes it" 2>/dev/null
  return 1
}
