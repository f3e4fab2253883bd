# The command.

wanted=${1-}
[ $# -gt 0 ] && shift
[ "$wanted" = protocol ] || is_root || refuse not-root
# Nobody who logs in may flush rules or end a trial: logins of before protocol 6 may call the whole program.
case $wanted in
  boot | rules | service | addresses | undo | served) [ "${SUDO_UID:-0}" = 0 ] || refuse not-by-sudo ;;
esac
if [ "$wanted" != protocol ] && [ "${SUDO_UID:-0}" != 0 ]; then by_service "$wanted" "$@"; fi
if [ "$wanted" = served ]; then
  take_served "$@"
  wanted=$3
  shift 3
fi

run_command() {
  hear_signals
  case $wanted in
    protocol) command_protocol "$@" ;;
    facts) command_facts "$@" ;;
    upload) command_upload "$@" ;;
    check) command_check "$@" ;;
    arm) command_arm "$@" ;;
    read) command_read "$@" ;;
    confirm) command_confirm "$@" ;;
    rollback) command_rollback "$@" ;;
    undo) command_undo "$@" ;;
    outcome) command_outcome "$@" ;;
    retract) command_retract "$@" ;;
    forget) command_forget "$@" ;;
    accept) command_accept "$@" ;;
    status) command_status "$@" ;;
    look) command_look "$@" ;;
    boot) command_boot "$@" ;;
    rules) command_rules "$@" ;;
    units) command_units "$@" ;;
    service) command_service "$@" ;;
    addresses) command_addresses "$@" ;;
    *) refuse unknown-command ;;
  esac
}

case $wanted in
  # They take no lock, and may say much.
  protocol | facts | read | look) run_command "$@" ;;
  *)
    # The command ends, and with it its lock, before its answer is printed: a reader that stops keeps no other command waiting. Where a login has started
    # it by sudo, messages of other programs could stop there, too: they are for root.
    [ "${SUDO_UID:-0}" = 0 ] || exec 2>/dev/null
    whole_answer=$(run_command "$@")
    answer_status=$?
    [ -z "$whole_answer" ] || printf '%s\n' "$whole_answer" 2>/dev/null
    exit "$answer_status"
    ;;
esac
