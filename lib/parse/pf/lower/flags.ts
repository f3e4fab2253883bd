import { PROTOCOL } from '../../../net/packet';
import { PacketMap } from '../../../net/packet-map';
import { point } from '../../../net/range';
import { PfFilterRule, PfFlags, PfRules } from '../model';

/** A TCP connection begins with this flag alone. */
export const SYN = 0b10;
/** What an answer to the first packet of a TCP connection has, which a rule with `S/SA` doesn't match. */
export const SYN_ACK = SYN | 0b1_0000;
const AMONG_FIRST = 0b1_0111;
const ALL_FLAGS = 256;
const S_SA: readonly PfFlags[] = [{ wanted: SYN, among: 0b1_0010 }];
const NONE: readonly PfFlags[] = [];

/** Source: FreeBSD pfctl, parse.y: flags are S/SA by default on rules that keep state. */
export const flagsAsked = ({
  flags,
  action,
  state,
}: Pick<PfFilterRule, 'flags' | 'action' | 'state'>): readonly PfFlags[] =>
  flags ?? (action === 'pass' && state ? S_SA : NONE);

/** Whether a packet of TCP with these flags is one that the rule is about. */
export const hasFlags = (rule: PfFilterRule, has: number): boolean =>
  flagsAsked(rule).every(({ wanted, among }) => (has & among) === wanted);

export const TCP = PacketMap.set({ protocol: [point(PROTOCOL.tcp)] });

/** The rules as packets meet them that have these flags if they are of TCP. */
export function seenWith(rules: PfRules, has: number): PfRules {
  if (rules.filter.every((rule) => hasFlags(rule, has))) return rules;
  return {
    ...rules,
    filter: rules.filter.map((rule): PfFilterRule => {
      if (hasFlags(rule, has)) return rule;
      const { perhaps, packets, ...rest } = rule;
      const left = { ...rest, packets: packets.apartFrom(TCP) };
      return perhaps ? { ...left, perhaps: { ...perhaps, packets: perhaps.packets.apartFrom(TCP) } } : left;
    }),
  };
}

/** Rules that block packets of TCP by their flags may let a connection begin and end it then. */
export const blocksByFlags = ({ filter }: PfRules): boolean =>
  filter.some(({ action, flags }) => action === 'block' && (flags?.length ?? 0) > 0);

/** Flags of packets that begin no connection: one for each kind that these rules tell apart. */
export function strayFlags({ filter }: PfRules): readonly number[] {
  const tests = [...new Map(filter.flatMap(flagsAsked).map((test) => [`${test.wanted}/${test.among}`, test])).values()];
  const kinds = new Map<string, number>();
  for (let has = 0; has < ALL_FLAGS; has++) {
    if ((has & AMONG_FIRST) === SYN) continue;
    const kind = tests.map(({ wanted, among }) => ((has & among) === wanted ? 1 : 0)).join('');
    if (!kinds.has(kind)) kinds.set(kind, has);
  }
  return [...kinds.values()];
}

/**
 * Whether packets that begin no connection meet the rules as first ones do, some of them, and the others fewer rules that pass: then what
 * some of them pass is what first packets are. A rule that is left out leaves its packets to one that leads elsewhere, if any does.
 */
export function passNoMoreThanFirst(rules: PfRules): boolean {
  const filter = rules.filter.filter(({ action }) => action !== 'match');
  const differing = strayFlags(rules).map((has) =>
    filter.filter((rule) => hasFlags(rule, has) !== hasFlags(rule, SYN)),
  );
  return (
    differing.some((some) => some.length === 0) &&
    differing.flat().every((rule) => rule.action === 'pass' && hasFlags(rule, SYN)) &&
    filter.every((rule) => rule.routedTo === undefined || leavesThere(rule))
  );
}

/** `pass out on em0 route-to (em0 …)`: where it leaves anyway. */
const leavesThere = ({ way, on, routedTo }: PfFilterRule): boolean =>
  way === 'out' && on !== 'any' && 'is' in on && on.is.every((name) => name === routedTo);
