// Lowers pfSense's manual outbound NAT rules to source translations of the pf model.

import { FAMILIES, Family, getFamily, getNetwork, parseAddress, toRange } from '../../../../net/address';
import { toNumberRanges } from '../../../../net/device';
import { PfNat } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import {
  PfsenseContext,
  resolveWrittenAddress,
  resolveAddresses,
  listAllOwnAddresses,
  findPrimaryAddress,
  isOmittedAlias,
} from '../packets/resolve-addresses';
import { getDuplicateKey } from './duplicate-key';
import { PfsenseInterface, getAddress, findInterfaceNames } from '../box/box';
import { findChild, isEmpty, isSet, listChildren, getText } from '../elements/element';
import { createLine } from '../elements/entry-line';
import { parsePrefixLiteral } from '../elements/parse-literals';
import { matchCriteria } from '../../../../parse/pf/match-packets';
import {
  ANY_ADDRESS,
  RangeBounds,
  PortBounds,
  createUnknown,
  narrowToFamily,
  negateBounds,
  findSingleAddress,
} from '../../../../parse/pf/range-bounds';
import { parseWrittenPorts, parseProtocols } from '../packets/protocols-and-ports';
import { Unloadable } from '../elements/unloadable';

/** Returns the outbound NAT rules of the operator; they count in the modes `advanced` and `hybrid`. */
export function lowerManualOutbound(context: PfsenseContext): readonly PfNat[] {
  const outbound = findChild(context.box.root, 'nat', 'outbound');
  if (!['advanced', 'hybrid'].includes(getText(outbound, 'mode'))) return [];
  return listChildren(outbound, 'rule').flatMap((element, at) =>
    isSet(element, 'disabled') || isEmpty(element) ? [] : lowerEntry(element, at + 1, context),
  );
}

function lowerEntry(element: XmlElement, position: number, context: PfsenseContext): readonly PfNat[] {
  if (/[\r\n]/.test(getText(element, 'descr')))
    throw new Unloadable(
      element,
      'after the line break in the description of this outbound NAT entry the rest is a rule of its own',
    );
  const key = getText(element, 'interface');
  const names = findInterfaceNames(context.box, key);
  const written = [getText(element, 'source', 'network'), getDestination(element, context)];
  if (!names || written.some((name) => isOmittedAlias(name, context))) return [];
  const nonat = isSet(element, 'nonat');
  const line = createLine(element, `${nonat ? 'no ' : ''}outbound NAT ${position} on ${key}`);
  const target = getTarget(element, context);
  return findFamilies(element, target, context).flatMap((family): readonly PfNat[] => {
    const source = parseSide(element, 'source', family, context);
    const destination = parseSide(element, 'destination', family, context);
    if (!source || !destination) return [];
    const service = parseService(element, context);
    const match = matchCriteria({ line, on: { is: names }, family, source, destination, ...service });
    const common = {
      ...match,
      pass: false,
      matchKey: getDuplicateKey(element, key, family, getText(element, 'sourceport'), getText(element, 'dstport')),
    };
    if (nonat) return [{ ...common, no: true }];
    return [{ ...common, no: false, to: createTarget(element, target, family, context) }];
  });
}

/** Returns the target. In the older schema a subnet has fields of its own. */
function getTarget(element: XmlElement, { release }: PfsenseContext): string {
  const target = getText(element, 'target');
  if (target === 'other-subnet') return `${getText(element, 'targetip')}/${getText(element, 'targetip_subnet')}`;
  const mask = release.newOutbound ? getText(element, 'target_subnet') : '';
  return mask !== '' && parseAddress(target) !== undefined ? `${target}/${mask}` : target;
}

/** Returns the destination; its place changed with configuration version 23.0. */
const getDestination = (element: XmlElement, { release }: PfsenseContext): string =>
  getText(element, 'destination', release.newOutbound ? 'network' : 'address');

/** Returns the families of the entry's addresses; both if these name no family, none if they contradict each other. */
function findFamilies(element: XmlElement, target: string, context: PfsenseContext): readonly Family[] {
  const written = getText(element, 'ipprotocol');
  const literal = [getText(element, 'source', 'network'), getDestination(element, context), target]
    .flatMap((text) => parsePrefixLiteral(text) ?? [])
    .map(({ first }) => getFamily(first));
  const literalFamilies = [...new Set(literal)];
  const wantedFamilies: readonly Family[] = written === 'inet' ? ['ip'] : written === 'inet6' ? ['ip6'] : FAMILIES;
  return literalFamilies.length > 1
    ? []
    : wantedFamilies.filter((family) => literalFamilies.length === 0 || literalFamilies[0] === family);
}

