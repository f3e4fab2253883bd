# What has to be so before a program is told to load its files, which takes all rules of the host away first. Words of a refusal, and then it fails.
# $2: the release.
conf_surroundings() {
  alone_here "$(program_of "$1")" || return 1
  fault=$(rules_beside_fault "$2")
  [ -n "$fault" ] || fault=$(conf_fault "$1" "$2" | sed "s/^/$(program_of "$1")-/")
  [ -n "$fault" ] || return 0
  printf '%s\n' "$fault"
  return 1
}

# Words without the program's name, or nothing.
conf_fault() {
  by_program fault "$1" "$2" | drain grep . && return
  its_other=$(conf_other "$1")
  its_start=$(conf_unit_fault "$1")
  if [ -n "$its_start" ]; then
    printf '%s\n' "$its_start"
  elif [ -z "$(by_program kernel "$1")" ] && ! by_program off "$1" >/dev/null; then
    printf 'not-running\n'
  elif [ -n "$its_other" ]; then
    printf 'owner owner=%s\n' "$its_other"
  else
    conf_file_fault "$1" | drain grep . || by_program line_fault "$1"
  fi
}

# The first of the files that is none of text, or whose marks are no longer two.
conf_file_fault() {
  by_program parts "$1" | while read -r part its_file; do
    # Whoever wants a script asks for more of it.
    case $part in script-*) [ -e "$its_file" ] || continue ;; esac
    if [ ! -f "$its_file" ] || { [ "${part%%-*}" != script ] && [ "$(tr -cd '\000' <"$its_file" | wc -c)" -ne 0 ]; }; then
      printf 'file file=%s\n' "$its_file"
    elif [ "${part%%-*}" != keys ] && : >"$RUN/$ID.$part" && ! by_program "$part" "$1" "$its_file" >/dev/null; then
      printf 'marks file=%s\n' "$its_file"
    else
      continue
    fi
    break
  done
  conf_forget_split
}

conf_version() {
  printf '%s %s\n' "$(program_of "$1")" "$(by_program number "$1")"
}

# The names of whose marks stand in the files of $1.
conf_owners() {
  by_program parts "$1" | sed -n '/^keys-/!s/^[^ ]* //p' | while read -r its_file; do
    sed -n "s/^# cpanel-edge:\([a-z0-9-]*\) begin.*/${1%%-*}-\1/p" "$its_file" 2>/dev/null
  done
}

# Another owner who has settings here, stored or between marks: they are shared, so the second would take from the first.
conf_other() {
  {
    for candidate in $(each_home); do
      (select_home "$candidate" && take_store "$1" && { [ -f "$store-before" ] || confirmed_file >/dev/null; } && own_name)
    done
    conf_owners "$1"
  } | grep "^${1%%-*}-" | grep -vxF "$1" | drain head -n 1 | cut -c 4-
}
