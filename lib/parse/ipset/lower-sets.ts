/** Lowers the sets that `ipset save` prints to members of the ruleset model. It knows no rules and no device. */

import { Family, getFamily } from '../../net/address';
import { PROTOCOLS_WITH_PORTS } from '../../net/packet';
import { Range, toSingleRange, subtractRanges } from '../../net/range';
import { spendSteps } from '../../net/step-budget';
import { getField } from '../netfilter/fields';
import { parseAddressRange, parseNumberRange } from '../netfilter/parse-values';
import { NUMBERS_BY_NAME } from '../netfilter/named-numbers';
import { PacketField } from '../../evaluator/packet-fields';
import { Members, STEPS_PER_ENTRY, Tuple, FieldValue } from '../../evaluator/ruleset-model';
import { quoteForDisplay } from '../../problems/line-problems';
import { IpSetElement, IpSet } from './ip-set';

/** The packets of a set: the compared fields and the members. */
interface LoweredIpSet {
  readonly fields: readonly PacketField[];
  readonly members: Members;
}

/** Resolves the sets of a text, as rules look them up. */
export class IpSetResolver {
  private readonly resolvedSets = new Map<string, readonly LoweredIpSet[] | string>();
  private readonly dynamicSets: ReadonlySet<string>;

  /**
   * Rules add to the sets of `changedSets`, or take away; if one is a list, to its sets. Source: list_set_kadd in
   * ip_set_list_set.c.
   */
  constructor(
    private readonly sets: ReadonlyMap<string, IpSet>,
    changedSets: ReadonlySet<string>,
  ) {
    const expandList = (name: string): readonly string[] => {
      const set = sets.get(name);
      return set?.method === 'list' ? set.elements.map(({ text }) => text) : [name];
    };
    this.dynamicSets = new Set([...changedSets].flatMap(expandList));
  }

  /**
   * Returns lowered sets, one of which has to hold the packet, for a lookup by those sides. Returns a text with the
   * reason if that isn't known.
   */
  resolve(name: string, sides: readonly string[], family: Family): readonly LoweredIpSet[] | string {
    const key = `${family} ${sides.join()} ${name}`;
    let resolved = this.resolvedSets.get(key);
    // One object for all rules with the same lookup, so that it is turned into packets once.
    if (resolved === undefined) this.resolvedSets.set(key, (resolved = this.lowerSet(name, sides, family)));
    return resolved;
  }

  /** Returns whether the text doesn't tell the members of a set. */
  isUntold(name: string): boolean {
    return !this.sets.has(name);
  }

  private lowerSet(name: string, sides: readonly string[], family: Family): readonly LoweredIpSet[] | string {
    const set = this.sets.get(name);
    if (!set) return `the members of set ${quoteForDisplay(name)} are not told (ipset save)`;
    if (set.method === 'list') return this.lowerList(set, sides, family);
    const { parts, method } = set;
    // Source: ip_set_test in net/netfilter/ipset/ip_set_core.c.
    if (sides.length < parts.length || (set.family !== family && parts.some((part) => part !== 'port'))) return [];
    if (set.unknownOption !== undefined)
      return `set ${quoteForDisplay(name)} has ${quoteForDisplay(set.unknownOption)}`;
    const fields = parts.flatMap((part, at) => getPartFields(part, sides[at]!, family));
    if (fields.includes(UNKNOWN_FIELD))
      return `set ${quoteForDisplay(name)} of ${method}:${parts.join()} may hold a packet or not`;
    spendSteps(STEPS_PER_ENTRY * set.elements.length);
    const tuples =
      method === 'bitmap' && parts[0] === 'port'
        ? createPortTuples(set)
        : parts.join() === 'net'
          ? createNetTuples(set)
          : parseTuples(set);
    if (!tuples) return `an element of set ${quoteForDisplay(name)} is not understood`;
    const dynamic = this.dynamicSets.has(name);
    // The target SET lets the packet go on.
    return [{ fields, members: { tuples, dynamic, addsOnTheWay: dynamic } }];
  }

  /** Merges the sets of a list that compare the same fields. */
  private lowerList(
    { name, elements }: IpSet,
    sides: readonly string[],
    family: Family,
  ): readonly LoweredIpSet[] | string {
    if (elements.some(({ expires }) => expires)) return `an element of set ${quoteForDisplay(name)} may expire`;
    const setsByFields = new Map<string, LoweredIpSet>();
    for (const { text } of elements) {
      // The kernel doesn't make a list of lists.
      const loweredSets =
        this.sets.get(text)?.method === 'list'
          ? `set ${quoteForDisplay(text)} is a list in a list`
          : this.resolve(text, sides, family);
      if (typeof loweredSets === 'string') return loweredSets;
      for (const loweredSet of loweredSets) {
        const key = loweredSet.fields.map((field) => field.name).join();
        const { tuples, dynamic } = setsByFields.get(key)?.members ?? { tuples: [], dynamic: false };
        spendSteps(1 + tuples.length / 8);
        const isDynamic = dynamic || loweredSet.members.dynamic;
        const members = {
          tuples: [...tuples, ...loweredSet.members.tuples],
          dynamic: isDynamic,
          addsOnTheWay: isDynamic,
        };
        setsByFields.set(key, { fields: loweredSet.fields, members });
      }
    }
    return [...setsByFields.values()];
  }
}

