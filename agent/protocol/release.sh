# A release file, as it comes on standard input and as boot reads it: lines of head, then counted sections.
#   cpanel-edge-release 2 / role / owner / lease / token / digest / table, chains, policies or settings / on-retract / runner / made
#   addresses N, lines; claims N, lines; cpnat N, lines; replaces N, lines; closed N, lines; text N, lines
# Format 1 has neither runner, made nor closed, format 3 has cpnat, and format 4 replaces, too.

# What the head of the file $1 says of $2, in HEAD_SAYS. By the shell itself, and without a subshell: a command asks for a dozen of these, and a
# process for each is most of what it would take. A head has ten lines; a damaged file isn't read to its end.
take_head() {
  HEAD_SAYS=
  head_left=12
  while [ "$head_left" -gt 0 ] && { IFS= read -r head_line || [ -n "$head_line" ]; }; do
    head_left=$((head_left - 1))
    case $head_line in
      "$2 "*)
        HEAD_SAYS=${head_line#"$2" }
        return
        ;;
      'addresses '*) return ;;
    esac
  done <"$1"
}

head_of() {
  take_head "$1" "$2"
  printf '%s\n' "$HEAD_SAYS"
}

head_is() {
  take_head "$1" "$2"
  [ "$HEAD_SAYS" = "$3" ]
}

# $2: a section, or some, which come in the order of the file; of their lines those that begin with $3, without that, and with $4 in front. Fails where
# it didn't come to the end of them.
section_of() {
  awk -v wanted=" $2 " -v begins="${3-}" -v front="${4-}" '
    !begun && $1 != "addresses" { next }
    left == 0 { begun = 1; is_wanted = index(wanted, " " $1 " "); left = $2; if ($1 == "text") { ended = 1; exit } next }
    { if (is_wanted && (begins == "" || index($0, begins) == 1)) print front substr($0, length(begins) + 1); left-- }
    END { exit !ended }' "$1"
}

# Where the last section begins, which may have very long lines: how many bytes are before it, and its number of lines.
place_of_text() {
  awk '
    $1 == "addresses" { begun = 1 }
    begun && left == 0 { if ($1 == "text") { place = at + 0 " " $2; exit } left = $2 + 1 }
    { at += length($0) + 1 }
    begun { left-- }
    END { if (place == "") exit 1; print place }' "$1"
}

# Runs the command with the text as its input: the file itself from there on, so that there is nothing between them that could be cut off.
from_text() {
  text_file=$1
  shift
  text_place=$(place_of_text "$text_file") || return 1
  (
    dd bs="${text_place% *}" count=1 iflag=fullblock >/dev/null 2>&1 && read -r text_word && [ "$text_word" = "text ${text_place#* }" ] && "$@"
  ) <"$text_file"
}

text_of() {
  from_text "$1" cat
}

hashed_of() {
  text_of "$1" && section_of "$1" 'addresses cpnat replaces'
}

# In DIGEST_IS.
take_digest_of() {
  DIGEST_IS=
  take_sum_of hashed_of "$1" && DIGEST_IS=$SUM
}

# The SHA-256 of standard input.
sha256() {
  summed=$(sha256sum) || return
  printf '%s\n' "${summed%% *}"
}

# As it was sent: on its way from step to step nothing has changed it.
is_whole() {
  FAULT=digest
  take_digest_of "$1" && head_is "$1" digest "$DIGEST_IS" && check_file "$1" release_fault
}

# What the rules of a release are called on the device, or nothing, where its head is damaged: "table NAME" are nft's, "chains NAME" are those of
# iptables whose names begin so, "policies NAME" are firewalld's, "settings NAME" csf's
# and APF's.
name_of() {
  for kind in table chains policies settings; do
    take_head "$1" "$kind"
    [ -z "$HEAD_SAYS" ] || break
  done
  is_name "$HEAD_SAYS" && printf '%s\n' "$HEAD_SAYS"
}

is_name() {
  case $1 in
    cpanel_edge_*[!a-z0-9_]* | c[acefgu]-*[!a-z0-9-]*) return 1 ;;
    cpanel_edge_* | c[acefgu]-?*) [ ${#1} -le 100 ] ;;
    *) return 1 ;;
  esac
}

