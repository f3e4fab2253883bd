import { Address, FAMILY_RANGE, familyOf } from '../../../net/address';
import { Device } from '../../../net/device';
import { Range } from '../../../net/range';
import { Surroundings } from '../surroundings';
import { chainsOf, Condition, Decision, End, Members, Understood, UnderstoodChain, Value } from '../model';

/** Hosts with the same places in one kind: `hosts[i][role]`, as `10.0.0.1` and the `203.0.113.1` that a map gives it. The first stands for all. */
export interface Kind {
  readonly hosts: readonly (readonly Address[])[];
}

/** Fewer save nothing. */
const FEWEST = 4;

/**
 * Hosts that no rule can tell apart: their addresses are in the same sets, under the same verdicts, between the same boundaries, and what
 * maps make of them is alike, too. Only IPv4 addresses that stand alone as elements are looked at; every other address in the
 * text and among the device's facts is a boundary. None where a translation keeps host bits, since it would tell them apart.
 */
export function kindsOf(ruleset: Understood, device: Device): readonly Kind[] {
  const places = new Places();
  if (!visit(ruleset, places)) return [];
  for (const address of device.localAddresses) places.element({ first: address, last: address }, places.note('local'));
  for (const range of new Surroundings({ ...device, localAddresses: [] }).boundaries()) places.boundary(range);
  return places.kinds();
}

/** Notes every place of every address. False where the text can't be thinned out. */
function visit(ruleset: Understood, places: Places): boolean {
  const seen = new Set<UnderstoodChain>();
  let count = 0;
  const sets = new Set<Members>();
  const chains = ruleset.bases.map(({ chain }) => chain);
  for (let chain = chains.pop(); chain; chain = chains.pop()) {
    if (seen.has(chain)) continue;
    seen.add(chain);
    for (const { conditions, end } of chain.rules) {
      for (const condition of conditions) noteCondition(condition, sets, places);
      if (end && !noteEnd(end, count++, places)) return false;
      chains.push(...chainsOf(end));
    }
  }
  return true;
}

function noteCondition(condition: Condition, sets: Set<Members>, places: Places): void {
  if (condition.is !== 'member' || sets.has(condition.members)) return;
  sets.add(condition.members);
  const alone = condition.fields.length === 1;
  const [lasting, passing] = ['', ' fleeting'].map((how) => places.note(`set ${sets.size}${how}`));
  for (const { values, fleeting } of condition.members.tuples)
    for (const value of values) places.value(value, alone, fleeting ? passing! : lasting!);
}

/** `count`: of the rule that it ends, so that two alike aren't taken for one. */
function noteEnd(end: End, count: number, places: Places): boolean {
  switch (end.is) {
    case 'verdict':
    case 'masquerade':
    case 'redirect':
    case 'opaque':
      return true;
    case 'choose': {
      const name = `choice ${count}`;
      for (const { values, fleeting, verdict } of end.choices) {
        const note = places.note(`${name} ${places.decision(verdict)}${fleeting ? ' fleeting' : ''}`);
        for (const value of values) places.value(value, end.fields.length === 1, note);
      }
      return true;
    }
    case 'translate':
      if (end.to.addresses && end.to.addresses.first !== end.to.addresses.last) return false;
      if (end.to.addresses) places.boundary(end.to.addresses);
      return true;
    case 'look up':
      return noteMap(end, count, places);
    default:
      return end satisfies never;
  }
}

/** A map from the address that it rewrites; any other one tells addresses apart by what nobody here follows. */
function noteMap({ fields, entries, kind }: End & { is: 'look up' }, count: number, places: Places): boolean {
  const name = `map ${count}`;
  const target = places.note(`target of ${name}`);
  const looksAt = fields.length === 1 ? fields[0]!.looksAt : undefined;
  const own = looksAt?.is === 'address' && looksAt.axis === (kind === 'dnat' ? 'destination' : 'source');
  for (const { values, fleeting, to } of entries) {
    if (!to.addresses || to.addresses.first !== to.addresses.last) return false;
    const [value] = values;
    if (own && value?.is === 'addresses' && isAlone(value.range) && isAlone(to.addresses)) {
      const key = places.note(`${name}${to.ports ? ` ${to.ports.first}-${to.ports.last}` : ''}${fleeting ? ' fleeting' : ''}`);
      places.link(value.range, to.addresses, key, target);
    } else {
      for (const each of values) places.value(each, false, target);
      places.boundary(to.addresses);
    }
  }
  return true;
}

const isAlone = ({ first, last }: Range): boolean => first === last && familyOf(first) === 'ip';

/** Names lists of small numbers: two lists that grew alike have one name. */
class Lists {
  static readonly EMPTY = 0;
  /** No item: between the parts of a list. */
  static readonly END = -1;
  private readonly longer: Map<number, number>[] = [new Map()];

