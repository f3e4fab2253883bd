import { Field } from '../stages/fields';
import { Condition, End, isDrop } from '../stages/model';

export const BY_FIRST_HEADER = '"ip6 nexthdr" is not asked of what has another header in front';
export const isFirstHeader = ({ name }: Field): boolean => name === 'ip6 nexthdr';

/**
 * Segments with which a connection begins: SYN, and with it what whoever sends it likes. Conntrack takes them for new, and a listening socket of Linux
 * answers: seen, 6.18. Source: tcp_valid_flags in nf_conntrack_proto_tcp.c; tcp_rcv_state_process in tcp_input.c.
 */
const FIRST_SEGMENTS = [0x08, 0x20, 0x40, 0x80].reduce<readonly number[]>((all, bit) => [...all, ...all.map((one) => one | bit)], [0x02]);

/**
 * Why what a rule drops may go by it, where that is up to who sends it. `ip6 nexthdr tcp drop` is asked of the first header alone: a socket of
 * Linux puts another one in front if it is asked to, and the session works (seen, 6.18). `--tcp-flags ALL SYN -j DROP` lets by what has PSH, too.
 */
export function goesBy(conditions: readonly Condition[], end: End | undefined): string | undefined {
  if (!isDrop(end)) return undefined;
  if (conditions.some((one) => one.is === 'member' && !one.negated && one.fields.some(isFirstHeader))) return BY_FIRST_HEADER;
  if (conditions.some((one) => one.is === 'fact' && one.field.name === 'tcp flags' && tellsApart(one.holds)))
    return 'a first segment may have PSH or URG beside SYN';
  return undefined;
}

const tellsApart = (holds: (flags: number) => boolean): boolean => holds(0x02) && !FIRST_SEGMENTS.every(holds);

/** Headers that stand in front of another one, and by which a packet is let in all the same. */
export const IN_FRONT = [0, 43, 44, 60];

/** Of a rule that doesn't drop: `ip6 nexthdr != tcp accept` lets in what has another header in front of TCP. */
export function byFirstHeader(condition: Condition, line: number): Condition {
  if (condition.is !== 'member' || condition.fields.length !== 1 || !isFirstHeader(condition.fields[0]!)) return condition;
  const { fields, members, negated } = condition;
  const isListed = (number: number): boolean =>
    members.tuples.some(({ values: [value] }) => value?.is !== 'numbers' || (value.range.first <= number && number <= value.range.last));
  if (IN_FRONT.every((number) => isListed(number) === negated)) return condition;
  const because = `line ${line}: "ip6 nexthdr" is asked of the first header alone`;
  return { is: 'joined', fields, both: [condition], loose: { is: 'has', fields }, because };
}
