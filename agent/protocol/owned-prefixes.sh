# Claims: the outside and inside prefixes that an owner owns. Two owners of one role on one device may not share any.

# For awk: the bits of a prefix, behind the number of its family.
PREFIX_BITS='
function bits4(text,  p, i, b, n, out) {
  split(text, p, ".")
  out = "4"
  for (i = 1; i <= 4; i++) { n = p[i] + 0; for (b = 128; b >= 1; b /= 2) { if (n >= b) { out = out "1"; n -= b } else out = out "0" } }
  return out
}
function bits6(text,  halves, head, tail, n, m, i, out) {
  n = split(text, halves, "::")
  m = halves[1] == "" ? 0 : split(halves[1], head, ":")
  out = "6"
  for (i = 1; i <= m; i++) out = out group(head[i])
  if (n == 2) {
    n = halves[2] == "" ? 0 : split(halves[2], tail, ":")
    for (i = m + n; i < 8; i++) out = out group("0")
    for (i = 1; i <= n; i++) out = out group(tail[i])
  }
  return out
}
function group(text,  i, out) {
  text = substr("0000" text, length(text) + 1)
  out = ""
  for (i = 1; i <= 4; i++) out = out substr("0000000100100011010001010110011110001001101010111100110111101111", 4 * (index("0123456789abcdef", substr(text, i, 1)) - 1) + 1, 4)
  return out
}
function bits_of(prefix,  parts, n, bits) {
  n = split(prefix, parts, "/")
  bits = index(parts[1], ":") ? bits6(parts[1]) : bits4(parts[1])
  return n == 2 ? substr(bits, 1, parts[2] + 1) : bits
}'

# FAULT is "OWNER PREFIX" of the first overlap of the release file with any other owner's, or nothing.
check_claims() {
  FAULT=unfinished
  claims_here "$1" >"$RUN/$ID.claims" && check_file "$RUN/$ID.claims" claims_fault
  away "$RUN/$ID.claims"
  [ -z "$FAULT" ]
}

claims_here() {
  section_of "$1" claims '' 'mine - ' || return 1
  for other in $(each_home); do
    case $other in "$ID") continue ;; "$ROLE"-*) ;; *) continue ;; esac
    # What a forgotten owner left is live, too.
    for theirs in "$ROOT/$other/release" "$ROOT/$other/kept"; do
      [ ! -f "$theirs" ] || section_of "$theirs" claims '' "theirs ${other#*-} " || return 1
    done
  done
}

claims_fault() {
  awk -v sum="$checked_sum" "$CHECK_WORDS$PREFIX_BITS"'
    {
      key = $3 " " bits_of($4)
      if ($1 == "mine") { mine[key] = $4 } else { theirs[key] = $2 " " $4 }
    }
    function within(key, others,  l) {
      for (l = length(key); l > 8; l--) if (substr(key, 1, l) in others) return substr(key, 1, l)
      return ""
    }
    END {
      for (key in mine) { hit = within(key, theirs); if (hit != "") fault(theirs[hit]) }
      for (key in theirs) { hit = within(key, mine); if (hit != "") fault(theirs[key]) }
      pass()
    }'
}
