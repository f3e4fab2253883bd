# Programs that checks ask, each by a function of its name. One that is not there, was killed or had no memory has answered nothing: the program itself is told,
# wherever in a pipe that one stood, and a step that goes by answers refuses.

unanswered=
watching=

# In the shell that runs the command, which may be a subshell: that one has no traps of its parent, and $$ isn't its process. A caller may have this
# program begin with a signal that is ignored or held back: then it would never hear.
hear_signals() {
  trap 'unanswered=yes' USR1
  watching=$(exec sh -c 'echo "$PPID"')
  no_answer
  [ "$unanswered" = yes ] || refuse check-unfinished
  unanswered=
}

all_answered() {
  [ -z "$unanswered" ]
}

no_answer() {
  kill -s USR1 "$watching"
}

# $1: the highest status that is an answer. By a signal it is above 128, where nothing can be started 126 or 127.
watched() {
  highest_answer=$1
  shift
  command "$@"
  watched_status=$?
  [ "$watched_status" -le "$highest_answer" ] || no_answer
  return "$watched_status"
}

# Runs the reader of a pipe, then reads what it left. SIGPIPE is ignored, so a program whose reader has ended fails as it writes: it would count as one
# that has not answered.
drain() {
  "$@"
  reader_status=$?
  cat >/dev/null
  return "$reader_status"
}

# Without memory awk ends with 2, as where its file isn't there.
awk() { watched 1 awk "$@"; }
# shellcheck disable=SC2032 # find starts the program itself
cat() { watched 125 cat "$@"; }
cmp() { watched 125 cmp "$@"; }
cut() { watched 125 cut "$@"; }
dd() { watched 125 dd "$@"; }
diff() { watched 125 diff "$@"; }
find() { watched 125 find "$@"; }
grep() { watched 125 grep "$@"; }
head() { watched 125 head "$@"; }
ip() { watched 125 ip "$@"; }
nft() { watched 125 nft "$@"; }
readlink() { watched 125 readlink "$@"; }
sed() { watched 125 sed "$@"; }
sha256sum() { watched 125 sha256sum; }
sort() { watched 125 sort "$@"; }
stat() { watched 125 stat "$@"; }
systemctl() { watched 125 systemctl "$@"; }
tail() { watched 125 tail "$@"; }
tr() { watched 125 tr "$@"; }
wc() { watched 125 wc "$@"; }
