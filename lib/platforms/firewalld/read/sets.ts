import { Family, familyOf } from '../../../net/address';
import { spend } from '../../../net/work';
import { shown } from '../../../problems/in-text';
import { fieldNamed } from '../../../reading/netfilter/fields';
import { addressRange } from '../../../reading/netfilter/values';
import { Condition, PER_ENTRY, Value } from '../../../reading/stages/model';
import { Side } from './conditions';
import { Configuration } from './configuration';
import { XmlFile } from './files';
import { broken } from './problems';

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

  /** A source of one family in a rule of the other, firewalld doesn't load. */
  agree(source: string | undefined, family: Family | undefined, line: number): void {
    const name = /^ipset:(.*)$/.exec(source ?? '')?.[1];
    const file = name === undefined ? undefined : this.configuration.definition('ipsets', name, line);
    if (file && family && !/^hash:mac$/.test(file.root.attributes['type']!) && familyOfSet(file) !== family)
      this.configuration.problems.push(broken(line, `set ${name!} is of the other family.`));
  }

  private made(name: string, side: Side, line: number): Condition {
    const file = this.configuration.definition('ipsets', name, line);
    const doubt = (because: string): Condition => ({ is: 'doubt', because: `set ${shown(name)} ${because}`, fields: [] });
    if (!file) return doubt('is not there');
    const { attributes, children } = file.root;
    if (!/^hash:(ip|net)$/.test(attributes['type']!)) return doubt(`is of type ${shown(attributes['type']!)}, which may hold it or not`);
    const family = familyOfSet(file);
    // What is put in for a while nobody wrote into the file.
    const isFleeting = !/^0?$/.test(optionOf(file, 'timeout') ?? '');
    const entries = isFleeting ? [] : children.filter((one) => one.name === 'entry').map(({ text }) => text.trim());
    spend(PER_ENTRY * entries.length);
    const values = entries.map((text): Value | undefined => {
      const range = addressRange(text);
      return range && familyOf(range.first) === family ? { is: 'addresses', range } : undefined;
    });
    if (values.includes(undefined)) return doubt(`has ${shown(entries[values.indexOf(undefined)]!)}`);
    const tuples = values.map((value) => ({ values: [value!], fleeting: false }));
    const head = side === 'source' ? 'saddr' : 'daddr';
    return { is: 'member', fields: [fieldNamed(`${family} ${head}`, 'inet')], members: { tuples, learned: isFleeting }, negated: false };
  }
}

const optionOf = ({ root }: XmlFile, wanted: string): string | undefined =>
  root.children.find((one) => one.name === 'option' && one.attributes['name'] === wanted)?.attributes['value'];
const familyOfSet = (file: XmlFile): Family => (optionOf(file, 'family') === 'inet6' ? 'ip6' : 'ip');
