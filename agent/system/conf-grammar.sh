# For awk: what stands in a text that a program with files of its own gets, stricter than such programs are. Whatever is wrong is said in a word.

CONF_GRAMMAR='
# Ports and ranges, each behind the one before it; how many slots of a rule they take, or 0. What stands between the ends of a range is "to".
function slots(text, to,  many, part, ends, n, i, last) {
  many = split(text, part, ",")
  last = -1
  n = 0
  for (i = 1; i <= many; i++) {
    if (part[i] !~ ("^(0|[1-9][0-9]*)(" to "[1-9][0-9]*)?$") || length(part[i]) > 11) return 0
    if (split(part[i], ends, to) == 1) ends[2] = ends[1]
    else if (ends[1] + 0 >= ends[2] + 0) return 0
    else n++
    if (ends[1] + 0 <= last || ends[2] > 65535) return 0
    last = ends[2] + 0
    n++
  }
  return n
}
function is_number(text, most) { return text ~ /^(0|[1-9][0-9]*)$/ && length(text) <= 3 && text + 0 <= most }
function is_network(text,  part, byte, i, many, pairs) {
  if (split(text, part, "/") > 2 || text ~ /\/$/) return 0
  if (index(part[1], ":")) {
    if (part[1] !~ /^[0-9a-f:]+$/ || part[1] ~ /:::|^:[^:]|[^:]:$/ || text ~ /\// && !is_number(part[2], 128)) return 0
    pairs = part[1]
    if (gsub(/::/, "&", pairs) > 1) return 0
    many = split(part[1], byte, ":")
    for (i = 1; i <= many; i++) if (length(byte[i]) > 4) return 0
    return many <= 8 && (many == 8 || part[1] ~ /::/)
  }
  if (split(part[1], byte, ".") != 4 || text ~ /\// && !is_number(part[2], 32)) return 0
  for (i = 1; i <= 4; i++) if (!is_number(byte[i], 255)) return 0
  return 1
}'
