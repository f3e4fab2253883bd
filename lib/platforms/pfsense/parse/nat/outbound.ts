import { FAMILIES, Family, familyOf, networkOf, parseAddress, prefixRange } from '../../../../net/address';
import { points } from '../../../../net/device';
import { PfNat } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings, addressWritten, addressesOf, everyOwn, primaryAddress } from '../packets/addresses';
import { askedBy } from './asked-by';
import { BoxInterface, addressOn, namesOf } from '../box/box';
import { childOf, isEmpty, isSet, listOf, textAt } from '../elements/element';
import { lineOf } from '../elements/line-of';
import { prefixAt } from '../elements/literals';
import { matched } from '../../../../parse/pf/matched';
import { ANY, Known, KnownPorts, anyPerhaps, inFamily, negated, onlyOne } from '../../../../parse/pf/known';
import { portsWritten, protocolsNamed } from '../packets/services';
import { Unloadable } from '../elements/unloadable';

/** Outbound NAT that people wrote; it counts in the modes `advanced` and `hybrid`. */
export function manualOutbound(given: Surroundings): readonly PfNat[] {
  const outbound = childOf(given.box.root, 'nat', 'outbound');
  if (!['advanced', 'hybrid'].includes(textAt(outbound, 'mode'))) return [];
  return listOf(outbound, 'rule').flatMap((element, at) =>
    isSet(element, 'disabled') || isEmpty(element) ? [] : manual(element, at + 1, given),
  );
}

function manual(element: XmlElement, position: number, given: Surroundings): readonly PfNat[] {
  if (/[\r\n]/.test(textAt(element, 'descr')))
    throw new Unloadable(
      element,
      'after the line break in the description of this outbound NAT entry the rest is a rule of its own',
    );
  const key = textAt(element, 'interface');
  const names = namesOf(given.box, key);
  if (!names) return [];
  const nonat = isSet(element, 'nonat');
  const line = lineOf(element, `${nonat ? 'no ' : ''}outbound NAT ${position} on ${key}`);
  const target = targetText(element, given);
  return familiesOf(element, target, given).flatMap((family): readonly PfNat[] => {
    const source = sideOf(element, 'source', family, given);
    const destination = sideOf(element, 'destination', family, given);
    if (!source || !destination) return [];
    const service = serviceOf(element, given);
    const match = matched({ line, on: { is: names }, family, source, destination, ...service });
    const common = {
      ...match,
      pass: false,
      asks: askedBy(element, key, family, textAt(element, 'sourceport'), textAt(element, 'dstport')),
    };
    if (nonat) return [{ ...common, no: true }];
    return [{ ...common, no: false, to: translated(element, target, family, given) }];
  });
}

/** In the older schema a subnet stands in fields of its own. */
function targetText(element: XmlElement, { release }: Surroundings): string {
  const target = textAt(element, 'target');
  if (target === 'other-subnet') return `${textAt(element, 'targetip')}/${textAt(element, 'targetip_subnet')}`;
  const mask = release.newOutbound ? textAt(element, 'target_subnet') : '';
  return mask !== '' && parseAddress(target) !== undefined ? `${target}/${mask}` : target;
}

/** Where the destination stands changed with configuration version 23.0. */
const destinationText = (element: XmlElement, { release }: Surroundings): string =>
  textAt(element, 'destination', release.newOutbound ? 'network' : 'address');

/** Those that its addresses have; both where these tell none. None where they contradict each other. */
function familiesOf(element: XmlElement, target: string, given: Surroundings): readonly Family[] {
  const written = textAt(element, 'ipprotocol');
  const literal = [textAt(element, 'source', 'network'), destinationText(element, given), target]
    .flatMap((text) => prefixAt(text) ?? [])
    .map(({ first }) => familyOf(first));
  const found = [...new Set(literal)];
  const asked: readonly Family[] = written === 'inet' ? ['ip'] : written === 'inet6' ? ['ip6'] : FAMILIES;
  return found.length > 1 ? [] : asked.filter((family) => found.length === 0 || found[0] === family);
}

