# nft: one table of ours per role and owner, replaced as a whole in one transaction, and never anything else.

# The text may declare its own table only. Outside of quotes and comments it has the writer's characters and none of the words
# that reach beyond a table; a statement ends with its line. On a server it asks what comes in and what the server sends, and leads nothing that comes in
# elsewhere: a login could take the connections of others by a program of its own.
nft_strange() {
  awk -v sum="$checked_sum" -v table="$1" -v role="$ROLE" "$CHECK_WORDS"'
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
      if (role == "server" && line !~ /^[ \t]*type (filter hook (in|out)put|nat hook output) priority [-+a-z0-9 ]+ policy [a-z]+ [ \t]*$/ &&
        (" " line " ") ~ /[^A-Za-z0-9_](hook|redirect|masquerade|snat|tproxy|queue|dup|fwd|notrack|synproxy|flow)[^A-Za-z0-9_]/)
        fault("text-word")
      braces = line
      gsub(/[^{}]+/, "", braces)
      for (i = 1; i <= length(braces); i++) {
        depth += substr(braces, i, 1) == "{" ? 1 : -1
        if (depth == 0 && $0 !~ /^[ \t]*}[ \t]*$/) fault("text-after-table")
      }
    }
    END {
      if (!bad && (NR < 3 || depth != 0)) fault("text-unclosed")
      pass()
    }'
}

nft_check() {
  nft -c -f - 9>&-
}

nft_load() {
  nft -f - 9>&-
}

# Fails where it isn't there; one that can't be listed is told from that.
nft_list() {
  nft -s list table inet "$1" 2>/dev/null 9>&- && return
  nft list tables >/dev/null 2>&1 9>&- || no_answer
  return 1
}

# Without "destroy", which old versions don't know: declared first, so that the deletion can't fail.
nft_remove() {
  printf 'table inet %s\ndelete table inet %s\n' "$1" "$1" | nft -f - 9>&-
}

# Both NAT hooks and a rule that asks conntrack stay registered: sessions through a mapping survive that its table goes.
nft_empty() {
  printf '%s\n' "table inet $1
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
}"
}

nft_elsewhere() {
  return 1
}

# A unit of ours loads it.
nft_start_faults() {
  :
}

# What was not loaded at the start is not there.
nft_comes_later() {
  return 1
}

nft_tools() {
  printf 'nft\n'
}

# Tables of others are beside ours, whoever has them.
nft_surroundings() {
  :
}

nft_all() {
  nft list ruleset
}

nft_version() {
  nft --version
}

# iptables-legacy is a rule space of its own that nft doesn't show: table and number of its rules, "unknown" without its tool.
nft_beside() {
  legacy_of ip iptables-legacy-save
  legacy_of ip6 ip6tables-legacy-save
}

legacy_of() {
  [ -r "/proc/net/$1_tables_names" ] || return 0
  while read -r table; do
    rules=unknown
    if command_exists "$2"; then rules=$("$2" -t "$table" 2>/dev/null | grep -c '^-A'); fi
    printf '%s %s %s\n' "$1" "$table" "$rules"
  done <"/proc/net/$1_tables_names"
}

# What the service loads, it loads together with ours.
nft_keep() {
  :
}

# A table of its own is asked wherever it stands.
nft_in_place() {
  :
}
