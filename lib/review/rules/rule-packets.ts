// Converts review rules (`forbidden`, `admin`, `allowed`) to packet sets: packets that break each rule, and packets
// that may be reachable.

import { parsePrefix, toRange } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { Refusal } from '../../problems/problem';
import { AllowedOpening, ReviewRules } from '../rules';
import * as say from './rules-problems';
import { findServicePackets } from '../../intent/service-packets';

/** One review rule and the packets that break it. */
interface RuleViolation {
  /** The rule as it stands in the file: `forbidden: mysql`. */
  readonly rule: string;
  readonly packets: PacketSet;
}

/** The review rules as sets of packets that come from outside. */
interface RulePackets {
  readonly forbidden: readonly RuleViolation[];
  readonly admin: readonly RuleViolation[];
  /** Packets that may be reachable at public addresses. Undefined: the rules have no `allowed`. */
  readonly allowed: PacketSet | undefined;
  /** The same at addresses that aren't public, which no `to` can name. */
  readonly allowedInside: PacketSet | undefined;
}

export function toRulePackets(rules: ReviewRules): RulePackets {
  const adminEntries = rules.admin ?? [];
  // Services of "admin" are allowed from their sources without an entry under "allowed".
  const administrators = adminEntries.map(({ services, from }): AllowedOpening => ({ services, from }));
  const allowedEntries = rules.allowed && [...rules.allowed, ...administrators];
  return {
    forbidden: (rules.forbidden ?? []).map((name) => ({
      rule: `forbidden: ${name}`,
      packets: toServicePackets([name]),
    })),
    admin: adminEntries.map(({ services, from }) => ({
      rule: `admin: ${services.join(', ')} from ${from.join(', ')} alone`,
      packets: toAdminViolations(services, from),
    })),
    allowed: allowedEntries && toAllowedPackets(allowedEntries),
    allowedInside:
      allowedEntries &&
      toAllowedPackets(allowedEntries.map(({ services, from }) => ({ services, ...(from ? { from } : {}) }))),
  };
}

export const toAllowedPackets = (entries: readonly AllowedOpening[]): PacketSet =>
  PacketMap.mergeFirst(
    entries.map(({ services, from, to }) =>
      toServicePackets(services).intersect(
        PacketMap.createSet({
          ...(from ? { source: parseRanges(from) } : {}),
          ...(to ? { destination: parseRanges(to) } : {}),
        }),
      ),
    ),
  );

export const toAdminViolations = (services: readonly string[], sources: readonly string[]): PacketSet =>
  toServicePackets(services).subtract(PacketMap.createSet({ source: parseRanges(sources) }));

/**
 * Returns the packets of the named services.
 *
 * @throws Refusal rules/unknown-service where the rules didn't come from the parser and name an unknown service
 */
export const toServicePackets = (names: readonly string[]): PacketSet =>
  PacketMap.mergeFirst(
    names.map(
      (name) => findServicePackets(name) ?? throwRefusal(say.createUnknownService('review rules', name, undefined)),
    ),
  );

const parseRanges = (texts: readonly string[]): readonly Range[] =>
  texts.map((text) => {
    const prefix = parsePrefix(text);
    return prefix ? toRange(prefix) : throwRefusal(say.createBadAddress('review rules', text));
  });

function throwRefusal(problem: ReturnType<typeof say.createBadAddress>): never {
  throw new Refusal([problem]);
}
