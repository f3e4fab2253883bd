import {
  EVERYWHERE,
  FAMILIES,
  FAMILY_RANGE,
  Family,
  familyOf,
  networkOf,
  parseAddress,
  prefixRange,
  prefixesOf,
} from '../../../net/address';
import { Device, NetworkInterface, localTo } from '../../../net/device';
import { Range, joined, overlap, point, without } from '../../../net/range';
import { ANY, Known, certain, eitherOf, inFamily, negated, reasons } from '../known';
import { HostText, NegatedHost, PfText } from '../text/text';

/** What is known of the device besides what its rules say. */
export interface PfSurroundings {
  readonly device: Device;
  /** Names of the Device that an interface or a group of the text stands for, none included; undefined where nobody told. */
  named(name: string): readonly string[] | undefined;
  /** Where `named` is undefined: which ones it may stand for. */
  mayBeIn(name: string): readonly string[];
  /** Addresses of an interface besides those that the Device says: its VIPs. */
  vipsOn(name: string): readonly bigint[];
  /** Tables that programs fill with clients that they ban for a while. Where their content isn't told they count as empty. */
  holdsBans(table: string): boolean;
  /** What an anchor may hold whose rules nobody printed. `passes`: rules that let TCP and UDP through, by a wish of some client. */
  mayHold(anchor: string): 'nothing' | 'passes' | 'anything';
}

const LOOPBACK: readonly Range[] = ['127.0.0.1', '::1'].map((text) => point(parseAddress(text)!));

const unclear = (because: string, ranges = EVERYWHERE): Known => ({ sure: [], perhaps: ranges, because });

/** What hosts of a text stand for on this device. */
export class Addresses {
  private readonly tables = new Map<string, Known>();

  constructor(
    private readonly text: Pick<PfText, 'tables'>,
    private readonly around: PfSurroundings,
  ) {}

  /** Undefined: any. A list matches what one of its elements does. */
  of(hosts: readonly NegatedHost[] | undefined, axis: 'source' | 'destination'): Known {
    if (hosts === undefined) return ANY;
    return eitherOf(
      hosts.map((host) => this.signed(host, axis)),
      Infinity,
    );
  }

  private signed({ not, host }: NegatedHost, axis: 'source' | 'destination'): Known {
    const known = this.one(host, axis);
    if (!not) return known;
    // pfctl makes a rule of its family alone. Source: pf.md, seen in pf's own code.
    return host.is === 'range' ? inFamily(negated(known), familyOf(host.range.first)) : negated(known);
  }

  private one(host: HostText, axis: 'source' | 'destination'): Known {
    switch (host.is) {
      case 'any':
        return ANY;
      case 'range':
        return host.because === undefined ? certain([host.range]) : unclear(host.because, [host.range]);
      case 'unclear':
        return unclear(host.because);
      case 'self':
        return this.own(axis);
      case 'table':
        return this.table(host.name);
      case 'interface':
        return this.interfaces(host, axis);
      default:
        return host satisfies never;
    }
  }

  private own(axis: 'source' | 'destination'): Known {
    const { device } = this.around;
    const told = [...LOOPBACK, ...localTo(device).map(point)];
    const guess = device.supposed;
    if (!guess) return certain(joined(told));
    return certain(
      axis === 'destination' ? joined([...told, ...guess.local]) : guess.sourceIsOwn ? EVERYWHERE : joined(told),
    );
  }

  private interfaces({ name, what }: HostText & { readonly is: 'interface' }, axis: 'source' | 'destination'): Known {
    if (name === 'lo0' || name === 'lo') return certain(what === 'network' ? LOOPBACK_NETWORKS : LOOPBACK);
    const names = this.around.named(name);
    if (!names) return unclear(`the addresses of ${name} are not told`);
    const { interfaces, supposed } = this.around.device;
    const found = interfaces.filter((one) => names.includes(one.name));
    if (found.length === 0) return unclear(`the addresses of ${name} are not told`);
    const ranges = joined(found.flatMap((one) => this.addressesOf(one, what)));
    if (!supposed) return ranges.length === 0 ? unclear(`the addresses of ${name} are not told`) : certain(ranges);
    const guessed =
      what === 'network'
        ? EVERYWHERE
        : axis === 'destination'
          ? supposed.local
          : supposed.sourceIsOwn
            ? EVERYWHERE
            : [];
    return { sure: ranges, perhaps: without(guessed, ranges), because: `the addresses of ${name} are not told` };
  }

