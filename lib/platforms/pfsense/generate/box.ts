import { familyOf, networkOf, parseAddress, parsePrefix, prefixRange } from '../../../net/address';
import { Range, point } from '../../../net/range';
import { XmlElement } from '../../../xml/xml';
import { Configuration, called, child, children, has, isOf, isOfAnyOwner, textOf } from './configuration';
import { Taken } from './names';
import { HELPER } from './render';

/** What stands on a box besides one owner's entries, as far as it can be in the way of them. */
export interface Box {
  readonly version: string;
  readonly interfaces: readonly BoxInterface[];
  /** Addresses that somebody has already. */
  readonly addresses: readonly Held[];
  readonly carpGroups: readonly { readonly interface: string; readonly vhid: number; readonly called: string }[];
  readonly oneToOnes: readonly {
    /** Undefined for another owner of ours: its rules close its hosts on every interface. */
    readonly interface: string | undefined;
    readonly external?: Range;
    readonly inside?: Range;
    readonly called: string;
  }[];
  readonly forwards: readonly Forward[];
  readonly taken: Taken;
  /** Line of the switch. */
  readonly filterOff: number | undefined;
  /** On already, and not by us. */
  readonly helper: boolean;
  readonly reflectsByDefault: boolean;
  /** What it is synchronised with. */
  readonly partner: { readonly line: number; readonly text: string } | undefined;
}

interface Forward {
  readonly interface: string;
  readonly destinations: readonly Range[];
  /** Where it leads, as far as that is written out. */
  readonly targets: readonly Range[];
  /** The filter isn't asked. */
  readonly passes: boolean;
  readonly called: string;
}

export interface BoxInterface {
  readonly key: string;
  readonly device: string;
  readonly enabled: boolean;
  /** Such an interface is never reflected on. */
  readonly gateway: boolean;
}

interface Held {
  readonly range: Range;
  readonly called: string;
}

export function boxOf({ root, mark }: Configuration, owner: string): Box {
  const others = (section: string, name: string): readonly XmlElement[] =>
    children(child(root, section) ?? root, name).filter((one) => !isOf(owner, one));
  const system = child(root, 'system');
  const interfaces = child(root, 'interfaces')?.children ?? [];
  const vips = others('virtualip', 'vip');
  const aliases = others('aliases', 'alias');
  const rules = others('filter', 'rule');
  const networks = new Map(
    aliases.map((alias) => [textOf(alias, 'name'), textOf(alias, 'address').split(/\s+/).flatMap(rangeOf)]),
  );
  const interfaceRange = (key: string): readonly Range[] =>
    interfaces.filter(({ name }) => name === key).flatMap(networkRange);
  const held = [...interfaces.flatMap(addressHeld), ...vips.flatMap(virtualIpHeld)];
  return {
    version: textOf(root, 'version'),
    interfaces: interfaces.map((one) => ({
      key: one.name,
      device: textOf(one, 'if'),
      enabled: has(one, 'enable'),
      gateway: textOf(one, 'gateway') !== '' || DYNAMIC.has(textOf(one, 'ipaddr')),
    })),
    addresses: held,
    carpGroups: vips
      .filter((vip) => textOf(vip, 'mode') === 'carp')
      .map((vip) => ({ interface: textOf(vip, 'interface'), vhid: Number(textOf(vip, 'vhid')), called: called(vip) })),
    oneToOnes: others('nat', 'onetoone')
      .filter((one) => isOfAnyOwner(one) || (!has(one, 'disabled') && !has(one, 'nobinat')))
      .map((one) => oneToOneOf(one, interfaceRange)),
    forwards: others('nat', 'rule')
      .filter((one) => !has(one, 'disabled') && !has(one, 'nordr'))
      .map((one) => ({
        interface: textOf(one, 'interface') || 'wan',
        destinations: destinationsOf(child(one, 'destination'), networks, held),
        targets: networks.get(textOf(one, 'target')) ?? rangeOf(textOf(one, 'target')),
        passes: textOf(one, 'associated-rule-id') === 'pass',
        called: called(one),
      })),
    taken: {
      aliases: new Set(aliases.map((alias) => textOf(alias, 'name'))),
      trackers: new Set(rules.map((rule) => Number(textOf(rule, 'tracker')))),
      uniqids: new Set(vips.map((vip) => textOf(vip, 'uniqid'))),
    },
    filterOff: child(system, 'disablefilter')?.line,
    helper: has(system, HELPER) && (mark?.sets.includes(HELPER) !== true || mark.had.includes(HELPER)),
    reflectsByDefault: has(system, 'enablebinatreflection'),
    partner: partnerOf(child(root, 'hasync')),
  };
}

