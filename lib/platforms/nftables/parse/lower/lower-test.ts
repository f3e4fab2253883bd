// Lowers one test of an nftables rule (`ip saddr @set`, `ct state new`) to a condition of the ruleset model.

import { maskField } from '../../../../parse/netfilter/fields';
import { PacketField } from '../../../../evaluator/packet-fields';
import { explainHostName } from '../../../../parse/netfilter/explain-host-name';
import { expandMask } from '../../../../parse/netfilter/masks';
import { quoteForDisplay } from '../../../../problems/line-problems';
import { NftTest } from '../syntax-tree';
import { Condition, Members, FieldValue } from '../../../../evaluator/ruleset-model';
import { parseFlagBits, parseNumberRange, parseValue, getFamilyRange } from '../../../../parse/netfilter/parse-values';
import { FLAGS, NUMBERS_BY_NAME } from '../../../../parse/netfilter/named-numbers';
import { PROTOCOL } from '../../../../net/packet';
import { maskPrefixTest } from '../number-prefix';
import { TableScope } from '../table-scope';

/**
 * Returns the condition for one test. A test that can't be parsed or isn't modelled becomes unknown, never "doesn't
 * match".
 */
export function lowerTest(scope: TableScope, parsedTest: NftTest, line: number): Condition {
  const test = maskPrefixTest(parsedTest);
  const fields = test.fields.map(scope.getField);
  const first = fields[0]!;
  const createUnknown = (reason: string): Condition => ({
    is: 'doubt',
    reason: `line ${line}: ${reason}`,
    fields,
  });
  const missingOption = lowerMissingOption(scope, test);
  if (missingOption) return missingOption;
  const unmodelledField = fields.find(({ looksAt }) => looksAt.is === 'unmodelled');
  if (unmodelledField) return createUnknown(`${quoteForDisplay(unmodelledField.name)} may match or not`);
  if (fields.length === 1 && first.looksAt.is === 'fact')
    return (
      lowerNumberTest(scope, test, first, first.looksAt.words, line) ??
      createUnknown(`${quoteForDisplay(first.name)} may match or not`)
    );
  const listedMembers = scope.getMembers(fields, test.right, line);
  const comparedMembers =
    listedMembers &&
    (ORDER_OPERATORS.has(test.comparison) ? lowerOrder(fields, test.comparison, listedMembers) : listedMembers);
  const members =
    comparedMembers && test.mask !== undefined
      ? fields.length === 1
        ? expandMask(first, test.mask, comparedMembers)
        : undefined
      : comparedMembers;
  if (!members)
    return createUnknown(
      explainName(test) ?? `what ${quoteForDisplay(test.fields.join(' . '))} is compared with is not understood`,
    );
  return { is: 'member', fields, members, negated: test.comparison === '!=' || test.comparison === '!' };
}

function explainName({ fields: [field = '', ...more], right }: NftTest): string | undefined {
  if (more.length > 0 || !/addr$/.test(field) || 'set' in right) return undefined;
  return right.elements.flatMap(({ key }) => explainHostName(key[0] ?? '') ?? [])[0];
}

/**
 * Returns the condition for a test that an option is missing. A packet of another protocol has no option, so `missing`
 * holds for it. Source: nft_exthdr_tcp_eval and nft_exthdr_sctp_eval in net/netfilter/nft_exthdr.c.
 */
function lowerMissingOption(
  scope: TableScope,
  { fields: [name = ''], comparison, right }: NftTest,
): Condition | undefined {
  const [, head = ''] = /^(tcp|sctp) (?:option|chunk) [\w-]+$/.exec(name) ?? [];
  const [value, ...otherElements] = 'set' in right ? [] : right.elements;
  const presence = value && otherElements.length === 0 ? FLAGS.presence!.get(value.key[0] ?? '') : undefined;
  if (
    head === '' ||
    presence === undefined ||
    presence !== (comparison === '!=' ? 1 : 0) ||
    !['', '==', '!='].includes(comparison)
  )
    return undefined;
  const protocol = scope.getField('meta l4proto');
  const values = [parseValue(protocol, head)!];
  return {
    is: 'joined',
    fields: [scope.getField(name)],
    asWritten: [
      {
        is: 'member',
        fields: [protocol],
        negated: true,
        members: { tuples: [{ values, expires: false }], dynamic: false },
      },
    ],
    asCompiled: { is: 'has', fields: [] },
    reason: `${quoteForDisplay(name)} may be there or not`,
  };
}

const ORDER_OPERATORS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** Returns the values that are less or greater than a single value. */
function lowerOrder(
  [field, ...fields]: readonly PacketField[],
  comparison: string,
  { tuples }: Members,
): Members | undefined {
  const [tuple, ...otherTuples] = tuples;
  if (!field || !tuple || fields.length > 0 || otherTuples.length > 0) return undefined;
  const value = computeOrderRange(field, comparison, tuple.values[0]!);
  return value && { tuples: value === 'none' ? [] : [{ values: [value], expires: false }], dynamic: false };
}

