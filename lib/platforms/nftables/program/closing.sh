# What stands in for a release that is damaged or that nft refuses: the closing text that came with it. It has a file and a digest of its
# own, so that one damaged file never takes both.

# Of the release that was confirmed just now. One of format 1 has none: then that of the one before closes.
keep_closing() {
  section_of "$HOME_FOLDER/release" closed >"$RUN/$ID.closing"
  if [ -s "$RUN/$ID.closing" ]; then
    { sha256sum <"$RUN/$ID.closing" | cut -d ' ' -f 1 && cat "$RUN/$ID.closing"; } 2>/dev/null >"$HOME_FOLDER/closed.new" &&
      settle "$HOME_FOLDER/closed.new" && mv -f "$HOME_FOLDER/closed.new" "$HOME_FOLDER/closed" && settle "$HOME_FOLDER"
  fi
  rm -f "$RUN/$ID.closing" "$HOME_FOLDER/closed.new"
}

closing_text() {
  if [ -f "$HOME_FOLDER/closed" ] && [ "$(tail -n +2 "$HOME_FOLDER/closed" | sha256sum | cut -d ' ' -f 1)" = "$(head -n 1 "$HOME_FOLDER/closed")" ]; then
    tail -n +2 "$HOME_FOLDER/closed"
  elif unclosed=$(confirmed_file); then
    section_of "$unclosed" closed
  fi
}

# The table of what was loaded for $1, or in its place.
loaded_table() {
  if [ -e "$RUN/$ID.closed" ]; then closing_text | sed -n '1s/^table inet //p'; else table_of "$1"; fi
}

# That it is closed is noted for this start of the device, until something else is loaded.
note_closed() {
  : >"$RUN/$ID.closed"
  logger -t cpanel-edge "the release of $ID is damaged, or nft refuses it: closed but for its management until the next delivery" 2>/dev/null
}

close_down() {
  closing_text >"$RUN/$ID.closing"
  if [ -s "$RUN/$ID.closing" ] && nft -f "$RUN/$ID.closing" 9>&-; then
    note_closed
    remember_loaded "$(sed -n '1s/^table inet //p' "$RUN/$ID.closing")"
    rm -f "$RUN/$ID.closing"
    return 0
  fi
  rm -f "$RUN/$ID.closing"
  logger -t cpanel-edge "the release of $ID is damaged, or nft refuses it, and nothing closes it" 2>/dev/null
  return 1
}
