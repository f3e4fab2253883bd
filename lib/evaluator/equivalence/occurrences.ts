// Collects where each IPv4 address occurs in a ruleset (class `Occurrences`), and groups hosts with equal occurrences
// into classes.

import { Address, FAMILY_RANGE, getFamily } from '../../net/address';
import { Range } from '../../net/range';
import { RuleVerdict, LoweredChain, FieldValue } from '../ruleset-model';

/**
 * Hosts with the same occurrences in one class: `hosts[i][role]`, as `10.0.0.1` and the `203.0.113.1` that a map gives
 * it. The first host stands for all. `lines[i]`: the lines of the rules that name the host, in the same order for each;
 * less than zero if they name it as a source.
 */
export interface HostClass {
  readonly hosts: readonly (readonly Address[])[];
  readonly lines: readonly (readonly number[])[];
}

/** The fewest hosts of a class: fewer save nothing. */
const MIN_CLASS_HOSTS = 4;

/** Returns whether a range is one IPv4 address. */
export const isSingleIpv4 = ({ first, last }: Range): boolean => first === last && getFamily(first) === 'ip';

/** Names lists of small numbers: two lists that grew alike have one name. */
export class ListNames {
  static readonly EMPTY = 0;
  /** No item: it stands between the parts of a list. */
  static readonly END = -1;
  private readonly longer: Map<number, number>[] = [new Map()];

  append(list: number, item: number): number {
    const next = this.longer[list]!;
    let name = next.get(item);
    if (name === undefined) {
      name = this.longer.push(new Map()) - 1;
      next.set(item, name);
    }
    return name;
  }
}

/** The address that a map makes of another. */
interface AddressLink {
  readonly to: number;
  readonly note: number;
}

const NO_LINKS: readonly AddressLink[] = [];

/**
 * Records where addresses stand in the text. IPv4 addresses are plain numbers here, and so is whatever is the same for
 * many of them.
 */
export class Occurrences {
  private readonly lists = new ListNames();
  private readonly notes = new Map<string | number, number>();
  /** By address, what it is an element of, in the order of the text. */
  private readonly notesByAddress = new Map<number, number>();
  private readonly links: (AddressLink & { readonly from: number })[] = [];
  private readonly boundaries = new Set<bigint>([FAMILY_RANGE.ip.first]);
  private readonly chainNumbers = new Map<LoweredChain, number>();
  private readonly linesByAddress = new Map<number, number[]>();

  /** Returns a number for a way of being an element. */
  getNote(text: string | number): number {
    let noteNumber = this.notes.get(text);
    if (noteNumber === undefined) this.notes.set(text, (noteNumber = this.notes.size));
    return noteNumber;
  }

  describeVerdict(verdict: RuleVerdict): string {
    switch (verdict.is) {
      case 'opaque':
        return `opaque ${verdict.reason}`;
      case 'pass':
        return `pass ${verdict.state} ${verdict.exitInterface}`;
      case 'jump':
      case 'goto':
        if (!this.chainNumbers.has(verdict.chain)) this.chainNumbers.set(verdict.chain, this.chainNumbers.size);
        return `${verdict.is} ${this.chainNumbers.get(verdict.chain)}`;
      default:
        return verdict.is;
    }
  }

  addBoundary({ first, last }: Range): void {
    this.boundaries.add(first);
    this.boundaries.add(last + 1n);
  }

  addElement(range: Range, note: number): void {
    if (!isSingleIpv4(range)) return this.addBoundary(range);
    this.addNote(Number(range.first), note);
  }

  private addNote(address: number, note: number): void {
    this.notesByAddress.set(address, this.lists.append(this.notesByAddress.get(address) ?? ListNames.EMPTY, note));
  }

  /** Records that a rule names the address. */
  addNamedRule(address: number, note: number, line: number): void {
    this.addNote(address, note);
    const addressLines = this.linesByAddress.get(address);
    if (addressLines) addressLines.push(line);
    else this.linesByAddress.set(address, [line]);
  }

  addValue(value: FieldValue, isSingleField: boolean, note: number): void {
    if (value.is !== 'addresses') return;
    if (isSingleField) this.addElement(value.range, note);
    else this.addBoundary(value.range);
  }

  addLink(from: Range, to: Range, key: number, target: number): void {
    this.addElement(from, key);
    this.addElement(to, target);
    this.links.push({ from: Number(from.first), to: Number(to.first), note: key });
  }

  /**
   * Returns the classes of hosts. Addresses that maps join are one host. Hosts are of one class if their addresses have
   * the same occurrences and the same maps between them.
   */
  buildClasses(): readonly HostClass[] {
    const countBelow = this.createBoundaryCounter();
    const linksByAddress = new Map<number, AddressLink[]>();
    for (const { from, to, note } of this.links) {
      const addressLinks = linksByAddress.get(from);
      if (addressLinks) addressLinks.push({ to, note });
      else linksByAddress.set(from, [{ to, note }]);
    }
    const classes = new Map<
      number,
      { readonly hosts: (readonly Address[])[]; readonly lines: (readonly number[])[] }
    >();
    for (const host of this.groupHosts()) {
      const placed = host.map((address) => ({
        address,
        place: this.lists.append(this.notesByAddress.get(address)!, -1 - countBelow(address)),
      }));
      if (placed.length > 1) placed.sort((a, b) => a.place - b.place);
      // Two addresses of one host with the same occurrences could stand for each other: their roles can't be told.
      if (placed.some(({ place }, i) => place === placed[i + 1]?.place)) continue;
      let name = ListNames.EMPTY;
      for (const { address, place } of placed) {
        name = this.lists.append(this.lists.append(name, ListNames.END), place);
        for (const { to, note } of linksByAddress.get(address) ?? NO_LINKS)
          name = this.lists.append(
            this.lists.append(name, note),
            placed.findIndex((entry) => entry.address === to),
          );
      }
      const roles = placed.map(({ address }) => BigInt(address) as Address);
      const lines = placed.flatMap(({ address }) => this.linesByAddress.get(address) ?? []);
      const hostClass = classes.get(name);
      if (!hostClass) classes.set(name, { hosts: [roles], lines: [lines] });
      else {
        hostClass.hosts.push(roles);
        hostClass.lines.push(lines);
      }
    }
    return [...classes.values()].filter(({ hosts }) => hosts.length >= MIN_CLASS_HOSTS);
  }

  private groupHosts(): Iterable<readonly number[]> {
    const parents = new Map<number, number>();
    const root = (address: number): number => {
      let top = address;
      for (let above = parents.get(top); above !== undefined; above = parents.get(top)) top = above;
      // A long chain of links must not be walked again by each address.
      for (let below = address; below !== top;) {
        const above = parents.get(below)!;
        parents.set(below, top);
        below = above;
      }
      return top;
    };
    for (const { from, to } of this.links) {
      const [a, b] = [root(from), root(to)];
      if (a !== b) parents.set(a, b);
    }
    const hosts = new Map<number, number[]>();
    for (const address of this.notesByAddress.keys()) {
      const hostRoot = root(address);
      const host = hosts.get(hostRoot);
      if (host) host.push(address);
      else hosts.set(hostRoot, [address]);
    }
    return hosts.values();
  }

  /** Returns a function that counts the boundaries below an address or at it. */
  private createBoundaryCounter(): (address: number) => number {
    const ipv4Range = FAMILY_RANGE.ip;
    const ascending = Float64Array.from(
      [...this.boundaries].filter((boundary) => boundary <= ipv4Range.last).map(Number),
    ).sort();
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
