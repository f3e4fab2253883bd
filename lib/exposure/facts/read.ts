import { Exposure } from '../../reachability/exposure';
import { cutTo } from '../../reachability/print';
import { FAMILIES, Family, familyOf } from '../../net/address';
import { Device, LOOPBACK, NetworkInterface, Vantage, localTo } from '../../net/device';
import { Packet } from '../../net/packet';
import { PacketMap, PacketSet } from '../../net/packet-map';
import { isPublic } from '../../net/private';
import { Range, point } from '../../net/range';
import { Alone, Filter, ForeignRules, ForeignText, Keeper, Mentions, isNamed } from '../../parse/foreign';
import {
  absent,
  assumptions,
  byAddress,
  described,
  given,
  notTaken,
  perhapsUplinks,
  supposedOutside,
  waysOut,
} from './premises';
import { Facts, InterfaceFacts, OTHERS, linksOf, isWayOutTold, orderOf, untoldFamilies } from './facts';
import { PublicBehind, findPublicBehind, findPublicBehindFacts, supposePublicBehind } from './public-behind';
import { STAND_INS, Supposition, roleOf, suppositions } from './suppositions';
import { Guess, Guessed, explained, worstOf } from './worst-guess';

/** What a text of somebody else's exposes, apart by where packets go. */
export interface ForeignReading {
  /** With the addresses that were told; its interfaces' roles are told or assumed. */
  readonly device: Device;
  /** Undefined where its addresses of both families were told. */
  readonly anonymous: Anonymous | undefined;
  readonly parts: readonly Part[];
  readonly behind: PublicBehind;
  /** By what each program keeps somebody out of the device itself. */
  readonly keepers: readonly (Keeper & Shown)[];
  /** Lists that decide beside each other about what comes to the device itself. */
  readonly filters: readonly (Filter & Shown)[];
  /** Which program keeps the rule in a line of the text, where that is known. */
  readonly madeBy: NonNullable<ForeignRules['madeBy']>;
  /** Nobody told whether it forwards. */
  readonly mayForward: boolean;
  /** The text says itself which device it is of: a firewall's whole configuration. */
  readonly describesItself: boolean;
  /**
   * What was told, what follows from it, and what was assumed where nobody told: each a sentence. `follows`: who is taken to be the internet's by an
   * address alone, by which interfaces nothing comes now, and what counts for nothing, as the text tells it itself; `perhapsUplinks`, which are among `assumed`: who may be, for all that was told.
   */
  readonly given: readonly string[];
  readonly follows: readonly string[];
  readonly perhapsUplinks: readonly string[];
  readonly assumed: readonly string[];
  /** Interfaces that `perhapsUplinks` speaks of. */
  readonly supposedOutside: readonly string[];
}

/** Families of which the device's addresses weren't told. `wordless`: addresses that need no word of their own: loopback, and where the rules lead to. */
export interface Anonymous {
  readonly families: readonly Family[];
  readonly wordless: readonly Range[];
}

interface Shown {
  /** What some rules alone let come to the device itself, whatever nobody told of it. */
  readonly exposure: Exposure;
}

interface Part {
  /** `host`: to the device's own addresses; `through`: to others; `self`: what its own processes send. */
  readonly about: 'host' | 'through' | 'self';
  readonly exposure: Exposure;
  /** Nothing else could be part of it. */
  readonly packets: PacketSet;
  explain(vantage: Vantage, packet: Packet): Guess | undefined;
}

