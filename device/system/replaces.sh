# Firewalls that a release of a server takes the place of, a line each: "replace ufw". Its rules are loaded before theirs go, and theirs are back before
# its go. On trial they are stopped, and would start with the device as ever; once it is confirmed they don't. In RUN, $ID.stopped names what is
# stopped for a trial, with what it takes to start it. In HOME_FOLDER, replacing (below a token) says what is about to be switched off, and replaced
# what was last: a retract switches that on again.

# Chains that belong to a program of their own, which lets nobody in: they are there afterwards as before.
BANS='f2b-[A-Za-z0-9_-]+|cphulk'
# Whoever stops takes these with it, and their programs don't notice.
OTHERS='DOCKER|DOCKER-[A-Z0-9-]+|KUBE-[A-Z0-9-]+|CNI-[A-Za-z0-9-]+|LIBVIRT_[A-Z]+'

replaced_by() {
  section_of "$1" replaces | sed -n 's/^replace //p'
}

# Those of the release $1 that run, or would start with the device.
replaced_on() {
  replaced_by "$1" | while read -r other; do if "${other}_is_on"; then printf '%s\n' "$other"; fi; done
}

IPTABLES_SERVICES='netfilter-persistent iptables ip6tables'

iptables_is_on() {
  [ -n "$(iptables_services_on)" ]
}

iptables_services_on() {
  for service in $IPTABLES_SERVICES; do
    if service_is_on "$service"; then printf '%s\n' "$service"; fi
  done
}

firewalld_is_on() {
  service_is_on firewalld
}

service_is_on() {
  unit_exists "$1" && { [ "$(systemctl is-active "$1.service" 2>/dev/null 9>&-)" = active ] || service_enabled "$1"; }
}

service_enabled() {
  [ "$(systemctl is-enabled "$1.service" 2>/dev/null 9>&-)" = enabled ]
}

# Words of a refusal, or nothing.
replaces_fault() {
  replacing=$(replaced_on "$1")
  [ -n "$replacing" ] || return 0
  for candidate in $(each_home); do
    beside=$(select_home "$candidate" && program_of "$(own_name)")
    case $candidate:$beside in
      "$ID":* | *:nft) ;;
      *:firewalld) case $replacing in *firewalld*) printf 'replaces-owner owner=%s program=firewalld\n' "${candidate#*-}" && return ;; esac ;;
      *) [ "$replacing" = firewalld ] || { printf 'replaces-owner owner=%s program=%s\n' "${candidate#*-}" "$beside" && return; } ;;
    esac
  done
  case $replacing in
    *firewalld*)
      if ! firewalld_answers; then
        # It doesn't run, and what it would load is not asked for.
        :
      elif firewalld_ask --query-panic >/dev/null 2>&1; then
        printf 'firewalld-panic\n' && return
      elif firewalld_differs "$(own_name)"; then
        printf 'firewalld-runtime\n' && return
      fi
      ;;
  esac
  [ "$replacing" != firewalld ] || return 0
  for family in $(iptables_families); do
    "${family}tables-save" 2>/dev/null 9>&- | sed -nE "s/^:($OTHERS) .*/replaces-others chain=\1/p" | head -n 1
  done | head -n 1
}

# For a trial: what ran is kept before anything of it goes.
replaces_stop() {
  for other in $(replaced_on "$1"); do
    its_start=$(started_by "$other")
    { [ "$other" = firewalld ] || keep_iptables; } && printf '%s %s\n' "$other" "$its_start" >>"$RUN/$ID.stopped" &&
      stop_other "$other" "$its_start" </dev/null >/dev/null 2>&1 9>&- || return 1
  done
  bans_again
}

# What is to be started, or enabled, for it to be there again.
started_by() {
  case $1 in
    csf) if [ "$(systemctl is-active lfd.service 2>/dev/null 9>&-)" = active ]; then printf 'lfd\n'; fi ;;
    iptables) for service in $(iptables_services_on); do if service_enabled "$service"; then printf '%s ' "$service"; fi; done ;;
    firewalld) if service_enabled firewalld; then printf 'enabled\n'; else printf 'started\n'; fi ;;
  esac
}

