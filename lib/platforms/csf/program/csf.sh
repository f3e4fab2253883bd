# csf: settings and lines of its own files. It loads them with all rules of the host, in both families; so what is on trial is loaded from the disk,
# and then what is confirmed is there again: whoever restarts csf or the host goes back to that.

# Not so where somebody has disabled it, or before its service has started: then it loads them as it starts.
csf_runs() {
  if [ -n "$(csf_kernel)" ]; then return 0; fi
  [ ! -e "$CSF/csf.disable" ] || return 1
  case $(systemctl is-active csf.service 2>/dev/null 9>&-) in inactive | unknown | '') return 1 ;; esac
}

# The kernel has what it had after the text in $1 was loaded. What is tried is loaded in any case where somebody is asked before csf.
csf_has() {
  if on_trial >/dev/null && ! csf_in_place; then return 1; fi
  its_mark=$(csf_mark "$1") && [ "$its_mark" = "$(cat "$HOME_FOLDER/csf-loaded" 2>/dev/null)" ]
}

csf_mark() {
  csf_kernel >"$RUN/$ID.listed" && [ -s "$RUN/$ID.listed" ] && cat "$1" "$RUN/$ID.listed" | sha256
}

csf_load() {
  coming_text=$RUN/$ID.coming
  settled_text=$RUN/$ID.settled
  cat >"$coming_text" || return 1
  # Of a host on which nothing of ours was put, or no longer is, there is nothing to give back; nor where csf itself is gone.
  if [ ! -s "$coming_text" ] && { [ ! -f "$HOME_FOLDER/csf-before" ] || [ ! -f "$CSF/csf.conf" ]; }; then
    rm -f "$coming_text"
    csf_given_back
    return
  fi
  loaded=0
  touched=no
  if ! csf_runs; then
    # What csf saved as the host was shut down, it would load in the place of its files.
    rm -f /var/lib/csf/csf.[46].saved /var/lib/csf/csf.4.ipsets 2>/dev/null
  elif ! csf_has "$coming_text"; then
    csf_save "$RUN/$ID.former" && { cp "$HOME_FOLDER/csf-loaded" "$RUN/$ID.former/mark" 2>/dev/null || :; } && csf_put "$1" "$coming_text" && csf_begin "$coming_text" || loaded=1
  fi
  text_on_disk "$1" "$coming_text" >"$settled_text" && csf_put "$1" "$settled_text" || loaded=1
  if [ "$loaded" -eq 0 ]; then
    :
  elif [ "$touched" = yes ]; then
    csf_back && loaded=0
  # Files that csf would not start with.
  elif csf_runs && ! csf_has "$coming_text"; then
    csf_restore_kept && loaded=0
  fi
  if [ "$loaded" -eq 0 ] && [ ! -s "$coming_text" ] && [ ! -s "$settled_text" ]; then
    csf_given_back
    csf_tell
  fi
  rm -rf "$coming_text" "$settled_text" "$RUN/$ID.former" "$RUN/$ID.listed" "$RUN/$ID.keys" "$RUN/$ID.block"
  return "$loaded"
}

# All of csf is the host's own again: what the host does with it from now on is no edit of ours.
csf_given_back() {
  rm -rf "$HOME_FOLDER"/csf-before "$HOME_FOLDER"/csf-was "$HOME_FOLDER"/csf-rules
  printf 'given back\n' >"$HOME_FOLDER/csf-loaded"
}

csf_remove() {
  csf_load "$1" </dev/null || return 1
  if [ ! -f "$HOME_FOLDER/csf-before" ]; then rm -f "$HOME_FOLDER/csf-loaded"; fi
}