/** Throws Refusal where the text can't be accounted for. */
export function readForeign(text: ForeignText, facts: Facts): ForeignReading {
  if (text.is === 'configuration') return readDescribed(text, withRoles(text.device(), facts), facts);
  const mentions = text.mentions();
  const interfaces = interfacesOf(facts, mentions);
  const own = { localAddresses: facts.ofLoopback, forwarding: facts.forwarding ?? true };
  const device: Device = { interfaces, ...own, ...linksOf(facts), ...orderOf(facts) };
  const untold = untoldFamilies(facts);
  const told = FAMILIES.filter((family) => !untold.includes(family));
  const both = [
    ...(told.length > 0 ? [ofFamilies(known(device, text), told)] : []),
    ...(untold.length > 0
      ? [ofFamilies(guessed(suppositions(interfaces, facts, mentionsOf(mentions, untold)), text), untold)]
      : []),
  ];
  const [host, through] = [both.flatMap((one) => one.host), both.flatMap((one) => one.through)];
  const martian = martians(text.seesLoopback6 ? PacketMap.NONE : TO_LOOPBACK6);
  const parts = partsOf(host, through, martian);
  const alone = <T extends Alone>(rules: T): T & Shown => {
    const readings = host.map((one) => ({ packets: one.packets, reading: { exposure: rules.read(one.device) } }));
    return { ...rules, exposure: worstOf(readings, ['interface'], martian) };
  };
  const { keepers, filters } = text.apart?.() ?? { keepers: [], filters: [] };
  const anonymous =
    untold.length === 0 ? undefined : { families: untold, wordless: [...LOOPBACK, ...mentions.targets, ...STAND_INS] };
  const behind = findPublicBehindFacts(device, partAbout(parts, 'through'), facts);
  return {
    device,
    anonymous,
    parts,
    behind:
      mentions.forwards || facts.forwarding === true
        ? supposePublicBehind(behind, device, through, facts, untold)
        : behind,
    keepers: keepers.map(alone),
    filters: filters.map(alone),
    madeBy: (line) => text.madeBy?.(line),
    mayForward: facts.forwarding === undefined,
    describesItself: false,
    given: given(facts),
    follows: [...byAddress(interfaces, facts), ...absent(facts, mentions)],
    perhapsUplinks: perhapsUplinks(interfaces, facts),
    assumed: assumptions(interfaces, facts, mentions),
    supposedOutside: supposedOutside(interfaces, facts).map(({ name }) => name),
  };
}

/** A text that tells its own device: nothing is assumed but which way the default route leads, and what its translations lead to others goes through it. */
function readDescribed(text: ForeignText, device: Device, facts: Facts): ForeignReading {
  const reading = text.read(device);
  const own = toItself(device);
  const guessed = [{ reading, packets: PacketMap.ALL, device }];
  const parts = partsOf(guessed, guessed, martians(PacketMap.NONE)).map((part) =>
    part.about === 'self'
      ? part
      : {
          ...part,
          packets: part.about === 'host' ? own : part.packets,
          exposure: {
            views: part.exposure.views.map((view) => cutTo(view, endingAt(view, own, part.about === 'host'))),
          },
        },
  );
  return {
    device,
    anonymous: undefined,
    parts,
    behind: findPublicBehind(device, partAbout(parts, 'through'), ({ role }) => role === 'outside'),
    keepers: [],
    filters: [],
    madeBy: () => undefined,
    mayForward: false,
    describesItself: true,
    given: described(device),
    follows: notTaken(device, facts),
    perhapsUplinks: [],
    supposedOutside: [],
    assumed: waysOut(device),
  };
}

/** What of a view ends on the device itself, or else elsewhere. */
function endingAt({ translations }: View, own: PacketSet, itself: boolean): PacketSet {
  const here = own.within(translations.where(({ destination }) => destination.is === 'kept'));
  return itself ? here : PacketMap.ALL.apartFrom(here);
}

/** Who is behind an interface only people know. */
const withRoles = (device: Device, { interfaces }: Facts): Device => ({
  ...device,
  interfaces: device.interfaces.map((one) => ({ ...one, role: interfaces.get(one.name)?.role ?? one.role })),
});

interface BothParts {
  readonly host: readonly Guessed[];
  readonly through: readonly Guessed[];
}

function guessed(guesses: readonly Supposition[], text: ForeignText): BothParts {
  const of = (about: Supposition['about']): readonly Guessed[] =>
    guesses
      .filter((one) => one.about === about)
      .map(({ device, packets }) => ({ reading: text.read(device), packets, device }));
  return { host: of('host'), through: of('through') };
}

/** With its addresses told there is one reading, and what comes for them is cut out of it. */
function known(device: Device, text: ForeignText): BothParts {
  const reading = text.read(device);
  const own = toItself(device);
  return {
    host: [{ reading, packets: own, device }],
    through: [{ reading, packets: PacketMap.ALL.apartFrom(own), device }],
  };
}

