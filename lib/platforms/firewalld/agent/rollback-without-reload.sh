# An undo where firewalld reloads nothing: what ran before the trial comes back by nft.

# The kernel has of firewalld what the file $1 says.
firewalld_again() {
  printf 'table inet firewalld\ndelete table inet firewalld\n' | cat - "$1" | nft -f - 2>/dev/null 9>&-
}

# Before a trial, whole: what an undo goes back to where nothing can be reloaded any more, as with a file that somebody has broken meanwhile.
firewalld_note() {
  if ! on_trial >/dev/null || [ -e "$RUN/$ID.before" ]; then return 0; fi
  cp "$RUN/$ID.table" "$RUN/$ID.before" 2>/dev/null && [ "$(tail -n 1 "$RUN/$ID.before")" = '}' ] && return
  rm -f "$RUN/$ID.before"
  return 1
}

firewalld_back() {
  ! on_trial >/dev/null && [ -e "$RUN/$ID.before" ] && firewalld_again "$RUN/$ID.before"
}

firewalld_is_empty() {
  firewalld_empty "$1" | drain cmp -s - "$2"
}

# What ran before the trial is what the text in $2 says, and is there again.
firewalld_undone() {
  if settled=$(confirmed_file); then
    text_of "$settled" | drain cmp -s - "$2" && firewalld_back && firewalld_mark "$1" "$2" >"$HOME_FOLDER/in-kernel"
  else
    firewalld_is_empty "$1" "$2" && firewalld_back
  fi
} 2>/dev/null
