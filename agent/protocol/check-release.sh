# Checks. A check passes only by saying so: its own program prints "passed SUM LINES" at its end. SUM is the digest of what it was given, LINES is how many
# lines it has seen; both are counted here without it. A program that is killed, missing or without memory prints nothing, and nothing passes by silence.

# For awk: the words by which a check ends.
CHECK_WORDS='
function fault(what) { print what; bad = 1; exit }
function pass() { if (!bad) print "passed", sum, NR }'

# The text of the last release that passed, by the digest of its file: nothing is stored, armed or loaded without it.
JUDGED=
FAULT=
checked_sum=

# The SHA-256 of what the command prints, in SUM. Fails where the command does, wherever it has come to.
take_sum_of() {
  SUM=$({ { "$@" 3>&- && printf 'whole ' >&3; } | sha256sum; } 3>&1)
  case $SUM in "whole "*) ;; *) SUM= ;; esac
  SUM=${SUM#whole }
  SUM=${SUM%% *}
  is_digest "$SUM"
}

# Runs a check that is to see $1 lines of what has the digest checked_sum. FAULT is the word that it says, or nothing where it passes.
take_fault() {
  passing="passed $checked_sum $1"
  shift
  FAULT=unfinished
  is_digest "$checked_sum" || return 1
  its_answer=$("$@") || its_answer=
  case $its_answer in
    "$passing") FAULT= ;;
    passed* | '') ;;
    *) FAULT=$its_answer ;;
  esac
  [ -z "$FAULT" ]
}

# The same of the file $1, on the check's standard input.
check_file() {
  checked_file=$1
  shift
  FAULT=unfinished
  take_sum_of cat "$checked_file" || return 1
  checked_sum=$SUM
  checked_lines=$(wc -l <"$checked_file") && take_fault "$checked_lines" "$@" <"$checked_file"
}

# Every check of the form of the release $1, and of its text. FAULT is the first fault.
judge() {
  JUDGED=
  check_file "$1" release_fault && check_characters "$1" && check_text "$1" && JUDGED=$checked_sum
}

# JUDGED is of this very file.
is_judged() {
  FAULT=unfinished
  if take_sum_of cat "$1" && [ "$SUM" = "$JUDGED" ]; then FAULT=; else judge "$1"; fi
}

# As many bytes are plain as there are.
check_characters() {
  FAULT=unfinished
  all_bytes=$(wc -c <"$1") && plain_bytes=$(tr -cd '\t\n\040-\176\200-\377' <"$1" | wc -c) && [ "$all_bytes" -gt 0 ] && [ "$plain_bytes" -ge 0 ] || return 1
  FAULT=text-character
  [ "$plain_bytes" -eq "$all_bytes" ] || return 1
  FAULT=
}

# The text may not reach beyond what is the release's own.
check_text() {
  FAULT=unfinished
  its_place=$(place_of_text "$1") && its_name=$(name_of "$1") || return 1
  take_fault "${its_place#* }" from_text "$1" by_program strange "$its_name"
}

# The same of what stands in for it, which is left as the file $RUN/$ID.closing.
check_closing() {
  section_of "$1" closed >"$RUN/$ID.closing" && its_name=$(name_of "$1") || return 1
  [ -s "$RUN/$ID.closing" ] || return 0
  check_file "$RUN/$ID.closing" by_program strange "$its_name"
}