function parseSide(
  element: XmlElement,
  side: 'source' | 'destination',
  family: Family,
  context: PfsenseContext,
): RangeBounds | undefined {
  const at = findChild(element, side);
  if (isSet(at, 'any')) return ANY_ADDRESS;
  const text = side === 'source' ? getText(at, 'network') : getDestination(element, context);
  const addresses = resolveSide(element, at, text, family, context);
  if (!addresses || !isSet(at, 'not')) return addresses;
  return side === 'destination' || context.release.newOutbound
    ? narrowToFamily(negateBounds(addresses), family)
    : addresses;
}

function resolveSide(
  element: XmlElement,
  at: XmlElement | undefined,
  text: string,
  family: Family,
  context: PfsenseContext,
): RangeBounds | undefined {
  if (text === '' || text === 'any') return ANY_ADDRESS;
  if (text === '(self)') return listAllOwnAddresses(family, context);
  const writtenAddresses = resolveWrittenAddress(element, text, family, context);
  if (writtenAddresses) return writtenAddresses;
  if (
    context.release.newOutbound &&
    at &&
    getText(at, 'network') === text &&
    findInterfaceNames(context.box, text.replace(/ip$/, ''))
  ) {
    return resolveAddresses(removeNot(at), family, context);
  }
  if (context.release.newOutbound) return createUnknown(`what ${text.slice(0, 80)} stands for isn't known`);
  throw new Unloadable(element, `${text.slice(0, 80)} is no address and no alias, and pfctl refuses it`);
}

const removeNot = (at: XmlElement): XmlElement => ({
  ...at,
  children: at.children.filter(({ name }) => name.toLowerCase() !== 'not'),
});

function parseService(
  element: XmlElement,
  { aliases }: PfsenseContext,
): Pick<Parameters<typeof matchCriteria>[0], 'protocols' | 'ports' | 'sourcePorts'> {
  const protocol = getText(element, 'protocol');
  const named = (field: string): PortBounds | undefined => {
    const written = getText(element, field);
    const ports = written === '' ? 'every' : parseWrittenPorts(element, written, aliases);
    if (ports === 'none')
      throw new Unloadable(element, `${written.slice(0, 80)} is no port and no alias of some, and pfctl refuses it`);
    return ports === 'every' ? undefined : ports;
  };
  const [sourcePorts, ports] = [named('sourceport'), named('dstport')];
  const numbers = protocol === '' || protocol === 'any' ? undefined : parseProtocols(element, protocol);
  if (!sourcePorts && !ports) return numbers ? { protocols: numbers } : {};
  if (numbers?.some(({ first }) => first !== 6 && first !== 17 && first !== 132)) {
    throw new Unloadable(element, `pfctl refuses ports with protocol ${protocol}`);
  }
  return {
    protocols: numbers ?? toNumberRanges(6, 17),
    ...(sourcePorts ? { sourcePorts } : {}),
    ...(ports ? { ports } : {}),
  };
}

function createTarget(
  element: XmlElement,
  target: string,
  family: Family,
  context: PfsenseContext,
): NonNullable<PfNat['to']> {
  const ports = isSet(element, 'staticnatport') ? 'kept' : 'free';
  const { box, aliases } = context;
  if (target === '') return createInterfaceTarget(box.byKey.get(getText(element, 'interface')), family, ports);
  const prefix = parsePrefixLiteral(target);
  if (prefix && getFamily(prefix.first) === family) {
    const range = toRange(getNetwork(prefix.first, prefix.length));
    if (range.first === range.last) return { is: 'address', address: range.first, ports };
    if (getText(element, 'poolopts') === 'bitmask') return { is: 'bitmask', network: range, ports };
    return { is: 'unclear', reason: `some address of ${target}` };
  }
  if (aliases.getKind(target) === 'addresses') {
    const aliasAddress = findSingleAddress(aliases.addresses(target, family));
    return aliasAddress === undefined
      ? { is: 'unclear', reason: `some address of alias ${target}` }
      : { is: 'address', address: aliasAddress, ports };
  }
  const primary = findPrimaryAddress(box, target, family);
  if (primary === 'unknown') return { is: 'unclear', reason: `the address of ${target} is leased and not known` };
  if (primary !== undefined) return { is: 'address', address: primary, ports };
  throw new Unloadable(element, `${target.slice(0, 80)} is no address that pfctl could translate to`);
}

/** Returns the interface's own address as target. */
export function createInterfaceTarget(
  boxInterface: PfsenseInterface | undefined,
  family: Family,
  ports: 'kept' | 'free',
): NonNullable<PfNat['to']> {
  const address = getAddress(boxInterface, family)?.address ?? boxInterface?.standIns[family];
  if (address === undefined)
    return { is: 'unclear', reason: `the address of ${boxInterface?.key ?? 'a group'} is not known` };
  return { is: 'address', address, ports };
}
