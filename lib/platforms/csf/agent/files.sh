# The files of csf.

CSF=/etc/csf

csf_parts() {
  printf '%s\n' "keys-conf $CSF/csf.conf" "block-allow $CSF/csf.allow" "block-deny $CSF/csf.deny" "script-post $CSF/csfpost.sh"
}

# For awk: how csf reads csf.conf. A line with "=" in it is a setting, and its value stands between the first quote behind it and the last one.
CSF_READS='
function key_of(line) {
  sub(/^[ \t\v\f\r]+/, "", line)
  if (line ~ /^#/ || !index(line, "=")) return ""
  line = substr(line, 1, index(line, "=") - 1)
  gsub(/[ \t\v\f\r]/, "", line)
  return line
}
function find_setting(line, from,  equals) {
  if (from > 1 || (key = key_of(line)) == "") return 0
  equals = index(line, "=")
  value_at = match(substr(line, equals + 1), /".*"/) ? equals + RSTART + 1 : 0
  value_length = RLENGTH - 2
  begins = 1
  ends = length(line) + 1
  return 1
}
function new_setting(key, value) { return key " = \"" value "\"" }
function is_end(line) { return 0 }'