  with(list: number, item: number): number {
    const next = this.longer[list]!;
    let found = next.get(item);
    if (found === undefined) {
      found = this.longer.push(new Map()) - 1;
      next.set(item, found);
    }
    return found;
  }
}

/** What a map makes of an address. */
interface Link {
  readonly to: number;
  readonly note: number;
}

const NO_LINKS: readonly Link[] = [];

/** Where addresses stand in the text. IPv4 addresses are plain numbers here, and so is whatever is the same for many of them. */
class Places {
  private readonly lists = new Lists();
  private readonly notes = new Map<string, number>();
  /** What each address is an element of, in the order of the text. */
  private readonly held = new Map<number, number>();
  private readonly links: (Link & { readonly from: number })[] = [];
  private readonly cuts = new Set<bigint>([FAMILY_RANGE.ip.first]);
  private readonly chains = new Map<UnderstoodChain, number>();

  /** A number for a way of being an element. */
  note(said: string): number {
    let found = this.notes.get(said);
    if (found === undefined) this.notes.set(said, (found = this.notes.size));
    return found;
  }

  decision(verdict: Decision): string {
    if (verdict.is === 'opaque') return `opaque ${verdict.because}`;
    if (verdict.is !== 'jump' && verdict.is !== 'goto') return verdict.is;
    if (!this.chains.has(verdict.chain)) this.chains.set(verdict.chain, this.chains.size);
    return `${verdict.is} ${this.chains.get(verdict.chain)}`;
  }

  boundary({ first, last }: Range): void {
    this.cuts.add(first);
    this.cuts.add(last + 1n);
  }

  element(range: Range, note: number): void {
    if (!isAlone(range)) return this.boundary(range);
    const address = Number(range.first);
    this.held.set(address, this.lists.with(this.held.get(address) ?? Lists.EMPTY, note));
  }

  value(value: Value, alone: boolean, note: number): void {
    if (value.is !== 'addresses') return;
    if (alone) this.element(value.range, note);
    else this.boundary(value.range);
  }

  link(from: Range, to: Range, key: number, target: number): void {
    this.element(from, key);
    this.element(to, target);
    this.links.push({ from: Number(from.first), to: Number(to.first), note: key });
  }

  /** Addresses that maps join are one host; hosts whose addresses have the same places, and the same maps between them, are of one kind. */
  kinds(): readonly Kind[] {
    const between = this.between();
    const linked = new Map<number, Link[]>();
    for (const { from, to, note } of this.links) {
      const some = linked.get(from);
      if (some) some.push({ to, note });
      else linked.set(from, [{ to, note }]);
    }
    const kinds = new Map<number, (readonly Address[])[]>();
    for (const host of this.hosts()) {
      const placed = host.map((address) => ({ address, place: this.lists.with(this.held.get(address)!, -1 - between(address)) }));
      if (placed.length > 1) placed.sort((a, b) => a.place - b.place);
      // Two addresses of a host in the same places could stand for each other: who is who isn't told.
      if (placed.some(({ place }, i) => place === placed[i + 1]?.place)) continue;
      let kind = Lists.EMPTY;
      for (const { address, place } of placed) {
        kind = this.lists.with(this.lists.with(kind, Lists.END), place);
        for (const { to, note } of linked.get(address) ?? NO_LINKS)
          kind = this.lists.with(
            this.lists.with(kind, note),
            placed.findIndex((one) => one.address === to),
          );
      }
      const roles = placed.map(({ address }) => BigInt(address) as Address);
      const alike = kinds.get(kind);
      if (alike) alike.push(roles);
      else kinds.set(kind, [roles]);
    }
    return [...kinds.values()].filter((hosts) => hosts.length >= FEWEST).map((hosts) => ({ hosts }));
  }

  private hosts(): Iterable<readonly number[]> {
    const parents = new Map<number, number>();
    const root = (address: number): number => {
      let at = address;
      for (let above = parents.get(at); above !== undefined; above = parents.get(at)) at = above;
      return at;
    };
    for (const { from, to } of this.links) {
      const [a, b] = [root(from), root(to)];
      if (a !== b) parents.set(a, b);
    }
    const hosts = new Map<number, number[]>();
    for (const address of this.held.keys()) {
      const top = root(address);
      const host = hosts.get(top);
      if (host) host.push(address);
      else hosts.set(top, [address]);
    }
    return hosts.values();
  }

  /** How many boundaries lie below an address or at it. */
  private between(): (address: number) => number {
    const whole = FAMILY_RANGE.ip;
    const ascending = Float64Array.from([...this.cuts].filter((cut) => cut <= whole.last).map(Number)).sort();
    return (address) => {
      let low = 0;
      let high = ascending.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (ascending[middle]! <= address) low = middle + 1;
        else high = middle;
      }
      return low;
    };
  }
}
