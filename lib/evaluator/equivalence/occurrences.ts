import { Address, FAMILY_RANGE, familyOf } from '../../net/address';
import { Range } from '../../net/range';
import { Decision, LoweredChain, Value } from '../model';

/**
 * Hosts with the same occurrences in one class: `hosts[i][role]`, as `10.0.0.1` and the `203.0.113.1` that a map gives it. The first stands for all.
 * `lines[i]`: of the rules that name the host, in the same order for each; less than none where they name it as a source.
 */
export interface HostClass {
  readonly hosts: readonly (readonly Address[])[];
  readonly lines: readonly (readonly number[])[];
}

/** Fewer save nothing. */
const FEWEST = 4;

/** One IPv4 address. */
export const isAlone = ({ first, last }: Range): boolean => first === last && familyOf(first) === 'ip';

/** Names lists of small numbers: two lists that grew alike have one name. */
export class Lists {
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
export class Occurrences {
  private readonly lists = new Lists();
  private readonly notes = new Map<string | number, number>();
  /** What each address is an element of, in the order of the text. */
  private readonly held = new Map<number, number>();
  private readonly links: (Link & { readonly from: number })[] = [];
  private readonly cuts = new Set<bigint>([FAMILY_RANGE.ip.first]);
  private readonly chains = new Map<LoweredChain, number>();
  private readonly lines = new Map<number, number[]>();

  /** A number for a way of being an element. */
  note(said: string | number): number {
    let found = this.notes.get(said);
    if (found === undefined) this.notes.set(said, (found = this.notes.size));
    return found;
  }

  decision(verdict: Decision): string {
    switch (verdict.is) {
      case 'opaque':
        return `opaque ${verdict.because}`;
      case 'pass':
        return `pass ${verdict.state} ${verdict.out}`;
      case 'jump':
      case 'goto':
        if (!this.chains.has(verdict.chain)) this.chains.set(verdict.chain, this.chains.size);
        return `${verdict.is} ${this.chains.get(verdict.chain)}`;
      default:
        return verdict.is;
    }
  }

  boundary({ first, last }: Range): void {
    this.cuts.add(first);
    this.cuts.add(last + 1n);
  }

  element(range: Range, note: number): void {
    if (!isAlone(range)) return this.boundary(range);
    this.hold(Number(range.first), note);
  }

  private hold(address: number, note: number): void {
    this.held.set(address, this.lists.with(this.held.get(address) ?? Lists.EMPTY, note));
  }

  /** A rule names the address. */
  named(at: number, note: number, line: number): void {
    this.hold(at, note);
    const some = this.lines.get(at);
    if (some) some.push(line);
    else this.lines.set(at, [line]);
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

  /** Addresses that maps join are one host; hosts whose addresses have the same occurrences, and the same maps between them, are of one class. */
  classes(): readonly HostClass[] {
    const between = this.between();
    const linked = new Map<number, Link[]>();
    for (const { from, to, note } of this.links) {
      const some = linked.get(from);
      if (some) some.push({ to, note });
      else linked.set(from, [{ to, note }]);
    }
    const classes = new Map<
      number,
      { readonly hosts: (readonly Address[])[]; readonly lines: (readonly number[])[] }
    >();
    for (const host of this.hosts()) {
      const placed = host.map((address) => ({
        address,
        place: this.lists.with(this.held.get(address)!, -1 - between(address)),
      }));
      if (placed.length > 1) placed.sort((a, b) => a.place - b.place);
      // Two addresses of a host of the same occurrences could stand for each other: who is who isn't told.
      if (placed.some(({ place }, i) => place === placed[i + 1]?.place)) continue;
      let name = Lists.EMPTY;
      for (const { address, place } of placed) {
        name = this.lists.with(this.lists.with(name, Lists.END), place);
        for (const { to, note } of linked.get(address) ?? NO_LINKS)
          name = this.lists.with(
            this.lists.with(name, note),
            placed.findIndex((one) => one.address === to),
          );
      }
      const roles = placed.map(({ address }) => BigInt(address) as Address);
      const lines = placed.flatMap(({ address }) => this.lines.get(address) ?? []);
      const known = classes.get(name);
      if (!known) classes.set(name, { hosts: [roles], lines: [lines] });
      else {
        known.hosts.push(roles);
        known.lines.push(lines);
      }
    }
    return [...classes.values()].filter(({ hosts }) => hosts.length >= FEWEST);
  }

  private hosts(): Iterable<readonly number[]> {
    const parents = new Map<number, number>();
    const root = (address: number): number => {
      let at = address;
      for (let above = parents.get(at); above !== undefined; above = parents.get(at)) at = above;
      // Many that lead to one after the other must not be walked again by each.
      for (let below = address; below !== at;) {
        const above = parents.get(below)!;
        parents.set(below, at);
        below = above;
      }
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
