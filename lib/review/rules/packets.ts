import { parsePrefix, prefixRange } from '../../net/address';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { Range } from '../../net/range';
import { Refusal } from '../../problems/problem';
import { AllowedOpening, ReviewRules } from '../rules';
import * as say from './problems';
import { servicePackets } from '../../intent/service-packets';

/** One review rule and the packets that break it. */
interface Broken {
  /** As it stands in the file: `forbidden: mysql`. */
  readonly rule: string;
  readonly packets: PacketSet;
}

/** Review rules as sets of packets that come from outside. */
interface RulePackets {
  readonly forbidden: readonly Broken[];
  readonly admin: readonly Broken[];
  /** What may be reachable at public addresses; undefined: it isn't said. */
  readonly allowed: PacketSet | undefined;
  /** The same at an address that isn't public, which no `to` can name. */
  readonly allowedInside: PacketSet | undefined;
}

export function packetsOf(rules: ReviewRules): RulePackets {
  const admin = rules.admin ?? [];
  // Who may administer may reach it: said once, not again under "allowed".
  const administrators = admin.map(({ services, from }): AllowedOpening => ({ services, from }));
  const allowed = rules.allowed && [...rules.allowed, ...administrators];
  return {
    forbidden: (rules.forbidden ?? []).map((name) => ({ rule: `forbidden: ${name}`, packets: serviceSet([name]) })),
    admin: admin.map(({ services, from }) => ({
      rule: `admin: ${services.join(', ')} from ${from.join(', ')} alone`,
      packets: adminBroken(services, from),
    })),
    allowed: allowed && allowedSet(allowed),
    allowedInside:
      allowed && allowedSet(allowed.map(({ services, from }) => ({ services, ...(from ? { from } : {}) }))),
  };
}

export const allowedSet = (entries: readonly AllowedOpening[]): PacketSet =>
  PacketMap.first(
    entries.map(({ services, from, to }) =>
      serviceSet(services).within(
        PacketMap.set({ ...(from ? { source: rangesOf(from) } : {}), ...(to ? { destination: rangesOf(to) } : {}) }),
      ),
    ),
  );

export const adminBroken = (services: readonly string[], from: readonly string[]): PacketSet =>
  serviceSet(services).apartFrom(PacketMap.set({ source: rangesOf(from) }));

/** Throws Refusal where the rules didn't come from the parser and name what there isn't. */
export const serviceSet = (names: readonly string[]): PacketSet =>
  PacketMap.first(
    names.map((name) => servicePackets(name) ?? refused(say.unknownService('review rules', name, undefined))),
  );

const rangesOf = (texts: readonly string[]): readonly Range[] =>
  texts.map((text) => {
    const prefix = parsePrefix(text);
    return prefix ? prefixRange(prefix) : refused(say.badAddress('review rules', text));
  });

function refused(problem: ReturnType<typeof say.badAddress>): never {
  throw new Refusal([problem]);
}
