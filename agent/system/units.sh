# What makes the rules survive: a unit of our own, one for addresses, which need the network, a copy of this program beside what it loads, and for
# each service of the device that takes rules away what brings ours back. The copy is on the root file system, where nothing has to be waited
# for, and stays when somebody removes the program.

SYSTEMD=/etc/systemd/system

# Where systemd looks for a unit, first to last.
SYSTEMD_FOLDERS='/etc/systemd/system.control /run/systemd/system.control /run/systemd/transient /etc/systemd/system /run/systemd/system
/usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system'

unit_exists() {
  for folder in $SYSTEMD_FOLDERS; do
    if [ -f "$folder/$1.service" ]; then return 0; fi
  done
  return 1
}

# A line for systemd: the copy does what $1 says, else the program; where neither is there or whole, $2 is done, the command that was
# there before us. A program that has done it, or has begun it, has said so.
by_either() {
  # shellcheck disable=SC2016 # systemd's, and then a shell's
  printf '%s' "/bin/sh -c 'for p in $ROOT/program $PROGRAM; do r=\$\$(/bin/sh \"\$\$p\" $1); echo \"\$\$r\"; " 'case "$$r" in *"cpanel-edge: ok "*) exit 0 ;; *"cpanel-edge: failed "*) exit 1 ;; esac; done; [ "$$#" -gt 0 ] && exec "$$@"; exit 1' "' cpanel-edge${2:+ $2}
"
}

# Of a service that takes rules away: whatever it does, ours come after it.
after_theirs() {
  after=$(by_either rules)
  printf '%s\n' "ExecStartPost=-$after" "ExecReload=-$after" "ExecStopPost=-$after"
}

rules_unit() {
  printf '%s' "[Unit]
Description=cpanel-edge rules
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target firewalld.service shutdown.target
After=systemd-remount-fs.service nftables.service netfilter-persistent.service iptables.service ip6tables.service
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=" && by_either boot && printf '%s\n' "
[Install]
WantedBy=sysinit.target"
}

addresses_unit() {
  printf '%s' "[Unit]
Description=cpanel-edge addresses
After=cpanel-edge.service network.target networking.service systemd-networkd.service NetworkManager.service

[Service]
Type=exec
ExecStart=" && by_either addresses && printf '%s\n' "
[Install]
WantedBy=multi-user.target"
}

# For each file of ours $1 is called with the word for it in a status, its path, what prints what has to be in it, and its mode. $2: the programs
# whose services are meant.
each_unit() {
  "$1" unit "$SYSTEMD/cpanel-edge.service" rules_unit 0644
  "$1" unit "$SYSTEMD/cpanel-edge-addresses.service" addresses_unit 0644
  "$1" loader "$ROOT/program" this_program 0600
  for of_program in $2; do
    case $of_program in csf | apf) conf_units "$1" "$of_program" ;; *) "${of_program}_units" "$1" ;; esac
  done
}

this_program() {
  cat "$PROGRAM"
}

is_written() {
  if [ "$1" = loader ]; then cmp -s "$PROGRAM" "$2"; else [ -f "$2" ] && take_lines "$2" && [ "$unit_lines" = "$("$3")" ]; fi
}

# Of the file $1, in `unit_lines`. Ours are short: of one that is none of ours not all is read.
take_lines() {
  unit_lines=
  between=
  lines_left=100
  while [ "$lines_left" -gt 0 ] && { IFS= read -r unit_line || [ -n "$unit_line" ]; }; do
    lines_left=$((lines_left - 1))
    unit_lines=$unit_lines$between$unit_line
    between=$newline
  done <"$1"
} 2>/dev/null
newline='
'

write_unit() {
  if is_written "$@"; then return; fi
  units_changed=yes
  [ -d "${2%/*}" ] || mkdir -p "${2%/*}" || return
  # Folders that systemd enters have to be readable to its tools for everybody.
  case $2 in *.service.d/*) chmod 0755 "${2%/*}" ;; esac
  ("$3") >"$2.new" && chmod "$4" "$2.new" && settle "$2.new" && mv -f "$2.new" "$2"
}

write_units() {
  its_programs=$(programs_here)
  [ -n "$(unit_faults "$its_programs")" ] || return 0
  units_changed=no
  each_unit write_unit "$its_programs"
  if [ "$units_changed" = yes ]; then systemctl daemon-reload 9>&-; fi
  systemctl --quiet enable cpanel-edge.service cpanel-edge-addresses.service 2>/dev/null 9>&-
  [ -z "$(unit_faults "$its_programs")" ]
}

# What of it isn't there, or not as it was written: words of a line of status. $1: the programs whose services are meant.
unit_faults() {
  unit_words=$(each_unit unit_fault "$1")
  [ -z "$unit_words" ] || printf '%s\n' "$unit_words" | sort -u
  [ -e "$SYSTEMD/cpanel-edge.service" ] && [ -e "$SYSTEMD/cpanel-edge-addresses.service" ] || return 0
  case $(systemctl is-enabled cpanel-edge.service cpanel-edge-addresses.service 2>/dev/null 9>&-) in
    'enabled
enabled') ;;
    *masked*) printf 'unit-masked\n' ;;
    *) printf 'unit-disabled\n' ;;
  esac
}

unit_fault() {
  if [ ! -e "$2" ] && [ ! -L "$2" ]; then
    printf '%s-missing\n' "$1"
  elif ! is_written "$@"; then
    printf '%s-changed\n' "$1"
  fi
}

remove_unit() {
  if [ -e "$2" ] || [ -L "$2" ]; then rm -f "$2"; fi
  case $2 in *.service.d/*) [ ! -d "${2%/*}" ] || rmdir "${2%/*}" 2>/dev/null ;; esac
}

# units: after this program was replaced, what boots is this one, too.
command_units() {
  no_more $# 0
  open_folders
  enter
  if [ -n "$(each_home)" ]; then write_units || refuse units-not-written; fi
  succeed units
}

remove_units() {
  systemctl --quiet disable cpanel-edge.service cpanel-edge-addresses.service >/dev/null 2>&1 9>&-
  each_unit remove_unit 'nft iptables firewalld csf apf'
  systemctl daemon-reload 9>&-
}
