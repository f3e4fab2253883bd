# Rules: what of a release runs, whichever program loads it. They have a name on the device, which tells the program.

# $1: what to do; $2: the name; then whatever that takes.
by_program() {
  verb=$1
  shift
  take_program "$1"
  if [ "$its_program" = apf ]; then apf_as "$1"; fi
  case $its_program in csf | apf) conf_does "$@" ;; *) "${its_program}_$verb" "$@" ;; esac
}

take_program() {
  case $1 in
    c[eg]-*) its_program=iptables ;;
    cf-*) its_program=firewalld ;;
    cc-*) its_program=csf ;;
    c[au]-*) its_program=apf ;;
    '') if command_exists nft || ! command_exists iptables; then its_program=nft; else its_program=iptables; fi ;;
    *) its_program=nft ;;
  esac
}

program_of() {
  take_program "$1"
  printf '%s\n' "$its_program"
}

# The platform whose releases the program of the name $1 loads.
platform_of() {
  take_program "$1"
  if [ "$its_program" = nft ]; then printf 'nftables\n'; else printf '%s\n' "$its_program"; fi
}

# Of what is stored or under way for any owner.
programs_here() {
  for candidate in $(each_home); do
    (
      select_home "$candidate"
      take_noted
      [ -z "$noted" ] || printf '%s\n' "$noted"
      for naming in "$HOME_FOLDER"/release "$HOME_FOLDER"/kept "$HOME_FOLDER"/checked-* "$HOME_FOLDER"/armed-* "$HOME_FOLDER"/undoing-*; do
        if [ -f "$naming" ]; then name_of "$naming"; fi
      done
    )
  done | {
    programs=' '
    while read -r name_here; do
      take_program "$name_here"
      case $programs in *" $its_program "*) continue ;; esac
      programs="$programs$its_program "
      printf '%s\n' "$its_program"
    done
  }
}

# What the programs say, without the lines that they quote.
own_messages() {
  grep -E '^(ip6?tables(-legacy|-nft)?-restore[: ]|Error occurred at line: |/dev/stdin:[0-9]+:[0-9]+-[0-9]+: |RTNETLINK answers: |Cannot find device |Command failed -:|(Error|WARNING|ERROR|Configuration error): [A-Z_]+: )' "$1" | awk '!seen[$0]++' | drain head -n 20 | cut -c 1-300 | payload
}

# Of a release that was judged.
check_rules() {
  checked_name=$(name_of "$1")
  is_judged "$1" && from_text "$1" by_program check "$checked_name" && { [ ! -s "$RUN/$ID.closing" ] || by_program check "$checked_name" <"$RUN/$ID.closing"; }
}

load_rules() {
  is_judged "$1" && from_text "$1" by_program load "$(name_of "$1")" && away "$RUN/$ID.closed"
}

# What is on the disk of $1 after the text in $2 was loaded from it. Rules of another program are away while these are on trial: there the trial stays,
# so that a restart of that program doesn't open the host. Boot comes before it and puts away what wasn't confirmed.
text_on_disk() {
  if ! on_trial >/dev/null; then
    cat "$2"
  elif settled=$(confirmed_file) && is_whole "$settled"; then
    if [ "$(name_of "$settled")" = "$1" ]; then text_of "$settled"; else cat "$2"; fi
  elif [ "$(from_closing name_in_text)" = "$1" ]; then
    from_closing cat
  fi
}

load_empty() {
  by_program empty "$1" | by_program load "$1" && away "$RUN/$ID.closed"
}

remove_rules() {
  by_program remove "$1"
}

# Fails where nothing of that name is there, which is nothing to tell the operator.
live_rules() {
  by_program list "$1" 2>/dev/null
}

# After each load: what the kernel says it holds, against which edits are seen.
remember_loaded() {
  [ -n "$1" ] || return 0
  take_noted
  if [ -n "$noted" ] && [ "$noted" != "$1" ]; then printf '%s\n' "$noted" >>"$HOME_FOLDER/former" || return 1; fi
  remove_former "$1" || return 1
  note_rules "$1" "$HOME_FOLDER/loaded.new" && mv -f "$HOME_FOLDER/loaded.new" "$HOME_FOLDER/loaded" &&
    printf '%s\n' "$1" >"$HOME_FOLDER/table.new" && mv -f "$HOME_FOLDER/table.new" "$HOME_FOLDER/table"
}

# Writes what runs of $1 into $2. Two listings must be alike: one that is taken while another program replaces rules may hold a chain twice.
note_rules() {
  printed "$2" live_rules "$1" || return 1
  for _ in 1 2 3 4; do
    noted_sum=$(sha256 <"$2") && [ -n "$noted_sum" ] || return 1
    if [ "$(live_rules "$1" | sha256)" = "$noted_sum" ]; then return 0; fi
    printed "$2" live_rules "$1" || return 1
  done
}

take_noted() {
  noted=
  if [ -f "$HOME_FOLDER/table" ]; then read -r noted <"$HOME_FOLDER/table"; fi
  is_name "$noted" || noted=
}

