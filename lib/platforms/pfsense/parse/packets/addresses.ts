import { Address, FAMILY_RANGE, Family, familyOf, parseAddress, prefixRange } from '../../../../net/address';
import { Range, contains, point } from '../../../../net/range';
import { XmlElement } from '../../../../xml/xml';
import { Aliases } from './aliases';
import { Box, BoxInterface, addressOn, networkRange } from '../box/box';
import { isEmpty, isSet, truthyAt } from '../elements/element';
import { prefixAt } from '../elements/literals';
import { ANY, NOBODY, Known, anyPerhaps, eitherOf, inFamily, negated, surely } from '../../../../parse/pf/known';
import { Release } from '../box/release';
import { Unloadable } from '../elements/unloadable';
import { isLocal } from '../box/vips';

/** What an address of an entry is read against. */
export interface Surroundings {
  readonly box: Box;
  readonly aliases: Aliases;
  readonly release: Release;
}

/** The addresses that a `source` or `destination` names; undefined where the box finds none and leaves the entry out. */
export function addressesOf(element: XmlElement | undefined, family: Family, given: Surroundings): Known | undefined {
  if (!element) return undefined;
  if (isEmpty(element)) {
    if (given.release.stopsAtEmptyAddress)
      throw new Unloadable(element, `the generator of ${given.release.name} stops at an empty address`);
    return undefined;
  }
  if (isSet(element, 'any')) return ANY;
  const not = isSet(element, 'not');
  const network = truthyAt(element, 'network');
  if (network !== '') return networkNamed(network, family, not, given);
  const written = truthyAt(element, 'address');
  if (written === '') return undefined;
  const found = addressWritten(element, written, family, given);
  return found && (not ? inFamily(negated(found), family) : found);
}

/** An address, a network or an alias; undefined where it is none of these. */
export function addressWritten(
  element: XmlElement,
  written: string,
  family: Family,
  given: Surroundings,
): Known | undefined {
  const { aliases, release } = given;
  const kind = aliases.kindOf(written);
  if (kind === 'ports') throw new Unloadable(element, `alias ${written} has ports where addresses are needed`);
  if (kind === 'addresses') {
    if (/^\d+$/.test(written))
      throw new Unloadable(element, `alias ${written} is left out for its name, and a rule names it`);
    return aliases.addresses(written, family);
  }
  const prefix = prefixAt(written);
  if (prefix) {
    if (familyOf(prefix.first) !== family)
      throw new Unloadable(element, `${written} is of the other family than its rule`);
    return surely([prefixRange(prefix)]);
  }
  if (release.builtInAliases && /^_.+_$/.test(written))
    return anyPerhaps(`what the built-in alias ${written} holds isn't known`);
  if (/^\d{1,5}([-:]\d{1,5})?$/.test(written))
    throw new Unloadable(element, `${written} is a port where an address is needed`);
  return undefined;
}

const ownOf = (each: BoxInterface, family: Family): BoxInterface['v4'] => (family === 'ip' ? each.v4 : each.v6);

/** Addresses of the box's own on one interface, virtual ones among them. */
export function ownAddresses(each: BoxInterface, family: Family, { box }: Pick<Surroundings, 'box'>): Known {
  const own = ownOf(each, family);
  const vips = (box.vipsOn.get(each.key) ?? []).filter((vip) => isLocal(vip) && vip.family === family);
  const sure = [addressOn(each, family) ?? [], vips].flat();
  const known = surely(sure.map(({ address }) => point(address)));
  return own === 'unknown' ? eitherOf([known, unknownOwn(each, family)]) : known;
}

export const unknownOwn = (each: BoxInterface, family: Family): Known =>
  inFamily(anyPerhaps(`the address of ${each.key} is leased and not known`), family);

