# Programs that have files of their own, with settings and lines of an administrator and of others in them: a setting of ours is edited in its place, and
# what is ours of a list, or of a script, stands between two marks. Which files, `PROGRAM_parts` says: "keys-WORD PATH", "block-WORD PATH" or
# "script-WORD PATH" each, the first one first.

# A $verb of $its_program for the name $1: what all such programs do alike stands once. "keys-WORD" and the like print the file $2 as it is to be.
conf_does() {
  case $its_program in csf) CONF_READS=$CSF_READS ;; apf) CONF_READS=$APF_READS ;; esac
  case $verb in
    keys-*) conf_with_keys "$verb" "$2" ;;
    block-*) conf_with_block "$verb" "$1" "$2" ;;
    script-*) conf_with_script "$verb" "$1" "$2" ;;
    load | remove | list | keep | check | runs | comes_later | folders | start_faults | surroundings | version) "conf_$verb" "$@" ;;
    all | beside) "iptables_$verb" "$@" ;;
    # Nobody else loads its rules; what lets everything go on is what there was before; and any file of text is one.
    copies | empty | takes) ;;
    elsewhere) return 1 ;;
    *) "${its_program}_$verb" "$@" ;;
  esac
}

# Of $1: where its program's own notes begin, in `store`.
take_store() {
  take_program "$1"
  store=$HOME_FOLDER/$its_program
}

# The first file, without which the program is gone.
conf_there() {
  [ -f "$(by_program parts "$1" | sed -n '1s/^[^ ]* //p')" ]
}

# For awk: a last line without an end stays so where nothing comes behind it.
CONF_PRINTS='
function put(line) { printf "%s%s", (lines++ ? "\n" : ""), line }
function finish(cut) { if (lines && !cut) print "" }
# Whether the last line of the file has no end.
function is_cut(file,  part, last) {
  RS = "\001"
  while ((getline part < file) > 0) last = part
  close(file)
  RS = "\n"
  return last != "" && substr(last, length(last)) != "\n"
}'

# The file $2 with the settings of $RUN/$ID.$1. CONF_READS, for awk: find_setting(line, from) finds the next one at or behind `from`, or none: `key`, and from where
# to where it (`begins`, `ends`) and its value (`value_at`, `value_length`; at 0 where it has none) stand; new_setting(key, value) is a line; in front
# of one that is_end(line) says no new line comes too late. Fails where a setting of ours is there twice, or has no value.
conf_with_keys() {
  [ -f "$2" ] || return 1
  awk -v keys="$RUN/$ID.$1" -v file="$2" "$CONF_READS$CONF_PRINTS"'
    function put_new(  n) {
      for (n = 1; n <= many; n++) if (!(order[n] in there) && how[order[n]] == "value") { put(new_setting(order[n], value[order[n]])); fresh = 1 }
      many = 0
    }
    BEGIN {
      cut = is_cut(file)
      while ((getline line < keys) > 0) {
        split(line, word, " ")
        how[word[2]] = word[1]
        value[word[2]] = substr(line, length(word[1] word[2]) + 3)
        order[++many] = word[2]
      }
      while ((getline line < file) > 0) for (from = 1; find_setting(line, from); from = ends) there[key]
    }
    is_end($0) { put_new() }
    {
      line = $0
      gone = 0
      for (from = 1; find_setting(line, from); from = ends) {
        if (!(key in how)) continue
        if (seen[key]++ || !value_at) { bad = 1; exit }
        if (how[key] == "value") {
          line = substr(line, 1, value_at - 1) value[key] substr(line, value_at + value_length)
          ends += length(value[key]) - value_length
        } else {
          line = substr(line, 1, begins - 1) substr(line, ends)
          ends = begins
          gone = 1
        }
      }
      if (!gone || line !~ /^[ \t]*$/) put(line)
    }
    END {
      if (bad) exit 1
      put_new()
      finish(cut && !fresh)
    }' "$2"
}