function sideOf(
  element: XmlElement,
  side: 'source' | 'destination',
  family: Family,
  given: Surroundings,
): Known | undefined {
  const at = childOf(element, side);
  if (isSet(at, 'any')) return ANY;
  const text = side === 'source' ? textAt(at, 'network') : destinationText(element, given);
  const found = sideNamed(element, at, text, family, given);
  if (!found || !isSet(at, 'not')) return found;
  return side === 'destination' || given.release.newOutbound ? inFamily(negated(found), family) : found;
}

function sideNamed(
  element: XmlElement,
  at: XmlElement | undefined,
  text: string,
  family: Family,
  given: Surroundings,
): Known | undefined {
  if (text === '' || text === 'any') return ANY;
  if (text === '(self)') return everyOwn(family, given);
  const found = addressWritten(element, text, family, given);
  if (found) return found;
  if (
    given.release.newOutbound &&
    at &&
    textAt(at, 'network') === text &&
    namesOf(given.box, text.replace(/ip$/, ''))
  ) {
    return addressesOf(withoutNot(at), family, given);
  }
  if (given.release.newOutbound) return anyPerhaps(`what ${text.slice(0, 80)} stands for isn't known`);
  throw new Unloadable(element, `${text.slice(0, 80)} is no address and no alias, and pfctl refuses it`);
}

const withoutNot = (at: XmlElement): XmlElement => ({
  ...at,
  children: at.children.filter(({ name }) => name.toLowerCase() !== 'not'),
});

function serviceOf(
  element: XmlElement,
  { aliases }: Surroundings,
): Pick<Parameters<typeof matched>[0], 'protocols' | 'ports' | 'sourcePorts'> {
  const protocol = textAt(element, 'protocol');
  const named = (field: string): KnownPorts | undefined => {
    const written = textAt(element, field);
    const ports = written === '' ? 'every' : portsWritten(element, written, aliases);
    if (ports === 'none')
      throw new Unloadable(element, `${written.slice(0, 80)} is no port and no alias of some, and pfctl refuses it`);
    return ports === 'every' ? undefined : ports;
  };
  const [sourcePorts, ports] = [named('sourceport'), named('dstport')];
  const numbers = protocol === '' || protocol === 'any' ? undefined : protocolsNamed(element, protocol);
  if (!sourcePorts && !ports) return numbers ? { protocols: numbers } : {};
  if (numbers?.some(({ first }) => first !== 6 && first !== 17 && first !== 132)) {
    throw new Unloadable(element, `pfctl refuses ports with protocol ${protocol}`);
  }
  return { protocols: numbers ?? points(6, 17), ...(sourcePorts ? { sourcePorts } : {}), ...(ports ? { ports } : {}) };
}

function translated(
  element: XmlElement,
  target: string,
  family: Family,
  given: Surroundings,
): NonNullable<PfNat['to']> {
  const ports = isSet(element, 'staticnatport') ? 'kept' : 'free';
  const { box, aliases } = given;
  if (target === '') return interfaceAddress(box.byKey.get(textAt(element, 'interface')), family, ports);
  const prefix = prefixAt(target);
  if (prefix && familyOf(prefix.first) === family) {
    const range = prefixRange(networkOf(prefix.first, prefix.length));
    if (range.first === range.last) return { is: 'address', address: range.first, ports };
    if (textAt(element, 'poolopts') === 'bitmask') return { is: 'bitmask', network: range, ports };
    return { is: 'unclear', because: `some address of ${target}` };
  }
  if (aliases.kindOf(target) === 'addresses') {
    const one = onlyOne(aliases.addresses(target, family));
    return one === undefined
      ? { is: 'unclear', because: `some address of alias ${target}` }
      : { is: 'address', address: one, ports };
  }
  const own = primaryAddress(box, target, family);
  if (own === 'unknown') return { is: 'unclear', because: `the address of ${target} is leased and not known` };
  if (own !== undefined) return { is: 'address', address: own, ports };
  throw new Unloadable(element, `${target.slice(0, 80)} is no address that pfctl could translate to`);
}

/** The address of the interface itself. */
export function interfaceAddress(
  each: BoxInterface | undefined,
  family: Family,
  ports: 'kept' | 'free',
): NonNullable<PfNat['to']> {
  const own = addressOn(each, family);
  if (!own) return { is: 'unclear', because: `the address of ${each?.key ?? 'a group'} is not known` };
  return { is: 'address', address: own.address, ports };
}
