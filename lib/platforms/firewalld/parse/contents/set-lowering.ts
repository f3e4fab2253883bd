// Lowers firewalld's ipsets, where rules name them in place of addresses, to conditions of the ruleset model.

import { Family, getFamily } from '../../../../net/address';
import { Range } from '../../../../net/range';
import { spendSteps } from '../../../../net/step-budget';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { getField } from '../../../../parse/netfilter/fields';
import { Condition, STEPS_PER_ENTRY } from '../../../../evaluator/ruleset-model';
import { AddressSide, parsePlainRange } from './match-conditions';
import { FirewalldConfiguration } from '../files/firewalld-configuration';
import { FirewalldElement, XmlFile } from '../files/firewalld-files';
import { createBrokenProblem } from '../files/parse-problems';
import { isAtLeast, hasFix } from '../files/firewalld-version';

/** Returns the name of the set that stands in place of an address. */
export const findSetName = (address: string | undefined): string | undefined => /^ipset:(.*)$/.exec(address ?? '')?.[1];

/** Lowers address sets. Each is looked up once. */
export class SetLowering {
  private readonly conditionsByKey = new Map<string, Condition>();

  constructor(private readonly configuration: FirewalldConfiguration) {}

  /** Returns the condition that an address is in the set. */
  createCondition(name: string, side: AddressSide, line: number): Condition {
    const key = `${side} ${name}`;
    let condition = this.conditionsByKey.get(key);
    if (!condition) this.conditionsByKey.set(key, (condition = this.lowerSet(name, side, line)));
    return condition;
  }

  /** Returns the family of an address, a network or a set. Hardware addresses have a word instead. */
  getKind(source: string, line: number): string {
    if (findSetName(source) !== undefined) return this.resolveFamily(source, undefined, line) ?? 'a set of cards';
    const range = parsePlainRange(source);
    return range ? getFamily(range.first) : 'a card';
  }

  /**
   * Returns the family of a rule with this address: the rule's own, or the set's. firewalld refuses a rule whose family
   * differs from its set's.
   */
  resolveFamily(address: string | undefined, family: Family | undefined, line: number): Family | undefined {
    const name = findSetName(address);
    const file = name === undefined ? undefined : this.configuration.findDefinition('ipsets', name, line);
    if (!file || file.root.attributes['type'] === 'hash:mac') return family;
    if (family && getSetFamily(file) !== family)
      this.configuration.problems.push(createBrokenProblem(line, `set ${name!} is of the other family.`));
    return getSetFamily(file);
  }

  private lowerSet(name: string, side: AddressSide, line: number): Condition {
    const file = this.configuration.findDefinition('ipsets', name, line);
    const createUnknown = (reason: string): Condition => ({
      is: 'doubt',
      reason: `set ${quoteForDisplay(name)} ${reason}`,
      fields: [],
    });
    if (!file) return createUnknown('is not there');
    const type = file.root.attributes['type']!;
    const family = getSetFamily(file);
    const entries = this.parseEntries(file);
    const unreadableEntry = entries.find(({ range }) => range === undefined);
    if (!ADDRESS_SET_TYPE.test(type))
      return createUnknown(`is of type ${quoteForDisplay(type)}, which may hold it or not`);
    if (unreadableEntry) return createUnknown(`has ${quoteForDisplay(unreadableEntry.text)}`);
    const tuples = entries.map(({ range }) => ({
      values: [{ is: 'addresses', range: range! } as const],
      expires: false,
    }));
    const fieldName = side === 'source' ? 'saddr' : 'daddr';
    const members = { tuples, dynamic: hasTimeout(file) };
    return { is: 'member', fields: [getField(`${family} ${fieldName}`, 'inet')], members, negated: false };
  }

  /**
   * Returns the entries of a set and reports what firewalld can't load, even if no rule uses the set. Source:
   * firewall/core/io/ipset.py, 1.3.3, and nft's own refusals.
   */
  parseEntries(file: XmlFile): readonly FirewalldSetEntry[] {
    const { attributes, children } = file.root;
    const report = (message: string, element: FirewalldElement = file.root): unknown =>
      this.configuration.problems.push(createBrokenProblem(element.line, message));
    if (!SET_TYPES.has(attributes['type']!)) report(`a set has no type ${attributes['type']!}.`);
    for (const option of children.filter((item) => item.name === 'option')) {
      const { name, value = '' } = option.attributes;
      const isRight =
        name === 'family' ? /^inet6?$/.test(value) : /^(timeout|hashsize|maxelem)$/.test(name!) && /^\d+$/.test(value);
      if (!isRight) report(`a set has no option ${name!} ${value}.`, option);
    }
    // Entries with a timeout are in no file.
    if (hasTimeout(file) || !ADDRESS_SET_TYPE.test(attributes['type']!)) return [];
    const family = getSetFamily(file);
    const texts = [...new Set(children.filter((item) => item.name === 'entry').map(({ text }) => text))].filter(
      (item) => !IGNORED_ENTRY.test(item),
    );
    spendSteps(STEPS_PER_ENTRY * texts.length);
    if (
      texts.length > Number(findOption(file, 'maxelem') ?? Infinity) &&
      hasFix(this.configuration.version, '2.0.3', '2.1.1')
    )
      report('it has more entries than its maxelem.');
    const entries = texts.map((text): FirewalldSetEntry => {
      const range = parsePlainRange(text);
      return { text, range: range && getFamily(range.first) === family ? range : undefined };
    });
    const ranges = entries.flatMap(({ range }) => range ?? []).sort((a, b) => (a.first < b.first ? -1 : 1));
    if (!ranges.some(({ first }, i) => i > 0 && first <= ranges[i - 1]!.last)) return entries;
    // From 2.3.2 on firewalld fills a set after the start, a thousand entries at a time, and goes on where nft refuses
    // some.
    if (isAtLeast(this.configuration.version, '2.3.2')) return entries.map(({ text }) => ({ text, range: undefined }));
    report('entries of a set overlap, which nft refuses.');
    return entries;
  }
}

interface FirewalldSetEntry {
  readonly text: string;
  /** Undefined if the text can't be parsed. */
  readonly range: Range | undefined;
}

const ADDRESS_SET_TYPE = /^hash:(ip|net)$/;
const SET_TYPES = new Set(
  'ip ip,port ip,port,ip ip,port,net ip,mark net net,net net,port net,port,net net,iface mac'
    .split(' ')
    .map((fields) => `hash:${fields}`),
);
/** Entries that firewalld leaves out with a warning. */
const IGNORED_ENTRY = /\s|^$|\/0$|^0\.0\.0\.0$/;
const hasTimeout = (file: XmlFile): boolean => !/^0*$/.test(findOption(file, 'timeout') ?? '');

const findOption = ({ root }: XmlFile, optionName: string): string | undefined =>
  root.children.find((option) => option.name === 'option' && option.attributes['name'] === optionName)?.attributes[
    'value'
  ];
const getSetFamily = (file: XmlFile): Family => (findOption(file, 'family') === 'inet6' ? 'ip6' : 'ip');