stop_other() {
  case $1 in
    ufw) /lib/ufw/ufw-init force-stop ;;
    # It watches whether csf runs.
    csf) { [ -z "$2" ] || systemctl stop lfd.service; } && csf -f ;;
    apf) apf_flush && rm -f "$RUN/$ID.others" ;;
    iptables) flush_iptables ;;
    firewalld) systemctl stop firewalld.service ;;
  esac
}

# Each table by one transaction.
flush_iptables() {
  for family in $(iptables_families); do
    "${family}tables-save" | awk '/^\*/ { print } /^:/ && $2 != "-" { print $1, "ACCEPT [0:0]" } /^COMMIT/ { print }' | "${family}tables-restore" --wait 10 || return 1
  done
}

# Once, before the first of them goes.
keep_iptables() {
  [ ! -f "$RUN/$ID.ran" ] || return 0
  if command_exists ipset; then ipset save >"$RUN/$ID.ran-sets" 2>/dev/null 9>&- || return 1; fi
  for family in $(iptables_families); do "${family}tables-save" >"$RUN/$ID.ran-$family" 2>/dev/null 9>&- || return 1; done
  : >"$RUN/$ID.ran"
}

# Whoever was banned stays banned, where that is told by chains of the program that bans and what leads to them.
bans_again() {
  [ -f "$RUN/$ID.ran" ] || return 0
  for family in $(iptables_families); do
    { "${family}tables-save" && printf 'end of what is\n' && cat "$RUN/$ID.ran-$family"; } 2>/dev/null 9>&- | awk -v bans="^($BANS)$" '
      $0 == "end of what is" { were = 1; next }
      /^\*/ { table = $1 }
      /^:/ { chain = substr($1, 2) }
      !were { if (/^:/) there[table, chain]; next }
      /^(\*|COMMIT)/ { print }
      /^:/ && chain ~ bans && !((table, chain) in there) { comes[table, chain]; print }
      $1 != "-A" { next }
      (table, $2) in comes { print; next }
      $(NF - 1) ~ /^-[jg]$/ && (table, $NF) in comes { sub(/^-A [^ ]+/, "-I " $2 " 1"); print }
    ' | "${family}tables-restore" --wait 10 --noflush 2>/dev/null 9>&- || return 1
  done
}

# What ran before the trial runs again.
replaces_back() {
  [ -f "$RUN/$ID.stopped" ] || return 0
  came_back=yes
  while read -r other its_start; do
    case $other in
      firewalld) systemctl start firewalld.service && until_firewalld ;;
      csf) [ -z "$its_start" ] || systemctl --no-block start lfd.service ;;
    esac </dev/null >/dev/null 2>&1 9>&- || came_back=no
  done <"$RUN/$ID.stopped"
  if [ -f "$RUN/$ID.ran" ]; then
    if [ -s "$RUN/$ID.ran-sets" ]; then ipset restore -exist <"$RUN/$ID.ran-sets" 9>&- || came_back=no; fi
    for family in $(iptables_families); do "${family}tables-restore" --wait 10 <"$RUN/$ID.ran-$family" 9>&- || came_back=no; done
  fi
  [ "$came_back" = yes ] && rm -f "$RUN/$ID.stopped" "$RUN/$ID.ran" "$RUN/$ID.ran"-*
}

# Its name on the bus is there before its rules are.
until_firewalld() {
  tries=0
  until firewalld_answers; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || return 1
    sleep 0.5
  done
}

# About to be confirmed: what a confirm that comes to no end has to finish.
replaces_note() {
  [ -s "$RUN/$ID.stopped" ] || return 0
  { printf '%s\n' "$TOKEN" && cat "$RUN/$ID.stopped"; } 2>/dev/null >"$HOME_FOLDER/replacing.new" &&
    mv -f "$HOME_FOLDER/replacing.new" "$HOME_FOLDER/replacing" && settle "$HOME_FOLDER/replacing"
}

