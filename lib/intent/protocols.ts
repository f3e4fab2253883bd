// Parses entries of an intent that have no ports: ICMP with types, or an IP protocol such as GRE or ESP. Returns allow
// rules.

import type { z } from 'zod';
import { FAMILY_RANGE } from '../net/address';
import { intersectRanges } from '../net/range';
import { AllowRule } from '../policy/policy';
import { IntentFields, IntentLocation, isToken, parseText, parseInteger } from './fields';
import { protocolEntrySchema, serviceFieldsSchema } from './intent-schemas';
import { PORT_PROTOCOL_NUMBERS, parseNumbers } from './ports';
import * as say from './problems/service-problems';
import * as shape from './problems/field-problems';
import { ResolvedSources } from './sources';

const NAMED_PROTOCOLS = { icmp: 1, icmpv6: 58, gre: 47, esp: 50, ah: 51 } as const satisfies Readonly<
  Record<Extract<z.infer<typeof protocolEntrySchema>['protocol'], string>, number>
>;
export const ICMP = 1;
export const ICMPV6 = 58;

/** Parses an entry without ports: ICMP with its types, or a protocol that has neither ports nor types. */
export function parseProtocolEntry(
  fields: IntentFields<typeof serviceFieldsSchema>,
  location: IntentLocation,
  sources: ResolvedSources | 'unset' | 'problem',
  because: string | undefined,
): readonly AllowRule[] {
  const protocol = parseProtocol(fields);
  if (protocol === undefined) return [];
  const portProtocol = Object.entries(PORT_PROTOCOL_NUMBERS).find(([, number]) => number === protocol);
  if (portProtocol) return location.report(say.describeMissingPorts(location.where, portProtocol[0])) ?? [];
  const hasTypes = protocol === ICMP || protocol === ICMPV6;
  if (!hasTypes && fields.has('types'))
    return location.report(say.describeFieldWithoutEffect(location.where, 'types', `protocol ${protocol}`)) ?? [];
  if (hasTypes && !fields.has('types'))
    return location.report(say.describeMissingTypes(location.where, protocol === ICMP ? 'icmp' : 'icmpv6')) ?? [];
  const types = hasTypes ? parseIcmpTypes(fields.getValue('types'), fields.getLocation('types')) : ('all' as const);
  if (types === undefined || sources === 'problem' || sources === 'unset') return [];
  const familySources = hasTypes ? selectFamilySources(protocol, sources) : sources;
  if (familySources === undefined) {
    return (
      location.report(
        say.describeOtherFamily(
          location.where,
          protocol === ICMP ? 'icmp' : 'icmpv6',
          protocol === ICMP ? 'IPv4' : 'IPv6',
        ),
      ) ?? []
    );
  }
  return [
    { protocol, ports: types, sources: familySources, management: false, origin: because ?? `protocol ${protocol}` },
  ];
}

function parseProtocol(fields: IntentFields<typeof serviceFieldsSchema>): number | undefined {
  if (!fields.requireField('protocol', '"tcp", "udp" or another protocol')) return undefined;
  const value = fields.getValue('protocol');
  const location = fields.getLocation('protocol');
  if (typeof value === 'number' && !isToken(value))
    return parseInteger(value, location, protocolEntrySchema.shape.protocol);
  const text = parseText(value, location, 'The name or the number of a protocol');
  if (text === undefined) return undefined;
  const names = { ...NAMED_PROTOCOLS, ...PORT_PROTOCOL_NUMBERS };
  const namedProtocol = Object.entries(names).find(([name]) => name === text);
  return namedProtocol
    ? namedProtocol[1]
    : location.report(shape.describeUnknownChoice(location.where, text, Object.keys(names)));
}

const parseIcmpTypes = (value: unknown, location: IntentLocation): AllowRule['ports'] | undefined =>
  parseNumbers(
    value,
    location,
    protocolEntrySchema.shape.types.unwrap(),
    'A list of ICMP types: [8]',
    'At least one type: [8].',
  );

/** Returns the sources that can send this family's ICMP, or undefined if there are none. */
export function selectFamilySources(protocol: number, sources: ResolvedSources): ResolvedSources | undefined {
  if (sources === 'anywhere') return sources;
  const family = FAMILY_RANGE[protocol === ICMP ? 'ip' : 'ip6'];
  const familyRanges = sources.flatMap((range) => {
    const familyRange = intersectRanges(range, family);
    return familyRange ? [familyRange] : [];
  });
  return familyRanges.length > 0 ? familyRanges : undefined;
}
