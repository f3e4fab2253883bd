# A release file, as it comes on standard input and as boot reads it: lines of head, then counted sections.
#   cpanel-edge-release 2 / role / owner / lease / token / digest / table / on-retract / runner / made
#   addresses N, lines; claims N, lines; closed N, lines; text N, lines
# Format 1 has neither runner, made nor closed.

# By the shell itself: a command asks for a dozen of these, and a process for each is most of what it would take. A head has ten lines;
# a damaged file isn't read to its end.
head_of() {
  head_left=12
  while [ "$head_left" -gt 0 ] && { IFS= read -r head_line || [ -n "$head_line" ]; }; do
    head_left=$((head_left - 1))
    case $head_line in
      "$2 "*)
        printf '%s\n' "${head_line#"$2" }"
        return
        ;;
      'addresses '*) return ;;
    esac
  done <"$1"
}

section_of() {
  awk -v want="$2" '
    !begun && $1 != "addresses" { next }
    left == 0 { begun = 1; name = $1; left = $2; if (name == "text") exit; next }
    { if (name == want) print; left-- }' "$1"
}

# Where the text begins: it is the last section and may have very long lines.
text_start() {
  awk '
    !begun && $1 != "addresses" { next }
    left == 0 { begun = 1; if ($1 == "text") { print NR + 1; exit } left = $2; next }
    { left-- }' "$1"
}

text_of() {
  begins=$(text_start "$1")
  [ -z "$begins" ] || tail -n "+$begins" "$1"
}

digest_of() {
  { text_of "$1" && section_of "$1" addresses; } | sha256
}

# The SHA-256 of standard input.
sha256() {
  summed=$(sha256sum) || return
  printf '%s\n' "${summed%% *}"
}

# As it was sent: on its way from step to step nothing has changed it.
is_whole() {
  [ "$(digest_of "$1")" = "$(head_of "$1" digest)" ] && [ -z "$(release_fault "$1")" ]
}

# The table of a release that may be damaged, or nothing.
table_of() {
  named_table=$(head_of "$1" table)
  if matches "$named_table" 'cpanel_edge_[a-z0-9_]{0,88}'; then printf '%s\n' "$named_table"; fi
}

# Whole and of a form this program knows: counts, head and names. Says what is wrong, or nothing. A few lines may stand for many
# addresses, each of which is written down and asked for: more than a /16 is no release. The digest is of the text; a head that names
# another table would have that of the text taken away.
MOST_ADDRESSES=65536
MOST_CLAIMS=200000

release_fault() {
  awk -v addresses="$MOST_ADDRESSES" -v claims="$MOST_CLAIMS" '
    function fault(what) { print what; bad = 1; exit }
    NR == 1 {
      if ($0 !~ /^cpanel-edge-release [12]$/) fault("foreign-format")
      sections = split($2 == 1 ? "addresses claims text" : "addresses claims closed text", names, " ")
      next
    }
    NR == 2 { if ($0 !~ /^role (gateway|server)$/) fault("role"); next }
    NR == 3 { if ($0 !~ /^owner [a-z0-9][a-z0-9-]*$/) fault("owner"); next }
    NR == 4 { if ($0 !~ /^lease [A-Za-z0-9][A-Za-z0-9-]*$/) fault("lease"); next }
    NR == 5 { if ($0 !~ /^token [0-9a-f]+$/) fault("token"); next }
    NR == 6 { if ($0 !~ /^digest [0-9a-f]+$/ || length($2) != 64) fault("digest"); next }
    NR == 7 { if ($0 !~ /^table cpanel_edge_[a-z0-9_]*$/ || length($2) > 100) fault("table"); table = $2; next }
    NR == 8 { if ($0 !~ /^on-retract (keep-closed|as-before)$/) fault("on-retract"); next }
    sections == 4 && NR == 9 { if ($0 !~ /^runner [A-Za-z0-9][A-Za-z0-9._@:\/-]*$/ || length($2) > 128) fault("runner"); next }
    sections == 4 && NR == 10 { if ($0 !~ /^made [0-9]+$/ || length($2) > 12) fault("made"); next }
    left == 0 && section == sections { fault("more-than-announced") }
    left == 0 {
      section++
      wanted = names[section]
      if ($1 != wanted || $2 !~ /^[0-9]+$/ || NF != 2) fault("section-" wanted)
      left = $2 + 0
      if (section == sections) begins = NR + 1
      if (section == 1 && left > addresses || section == 2 && left > claims) fault("too-many-" wanted)
      next
    }
    section == 1 && $0 !~ /^(alias|proxy-arp|routed) [A-Za-z0-9][A-Za-z0-9_.:@-]* [0-9a-f.:]+\/[0-9]+$/ { fault("address-line") }
    section == 1 {
      length_of = $3
      sub(/^.*\//, "", length_of)
      many += $1 == "proxy-arp" && !index($3, ":") && length_of + 0 < 32 ? 2 ^ (32 - length_of) : 1
      if (many > addresses) fault("too-many-addresses")
    }
    section == 2 && $0 !~ /^(outside|inside) [0-9a-f.:]+(\/[0-9]+)?$/ { fault("claim-line") }
    NR == begins && $0 != "table inet " table { fault("text-begin") }
    { left-- }
    END { if (!bad && (!sections || section != sections || left != 0 || NR < begins)) print "cut-off" }' "$1"
}