# After a confirm, also one that was ended too early. Of a trial that was never confirmed nothing is left.
replaces_keep() {
  if [ -f "$HOME_FOLDER/replacing" ]; then
    read -r of_token <"$HOME_FOLDER/replacing"
    if [ -f "$HOME_FOLDER/release" ] && [ "$of_token" = "$(head_of "$HOME_FOLDER/release" token)" ]; then
      tail -n +2 "$HOME_FOLDER/replacing" >"$HOME_FOLDER/replaced" && settle "$HOME_FOLDER/replaced"
      while read -r other its_start; do
        disable_other "$other" "$its_start" </dev/null >/dev/null 2>&1 9>&- || logger -t cpanel-edge "$other starts with the device still, beside the rules of $ID" 2>/dev/null
      done <"$HOME_FOLDER/replaced"
      settle_switches
    fi
    rm -f "$HOME_FOLDER/replacing"
  fi
  rm -f "$RUN/$ID.stopped" "$RUN/$ID.ran" "$RUN/$ID.ran"-*
}

# Once the services of a start of the device may be told something.
replaces_complete() {
  if [ -f "$HOME_FOLDER/replacing" ] && ! on_trial >/dev/null; then replaces_keep; fi
}

# They may run again by now: a start of the device comes between.
disable_other() {
  case $1 in
    ufw) ufw --force disable ;;
    csf) csf -x ;;
    apf) apf_says no && apf_flush && rm -f "$RUN/$ID.others" ;;
    iptables) for service in $(iptables_services_on); do systemctl disable --now "$service.service" || return; done ;;
    firewalld) systemctl disable --now firewalld.service ;;
  esac
}

# Where it stands whether they start with the device: a loss of power must not bring back what was there before.
settle_switches() {
  for switch in /etc/ufw /etc/ufw/ufw.conf /etc/csf /etc/default /etc/default/apf-firewall "$SYSTEMD" "$SYSTEMD"/*.wants; do
    if [ -e "$switch" ]; then settle "$switch"; fi
  done
}

apf_says() {
  sed "s/^\([[:space:]]*RUN=\).*/\1\"$1\"/" /etc/default/apf-firewall >/etc/default/apf-firewall.cpanel-edge &&
    mv -f /etc/default/apf-firewall.cpanel-edge /etc/default/apf-firewall
}

# With a retract, before ours go. Where another owner's rules stay on the device, they do without.
replaces_return() {
  [ -s "$HOME_FOLDER/replaced" ] || return 0
  if [ "$(each_home)" = "$ID" ]; then
    while read -r other its_start; do
      enable_other "$other" "$its_start" </dev/null >/dev/null 2>&1 9>&- || return 1
    done <"$HOME_FOLDER/replaced"
    settle_switches
  else
    logger -t cpanel-edge "what $ID had taken the place of stays off: others have rules here" 2>/dev/null
  fi
  rm -f "$HOME_FOLDER/replaced"
}

# What starts programs has to wait, early in a start of the device, until it is through.
enable_other() {
  case $1 in
    ufw) its_return='ufw --force enable' ;;
    csf) its_return="csf -e${2:+; systemctl start $2.service}" ;;
    apf) apf_says yes && its_return='systemctl restart apf-firewall.service' ;;
    iptables) its_return="for s in $2; do systemctl enable --now \$s.service; done" ;;
    firewalld) its_return="systemctl start firewalld.service$([ "$2" = started ] || printf '; systemctl enable firewalld.service')" ;;
  esac
  if [ -n "${booting-}" ]; then
    systemd-run --quiet --no-block --collect --unit="cpanel-edge-returns-$1" /bin/sh -c "$its_return"
  else
    timeout 300 /bin/sh -c "$its_return" && { [ "$1" != firewalld ] || until_firewalld; }
  fi
}
