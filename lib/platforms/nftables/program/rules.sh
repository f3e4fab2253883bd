# nft: one table of ours per role and owner, replaced as a whole in one transaction, and never anything else.

# The text may declare its own table only. Outside of quotes and comments it has the writer's characters and none of the words
# that reach beyond a table; a statement ends with its line. The same holds for what stands in for it. Says what is wrong, or nothing.
foreign_lines() {
  strange=$(foreign_lines_of text_of "$1")
  if [ -z "$strange" ] && [ -n "$(closed_of "$1")" ]; then strange=$(foreign_lines_of closed_of "$1"); fi
  [ -z "$strange" ] || printf '%s\n' "$strange"
}

closed_of() {
  section_of "$1" closed
}

# $1 prints of the file $2 what is looked at.
foreign_lines_of() {
  if [ "$("$1" "$2" | tr -d '\t\n\040-\176\200-\377' | wc -c)" -ne 0 ]; then
    printf 'text-character\n'
    return
  fi
  "$1" "$2" | awk -v table="$(head_of "$2" table)" '
    function fault(what) { print what; bad = 1; exit }
    NR == 1 { if ($0 != "table inet " table) fault("text-begin"); next }
    NR == 2 { if ($0 != "delete table inet " table) fault("text-begin"); next }
    NR == 3 { if ($0 != "table inet " table " {") fault("text-begin"); depth = 1; next }
    depth == 0 { if ($0 !~ /^[ \t]*$/) fault("text-after-table"); next }
    {
      line = $0
      # A quote that holds a # comes before it, and so is gone before comments are looked for.
      gsub(/"[^"]*"/, " ", line)
      sub(/#.*$/, "", line)
      hook = line ~ /^[ \t]*type [a-z]+ hook [a-z]+ priority [-+a-z0-9 ]+; policy (accept|drop);[ \t]*$/
      if (hook) gsub(/;/, " ", line)
      if (line ~ /[^-A-Za-z0-9_ \t.,:\/@=!<>{}]/) fault("text-character")
      if ((" " line " ") ~ /[^A-Za-z0-9_](include|define|redefine|undefine|flush|delete|add|create|insert|replace|destroy|reset|rename|list|table)[^A-Za-z0-9_]/)
        fault("text-word")
      braces = line
      gsub(/[^{}]+/, "", braces)
      for (i = 1; i <= length(braces); i++) {
        depth += substr(braces, i, 1) == "{" ? 1 : -1
        if (depth == 0 && $0 !~ /^[ \t]*}[ \t]*$/) fault("text-after-table")
      }
    }
    END { if (!bad && (NR < 3 || depth != 0)) print "text-unclosed" }'
}

# What nft and ip say, without the lines that nft quotes.
own_messages() {
  grep -E '^(/dev/stdin:[0-9]+:[0-9]+-[0-9]+: |RTNETLINK answers: |Cannot find device |Command failed -:)' "$1" | head -n 20 | cut -c 1-300 | payload
}

check_rules() {
  text_of "$1" | nft -c -f - 9>&- && closed_of "$1" | nft -c -f - 9>&-
}

load_rules() {
  text_of "$1" | nft -f - 9>&- && rm -f "$RUN/$ID.closed"
}

# Both NAT hooks and a rule that asks conntrack stay registered: sessions through a mapping survive that its table goes.
empty_text() {
  cat <<END
table inet $1
delete table inet $1
table inet $1 {
  chain ce_prerouting {
    type nat hook prerouting priority dstnat - 10; policy accept;
  }
  chain ce_postrouting {
    type nat hook postrouting priority srcnat - 10; policy accept;
  }
  chain ce_forward {
    type filter hook forward priority filter; policy accept;
    ct state established counter accept
  }
}
END
}

load_empty() {
  empty_text "$1" | nft -f - 9>&- && rm -f "$RUN/$ID.closed"
}