const ofFamilies = ({ host, through }: BothParts, families: readonly Family[]): BothParts => {
  if (families.length === FAMILIES.length) return { host, through };
  const packets = PacketMap.first(families.map((family) => PacketMap.set({ family })));
  const cut = (one: Guessed): Guessed => ({ ...one, packets: one.packets.within(packets) });
  return { host: host.map(cut), through: through.map(cut) };
};

/** Without translations to addresses of families that were told: those are known to be its own, or not. */
const mentionsOf = (mentions: Mentions, families: readonly Family[]): Mentions => ({
  ...mentions,
  targets: mentions.targets.filter(({ first }) => families.includes(familyOf(first))),
});

const toItself = (device: Device): PacketSet =>
  PacketMap.set({ destination: [...localTo(device).map(point), ...LOOPBACK] });

/** What nobody in the internet sends to, though a neighbour on the same wire may. */
export const TO_LOOPBACK = PacketMap.set({ destination: LOOPBACK });
const TO_LOOPBACK6 = PacketMap.set({ destination: LOOPBACK.filter(({ first }) => familyOf(first) === 'ip6') });

function partsOf(host: readonly Guessed[], through: readonly Guessed[], martian: Martian): readonly Part[] {
  const part = (about: Part['about'], guessed: readonly Guessed[], kinds: readonly Vantage['kind'][]): Part => ({
    about,
    packets: PacketMap.first(guessed.map(({ packets }) => packets)),
    // By each reading: what one translates is dropped by another that does not, and that one's word is no reason to drop it.
    exposure: worstOf(guessed, kinds, martian),
    explain: (vantage, packet) => explained(guessed, vantage, packet),
  });
  return [
    part('host', host, ['interface', 'localhost']),
    part('through', through, ['interface']),
    part('self', through, ['self']),
  ];
}

const partAbout = (parts: readonly Part[], about: Part['about']): Exposure =>
  parts.find((one) => one.about === about)!.exposure;

type View = Exposure['views'][number];
type Martian = (view: View) => View;

/** What comes from outside for a loopback address a kernel drops, unless it is translated first; and `first` before any rule (docs/exposure.md). */
const martians =
  (first: PacketSet): Martian =>
  (view) => {
    if (view.vantage.kind !== 'interface') return view;
    const dropped = view.translations
      .within(TO_LOOPBACK)
      .where(({ destination }) => destination.is === 'kept')
      .or(first);
    return dropped.isEmpty ? view : cutTo(view, PacketMap.ALL.apartFrom(dropped));
  };

/** Those that were told, those that the rules name, and one that stands for all that nobody named. */
function interfacesOf(facts: Facts, mentions: Mentions): readonly NetworkInterface[] {
  const told = [...facts.interfaces.keys()];
  const members = [...facts.groups.values()].flat();
  const all = [...new Set([...mentions.interfaces, ...members])];
  const named = all.filter((pattern) => !told.some((name) => isNamed(name, pattern)));
  const known = told.filter((name) => name !== OTHERS);
  const names = facts.complete && known.length > 0 ? known : [...known, ...named, OTHERS];
  return names.map((name) => {
    const one = facts.interfaces.get(name);
    return {
      name,
      role: one ? toldRole(name, one, facts) : roleOf(name),
      addresses: one?.addresses ?? [],
      routes: one?.routes ?? [],
    };
  });
}

/**
 * Behind the default route is the internet; without routes anybody may be behind each. By a public address without such a route it may be, too:
 * rules of routing that nobody told send there. A network inside has such addresses of IPv6 beside private ones of IPv4.
 */
export function toldRole(name: string, one: InterfaceFacts, facts: Facts): NetworkInterface['role'] {
  if (one.role !== undefined) return one.role;
  if (!facts.routes) return roleOf(name);
  if (one.defaults.length > 0) return 'outside';
  const has = (family: Family, open: boolean): boolean =>
    one.addresses.some(({ address }) => familyOf(address) === family && isPublic(address) === open);
  return has('ip', true) || (has('ip6', true) && !(has('ip', false) && isWayOutTold(facts, 'ip6')))
    ? 'outside'
    : 'inside';
}