# The name that is ours, or nothing: where the note is lost, what is stored says it.
own_name() {
  take_noted
  for naming in release kept retracting; do
    if [ -z "$noted" ] && [ -f "$HOME_FOLDER/$naming" ]; then noted=$(name_of "$HOME_FOLDER/$naming"); fi
  done
  [ -z "$noted" ] || printf '%s\n' "$noted"
}

# The first folder of another program into which rules of the name $1 are written and that takes nothing: words of a refusal, or nothing.
write_fault() {
  case $(program_of "$1") in nft | iptables) return ;; esac
  by_program folders "$1" | while read -r written_folder; do
    its_fault=$(folder_fault "$written_folder")
    [ -z "$its_fault" ] || printf '%s\n' "$its_fault"
  done | drain head -n 1
}

# What the release needs and the device hasn't, as words of a refusal, or nothing.
surroundings_fault() {
  for tool in $(by_program tools "$(name_of "$1")") ip awk cmp flock sha256sum systemd-run; do
    command_exists "$tool" || {
      printf 'tool-missing tool=%s\n' "$tool"
      return
    }
  done
  write_fault "$(name_of "$1")" | drain grep . && return
  by_program surroundings "$(name_of "$1")" "$1" || return
  [ -d /run/systemd/system ] || {
    printf 'no-systemd\n'
    return
  }
  its_addresses=$(section_of "$1" addresses) || return 1
  for interface in $(printf '%s\n' "$its_addresses" | awk '!seen[$2]++ { print $2 }'); do
    [ -e "/sys/class/net/$interface" ] || {
      printf 'no-interface interface=%s\n' "$interface"
      return
    }
  done
  read -r forwards </proc/sys/net/ipv4/ip_forward
  if [ "$ROLE" = gateway ] && [ "$forwards" != 1 ]; then printf 'forwarding-off\n'; fi
}

# Their services start, and do nothing where a file says so.
ufw_is_on() {
  grep -qsi '^[[:space:]]*ENABLED=["'\'']*yes' /etc/ufw/ufw.conf
}

csf_is_on() {
  [ -e /etc/csf/csf.conf ] && [ ! -e /etc/csf/csf.disable ]
}

# That of its authors is started each night, whatever its service is told.
apf_is_on() {
  command_exists apf && { [ -e /etc/apf/conf.apf ] || apf_is_to_run; }
}

apf_is_to_run() {
  grep -qs '^[[:space:]]*RUN=["'\'']*yes' /etc/default/apf-firewall
}

# Who writes all rules anew whenever it is told something, but for those named: words of a refusal, and then it fails.
alone_here() {
  for writes in csf apf ufw; do
    case " $* " in *" $writes "*) continue ;; esac
    if "${writes}_is_on"; then
      printf 'other-firewall program=%s\n' "$writes"
      return 1
    fi
  done
}

# Whoever saves all rules where a service loads them from saves ours, too, as cPanel's programs do with each change of theirs: once nobody replaces
# it any more, a copy of $1 would come back with the next start. It is taken out, and nothing else. Where that can't be, the file is in copy_left:
# what runs doesn't depend on it, so it is said and holds up nothing.
copy_left=''

remove_copies() {
  for copied in $(by_program copies "$1"); do
    rewrite without "$1" "$(readlink -f "$copied")" 2>/dev/null || copy_left=$copied
  done
  [ -z "$copy_left" ] || logger -t cpanel-edge "$copy_left holds a copy of the rules of $ID, which are gone" 2>/dev/null
}

# Names that were given up for $1: whoever loads a copy of their rules brings them back, and they aren't what runs.
remove_former() {
  [ -f "$HOME_FOLDER/former" ] || return 0
  while read -r given_up; do
    if is_name "$given_up" && [ "$given_up" != "$1" ]; then remove_rules "$given_up" || return 1; fi
  done <"$HOME_FOLDER/former"
}

# And the copies, once that is for good.
forget_former() {
  [ -f "$HOME_FOLDER/former" ] || return 0
  remove_former "$1" || return 1
  while read -r given_up; do
    if is_name "$given_up" && [ "$given_up" != "$1" ]; then remove_copies "$given_up"; fi
  done <"$HOME_FOLDER/former"
  [ -n "$copy_left" ] || rm -f "$HOME_FOLDER/former"
}

# The file $3 of others, as $1 makes it for the name $2. Whoever writes it meanwhile has the last word: then it is begun again.
rewrite() {
  for _ in 1 2 3; do
    if ! { cp -a "$3" "$3.cpanel-edge" && by_program "$1" "$2" "$3" >"$3.cpanel-edge" && settle "$3.cpanel-edge"; }; then break; fi
    if by_program takes "$2" "$3" && ! by_program takes "$2" "$3.cpanel-edge"; then break; fi
    if by_program "$1" "$2" "$3" | drain cmp -s - "$3.cpanel-edge" && mv -f "$3.cpanel-edge" "$3"; then return 0; fi
  done
  rm -f "$3.cpanel-edge"
  return 1
}