# Without "destroy", which old versions don't know: declared first, so that the deletion can't fail.
remove_rules() {
  printf 'table inet %s\ndelete table inet %s\n' "$1" "$1" | nft -f - 9>&-
}

live_rules() {
  nft -s list table inet "$1" 2>/dev/null 9>&-
}

# After each load: what the kernel says it holds, against which edits are seen.
remember_loaded() {
  [ -n "$1" ] || return 0
  former_table=$(noted_table)
  if [ -n "$former_table" ] && [ "$former_table" != "$1" ]; then remove_rules "$former_table" || return 1; fi
  live_rules "$1" >"$HOME_FOLDER/loaded.new" && mv -f "$HOME_FOLDER/loaded.new" "$HOME_FOLDER/loaded" &&
    printf '%s\n' "$1" >"$HOME_FOLDER/table.new" && mv -f "$HOME_FOLDER/table.new" "$HOME_FOLDER/table"
}

noted_table() {
  noted=
  if [ -f "$HOME_FOLDER/table" ]; then read -r noted <"$HOME_FOLDER/table"; fi
  case $noted in cpanel_edge_*) printf '%s\n' "$noted" ;; esac
}

# The table that is ours, or nothing: where the note is lost, what is stored says it.
own_table() {
  ours=$(noted_table)
  for naming in release kept retracting; do
    if [ -z "$ours" ] && [ -f "$HOME_FOLDER/$naming" ]; then ours=$(table_of "$HOME_FOLDER/$naming"); fi
  done
  [ -z "$ours" ] || printf '%s\n' "$ours"
}

live_fingerprint() {
  if [ -f "$HOME_FOLDER/table" ] && live_rules "$(cat "$HOME_FOLDER/table")" >"$RUN/$ID.live"; then
    sha256 <"$RUN/$ID.live"
    rm -f "$RUN/$ID.live"
  else
    printf 'none\n'
  fi
}

# A table of the release's name that isn't the one we loaded: another owner's, or an administrator's.
table_taken() {
  wished_table=$(head_of "$1" table)
  [ "$(own_table)" != "$wished_table" ] || return 1
  live_rules "$wished_table" >/dev/null
}

# as-loaded, edited, absent (somebody flushed it), none (nothing of ours was loaded), foreign (the name is taken).
rules_state() {
  if offered_file=$(found offered) && table_taken "$offered_file"; then
    printf 'foreign\n'
  elif [ -f "$HOME_FOLDER/table" ] && [ -f "$HOME_FOLDER/loaded" ]; then
    if ! live_rules "$(cat "$HOME_FOLDER/table")" >"$RUN/$ID.live"; then
      printf 'absent\n'
    elif cmp -s "$RUN/$ID.live" "$HOME_FOLDER/loaded"; then
      printf 'as-loaded\n'
    else
      printf 'edited\n'
    fi
    rm -f "$RUN/$ID.live"
  else
    printf 'none\n'
  fi
}

# What was edited, for a person.
show_edits() {
  live_rules "$(cat "$HOME_FOLDER/table")" >"$RUN/$ID.live"
  diff "$HOME_FOLDER/loaded" "$RUN/$ID.live" | grep '^[<>]' | head -n 40 | cut -c 1-300 | payload
  rm -f "$RUN/$ID.live"
}

# What the release needs and the device hasn't, as words of a refusal, or nothing.
surroundings_fault() {
  for tool in nft ip awk flock sha256sum systemd-run; do
    command_exists "$tool" || {
      printf 'tool-missing tool=%s\n' "$tool"
      return
    }
  done
  [ -d /run/systemd/system ] || {
    printf 'no-systemd\n'
    return
  }
  for interface in $(section_of "$1" addresses | cut -d ' ' -f 2 | sort -u); do
    [ -e "/sys/class/net/$interface" ] || {
      printf 'no-interface interface=%s\n' "$interface"
      return
    }
  done
  if [ "$ROLE" = gateway ] && [ "$(cat /proc/sys/net/ipv4/ip_forward)" != 1 ]; then printf 'forwarding-off\n'; fi
}
