import { LINK_LOCAL, prefixOf, touches } from './addresses';
import { Prefix, familyOf, isHost, networkOf, prefixRange, printPrefix } from '../net/address';
import { contains, covers } from '../net/range';
import { VirtualIp } from '../policy/policy';
import { Fields, Place } from './fields';
import { KnownInterface, behind, knownInterfaceOf, onInnerWire, withoutEdge } from './interfaces';
import { KEYS } from './keys';
import * as address from './problems/address';
import * as say from './problems/gateway';

const KINDS = ['ip-alias', 'carp', 'proxy-arp', 'other'] as const;

/** A virtual IP but for what it answers, and the fields in which that is written. */
interface VirtualIpDraft {
  readonly fields: Fields;
  readonly vip: Omit<VirtualIp, 'answers'>;
}

/** What the platform has. */
export interface VirtualIpsOf {
  /** The kind of one that says none. */
  readonly otherwise: VirtualIp['kind'];
  /** Where it has no CARP, that is what is said of one, and no settings are asked for. */
  readonly carp: boolean;
}

export function virtualIpOf(
  value: unknown,
  place: Place,
  interfaces: readonly KnownInterface[],
  can: VirtualIpsOf,
): VirtualIpDraft | undefined {
  const fields = Fields.of(value, place, 'An object with name and address', KEYS.virtualIp, false, [], ['gateway']);
  if (!fields) return undefined;
  const name = fields.name('name');
  const on = outsideInterface(fields, interfaces);
  const kind = fields.choiceOr('kind', KINDS, can.otherwise);
  const outside = fields.needed('address', '"203.0.113.10", for example', (value, at) =>
    publicPrefixOf(value, at, 'a virtual IP', interfaces),
  );
  if (outside && on) refuseElsewhere({ outside, kind }, fields.at('address'), on, interfaces);
  const isWide = outside !== undefined && !isHost(outside) && (kind === 'ip-alias' || kind === 'carp');
  if (isWide) place.add(say.singleOnly(fields.at('address').where, kind));
  const mask = outside && on && kind !== undefined ? maskOf(fields, outside, on, kind) : undefined;
  const carp = kind === undefined ? undefined : carpOf(fields, place, kind, can);
  if (
    name === undefined ||
    on === undefined ||
    kind === undefined ||
    outside === undefined ||
    mask === undefined ||
    isWide
  )
    return undefined;
  return { fields, vip: { name, interface: on.has.name, outside, mask, kind, ...(carp ? { carp } : {}) } };
}

function outsideInterface(fields: Fields, interfaces: readonly KnownInterface[]): KnownInterface | undefined {
  const place = fields.at('interface');
  const outside = interfaces.filter(({ has }) => has.role === 'outside');
  const names = outside.map(({ has }) => has.name);
  if (!fields.has('interface'))
    return outside.length === 1 ? outside[0] : place.add(say.interfaceUnset(place.where, names));
  const found = knownInterfaceOf(fields.raw('interface'), place, interfaces);
  if (!found || found.has.role === 'outside') return found;
  return place.add(say.notOutside(place.where, found.has.name, names));
}

/** A public address or subnet: IPv4, routed, not the gateway's own, and a host's where it is one address. */
export function publicPrefixOf(
  value: unknown,
  place: Place,
  thing: string,
  interfaces: readonly KnownInterface[],
): Prefix | undefined {
  const prefix = prefixOf(value, place, 'The public prefixes themselves, each as a virtual IP or mapping.');
  if (!prefix) return undefined;
  const text = printPrefix(prefix);
  const range = prefixRange(prefix);
  if (familyOf(prefix.first) === 'ip6') return place.add(address.wrongFamily(place.where, text, thing));
  if (touches(LINK_LOCAL, range)) return place.add(say.linkLocal(place.where, text));
  for (const { has } of interfaces) {
    for (const own of has.addresses) {
      if (contains(range, own.address)) return place.add(say.ownAddress(place.where, text, has.name));
    }
  }
  return withoutEdge(prefix, place, interfaces);
}

/** What arrives by another interface, or by none that is told: only kind `other` says by itself that it is routed here. */
function refuseElsewhere(
  { outside, kind = 'other' }: { readonly outside: Prefix; readonly kind: VirtualIp['kind'] | undefined },
  place: Place,
  on: KnownInterface,
  interfaces: readonly KnownInterface[],
): void {
  const other = interfaces.find(
    (one) => one !== on && one.publicPrefixes.some(({ prefix }) => covers(prefixRange(prefix), prefixRange(outside))),
  );
  const found = behind(interfaces, outside);
  const here = on.publicPrefixes.some(({ prefix }) => covers(prefixRange(prefix), prefixRange(outside)));
  if (here) {
    const inner = onInnerWire(interfaces, prefixRange(outside));
    if (inner) place.add(say.onInnerWire(place.where, printPrefix(outside), inner));
    return;
  }
  if (other) place.add(say.elsewhere(place.where, printPrefix(outside), other.has));
  else if (found && found !== on) place.add(say.elsewhere(place.where, printPrefix(outside), found.has));
  else if (!found && (kind !== 'other' || on.publicPrefixes.length > 0))
    place.add(say.notPublicHere(place.where, printPrefix(outside), on.has.name));
}

function maskOf(fields: Fields, outside: Prefix, on: KnownInterface, kind: VirtualIp['kind']): number | undefined {
  if (fields.has('mask')) {
    const mask = fields.whole('mask', 1, 32);
    if (mask === undefined || mask <= outside.length) return mask;
    return fields.at('mask').add(say.maskTooLong(fields.at('mask').where, mask, printPrefix(outside)));
  }
  if (kind === 'proxy-arp' || kind === 'other') return outside.length;
  const networks = on.has.addresses.map((own) => networkOf(own.address, own.length));
  const within = networks.filter((network) => covers(prefixRange(network), prefixRange(outside)));
  return Math.max(...within.map(({ length }) => length), -1) === -1
    ? outside.length
    : Math.max(...within.map(({ length }) => length));
}

function carpOf(
  fields: Fields,
  place: Place,
  kind: VirtualIp['kind'],
  can: VirtualIpsOf,
): VirtualIp['carp'] | undefined {
  if (kind !== 'carp') return fields.has('carp') ? place.add(say.carpUnused(fields.at('carp').where, kind)) : undefined;
  if (!fields.has('carp')) return can.carp ? place.add(say.carpMissing(place.where)) : undefined;
  const carp = Fields.of(fields.raw('carp'), fields.at('carp'), 'An object: { vhid: 10 }', KEYS.carp);
  const vhid = carp?.whole('vhid', 1, 255);
  const advertiseSeconds = carp?.wholeOr('advertiseSeconds', 1, 254, 1);
  const skew = carp?.wholeOr('skew', 0, 254, 0);
  return vhid === undefined || advertiseSeconds === undefined || skew === undefined
    ? undefined
    : { vhid, advertiseSeconds, skew };
}
