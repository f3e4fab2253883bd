import { Family, familyOf } from '../../net/address';
import { PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { Range, point, without } from '../../net/range';
import { spend } from '../../net/work';
import { fieldNamed } from '../netfilter/fields';
import { addressRange, numberRange } from '../netfilter/values';
import { NUMBERS } from '../netfilter/words';
import { Field } from '../../evaluator/fields';
import { Members, PER_ENTRY, Tuple, Value } from '../../evaluator/model';
import { shown } from '../../problems/in-text';
import { Element, IpSet } from './sets';

/** Which packets sets have in them. */
interface Asked {
  readonly fields: readonly Field[];
  readonly members: Members;
}

/** The sets of a text, as rules ask them. */
export class SetsAsked {
  private readonly known = new Map<string, readonly Asked[] | string>();
  private readonly learned: ReadonlySet<string>;

  /** `changed`: rules add to these, or take away; where one is a list, to its sets. Source: list_set_kadd in ip_set_list_set.c. */
  constructor(
    private readonly sets: ReadonlyMap<string, IpSet>,
    changed: ReadonlySet<string>,
  ) {
    const within = (name: string): readonly string[] => {
      const set = sets.get(name);
      return set?.method === 'list' ? set.elements.map(({ text }) => text) : [name];
    };
    this.learned = new Set([...changed].flatMap(within));
  }

  /** In any of which a packet has to be, looked up by those sides; a text says why that can't be told. */
  asked(name: string, sides: readonly string[], family: Family): readonly Asked[] | string {
    const key = `${family} ${sides.join()} ${name}`;
    let found = this.known.get(key);
    // One object for all rules that ask the same, so that it is turned into packets once.
    if (found === undefined) this.known.set(key, (found = this.made(name, sides, family)));
    return found;
  }

  private made(name: string, sides: readonly string[], family: Family): readonly Asked[] | string {
    const set = this.sets.get(name);
    if (!set) return `the members of set ${shown(name)} are not told (ipset save)`;
    if (set.method === 'list') return this.listed(set, sides, family);
    const { parts, method } = set;
    // Source: ip_set_test in net/netfilter/ipset/ip_set_core.c.
    if (sides.length < parts.length || (set.family !== family && parts.some((part) => part !== 'port'))) return [];
    if (set.unclear !== undefined) return `set ${shown(name)} has ${shown(set.unclear)}`;
    const fields = parts.flatMap((part, at) => fieldsOf(part, sides[at]!, family));
    if (fields.includes(UNKNOWN)) return `set ${shown(name)} of ${method}:${parts.join()} may hold a packet or not`;
    spend(PER_ENTRY * set.elements.length);
    const tuples =
      method === 'bitmap' && parts[0] === 'port'
        ? portTuples(set)
        : parts.join() === 'net'
          ? netTuples(set)
          : tuplesOf(set);
    if (!tuples) return `an element of set ${shown(name)} is not understood`;
    return [{ fields, members: { tuples, learned: this.learned.has(name) } }];
  }

  /** Sets that are asked by the same fields are one. */
  private listed({ name, elements }: IpSet, sides: readonly string[], family: Family): readonly Asked[] | string {
    if (elements.some(({ fleeting }) => fleeting)) return `an element of set ${shown(name)} may expire`;
    const found = new Map<string, Asked>();
    for (const { text } of elements) {
      // A list of lists the kernel doesn't make.
      const asked =
        this.sets.get(text)?.method === 'list'
          ? `set ${shown(text)} is a list in a list`
          : this.asked(text, sides, family);
      if (typeof asked === 'string') return asked;
      for (const one of asked) {
        const key = one.fields.map((field) => field.name).join();
        const { tuples, learned } = found.get(key)?.members ?? { tuples: [], learned: false };
        spend(1 + tuples.length / 8);
        const members = { tuples: [...tuples, ...one.members.tuples], learned: learned || one.members.learned };
        found.set(key, { fields: one.fields, members });
      }
    }
    return [...found.values()];
  }
}

const UNKNOWN = fieldNamed('a part of an element', 'inet');

/** What a part of an element is compared with. */
function fieldsOf(part: string, side: string, family: Family): readonly Field[] {
  const source = side === 'src';
  switch (part) {
    case 'ip':
    case 'net':
      return [fieldNamed(`${family} ${source ? 'saddr' : 'daddr'}`, family)];
    case 'port':
      return [fieldNamed('meta l4proto', family), fieldNamed(source ? 'th sport' : 'th dport', family)];
    case 'iface':
      return [fieldNamed(source ? 'meta iifname' : 'meta oifname', family)];
    default:
      return [UNKNOWN];
  }
}

const numbers = (first: number, last: number): Value => ({ is: 'numbers', range: { first, last } });

function tuplesOf(set: IpSet): readonly Tuple[] | undefined {
  const tuples: Tuple[] = [];
  for (const element of set.elements) {
    const texts = element.text.split(',');
    if (texts.length !== set.parts.length || element.nomatch) return undefined;
    const values = texts.map((text, at) => partOf(set.parts[at]!, text, set, element));
    if (!values.every((value) => value !== undefined)) return undefined;
    tuples.push({ values: values.flat(), fleeting: element.fleeting });
  }
  return tuples;
}

function partOf(part: string, text: string, set: IpSet, element: Element): readonly Value[] | undefined {
  if (part === 'ip' || part === 'net') {
    const range = rangeOf(text, set);
    return range && [{ is: 'addresses', range }];
  }
  if (part === 'iface') return text.includes(':') ? undefined : [{ is: 'name', name: text, wild: element.wildcard }];
  const [protocol = '', port = protocol] = text.split(':');
  const [number] = protocol === port ? [point(6)] : [numberRange(protocol, NUMBERS.protocol)];
  const ports = numberRange(port, NUMBERS.port);
  if (!number || !ports || !PROTOCOLS_WITH_PORTS.includes(number.first)) return undefined;
  return [numbers(number.first, number.first), numbers(ports.first, ports.last)];
}

function rangeOf(text: string, { family, netmask }: IpSet): Range | undefined {
  const range = addressRange(netmask === undefined || text.includes('/') ? text : `${text}/${netmask}`);
  return range && familyOf(range.first) === family ? range : undefined;
}

/** The narrowest network that holds an address decides: an exception from it, or a member. */
function netTuples(set: IpSet): readonly Tuple[] | undefined {
  const read = set.elements.map((element) => ({ element, range: rangeOf(element.text, set) }));
  if (!read.every((one): one is { element: Element; range: Range } => one.range !== undefined)) return undefined;
  if (!set.elements.some(({ nomatch }) => nomatch))
    return read.map(({ element, range }) => ({ values: [{ is: 'addresses', range }], fleeting: element.fleeting }));
  if (set.elements.some(({ fleeting }) => fleeting)) return undefined;
  const sizeOf = ({ first, last }: Range): bigint => last - first;
  const sizes = [...new Set(read.map(({ range }) => sizeOf(range)))].sort((a, b) => (a < b ? 1 : -1));
  let ranges: readonly Range[] = [];
  for (const size of sizes) {
    const alike = read.filter(({ range }) => sizeOf(range) === size);
    const of = (nomatch: boolean): readonly Range[] =>
      alike.filter(({ element }) => element.nomatch === nomatch).map(({ range }) => range);
    ranges = without([...ranges, ...of(false)], of(true));
    spend(read.length / 8);
  }
  return ranges.map((range) => ({ values: [{ is: 'addresses', range }], fleeting: false }));
}

/** A map of ports is asked of TCP and UDP alone. Source: ip_set_get_ip_port in ip_set_bitmap_port.c. */
function portTuples({ elements }: IpSet): readonly Tuple[] | undefined {
  const tuples: Tuple[] = [];
  for (const { text, fleeting } of elements) {
    const ports = numberRange(text, NUMBERS.port);
    if (!ports) return undefined;
    for (const protocol of [6, 17])
      tuples.push({ values: [numbers(protocol, protocol), numbers(ports.first, ports.last)], fleeting });
  }
  return tuples;
}
