// Computes which TCP packets pf's rules match by their flags (`flags S/SA`), for packets that begin a connection and
// for stray ones.

import { PROTOCOL } from '../../../net/packet';
import { PacketMap } from '../../../net/packet-map';
import { toSingleRange } from '../../../net/range';
import { PfFilterRule, PfFlags, PfRules } from '../model';

/** A TCP connection begins with this flag alone. */
export const SYN = 0b10;
/** The flags of the answer to a TCP connection's first packet. A rule with `S/SA` doesn't match it. */
export const SYN_ACK = SYN | 0b1_0000;
const FIRST_PACKET_MASK = 0b1_0111;
const FLAG_COMBINATIONS = 256;
const SYN_WITHOUT_ACK: readonly PfFlags[] = [{ set: SYN, mask: 0b1_0010 }];
const NO_TESTS: readonly PfFlags[] = [];

/**
 * Returns the flag tests of a rule. Flags are S/SA by default on rules that keep state. Source: FreeBSD pfctl, parse.y.
 */
export const getFlagTests = ({
  flags,
  action,
  state,
}: Pick<PfFilterRule, 'flags' | 'action' | 'state'>): readonly PfFlags[] =>
  flags ?? (action === 'pass' && state ? SYN_WITHOUT_ACK : NO_TESTS);

/** Returns whether a rule matches TCP packets with these flags. */
export const matchesFlags = (rule: PfFilterRule, flags: number): boolean =>
  getFlagTests(rule).every(({ set, mask }) => (flags & mask) === set);

export const TCP_PACKETS = PacketMap.createSet({ protocol: [toSingleRange(PROTOCOL.tcp)] });

/** Returns the rules for packets with these flags, if they are of TCP. */
export function narrowToFlags(rules: PfRules, flags: number): PfRules {
  if (rules.filter.every((rule) => matchesFlags(rule, flags))) return rules;
  return {
    ...rules,
    filter: rules.filter.map((rule): PfFilterRule => {
      if (matchesFlags(rule, flags)) return rule;
      const { uncertain, packets, ...otherProperties } = rule;
      const withoutTcp = { ...otherProperties, packets: packets.subtract(TCP_PACKETS) };
      return uncertain ? { ...withoutTcp, uncertain: removeTcp(uncertain) } : withoutTcp;
    }),
  };
}

type UncertainPackets = NonNullable<PfFilterRule['uncertain']>;

const removeTcp = ({ packets, reason, newClient }: UncertainPackets): UncertainPackets => ({
  packets: packets.subtract(TCP_PACKETS),
  reason,
  ...(newClient && { newClient: newClient.subtract(TCP_PACKETS) }),
});

/** Returns whether rules block TCP packets by their flags. Such rules may let a connection begin and end it then. */
export const blocksByFlags = ({ filter }: PfRules): boolean =>
  filter.some(({ action, flags }) => action === 'block' && (flags?.length ?? 0) > 0);

/** Returns flags of packets that begin no connection: one value for each kind that these rules tell apart. */
export function listStrayFlags({ filter }: PfRules): readonly number[] {
  const tests = [...new Map(filter.flatMap(getFlagTests).map((test) => [`${test.set}/${test.mask}`, test])).values()];
  const kinds = new Map<string, number>();
  for (let flags = 0; flags < FLAG_COMBINATIONS; flags++) {
    if ((flags & FIRST_PACKET_MASK) === SYN) continue;
    const kind = tests.map(({ set, mask }) => ((flags & mask) === set ? 1 : 0)).join('');
    if (!kinds.has(kind)) kinds.set(kind, flags);
  }
  return [...kinds.values()];
}

/**
 * Returns whether packets that begin no connection have the outcomes of first packets. Some of them match the same
 * rules as first packets do, and the others match fewer rules that pass. A rule that doesn't match leaves its packets
 * to a later rule, which could route them elsewhere; rules that do so are excluded.
 */
export function passesOnlyFirst(rules: PfRules): boolean {
  const filter = rules.filter.filter(({ action }) => action !== 'match');
  const differing = listStrayFlags(rules).map((flags) =>
    filter.filter((rule) => matchesFlags(rule, flags) !== matchesFlags(rule, SYN)),
  );
  return (
    differing.some((differences) => differences.length === 0) &&
    differing.flat().every((rule) => rule.action === 'pass' && matchesFlags(rule, SYN)) &&
    filter.every((rule) => rule.routedTo === undefined || leavesByRoutedInterface(rule))
  );
}

/** `pass out on em0 route-to (em0 …)`: the packet leaves by this interface anyway. */
const leavesByRoutedInterface = ({ direction, on, routedTo }: PfFilterRule): boolean =>
  direction === 'out' && on !== 'any' && 'is' in on && on.is.every((name) => name === routedTo);