# What lets in of what the kernel has: policies, what accepts, what becomes of ICMP, and lines of csf.allow that name a protocol. Bans, and who is let in for
# a while, come and go. Nothing where csf has loaded nothing.
csf_kernel() {
  for family in $(iptables_families); do
    "${family}tables-save" -t filter 2>/dev/null 9>&- | awk -v family="$family" -v fleeting=/var/lib/csf/csf.tempallow '
      # Of the host with whom a rule is, and its one port: one for each line that lets in for a while is not meant.
      function is_fleeting(  of_host, text) {
        text = $0
        if (!match(text, / -[sd] [0-9a-f.:]+(\/32|\/128)? /)) return 0
        of_host = substr(text, RSTART + 4, RLENGTH - 5)
        sub(/\/.*/, "", of_host)
        if (!match(text, / --dport [0-9]+ /)) return 0
        return passes[of_host, substr(text, RSTART + 9, RLENGTH - 10)]-- > 0
      }
      BEGIN {
        while ((getline line < fleeting) > 0) {
          if (split(line, field, "|") < 4 || field[2] == "" || field[3] == "") continue
          sub(/\/.*/, "", field[2])
          ways = (field[4] ~ /in/) + (field[4] ~ /out/)
          count = split(field[3], ports, ",")
          for (n = 1; n <= count; n++) { sub(/;.*/, "", ports[n]); passes[tolower(field[2]), ports[n]] += ways }
        }
      }
      /^:LOCALINPUT / { csf = 1 }
      /^:(INPUT|FORWARD|OUTPUT) / { kept[++many] = $1 " " $2 }
      /^-A (INPUT|OUTPUT) / && (/ -j ACCEPT$/ || / -p (icmp|ipv6-icmp) /) { kept[++many] = $0 }
      /^-A ALLOW(IN|OUT) .* -p / && !is_fleeting() { kept[++many] = $0 }
      END { if (csf) for (n = 1; n <= many; n++) print family, kept[n] }'
  done
}

# Of ours; fails where nothing is, or never was.
csf_list() {
  if [ -f "$HOME_FOLDER/csf-before" ] || grep -qs "^# cpanel-edge:${1#cc-} begin" "$CSF/csf.allow"; then
    csf_kernel | grep . || { [ -e "$CSF/csf.disable" ] && printf 'csf is disabled\n'; } || return 1
    csf_expected "$1" >"$RUN/$ID.expected" && text_on_disk "$1" "$RUN/$ID.expected" >"$RUN/$ID.settled" && csf_differs "$1" "$RUN/$ID.settled"
    rm -f "$RUN/$ID.expected" "$RUN/$ID.settled" "$RUN/$ID.keys" "$RUN/$ID.block"
  else
    grep -sx 'given back' "$HOME_FOLDER/csf-loaded"
  fi
}

# The text of $1 that was loaded last.
csf_expected() {
  if [ -e "$RUN/$ID.closed" ]; then
    closing_text
  elif expected=$(file_to_run) && [ "$(name_of "$expected")" = "$1" ]; then
    text_of "$expected"
  fi
}

# Nothing is asked before csf asks its own lists.
csf_in_place() {
  for family in $(iptables_families); do
    "${family}tables-save" -t filter 2>/dev/null 9>&- | awk '
      /^-A INPUT / && !in_first++ && !/ -j LOCALINPUT$/ || /^-A OUTPUT / && !out_first++ && !/ -j LOCALOUTPUT$/ { late = 1 }
      END { exit late || !in_first || !out_first }' || return 1
  done
}

# What is confirmed stands on the disk from now on. A disk that takes nothing holds up no confirm: the next boot writes it. What runs is kept for when csf
# does not start any more, because of a line of somebody.
csf_keep() {
  text_of "$HOME_FOLDER/release" >"$RUN/$ID.confirmed"
  csf_load "$1" <"$RUN/$ID.confirmed" >/dev/null 2>&1 || logger -t cpanel-edge "$CSF is left without the settings of $ID" 2>/dev/null
  if csf_runs; then
    rm -rf "$HOME_FOLDER/csf-rules.new"
    csf_save "$HOME_FOLDER/csf-rules.new" && mv -f "$RUN/$ID.confirmed" "$HOME_FOLDER/csf-rules.new/text" && settle "$HOME_FOLDER/csf-rules.new"/* &&
      rm -rf "$HOME_FOLDER/csf-rules" && mv -f "$HOME_FOLDER/csf-rules.new" "$HOME_FOLDER/csf-rules"
  fi
  rm -f "$RUN/$ID.confirmed"
  csf_tell
}

# Who bans for csf does it by settings that it read when it started.
csf_tell() {
  systemctl --no-block try-restart lfd.service >/dev/null 2>&1 9>&-
}

# They are loaded by nobody else.
csf_copies() {
  :
}

csf_comes_later() {
  [ ! -e "$RUN/$ID.closed" ] && csf_enabled && ! csf_runs
}
