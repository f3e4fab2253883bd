# What a release of firewalld says: files of sets and policies, as `tail -v` prints them, and nothing that the writer doesn't write. firewalld skips
# what it can't read, and what it can't load makes it fall back to what came in its package, or to nothing: each of them opens.

# Files of $1, without what ends their names. No policy is called as a set is: "web-4" may be an owner, too.
firewalld_files() {
  printf '%s-(in|out|[46]-[0-9a-f]+)' "$1"
}

firewalld_strange() {
  awk -v sum="$checked_sum" -v name="$1" "$CHECK_WORDS$PREFIX_BITS"'
    function is(line) { return $0 == line }
    # $0 is an element of one value: what stands in it, or nothing.
    function value(before, after) {
      return index($0, before) == 1 && substr($0, length($0) - length(after) + 1) == after ? substr($0, length(before) + 1, length($0) - length(before after)) : ""
    }
    function is_prefix(text) { return text ~ (family == "ipv4" ? "^[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+(/[0-9]+)?$" : "^[0-9a-f:.]*:[0-9a-f:.]*(/[0-9]+)?$") }
    # A set whose entries overlap does not load, and nothing with it.
    function end_of_set(  bits, n) {
      for (bits in entries) for (n = length(bits) - 1; n > 0; n--) if (substr(bits, 1, n) in entries) fault("text-set")
    }
    NR == 1 && !/^==> / { fault("text-begin") }
    /^==> / {
      if (part != "" && part != "between" || file[$0]++) fault("text-line")
      path = value("==> /etc/firewalld/", ".xml <==")
      if (path ~ ("^ipsets/" name "-[46]-[0-9a-f]+$") && length(path) <= 39) { part = "set"; set = substr(path, 8); family = substr(set, length(name) + 2, 1) == 4 ? "ipv4" : "ipv6" }
      else if (path == "policies/" name "-in" || path == "policies/" name "-out") { part = "policy"; out = path ~ /-out$/ }
      else fault("text-line")
      line = 0
      next
    }
    part == "end" { if (!is("")) fault("text-line"); part = "between"; next }
    part !~ /^(set|policy|rule)$/ { fault("text-line") }
    ++line == 1 { if (!is("<?xml version=\"1.0\" encoding=\"utf-8\"?>")) fault("text-line"); next }
    part == "set" {
      if (line == 2) { if (!is("<ipset type=\"hash:net\">")) fault("text-line"); split("", entries); next }
      if (line == 3) { if (!is("  <option name=\"family\" value=\"" (family == "ipv4" ? "inet" : "inet6") "\"/>")) fault("text-line"); next }
      if (is("</ipset>")) { end_of_set(); sets[set]; part = "end"; next }
      prefix = value("  <entry>", "</entry>")
      if (!is_prefix(prefix)) fault("text-line")
      bits = bits_of(prefix)
      if (bits in entries) fault("text-set")
      entries[bits]
      next
    }
    part == "policy" {
      if (line == 2) { if (!is("<policy target=\"DROP\" priority=\"-32000\">") && (out || !is("<policy target=\"CONTINUE\" priority=\"-32000\">"))) fault("text-target"); goes_on = /CONTINUE/; next }
      if (line == 3) { if (!is("  <ingress-zone name=\"" (out ? "HOST" : "ANY") "\"/>")) fault("text-line"); next }
      if (line == 4) { if (!is("  <egress-zone name=\"" (out ? "ANY" : "HOST") "\"/>")) fault("text-line"); next }
      # Who is left to the zones is told by who is not.
      if (is("</policy>")) { if (goes_on) fault("text-target"); part = "end"; next }
      if (!/^  <rule priority="-[1-9][0-9]*"( family="ipv[46]")?>$/) fault("text-line")
      priority = substr($2, 11) + 0
      if (priority > 32000) fault("text-line")
      family = /family/ ? substr($3, 9, 4) : ""
      part = "rule"
      step = 0
      next
    }
    # Source, destination, what of it, and what becomes of it, in this order.
    family != "" && step < 1 && /^    <source [^ ]+ invert="True"\/>$/ { sub(/ invert="True"/, "") }
    family != "" && step < 1 && (set = value("    <source ipset=\"", "\"/>")) != "" {
      if (!(set in sets) || index(set, name (family == "ipv4" ? "-4-" : "-6-")) != 1) fault("text-set")
      step = 1
      next
    }
    family != "" && step < 1 && is_prefix(value("    <source address=\"", "\"/>")) { step = 1; next }
    family != "" && step < 2 && is_prefix(value("    <destination address=\"", "\"/>")) { step = 2; next }
    step < 3 && /^    <port port="[0-9]+(-[0-9]+)?" protocol="(tcp|udp|sctp|dccp)"\/>$/ {
      split($2, ports, /["-]/)
      if (ports[2] > 65535 || ports[3] != "" && (ports[3] > 65535 || ports[2] + 0 >= ports[3] + 0)) fault("text-line")
      step = 3
      next
    }
    step < 3 && /^    <(protocol value|icmp-type name)="[a-z0-9-]+"\/>$/ { step = 3; next }
    step == 0 && /accept/ { fault("text-line") }
    step < 4 && /^    <(accept|drop)\/>$/ { step = 4; if (/drop/) goes_on = 0; next }
    step == 4 && is("  </rule>") { part = "policy"; next }
    { fault("text-line") }
    END {
      if (!bad && (part != "end" || !(("==> /etc/firewalld/policies/" name "-in.xml <==") in file))) fault("text-unclosed")
      pass()
    }'
}

# The files of $1 that the text on standard input has, into the folder $2 and no other.
firewalld_split() {
  rm -rf "$2"
  mkdir -p "$2/ipsets" "$2/policies" && awk -v files="^(ipsets|policies)/$(firewalld_files "$1")[.]xml$" -v into="$2/" '
    /^==> / {
      if (file != "") close(file)
      path = $2
      sub("^/etc/firewalld/", "", path)
      if (path !~ files) exit 1
      file = into path
      next
    }
    $0 != "" { if (file == "") exit 1; print >file }'
}

firewalld_empty() {
  cat <<END_OF_POLICY
==> /etc/firewalld/policies/$1-in.xml <==
<?xml version="1.0" encoding="utf-8"?>
<policy target="CONTINUE" priority="-32000">
  <ingress-zone name="ANY"/>
  <egress-zone name="HOST"/>
</policy>
END_OF_POLICY
}

# By themselves, so that all that is said about them is about ours.
firewalld_check() {
  firewalld_split "$1" "$RUN/$ID.etc" && printf 'DefaultZone=public\n' >"$RUN/$ID.etc/firewalld.conf" || return 1
  said=$(firewall-offline-cmd --system-config "$RUN/$ID.etc" --check-config 2>&1 9>&-)
  checked=$?
  rm -rf "$RUN/$ID.etc"
  printf '%s\n' "$said"
  case $checked$said in 0*WARNING:* | 0*ERROR:*) return 1 ;; esac
  return "$checked"
}