# Whole and of a form this program knows: counts, head and names. A few lines may stand for many
# addresses, each of which is written down and asked for: more than a /16 is no release. The digest is of the text; a head that names
# other rules would have those of the text taken away.
MOST_ADDRESSES=65536
MOST_CLAIMS=200000

release_fault() {
  awk -v sum="$checked_sum" -v addresses="$MOST_ADDRESSES" -v claims="$MOST_CLAIMS" "$CHECK_WORDS"'
    BEGIN { v4 = "[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+" }
    NR == 1 {
      if ($0 !~ /^cpanel-edge-release [1-4]$/) fault("foreign-format")
      sections = split("addresses claims " ($2 > 2 ? "cpnat " : "") ($2 == 4 ? "replaces " : "") ($2 == 1 ? "" : "closed ") "text", names, " ")
      next
    }
    NR == 2 { if ($0 !~ /^role (gateway|server)$/ || sections > 4 && $2 != "server") fault("role"); role = $2; chains = role == "gateway" ? "cg-" : "ce-"; next }
    NR == 3 { if ($0 !~ /^owner [a-z0-9][a-z0-9-]*$/) fault("owner"); next }
    NR == 4 { if ($0 !~ /^lease [A-Za-z0-9][A-Za-z0-9-]*$/) fault("lease"); next }
    NR == 5 { if ($0 !~ /^token [0-9a-f]+$/) fault("token"); next }
    NR == 6 { if ($0 !~ /^digest [0-9a-f]+$/ || length($2) != 64) fault("digest"); next }
    NR == 7 {
      if ($0 ~ /^table cpanel_edge_[a-z0-9_]*$/ && length($2) <= 100) first = "table inet " $2 "$"
      else if ($0 ~ ("^chains " chains "[a-z0-9-]+$") && length($2) <= (chains == "cg-" ? 21 : 24)) first = "# Generated by ip6tables-save$"
      else if (chains == "ce-" && $0 ~ /^policies cf-[a-z0-9-]+$/ && length($2) <= 14) first = "==> /etc/firewalld/(ipsets|policies)/" $2 "-"
      else if (chains == "ce-" && $0 ~ /^settings cc-[a-z0-9-]+$/ && length($2) <= 63) first = "==> /etc/csf/csf.conf <==$"
      else if (chains == "ce-" && $0 ~ /^settings ca-[a-z0-9-]+$/ && length($2) <= 63) first = "==> /etc/apf-firewall/conf.apf <==$"
      else if (chains == "ce-" && $0 ~ /^settings cu-[a-z0-9-]+$/ && length($2) <= 63) first = "==> /etc/apf/conf.apf <==$"
      else fault("table")
      next
    }
    NR == 8 { if ($0 !~ /^on-retract (keep-closed|as-before)$/) fault("on-retract"); next }
    sections > 3 && NR == 9 { if ($0 !~ /^runner [A-Za-z0-9][A-Za-z0-9._@:\/-]*$/ || length($2) > 128) fault("runner"); next }
    sections > 3 && NR == 10 { if ($0 !~ /^made [0-9]+$/ || length($2) > 12) fault("made"); next }
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
    # A server has its addresses itself.
    section == 1 && role == "server" { fault("address-line") }
    section == 1 {
      length_of = $3
      sub(/^.*\//, "", length_of)
      many += $1 == "proxy-arp" && !index($3, ":") && length_of + 0 < 32 ? 2 ^ (32 - length_of) : 1
      if (many > addresses) fault("too-many-addresses")
    }
    section == 2 && $0 !~ /^(outside|inside) [0-9a-f.:]+(\/[0-9]+)?$/ { fault("claim-line") }
    wanted == "cpnat" && $0 !~ ("^(nat-mode (on|off)|in-use (refuse|change)|pair " v4 " " v4 "|set (myip https?://[A-Za-z0-9][-A-Za-z0-9.]*(:[0-9]+)?(/[A-Za-z0-9./_-]*)?|ftp-address " v4 "|ftp-ports [0-9]+ [0-9]+))$") { fault("cpnat-line") }
    wanted == "replaces" && $0 !~ /^replace (ufw|csf|apf|iptables|firewalld)$/ { fault("replaces-line") }
    NR == begins && $0 !~ ("^" first) { fault("text-begin") }
    { left-- }
    END {
      if (!bad && (!sections || section != sections || left != 0 || NR < begins)) fault("cut-off")
      pass()
    }'
}
