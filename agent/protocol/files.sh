# Folders and files. One folder per role and owner, root's alone. What a release is, is said by the name of its file:
#   offered-TOKEN  uploaded, its digest checked      checked-TOKEN  may be armed       armed-TOKEN  loaded, to be undone
#   undoing-TOKEN  being undone                      release        confirmed: what boot loads
#   kept           rules that stay without an owner's lease (a server that was retracted and stays closed)
#   retracting     being taken away                  history        what was confirmed so far
# Each step is one rename, so that a power cut leaves the one or the other and boot knows which.

open_folders() {
  # Of every command but the first.
  if [ -d "$ROOT" ] && [ -d "$RUN" ] && [ "$(stat -c %a:%u "$ROOT" "$RUN")" = '700:0
700:0' ]; then return; fi
  for folder in "$ROOT" "$RUN"; do
    [ ! -L "$folder" ] || refuse folder-is-a-link "$folder"
    # As it has to be already: a disk that takes nothing must not keep a rollback from it.
    if [ -d "$folder" ] && [ "$(stat -c %a:%u "$folder")" = 700:0 ]; then continue; fi
    { mkdir -p "$folder" && chmod 0700 "$folder"; } 2>/dev/null || refuse folder-not-writable "folder=$folder"
  done
}

open_home() {
  [ ! -L "$HOME_FOLDER" ] || refuse folder-is-a-link "$HOME_FOLDER"
  mkdir -p "$HOME_FOLDER" 2>/dev/null || refuse folder-not-writable "folder=$HOME_FOLDER"
}

# Takes these away where any of them is there: mostly none is, and a process is most of what it would take to hear so.
away() {
  for is_there; do
    if [ -e "$is_there" ] || [ -L "$is_there" ]; then
      rm -f "$@"
      return
    fi
  done
}

# On the disk, not only in its cache: file and the folder that names it.
settle() {
  sync "$@" 2>/dev/null || sync
}

# What "$2" and its words print, as the file $1; fails where they do, and where not all of it is there: nft, ip and iptables-save end well where it had no room.
printed() {
  printed_to=$1
  shift
  [ "$({ { "$@" 3>&-; printf '%s' "$?" >&3; } | cat >"$printed_to" || printf ' and not written' >&3; } 3>&1)" = 0 ]
} 2>/dev/null

# Standard input as a note about this owner: it is on the disk as a whole, or what was there before is.
write_note() {
  cat >"$HOME_FOLDER/$1.new" && settle "$HOME_FOLDER/$1.new" && mv -f "$HOME_FOLDER/$1.new" "$HOME_FOLDER/$1" && settle "$HOME_FOLDER"
} 2>/dev/null

# The deciding rename. Returns false where the file is gone: somebody else decided.
turn() {
  mv -f "$HOME_FOLDER/$1" "$HOME_FOLDER/$2" 2>/dev/null && settle "$HOME_FOLDER"
}

# The only file of that state, or nothing.
found() {
  for file in "$HOME_FOLDER/$1"-*; do
    if [ -f "$file" ]; then
      printf '%s\n' "$file"
      return 0
    fi
  done
  return 1
}

# The release on trial: /run says so, too. So every restart of the device ends it, also where its file can't be taken away.
on_trial() {
  for armed_file in "$HOME_FOLDER"/armed-*; do
    if [ -f "$armed_file" ] && [ -e "$RUN/$ID.trial-${armed_file##*-}" ]; then
      printf '%s\n' "$armed_file"
      return 0
    fi
  done
  return 1
}

# What the device is to run for this owner, or nothing.
file_to_run() {
  on_trial || confirmed_file
}

# What is confirmed on the device for this owner, or nothing.
confirmed_file() {
  for file in "$HOME_FOLDER/release" "$HOME_FOLDER/kept"; do
    if [ -f "$file" ]; then
      printf '%s\n' "$file"
      return 0
    fi
  done
  return 1
}

# The state of docs/reference/protocol.md. What is on its way comes before what is settled.
state_of_home() {
  if [ -f "$HOME_FOLDER/retracting" ]; then
    printf 'retracting\n'
    return
  fi
  for passing in undoing armed checked offered; do
    if found "$passing" >/dev/null; then
      # Undone as far as packets see; what is left of it is a file.
      if [ "$passing" = armed ] && ! on_trial >/dev/null; then passing=undoing; fi
      printf '%s\n' "$passing"
      return
    fi
  done
  if [ -f "$HOME_FOLDER/release" ]; then
    printf 'confirmed\n'
  elif [ -f "$HOME_FOLDER/kept" ]; then
    printf 'kept\n'
  else
    printf 'nothing\n'
  fi
}

each_home() {
  for folder in "$ROOT"/gateway-* "$ROOT"/server-*; do
    [ -d "$folder" ] && [ ! -L "$folder" ] && printf '%s\n' "${folder##*/}"
  done
}

select_home() {
  ROLE=${1%%-*}
  OWNER=${1#*-}
  ID=$1
  HOME_FOLDER=$ROOT/$1
}

# Why the folder $1 takes no file, as words of a refusal, or nothing.
folder_fault() {
  [ -d "$1" ] || return 0
  its_error=$({ : >"$1/.cpanel-edge.new"; } 2>&1) && rm -f "$1/.cpanel-edge.new" && return
  case $its_error in
    *'Read-only file system'* | *'Operation not permitted'*) printf 'folder-read-only folder=%s\n' "$1" ;;
    *) printf 'folder-not-writable folder=%s\n' "$1" ;;
  esac
}