# The file $3 with the lines of $RUN/$ID.$1 between the marks of $2, or without those marks where it has none.
conf_with_block() {
  [ -f "$3" ] || return 1
  awk -v block="$RUN/$ID.$1" -v mark="# cpanel-edge:${2#c?-}" -v file="$3" "$CONF_PRINTS"'
    function put_block(  line) { while ((getline line < block) > 0) put(line) }
    { bare = $0; sub(/[ \t\r]+$/, "", bare) }
    bare == mark " begin" { if (within || seen++) { bad = 1; exit } within = 1; put_block(); next }
    bare == mark " end" { if (!within) { bad = 1; exit } within = 0; next }
    !within { put($0) }
    END {
      if (bad || within) exit 1
      before = lines
      if (!seen) put_block()
      finish(is_cut(file) && lines == before)
    }' "$3"
}

# The same of a shell's script, in which ours stands first, so that nothing ends it before. One that nobody has begins with a line of ours, and what has
# nothing but that is none. One in which nothing of ours is to be stays as it is.
conf_with_script() {
  its_script=$3
  [ -e "$3" ] || its_script=/dev/null
  if [ ! -s "$RUN/$ID.$1" ] && ! grep -qF "# cpanel-edge:${2#c?-} " "$its_script"; then
    cat "$its_script"
    return
  fi
  awk -v block="$RUN/$ID.$1" -v mark="# cpanel-edge:${2#c?-}" -v file="$its_script" "$CONF_PRINTS"'
    function put_ours(  n) {
      if (first != "" && !(!many && theirs == 1 && first == "#!/bin/sh")) put(first)
      for (n = 1; n <= many; n++) put(ours[n])
      placed = 1
    }
    BEGIN { while ((getline line < block) > 0) ours[++many] = line }
    { bare = $0; sub(/[ \t\r]+$/, "", bare); is_theirs = 0 }
    bare == mark " begin" { if (within || seen++) { bad = 1; exit } within = 1; next }
    bare == mark " end" { if (!within) { bad = 1; exit } within = 0; next }
    within { next }
    { is_theirs = 1 }
    ++theirs == 1 && /^#!/ { first = $0; next }
    !placed { put_ours() }
    { put($0) }
    END {
      if (bad || within) exit 1
      if (!theirs && many) first = "#!/bin/sh"
      is_last = placed && is_theirs
      if (!placed) put_ours()
      finish(is_cut(file) && is_last)
    }' "$its_script"
}

# Where the settings of $2 stand as they were before the first release of $1, in `its_before`.
take_before() {
  take_store "$1"
  its_before=$store-before
  case $2 in keys-conf) ;; *) its_before=$its_before-${2#keys-} ;; esac
}

# The text in $2 as what is put into the files: "value KEY VALUE" in $RUN/$ID.keys-WORD, lines in $RUN/$ID.block-WORD. No text stands for the files
# as they were before the first release.
conf_split() {
  by_program parts "$1" | while read -r part its_file; do
    if [ -s "$2" ]; then
      awk -v part="$part" -v file="$its_file" "$CONF_READS"'
        /^==> / { its = $2 == file; next }
        !its || !NF { next }
        part !~ /^keys-/ { print; next }
        find_setting($0, 1) { print "value", key, substr($0, value_at, value_length) }' "$2"
    elif [ "${part%%-*}" = keys ]; then
      take_before "$1" "$part"
      cat "$its_before" 2>/dev/null || :
    fi >"$RUN/$ID.$part" || exit 1
  done
}

conf_forget_split() {
  rm -f "$RUN/$ID".keys-* "$RUN/$ID".block-* "$RUN/$ID".script-*
}