const DYNAMIC: ReadonlySet<string> = new Set(['dhcp', 'pppoe', 'pptp', 'l2tp', 'ppp']);

const rangeOf = (text: string): readonly Range[] => {
  const prefix = parsePrefix(text);
  return prefix && familyOf(prefix.first) === 'ip' ? [prefixRange(prefix)] : [];
};

const addressHeld = (one: XmlElement): readonly Held[] => {
  const address = parseAddress(textOf(one, 'ipaddr'));
  return address === undefined ? [] : [{ range: point(address), called: `interface ${one.name} in line ${one.line}` }];
};

function networkRange(one: XmlElement): readonly Range[] {
  const address = parseAddress(textOf(one, 'ipaddr'));
  const length = /^\d{1,2}$/.test(textOf(one, 'subnet')) ? Number(textOf(one, 'subnet')) : 32;
  return address === undefined || familyOf(address) !== 'ip' || length > 32
    ? []
    : [prefixRange(networkOf(address, length))];
}

/** Kinds that put an address on the interface have that one alone; the others a whole network. */
function virtualIpHeld(vip: XmlElement): readonly Held[] {
  const address = parseAddress(textOf(vip, 'subnet'));
  if (address === undefined) return [];
  const bits = textOf(vip, 'subnet_bits');
  const mode = textOf(vip, 'mode');
  const network =
    familyOf(address) === 'ip' && /^\d{1,2}$/.test(bits) && Number(bits) <= 32 && mode !== 'ipalias' && mode !== 'carp';
  return [
    {
      range: network ? prefixRange(networkOf(address, Number(bits))) : point(address),
      called: `virtual IP ${called(vip)}`,
    },
  ];
}

function oneToOneOf(one: XmlElement, interfaceRange: (key: string) => readonly Range[]): Box['oneToOnes'][number] {
  const source = child(one, 'source');
  const [inside] = [...rangeOf(textOf(source, 'address')), ...interfaceRange(textOf(source, 'network'))];
  const first = parseAddress(textOf(one, 'external'));
  // Its length is the source's, and the low bits are masked away.
  const size = inside ? inside.last - inside.first + 1n : 1n;
  const start = first === undefined ? undefined : first - (first % size);
  return {
    interface: isOfAnyOwner(one) ? undefined : textOf(one, 'interface') || 'wan',
    ...(start === undefined || familyOf(start) !== 'ip' ? {} : { external: { first: start, last: start + size - 1n } }),
    ...(inside ? { inside } : {}),
    called: `1:1 entry ${called(one)}`,
  };
}

const EVERY: Range = { first: 0n, last: 0xffffffffn };

/** What a port forward takes. `(self)` is every address of the box; an alias of aliases is the proof's to find out. */
function destinationsOf(
  end: XmlElement | undefined,
  aliases: ReadonlyMap<string, readonly Range[]>,
  held: readonly Held[],
): readonly Range[] {
  if (end === undefined || has(end, 'not')) return [];
  if (has(end, 'any')) return [EVERY];
  const address = textOf(end, 'address');
  if (textOf(end, 'network') === '(self)') return held.map(({ range }) => range);
  return aliases.get(address) ?? rangeOf(address);
}

function partnerOf(hasync: XmlElement | undefined): Box['partner'] {
  const to = textOf(hasync, 'synchronizetoip') || textOf(hasync, 'pfsyncpeerip');
  if (hasync === undefined || (to === '' && textOf(hasync, 'pfsyncenabled') === '')) return undefined;
  return { line: hasync.line, text: to === '' ? 'another box' : to };
}