const UNKNOWN_FIELD = getField('a part of an element', 'inet');

/** Returns the fields that a part of an element is compared with. */
function getPartFields(part: string, side: string, family: Family): readonly PacketField[] {
  const source = side === 'src';
  switch (part) {
    case 'ip':
    case 'net':
      return [getField(`${family} ${source ? 'saddr' : 'daddr'}`, family)];
    case 'port':
      return [getField('meta l4proto', family), getField(source ? 'th sport' : 'th dport', family)];
    case 'iface':
      return [getField(source ? 'meta iifname' : 'meta oifname', family)];
    default:
      return [UNKNOWN_FIELD];
  }
}

const createNumbersValue = (first: number, last: number): FieldValue => ({ is: 'numbers', range: { first, last } });

function parseTuples(set: IpSet): readonly Tuple[] | undefined {
  const tuples: Tuple[] = [];
  for (const element of set.elements) {
    const texts = element.text.split(',');
    if (texts.length !== set.parts.length || element.nomatch) return undefined;
    const values = texts.map((text, at) => parsePart(set.parts[at]!, text, set, element));
    if (!values.every((value) => value !== undefined)) return undefined;
    tuples.push({ values: values.flat(), expires: element.expires });
  }
  return tuples;
}

function parsePart(part: string, text: string, set: IpSet, element: IpSetElement): readonly FieldValue[] | undefined {
  if (part === 'ip' || part === 'net') {
    const range = parseElementRange(text, set);
    return range && [{ is: 'addresses', range }];
  }
  if (part === 'iface')
    return text.includes(':') ? undefined : [{ is: 'name', name: text, isPrefix: element.wildcard }];
  const [protocol = '', port = protocol] = text.split(':');
  const [number] = protocol === port ? [toSingleRange(6)] : [parseNumberRange(protocol, NUMBERS_BY_NAME.protocol)];
  const ports = parseNumberRange(port, NUMBERS_BY_NAME.port);
  if (!number || !ports || !PROTOCOLS_WITH_PORTS.includes(number.first)) return undefined;
  return [createNumbersValue(number.first, number.first), createNumbersValue(ports.first, ports.last)];
}

function parseElementRange(text: string, { family, netmask }: IpSet): Range | undefined {
  const range = parseAddressRange(netmask === undefined || text.includes('/') ? text : `${text}/${netmask}`);
  return range && getFamily(range.first) === family ? range : undefined;
}

/**
 * Returns the tuples of a set of networks. The narrowest network that holds an address decides: an exception from it,
 * or a member.
 */
function createNetTuples(set: IpSet): readonly Tuple[] | undefined {
  const parsedElements = set.elements.map((element) => ({ element, range: parseElementRange(element.text, set) }));
  if (
    !parsedElements.every(
      (parsedElement): parsedElement is { element: IpSetElement; range: Range } => parsedElement.range !== undefined,
    )
  )
    return undefined;
  if (!set.elements.some(({ nomatch }) => nomatch))
    return parsedElements.map(({ element, range }) => ({
      values: [{ is: 'addresses', range }],
      expires: element.expires,
    }));
  if (set.elements.some(({ expires }) => expires)) return undefined;
  const getSize = ({ first, last }: Range): bigint => last - first;
  const sizes = [...new Set(parsedElements.map(({ range }) => getSize(range)))].sort((a, b) => (a < b ? 1 : -1));
  let ranges: readonly Range[] = [];
  for (const size of sizes) {
    const sameSize = parsedElements.filter(({ range }) => getSize(range) === size);
    const listRanges = (nomatch: boolean): readonly Range[] =>
      sameSize.filter(({ element }) => element.nomatch === nomatch).map(({ range }) => range);
    ranges = subtractRanges([...ranges, ...listRanges(false)], listRanges(true));
    spendSteps(parsedElements.length / 8);
  }
  return ranges.map((range) => ({ values: [{ is: 'addresses', range }], expires: false }));
}

/**
 * Returns the tuples of a bitmap of ports, for TCP and UDP alone. Source: ip_set_get_ip_port in ip_set_bitmap_port.c.
 */
function createPortTuples({ elements }: IpSet): readonly Tuple[] | undefined {
  const tuples: Tuple[] = [];
  for (const { text, expires } of elements) {
    const ports = parseNumberRange(text, NUMBERS_BY_NAME.port);
    if (!ports) return undefined;
    for (const protocol of [6, 17])
      tuples.push({
        values: [createNumbersValue(protocol, protocol), createNumbersValue(ports.first, ports.last)],
        expires,
      });
  }
  return tuples;
}