function computeOrderRange(field: PacketField, comparison: string, value: FieldValue): FieldValue | 'none' | undefined {
  const isLess = comparison[0] === '<';
  const isInclusive = comparison.length === 2;
  if (value.is === 'numbers') {
    const max = field.looksAt.is === 'number' && field.looksAt.axis === 'protocol' ? 255 : 65_535;
    const bound = value.range.first;
    const range = isLess
      ? { first: 0, last: isInclusive ? bound : bound - 1 }
      : { first: isInclusive ? bound : bound + 1, last: max };
    return range.first <= range.last ? { is: 'numbers', range } : 'none';
  }
  if (value.is === 'addresses' && field.family) {
    const familyRange = getFamilyRange(field.family);
    const bound = value.range.first;
    const range = isLess
      ? { first: familyRange.first, last: isInclusive ? bound : bound - 1n }
      : { first: isInclusive ? bound : bound + 1n, last: familyRange.last };
    return range.first <= range.last ? { is: 'addresses', range } : 'none';
  }
  return undefined;
}

/**
 * Returns the condition on flags or a mark. Without an operator one of the flags is enough. `==` and `!=` compare the
 * whole value, `!` requires none of the flags, a set lists whole values. Source: `nft --debug=netlink`, 1.0.6.
 */
function lowerNumberTest(
  scope: TableScope,
  test: NftTest,
  fullField: PacketField,
  words: string,
  line: number,
): Condition | undefined {
  const names = FLAGS[words]!;
  const mask = test.mask === undefined ? undefined : parseFlagBits(test.mask, names);
  if (test.mask !== undefined && mask === undefined) return undefined;
  const field = mask === undefined ? fullField : maskField(fullField, mask);
  const applyMask = (value: number): number => (mask === undefined ? value : (value & mask) >>> 0);
  const isSet = 'set' in test.right || test.right.braces;
  const isFlags = words === 'state' || words === 'status' || words === 'tcp';
  if (!isSet && 'elements' in test.right && (isFlags || test.right.elements.length > 1)) {
    let bits = 0;
    for (const { key } of test.right.elements) {
      const keyBits = key.length === 1 ? parseFlagBits(key[0]!, names) : undefined;
      if (keyBits === undefined) return undefined;
      bits = (bits | keyBits) >>> 0;
    }
    const holds = createComparison(test.comparison, bits, mask !== undefined);
    return holds && { is: 'fact', field, matches: (value) => holds(applyMask(value)) };
  }
  const members = scope.getMembers([field], test.right, line);
  if (!members || members.dynamic || members.tuples.some(({ expires }) => expires)) return undefined;
  const ranges = members.tuples.map(({ values: [value] }) => (value?.is === 'numbers' ? value.range : undefined));
  if (ranges.some((range) => range === undefined)) return undefined;
  const first = ranges[0]?.first ?? 0;
  switch (test.comparison) {
    case '':
    case '==':
      return {
        is: 'fact',
        field,
        matches: (value) => ranges.some((range) => range!.first <= applyMask(value) && applyMask(value) <= range!.last),
      };
    case '!=':
      return {
        is: 'fact',
        field,
        matches: (value) =>
          !ranges.some((range) => range!.first <= applyMask(value) && applyMask(value) <= range!.last),
      };
    case '!':
      return { is: 'fact', field, matches: (value) => (applyMask(value) & first) === 0 };
    default: {
      const holds = createComparison(test.comparison, first, true);
      return holds && { is: 'fact', field, matches: (value) => holds(applyMask(value)) };
    }
  }
}

function createComparison(
  comparison: NftTest['comparison'],
  bits: number,
  isMasked: boolean,
): ((value: number) => boolean) | undefined {
  switch (comparison) {
    case '':
      return isMasked ? (value) => value === bits : (value) => (value & bits) !== 0;
    case '==':
      return (value) => value === bits;
    case '!=':
      return (value) => value !== bits;
    case '!':
      return (value) => (value & bits) === 0;
    case '<':
      return (value) => value < bits;
    case '>':
      return (value) => value > bits;
    case '<=':
      return (value) => value <= bits;
    case '>=':
      return (value) => value >= bits;
  }
}

/**
 * Returns `icmp` for `meta l4proto icmp` and `icmpv6` for `meta l4proto 58`. Returns an empty string for other tests.
 */
export function findIcmpProtocol({ fields, comparison, mask, right }: NftTest): string {
  if (
    fields.length !== 1 ||
    fields[0] !== 'meta l4proto' ||
    mask !== undefined ||
    comparison.startsWith('!') ||
    !('elements' in right)
  )
    return '';
  const [protocol, ...otherProtocols] = right.elements.map(({ key }) =>
    parseNumberRange(key[0] ?? '', NUMBERS_BY_NAME.protocol),
  );
  if (!protocol || protocol.first !== protocol.last || otherProtocols.length > 0) return '';
  return protocol.first === PROTOCOL.icmp ? 'icmp' : protocol.first === PROTOCOL.icmpv6 ? 'icmpv6' : '';
}