  private addressesOf(
    one: NetworkInterface,
    what: (HostText & { readonly is: 'interface' })['what'],
  ): readonly Range[] {
    const networks = one.addresses.map(({ address, length }) => prefixRange(networkOf(address, length)));
    switch (what) {
      case 'network':
        return networks;
      case 'broadcast':
        return networks.filter(({ first }) => familyOf(first) === 'ip').map(({ last }) => point(last));
      case 'first':
        return FAMILIES.flatMap((family: Family) => {
          const first = one.addresses.find(({ address }) => familyOf(address) === family);
          return first ? [point(first.address)] : [];
        });
      case 'addresses':
        return [...one.addresses.map(({ address }) => point(address)), ...this.around.vipsOn(one.name).map(point)];
      default:
        return what satisfies never;
    }
  }

  private table(name: string): Known {
    let known = this.tables.get(name);
    if (!known) this.tables.set(name, (known = this.content(name)));
    return known;
  }

  private content(name: string): Known {
    const table = this.text.tables.get(name);
    if (!table) return this.around.holdsBans(name) ? certain([]) : unclear(`what is in table ${name} is not told`);
    const each = table.entries.map(({ not, host }) => ({ not, known: this.one(host, 'destination') }));
    const doubts = each.filter(({ known }) => known.perhaps.length > 0);
    const told = longestMatches(each.map(({ not, known }) => ({ not, ranges: known.sure })));
    if (table.because !== undefined && !this.around.holdsBans(name))
      return { sure: told, perhaps: without(EVERYWHERE, told), because: table.because };
    const perhaps = without(joined(doubts.flatMap(({ known }) => known.perhaps)), told);
    return {
      sure: doubts.some(({ not }) => not) ? [] : told,
      perhaps: doubts.some(({ not }) => not) ? EVERYWHERE : perhaps,
      because: reasons(doubts.map((one) => one.known)),
    };
  }
}

const LOOPBACK_NETWORKS: readonly Range[] = [
  prefixRange(networkOf(parseAddress('127.0.0.0')!, 8)),
  point(parseAddress('::1')!),
];

/** In a table the narrowest entry decides, and `!` leaves out. Source: pf.conf(5). */
function longestMatches(
  entries: readonly { readonly not: boolean; readonly ranges: readonly Range[] }[],
): readonly Range[] {
  if (!entries.some(({ not }) => not)) return joined(entries.flatMap(({ ranges }) => ranges));
  const bySize = new Map<bigint, { in: Range[]; out: Range[] }>();
  for (const { not, ranges } of entries) {
    for (const range of ranges.flatMap(prefixRanges)) {
      const size = range.last - range.first;
      const level = bySize.get(size) ?? { in: [], out: [] };
      bySize.set(size, level);
      (not ? level.out : level.in).push(range);
    }
  }
  const widestFirst = [...bySize].sort(([a], [b]) => (a < b ? 1 : -1));
  return widestFirst.reduce<readonly Range[]>((all, [, level]) => without([...all, ...level.in], level.out), []);
}

/** As prefixes, which is how a table holds it. The line of all addresses has both families. */
const prefixRanges = (range: Range): readonly Range[] =>
  range.first === range.last
    ? [range]
    : EVERYWHERE.flatMap((whole) => overlap(range, whole) ?? []).flatMap((one) =>
        isPrefix(one) ? [one] : prefixesOf(one).map(prefixRange),
      );

/** One prefix, and no address besides. */
export const isPrefix = ({ first, last }: Range): boolean => {
  const size = last - first + 1n;
  return (size & (size - 1n)) === 0n && (first - FAMILY_RANGE[familyOf(first)].first) % size === 0n;
};
