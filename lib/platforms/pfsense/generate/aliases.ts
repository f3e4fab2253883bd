import { FAMILY_RANGE, prefixesOf } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { Range, without } from '../../../net/range';
import { Alias, End } from './model';
import { Names } from './names';
import { aliasNetwork } from './render';

/** The aliases of one owner. Equal contents are one alias. */
export class Aliases {
  private readonly made: Alias[] = [];
  private readonly byContent = new Map<string, string>();

  constructor(private readonly names: Names) {}

  get all(): readonly Alias[] {
    return this.made;
  }

  /** One prefix stands in the rule itself; what is several becomes an alias. `ranges` is joined and not empty. */
  end(what: string, ranges: readonly Range[]): End {
    const [only, ...more] = ranges;
    const prefixes = only && more.length === 0 ? prefixesOf(only) : [];
    return prefixes.length === 1
      ? { is: 'prefix', prefix: prefixes[0]! }
      : { is: 'alias', name: this.network(what, ranges) };
  }

  /** Everybody else. */
  but(what: string, ranges: readonly Range[], copy = 0): End {
    const [only, ...more] = ranges.flatMap(prefixesOf);
    if (only && more.length === 0 && copy === 0) return { is: 'prefix', prefix: only, not: true };
    return { is: 'alias', name: this.network(what, without([FAMILY_RANGE.ip], ranges), copy) };
  }

  /** `copy` tells apart what is equal on purpose. */
  network(what: string, ranges: readonly Range[], copy = 0): string {
    return this.known(what, 'network', networks(ranges), copy);
  }

  /** Always an alias, and never another's, so that a rule looks the same for one host and for thousands. */
  own(what: string, ranges: readonly Range[]): string {
    return this.known(what, 'network', networks(ranges), what);
  }

  /** One port or one range stands in the rule itself. */
  ports(what: string, ranges: readonly NumberRange[]): string {
    const [only, ...more] = ranges;
    if (only && more.length === 0) return text(only, '-');
    return this.known(
      what,
      'port',
      ranges.map((range) => text(range, ':')),
      0,
    );
  }

  private known(what: string, type: Alias['type'], entries: readonly string[], apart: string | number): string {
    const content = `${type} ${apart} ${entries.join(' ')}`;
    const known = this.byContent.get(content);
    if (known !== undefined) return known;
    const { name, tag } = this.names.alias(what);
    this.byContent.set(content, name);
    this.made.push({ name, type, entries, descr: this.names.descr(tag) });
    return name;
  }
}

const networks = (ranges: readonly Range[]): readonly string[] =>
  ranges.flatMap((range) => prefixesOf(range).map(aliasNetwork));

const text = ({ first, last }: NumberRange, joint: string): string =>
  first === last ? `${first}` : `${first}${joint}${last}`;
