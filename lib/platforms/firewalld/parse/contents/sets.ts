import { Family, familyOf } from '../../../../net/address';
import { Range } from '../../../../net/range';
import { spend } from '../../../../net/work';
import { shown } from '../../../../problems/in-text';
import { fieldNamed } from '../../../../parse/netfilter/fields';
import { Condition, PER_ENTRY } from '../../../../evaluator/model';
import { Side, plainRange } from './conditions';
import { Configuration } from '../files/configuration';
import { Element, XmlFile } from '../files/files';
import { broken } from '../files/problems';
import { atLeast, hasMended } from '../files/version';

/** The set that an end names instead of an address. */
export const setOf = (end: string | undefined): string | undefined => /^ipset:(.*)$/.exec(end ?? '')?.[1];

/** The sets of addresses, each looked up once. */
export class Sets {
  private readonly known = new Map<string, Condition>();

  constructor(private readonly configuration: Configuration) {}

  /** Whether an address is in the set. */
  holds(name: string, side: Side, line: number): Condition {
    const key = `${side} ${name}`;
    let found = this.known.get(key);
    if (!found) this.known.set(key, (found = this.made(name, side, line)));
    return found;
  }

  /** The family of an address, a network or a set; words for what has none. */
  kindOf(source: string, line: number): string {
    if (setOf(source) !== undefined) return this.familyWith(source, undefined, line) ?? 'a set of cards';
    const range = plainRange(source);
    return range ? familyOf(range.first) : 'a card';
  }

  /** Of which family the rule is that has this end: of its own, or of the set's. Both together firewalld doesn't load. */
  familyWith(end: string | undefined, family: Family | undefined, line: number): Family | undefined {
    const name = setOf(end);
    const file = name === undefined ? undefined : this.configuration.definition('ipsets', name, line);
    if (!file || file.root.attributes['type'] === 'hash:mac') return family;
    if (family && familyOfSet(file) !== family)
      this.configuration.problems.push(broken(line, `set ${name!} is of the other family.`));
    return familyOfSet(file);
  }

  private made(name: string, side: Side, line: number): Condition {
    const file = this.configuration.definition('ipsets', name, line);
    const doubt = (because: string): Condition => ({
      is: 'doubt',
      because: `set ${shown(name)} ${because}`,
      fields: [],
    });
    if (!file) return doubt('is not there');
    const type = file.root.attributes['type']!;
    const family = familyOfSet(file);
    const entries = this.entries(file);
    const odd = entries.find(({ range }) => range === undefined);
    if (!ADDRESSES.test(type)) return doubt(`is of type ${shown(type)}, which may hold it or not`);
    if (odd) return doubt(`has ${shown(odd.text)}`);
    const tuples = entries.map(({ range }) => ({
      values: [{ is: 'addresses', range: range! } as const],
      fleeting: false,
    }));
    const head = side === 'source' ? 'saddr' : 'daddr';
    const members = { tuples, learned: isFleeting(file) };
    return { is: 'member', fields: [fieldNamed(`${family} ${head}`, 'inet')], members, negated: false };
  }

  /** What firewalld doesn't load is said, of a set that nobody asks, too. Source: firewall/core/io/ipset.py, 1.3.3, and nft's own refusals. */
  entries(file: XmlFile): readonly Entry[] {
    const { attributes, children } = file.root;
    const wrong = (what: string, at: Element = file.root): unknown =>
      this.configuration.problems.push(broken(at.line, what));
    if (!TYPES.has(attributes['type']!)) wrong(`a set has no type ${attributes['type']!}.`);
    for (const option of children.filter((one) => one.name === 'option')) {
      const { name, value = '' } = option.attributes;
      const isRight =
        name === 'family' ? /^inet6?$/.test(value) : /^(timeout|hashsize|maxelem)$/.test(name!) && /^\d+$/.test(value);
      if (!isRight) wrong(`a set has no option ${name!} ${value}.`, option);
    }
    // What is put in for a while nobody wrote into the file.
    if (isFleeting(file) || !ADDRESSES.test(attributes['type']!)) return [];
    const family = familyOfSet(file);
    const texts = [...new Set(children.filter((one) => one.name === 'entry').map(({ text }) => text))].filter(
      (one) => !IGNORED.test(one),
    );
    spend(PER_ENTRY * texts.length);
    if (
      texts.length > Number(optionOf(file, 'maxelem') ?? Infinity) &&
      hasMended(this.configuration.version, '2.0.3', '2.1.1')
    )
      wrong('it has more entries than its maxelem.');
    const entries = texts.map((text): Entry => {
      const range = plainRange(text);
      return { text, range: range && familyOf(range.first) === family ? range : undefined };
    });
    const ranges = entries.flatMap(({ range }) => range ?? []).sort((a, b) => (a.first < b.first ? -1 : 1));
    if (!ranges.some(({ first }, i) => i > 0 && first <= ranges[i - 1]!.last)) return entries;
    // Later ones fill a set behind the start, and go on where nft refuses it: a thousand entries at a time.
    if (atLeast(this.configuration.version, '2.3.2')) return entries.map(({ text }) => ({ text, range: undefined }));
    wrong('entries of a set overlap, which nft refuses.');
    return entries;
  }
}

interface Entry {
  readonly text: string;
  /** Undefined for what isn't read. */
  readonly range: Range | undefined;
}

const ADDRESSES = /^hash:(ip|net)$/;
const TYPES = new Set(
  'ip ip,port ip,port,ip ip,port,net ip,mark net net,net net,port net,port,net net,iface mac'
    .split(' ')
    .map((one) => `hash:${one}`),
);
/** Entries that are left out with a warning. */
const IGNORED = /\s|^$|\/0$|^0\.0\.0\.0$/;
const isFleeting = (file: XmlFile): boolean => !/^0*$/.test(optionOf(file, 'timeout') ?? '');

const optionOf = ({ root }: XmlFile, wanted: string): string | undefined =>
  root.children.find((one) => one.name === 'option' && one.attributes['name'] === wanted)?.attributes['value'];
const familyOfSet = (file: XmlFile): Family => (optionOf(file, 'family') === 'inet6' ? 'ip6' : 'ip');
