# The files of csf, in which an administrator and others have settings and lines of their own: settings of ours are edited in their place, and what
# is ours of csf.allow stands between two marks.

CSF=/etc/csf

# For awk: how csf reads csf.conf. A line with "=" in it is a setting, and its value stands between the first quote behind it and the last one.
CSF_READS='
function key_of(line) {
  sub(/^[ \t\v\f\r]+/, "", line)
  if (line ~ /^#/ || !index(line, "=")) return ""
  line = substr(line, 1, index(line, "=") - 1)
  gsub(/[ \t\v\f\r]/, "", line)
  return line
}
# Where the value begins, and how long it is; 0 where there is none.
function find_value(line,  from) {
  from = index(line, "=")
  if (!match(substr(line, from + 1), /".*"/)) return 0
  value_at = from + RSTART + 1
  value_length = RLENGTH - 2
  return 1
}'

# For awk: a last line without an end stays so where nothing comes behind it.
CSF_PRINTS='
function put(line) { printf "%s%s", (lines++ ? "\n" : ""), line }
function finish(cut) { if (lines && !cut) print "" }'

# "1" where the last line of $1 has no end.
csf_cut() {
  if [ -n "$(tail -c 1 "$1")" ]; then printf '1\n'; else printf '0\n'; fi
}

# The file $2 with the settings of $RUN/$ID.keys. Fails where one is there twice, or has no value: csf does not start with such a file.
csf_conf() {
  awk -v keys="$RUN/$ID.keys" -v cut="$(csf_cut "$2")" "$CSF_READS$CSF_PRINTS"'
    BEGIN {
      while ((getline line < keys) > 0) {
        split(line, word, " ")
        how[word[2]] = word[1]
        value[word[2]] = substr(line, length(word[1] word[2]) + 3)
        order[++many] = word[2]
      }
    }
    {
      key = key_of($0)
      if (!(key in how)) { put($0); next }
      if (seen[key]++ || !find_value($0)) { bad = 1; exit }
      if (how[key] == "value") put(substr($0, 1, value_at - 1) value[key] substr($0, value_at + value_length))
    }
    END {
      if (bad) exit 1
      for (n = 1; n <= many; n++) if (!(order[n] in seen) && how[order[n]] == "value") { put(order[n] " = \"" value[order[n]] "\""); cut = 0 }
      finish(cut)
    }' "$2"
}

# The file $2 with the lines of $RUN/$ID.block between the marks of $1, or without those marks where it has none.
csf_allow() {
  awk -v block="$RUN/$ID.block" -v mark="# cpanel-edge:${1#cc-}" -v cut="$(csf_cut "$2")" "$CSF_PRINTS"'
    function put_block(  line) { while ((getline line < block) > 0) put(line) }
    { bare = $0; sub(/[ \t\r]+$/, "", bare) }
    bare == mark " begin" { if (within || seen++) { bad = 1; exit } within = 1; put_block(); next }
    bare == mark " end" { if (!within) { bad = 1; exit } within = 0; next }
    !within { put($0) }
    END {
      if (bad || within) exit 1
      before = lines
      if (!seen) put_block()
      finish(cut && lines == before)
    }' "$2"
}

# Before the first change: what the settings were that are changed, and what ran. Settings that a later release has beside them are added.
csf_note() {
  unknown_settings=$(
    awk -v keys="$RUN/$ID.keys" -v before="$HOME_FOLDER/csf-before" "$CSF_READS"'
      BEGIN {
        while ((getline line < before) > 0) { split(line, word, " "); known[word[2]] }
        while ((getline line < keys) > 0) { split(line, word, " "); if (!(word[2] in known)) order[++many] = word[2] }
      }
      { key = key_of($0); if (key != "" && find_value($0)) there[key] = "value " key " " substr($0, value_at, value_length) }
      END { for (n = 1; n <= many; n++) if (order[n] in there) print there[order[n]]; else print "gone " order[n] }' "$CSF/csf.conf"
  ) || return 1
  [ -n "$unknown_settings" ] || return 0
  [ -f "$HOME_FOLDER/csf-before" ] || csf_save "$HOME_FOLDER/csf-was" || return 1
  { cat "$HOME_FOLDER/csf-before" 2>/dev/null || :; printf '%s\n' "$unknown_settings"; } >"$HOME_FOLDER/csf-before.new" &&
    settle "$HOME_FOLDER/csf-before.new" && mv -f "$HOME_FOLDER/csf-before.new" "$HOME_FOLDER/csf-before"
}

# The files become those of the text in $2. What is there already needs no disk that can be written.
csf_put() {
  csf_split "$2" || return 1
  if [ -s "$2" ]; then csf_note || return 1; fi
  for of_file in conf allow; do
    its_file=$(readlink -f "$CSF/csf.$of_file") && [ -f "$its_file" ] || return 1
    if "csf_$of_file" "$1" "$its_file" 2>/dev/null | cmp -s - "$its_file"; then continue; fi
    rewrite "$of_file" "$1" "$its_file" 2>/dev/null || return 1
  done
  settle "$CSF"
}

csf_takes() {
  :
}

# Lines that the files have otherwise than the text in $2 says: somebody has edited them. Others' lines, with passwords among them, are never said.
csf_differs() {
  csf_split "$2" && for of_file in conf allow; do
    if "csf_$of_file" "$1" "$CSF/csf.$of_file" >"$RUN/$ID.as-said" 2>/dev/null; then
      diff "$CSF/csf.$of_file" "$RUN/$ID.as-said" | sed -n "s/^</csf.$of_file has/p; s/^>/csf.$of_file lacks/p"
    else
      printf 'csf.%s is not one that csf starts with\n' "$of_file"
    fi
  done
  rm -f "$RUN/$ID.as-said"
}

# What csf.conf says of $1.
csf_says() {
  awk -v asked="$1" "$CSF_READS"'key_of($0) == asked && find_value($0) { print substr($0, value_at, value_length) }' "$CSF/csf.conf" 2>/dev/null
}
