import { Family } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range } from '../../../net/range';
import { Among, NamedSet, NumberSet } from './model';

/**
 * The named sets of one table. Equal contents are one set, so hosts and ports that many rules share are written and
 * held by the kernel once.
 */
export class Sets {
  private readonly byContent = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly made: NamedSet[] = [];

  get all(): readonly NamedSet[] {
    return this.made;
  }

  /** One range stands in the rule itself; several become a set, the same one for equal ranges. `ranges` is joined and not empty. */
  addresses(purpose: string, family: Family, ranges: readonly Range[]): Among<Range> {
    const [only, ...more] = ranges;
    if (only && more.length === 0) return { is: 'value', value: only };
    const content = `${purpose} ${family} ${contentOf(ranges)}`;
    return { is: 'set', name: this.known(content, () => this.addressSet(purpose, family, ranges)) };
  }

  /** Always a set of its own, so that a rule looks the same for one address and for thousands. */
  addressSet(purpose: string, family: Family, ranges: readonly Range[]): string {
    return this.add(purpose, (name) => ({
      of: 'addresses',
      name,
      type: family === 'ip' ? 'ipv4_addr' : 'ipv6_addr',
      elements: ranges,
    }));
  }

  /** One range stands in the rule itself; several become a set, the same one for equal ranges. */
  numbers(purpose: string, type: NumberSet['type'], ranges: readonly NumberRange[]): Among<NumberRange> {
    const [only, ...more] = ranges;
    if (only && more.length === 0) return { is: 'value', value: only };
    const make = (): string => this.add(purpose, (name) => ({ of: 'numbers', name, type, elements: ranges }));
    return { is: 'set', name: this.known(`${type} ${contentOf(ranges)}`, make) };
  }

  private known(content: string, make: () => string): string {
    let name = this.byContent.get(content);
    if (name === undefined) this.byContent.set(content, (name = make()));
    return name;
  }

  private add(purpose: string, make: (name: string) => NamedSet): string {
    const count = (this.counts.get(purpose) ?? 0) + 1;
    this.counts.set(purpose, count);
    const name = count === 1 ? `s_${purpose}` : `s_${purpose}_${count}`;
    this.made.push(make(name));
    return name;
  }
}

const contentOf = (ranges: readonly { readonly first: bigint | number; readonly last: bigint | number }[]): string =>
  ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(' ');
