# Programs of others that decide at the next start of the device whether the rules of a release run: those that load it, and firewalls beside it. The
# words are those of a line of `status`.

# $1: the name of rules. Prints why the program that loads them does not start with the device, or nothing.
start_faults() {
  by_program start_faults "$1"
}

# Prints why the unit $2 of the program $1 does not start with the device, or nothing.
unit_start_fault() {
  case $(systemctl is-enabled "$2" 2>/dev/null 9>&-) in
    enabled) ;;
    masked*) printf '%s-masked\n' "$1" ;;
    *) printf '%s-%s\n' "$1" "${3:-not-enabled}" ;;
  esac
}
