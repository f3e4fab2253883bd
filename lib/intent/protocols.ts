import { FAMILY_RANGE } from '../net/address';
import { overlap } from '../net/range';
import { Opening } from '../policy/policy';
import { Fields, Place, isToken, textOf, wholeOf } from './fields';
import { PROTOCOLS, numbersOf } from './ports';
import * as say from './problems/openings';
import * as shape from './problems/shape';
import { SettledSources } from './sources';

const NAMED = { icmp: 1, icmpv6: 58, gre: 47, esp: 50, ah: 51 } as const;
export const ICMP = 1;
export const ICMPV6 = 58;

/** An entry without ports: ICMP with its types, or a protocol that has neither. */
export function protocolOpening(
  fields: Fields,
  place: Place,
  sources: SettledSources | 'unset' | 'problem',
  because: string | undefined,
): readonly Opening[] {
  const protocol = protocolOf(fields);
  if (protocol === undefined) return [];
  const ported = Object.entries(PROTOCOLS).find(([, number]) => number === protocol);
  if (ported) return place.add(say.portsMissing(place.where, ported[0])) ?? [];
  const typed = protocol === ICMP || protocol === ICMPV6;
  if (!typed && fields.has('types'))
    return place.add(say.withoutEffect(place.where, 'types', `protocol ${protocol}`)) ?? [];
  if (typed && !fields.has('types'))
    return place.add(say.typesMissing(place.where, protocol === ICMP ? 'icmp' : 'icmpv6')) ?? [];
  const types = typed ? typesOf(fields.raw('types'), fields.at('types')) : ('all' as const);
  if (types === undefined || sources === 'problem' || sources === 'unset') return [];
  const own = typed ? ofFamily(protocol, sources) : sources;
  if (own === undefined) {
    return (
      place.add(
        say.otherFamily(place.where, protocol === ICMP ? 'icmp' : 'icmpv6', protocol === ICMP ? 'IPv4' : 'IPv6'),
      ) ?? []
    );
  }
  return [{ protocol, ports: types, sources: own, management: false, because: because ?? `protocol ${protocol}` }];
}

function protocolOf(fields: Fields): number | undefined {
  if (!fields.required('protocol', '"tcp", "udp" or another protocol')) return undefined;
  const value = fields.raw('protocol');
  const place = fields.at('protocol');
  if (typeof value === 'number' && !isToken(value)) return wholeOf(value, place, 1, 254);
  const text = textOf(value, place, 'The name or the number of a protocol');
  if (text === undefined) return undefined;
  const names = { ...NAMED, ...PROTOCOLS };
  const known = Object.entries(names).find(([name]) => name === text);
  return known ? known[1] : place.add(shape.unknownChoice(place.where, text, Object.keys(names)));
}

const typesOf = (value: unknown, place: Place): Opening['ports'] | undefined =>
  numbersOf(value, place, 'A list of ICMP types: [8]', 'At least one type: [8].', [0, 255], 256);

/** The sources that can send this family's ICMP; undefined when there are none. */
export function ofFamily(protocol: number, sources: SettledSources): SettledSources | undefined {
  if (sources === 'anywhere') return sources;
  const family = FAMILY_RANGE[protocol === ICMP ? 'ip' : 'ip6'];
  const own = sources.flatMap((range) => {
    const part = overlap(range, family);
    return part ? [part] : [];
  });
  return own.length > 0 ? own : undefined;
}