# Before the first change: what the settings were that are changed, and what ran. Settings that a later release has beside them are added.
conf_note() {
  by_program parts "$1" | while read -r part its_file; do
    [ "${part%%-*}" = keys ] || continue
    take_before "$1" "$part"
    unknown_settings=$(
      awk -v keys="$RUN/$ID.$part" -v before="$its_before" "$CONF_READS"'
        BEGIN {
          while ((getline line < before) > 0) { split(line, word, " "); known[word[2]] }
          while ((getline line < keys) > 0) { split(line, word, " "); if (!(word[2] in known)) order[++many] = word[2] }
        }
        { for (from = 1; find_setting($0, from); from = ends) if (value_at) there[key] = "value " key " " substr($0, value_at, value_length) }
        END { for (n = 1; n <= many; n++) if (order[n] in there) print there[order[n]]; else print "gone " order[n] }' "$its_file"
    ) || exit 1
    [ -n "$unknown_settings" ] || continue
    [ -f "$store-before" ] || rules_save "$1" "$store-was" || exit 1
    { cat "$its_before" 2>/dev/null || :; printf '%s\n' "$unknown_settings"; } >"$its_before.new" &&
      settle "$its_before.new" && mv -f "$its_before.new" "$its_before" || exit 1
  done
}

# The files become those of the text in $2. What is there already needs no disk that can be written; in a file that is gone there is nothing of ours.
conf_put() {
  conf_split "$1" "$2" || return 1
  if [ -s "$2" ]; then conf_note "$1" || return 1; fi
  by_program parts "$1" | while read -r part listed; do
    if [ ! -s "$2" ] && [ ! -e "$listed" ]; then continue; fi
    conf_write "$1" "$part" "$listed" && continue
    printf 'ERROR: FILES: %s was not written\n' "$listed" >&2
    exit 1
  done
}

conf_folders() {
  by_program parts "$1" | while read -r _ its_file; do printf '%s\n' "${its_file%/*}"; done | sort -u
}

conf_write() {
  # A script that nobody has is made where there is something to put into it, and goes with that.
  case $2 in
    script-*)
      if [ ! -e "$3" ]; then
        by_program "$2" "$1" "$3" | drain grep -q . || return 0
        { : >"$3"; } && chmod 0700 "$3" || return 1
      fi
      ;;
  esac
  its_file=$3
  if [ -L "$3" ]; then its_file=$(readlink -f "$3"); fi
  [ -f "$its_file" ] || return 1
  if by_program "$2" "$1" "$its_file" | drain cmp -s - "$its_file"; then
    # Of one that was killed while it wrote.
    [ ! -e "$its_file.cpanel-edge" ] || rm -f "$its_file.cpanel-edge"
    return 0
  fi
  rewrite "$2" "$1" "$its_file" || return 1
  case $2 in script-*) [ -s "$its_file" ] || rm -f "$its_file" ;; esac
  settle "${its_file%/*}"
} 2>/dev/null

# Lines that the files have otherwise than the text in $2 says: somebody has edited them. Others' lines, with passwords among them, are never said.
conf_differs() {
  conf_split "$1" "$2" && by_program parts "$1" | while read -r part its_file; do
    if by_program "$part" "$1" "$its_file" >"$RUN/$ID.as-said" 2>/dev/null; then
      cmp -s "$its_file" "$RUN/$ID.as-said" || diff -N "$its_file" "$RUN/$ID.as-said" | sed -n "s/^</${its_file##*/} has/p; s/^>/${its_file##*/} lacks/p"
    else
      printf '%s is not one that %s starts with\n' "${its_file##*/}" "$(program_of "$1")"
    fi
  done
  rm -f "$RUN/$ID.as-said"
  conf_forget_split
}

# The grammar has said all that can be said of a text; and the files have to take it.
conf_check() {
  cat >"$RUN/$ID.coming" && conf_split "$1" "$RUN/$ID.coming" && by_program parts "$1" | while read -r part its_file; do
    by_program "$part" "$1" "$its_file" >/dev/null || exit 1
  done || return 1
  rm -f "$RUN/$ID.coming"
  conf_forget_split
}