/** `(self)`. */
export function everyOwn(family: Family, given: Pick<Surroundings, 'box'>): Known {
  const loopback: readonly Range[] =
    family === 'ip'
      ? [prefixRange(prefixAt('127.0.0.0/8')!)]
      : [point(parseAddress('::1')!), prefixRange(prefixAt('fe80::/10')!)];
  const onLoopback = (given.box.vipsOn.get('lo0') ?? [])
    .filter((vip) => vip.family === family)
    .map(({ address }) => point(address));
  return eitherOf([
    surely([...loopback, ...onLoopback]),
    ...given.box.interfaces.map((each) => inFamily(ownAddresses(each, family, given), family)),
  ]);
}

interface Networks {
  /** How many, as they are written. */
  readonly count: number;
  readonly all: Known;
}

const KNOWN = new WeakMap<BoxInterface, Map<Family, Networks>>();

/** Networks of an interface, found once. */
function networksOn(each: BoxInterface, family: Family, given: Surroundings): Networks {
  const known = KNOWN.get(each) ?? new Map<Family, Networks>();
  KNOWN.set(each, known);
  const found = known.get(family) ?? findNetworks(each, family, given);
  known.set(family, found);
  return found;
}

/** How many networks the name of an interface stands for. */
export const networkCount = (each: BoxInterface, family: Family, given: Surroundings): number =>
  networksOn(each, family, given).count;

/** Its own first, then those of its virtual IPs that lie in none before. */
function findNetworks(each: BoxInterface, family: Family, { box }: Surroundings): Networks {
  const own = ownOf(each, family);
  if (own === undefined) return { count: 0, all: NOBODY };
  const wide: Range[] = own === 'unknown' ? [] : [networkRange(own)];
  const hosts = new Set<bigint>();
  for (const vip of box.vipsOn.get(each.key) ?? []) {
    if (vip.family !== family || hosts.has(vip.address) || wide.some((network) => contains(network, vip.address)))
      continue;
    if (vip.network.first === vip.network.last) hosts.add(vip.address);
    else wide.push(vip.network);
  }
  const networks = [...wide, ...[...hosts].map((host) => point(host))];
  const all = surely(networks);
  return own === 'unknown'
    ? { count: networks.length + 1, all: eitherOf([all, unknownOwn(each, family)]) }
    : { count: networks.length, all };
}

function networkNamed(name: string, family: Family, not: boolean, given: Surroundings): Known | undefined {
  const { box, release } = given;
  const turned = (found: Known): Known => (not ? inFamily(negated(found), family) : found);
  if (name === '(self)') return turned(everyOwn(family, given));
  const each = box.byKey.get(name);
  if (each && !each.virtual) {
    const { count, all } = networksOn(each, family, given);
    if (count === 0) return undefined;
    return not && count > 1 && release.negatesEach ? surely([FAMILY_RANGE[family]]) : turned(all);
  }
  const primary = name.endsWith('ip') ? box.byKey.get(name.slice(0, -2)) : undefined;
  if (primary && !primary.virtual) {
    const own = ownOf(primary, family);
    if (own === undefined) return undefined;
    return turned(own === 'unknown' ? unknownOwn(primary, family) : surely([point(own.address)]));
  }
  const group = box.groups.get(name);
  if (group) {
    if (!release.groupNetworks) return undefined;
    return turned(eitherOf([NOBODY, ...group.map((member) => networksOn(member, family, given).all)]));
  }
  // Keys that no interface has: the box finds nothing either.
  if (/^(wan|lan|opt\d+)(ip)?$/.test(name)) return undefined;
  return inFamily(anyPerhaps(`what ${name.slice(0, 80)} stands for isn't known`), family);
}

/** The one address of an interface that is named by `wanip` and the like. */
export function primaryAddress(box: Box, name: string, family: Family): Address | 'unknown' | undefined {
  const each = name.endsWith('ip') ? box.byKey.get(name.slice(0, -2)) : undefined;
  const own = each && ownOf(each, family);
  return own === undefined || own === 'unknown' ? own : own.address;
}
